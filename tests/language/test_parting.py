import pytest

from bot.language.parting import part_words
from bot.language.wishes import part_question

KNOWN = frozenset({"مفت", "کورس", "کون", "سے", "کونسے", "ہیں"})


@pytest.mark.parametrize(
    ("typed", "parted"),
    [
        ("مفتکورسکونسےہیں", "مفت کورس کونسے ہیں"),
        ("مفت کورسکونسےہیں؟", "مفت کورس کونسے ہیں؟"),
        ("مفتکورسلاہور", "مفتکورسلاہور"),  # what is left over is no known word: nothing is
        ("free courses 免费", "free courses 免费"),
    ],
)
def test_urdu_words_are_parted_where_known_ones_fill_them(typed: str, parted: str) -> None:
    assert part_words(typed, KNOWN.__contains__) == parted


@pytest.mark.parametrize("word", ["پرائیویسی", "کوانٹیٹی", "یونیورسٹی"])
def test_a_foreign_word_is_left_whole(word: str) -> None:
    assert part_question(word, ()) == word


def test_the_words_of_a_folder_part_as_well() -> None:
    assert part_question("لاہورمیںکورس", {"لاہور"}) == "لاہور میں کورس"
