import pytest

from bot.corpus.characters import escape, identify_script, quote


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the fee?", "en"),
        ("فیس کتنی ہے؟", "ur"),
        ("学费是多少？", "zh"),
        ("admission کی last date کیا ہے", "ur"),  # Urdu is full of English words
        ("DAE文凭的学费", "zh"),
        ("fees kitni hai", "en"),  # Latin script is one language here
        ("The word 向导 means guide, as does راہنما in Urdu and as everybody in the alliance knows by now", "en"),
        ("向导这个词用乌尔都语怎么说？راہنما", "zh"),
        ("چینی لفظ 向导 کا مطلب راہنما ہے", "ur"),
        ("12345 !?", "en"),
        ("", "en"),
    ],
)
def test_a_language_is_told_by_its_letters(text: str, language: str) -> None:
    assert identify_script(text) == language


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", r"a\u000ab"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2066b", r"a\u2066b"),
        ("\ud800", r"\ud800"),
        ("نی\u200cم", "نی\u200cم"),  # a joiner is spelling
    ],
)
def test_what_hides_or_turns_is_spelt_out(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_a_quotation_is_short_and_ends_with_dots() -> None:
    assert quote("short") == "'short'"
    assert len(quote("long" * 1_000)) == 62
    assert quote("long" * 1_000).endswith("…'")
