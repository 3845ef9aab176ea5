import pytest

from bot.language.lists import load_lists
from bot.language.spelling import canonical


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("sbse sasty korse", "sab se sasta course"),
        ("teen maheeny wali clasen", "teen mahine wala classes"),
        ("evry cousre", "every course"),
        ("5k fees", "5k fees"),
        ("最cheap的", "最 cheap 的"),
    ],
)
def test_small_words_have_one_spelling(written: str, spelt: str) -> None:
    assert load_lists().speller.read(written, ())[0] == spelt


def test_what_was_written_is_remembered() -> None:
    assert load_lists().speller.read("korse", ())[1] == {"course": "korse"}


def test_words_of_the_folders_own_courses_are_left_alone() -> None:
    assert load_lists().speller.read("corsse", ())[0] == "course"
    assert load_lists().speller.read("corsse", {"corsse"})[0] == "corsse"


@pytest.mark.parametrize("subject", ["nursing", "teacher", "cooking", "baking", "horse", "driving", "paint", "plumber"])
def test_a_subject_is_not_taken_for_another_word(subject: str) -> None:
    assert load_lists().speller.read(subject, ())[0] == subject


def test_a_listed_phrase_is_read_like_a_question() -> None:
    assert canonical("Muft me") == "muft mein"
