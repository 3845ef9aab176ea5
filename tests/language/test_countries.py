import pytest

from bot.language.countries import countries_in


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Turkish scholarship last date", {"Turkey"}),
        ("qatar k liye fee kitni", {"Qatar"}),
        ("دبئی میں نوکری", {"United Arab Emirates"}),
        ("土耳其和德国哪个好", {"Turkey", "Germany"}),
        ("scholarship for china from pakistan", set()),
        ("tell us where the office is", set()),
        ("عثمان صاحب کا کمرہ", set()),
    ],
)
def test_countries_are_found_in_four_writings(text: str, countries: set[str]) -> None:
    assert countries_in(text) == countries
