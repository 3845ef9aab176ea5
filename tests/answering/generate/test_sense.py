"""What turns a sentence around, and what only looks like it."""

import pytest

from bot.answering.generate.evidence import Known
from bot.answering.generate.sense import Sense, find_poles, read_clauses
from bot.index.encoder import find_encoder
from bot.types import Entry, Wording


@pytest.fixture(scope="module")
def sense() -> Sense:
    return Sense(find_encoder("static"))


@pytest.mark.parametrize(
    ("text", "denies"),
    [
        ("Matric is not required", True), ("You don't need matric", True), ("Smoking is forbidden", True),
        ("Not only girls may come", False), ("Stainless steel is welded", False), ("Pay no later than Friday", False),
        ("میٹرک ضروری نہیں", True), ("نہ صرف لڑکیاں", False), ("matric zaroori nahi", True), ("class band hai", True),
        ("不需要毕业", True), ("车间禁止吸烟", True), ("不锈钢焊接", False), ("出勤率不能低于75%", False),
    ],
)  # fmt: skip
def test_a_clause_denies_or_affirms(text: str, denies: bool) -> None:  # noqa: FBT001
    (clause,) = read_clauses(text)
    assert clause.is_denied == denies


@pytest.mark.parametrize(
    ("known", "said", "is_found"),
    [
        ("for girls", "for boys", True), ("لڑکیوں کے لیے", "for women", False), ("above 75%", "below 75%", True),
        ("age 18 to 25", "over 25", True), ("age 18 to 25", "at least 18", False), ("25 سال تک", "18 سال سے کم", False),
        ("18岁至25岁", "25岁以上", True), ("until 31 October", "after 31 October", True), ("closed", "open", True),
    ],
)  # fmt: skip
def test_what_is_said_the_other_way_is_found(known: str, said: str, is_found: bool) -> None:  # noqa: FBT001
    assert bool(find_poles(said, Known(known))) == is_found


def test_an_entry_without_a_clause_denies_nothing_and_bears_no_denial(sense: Sense) -> None:
    entry = Entry("a.csv#a", "faq", {"en": Wording("a.csv#a", "a.csv", "What?", "…")})
    said = sense.read(entry)
    assert sense.find_turned("Smoking is allowed.", said, entry) == []
    assert sense.find_turned("Smoking is not allowed.", said, entry) != []
