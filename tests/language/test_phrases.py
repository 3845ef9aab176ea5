import re
from datetime import date
from pathlib import Path

import pytest

from bot.language.phrases import FOLDER, load_phrases, phrase, placeholders, write_date, write_money, write_months
from bot.types import LANGUAGES, Language

ENGLISH = load_phrases("en")
CODE = "\n".join(path.read_text("utf-8") for path in [*Path("bot").rglob("*.py"), Path("ingest.py")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_placeholders(language: Language) -> None:
    phrases = load_phrases(language)
    assert phrases.keys() == ENGLISH.keys()
    assert {k: placeholders(v) for k, v in phrases.items()} == {k: placeholders(v) for k, v in ENGLISH.items()}
    assert not [key for key, text in phrases.items() if not text.strip()]


def test_there_is_a_file_a_language_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("key", ENGLISH)
def test_every_phrase_is_used(key: str) -> None:
    built = (
        "field_", "mode_", "teaching_", "level_", "name_", "months_", "years_", "condition_", "schooling_", "without_",
        "asks_", "month_", "order_", "facet_", "trade_", "length_", "fee_", "topic_", "reason_", "staff_kind_",
        "problem_",
    )  # fmt: skip
    assert f'"{key}"' in CODE or key.startswith(built)


def test_urdu_is_in_urdu_letters_and_roman_urdu_in_latin_ones() -> None:
    assert not re.search("[يكهى]", "".join(load_phrases("ur").values()))
    assert not re.search("[؀-ۿ一-鿿]", "".join(load_phrases("ur-Latn").values()))


@pytest.mark.parametrize(
    ("language", "day", "length", "money"),
    [
        ("en", "1 May 2026", "36 months (3 years)", "Rs 25,000"),
        ("ur", "1 مئی 2026", "36 مہینے (3 سال)", "25,000 روپے"),
        ("ur-Latn", "1 May 2026", "36 mahine (3 saal)", "Rs 25,000"),
        ("zh", "2026年5月1日", "36个月（3年）", "25,000卢比"),
    ],
)
def test_values_are_written_as_people_write_them(language: Language, day: str, length: str, money: str) -> None:
    assert write_date(language, date(2026, 5, 1)) == day
    assert write_months(language, 36) == length
    assert write_money(language, 25000) == money


@pytest.mark.parametrize(
    ("months", "text"), [(1, "1 month"), (1.5, "1.5 months"), (6, "6 months"), (30, "30 months (2.5 years)")]
)
def test_lengths(months: float, text: str) -> None:
    assert write_months("en", months) == text


def test_a_missing_value_is_a_fault_of_the_code() -> None:
    with pytest.raises(KeyError):
        phrase("en", "as_of")
