import pytest

from bot.answering.catalogue import Catalogue
from bot.answering.consult import find_near
from bot.answering.pipeline import Answerer
from bot.index.publish import Ingest, publish
from bot.language.wishes import read_wish
from bot.types import Course, Entry, Wording
from tests.conftest import TODAY


@pytest.fixture
def ask(ingest: Ingest, answerer: Answerer) -> Answerer:
    publish(ingest)
    return answerer


@pytest.mark.parametrize(
    "question",
    ["courses that are not free", "جو مفت نہیں وہ کورس", "不免费的课程有哪些", "free nahi wale courses", "收费的课程"],
)
def test_a_negation_at_a_condition_turns_it_round(ask: Answerer, question: str) -> None:
    assert ask.answer(question).sources == ("courses.csv#design",)


@pytest.mark.parametrize("question", ["courses that nobody took for free", "free courses but I never sew"])
def test_a_negation_of_something_else_is_left_to_the_search(ask: Answerer, question: str) -> None:
    answer = ask.answer(question)
    assert answer.wish is None or answer.outcome != "answered"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("courses longer than graphic design", "1 course: Length: more than Graphic Design – 3 months"),
        ("ویلڈنگ سے چھوٹے کورس", "1 کورس: دورانیہ: ویلڈنگ – 6 مہینے سے کم"),
    ],
)
def test_a_course_is_a_limit(ask: Answerer, question: str, shown: str) -> None:
    assert ask.answer(question).parts[0].text == shown


@pytest.mark.parametrize("question", ["which is the longest river", "is the hostel free", "what is welding"])
def test_what_is_no_question_for_courses_is_not_asked_of_the_catalogue(ask: Answerer, question: str) -> None:
    assert ask.answer(question).wish is None


def test_a_subject_that_no_course_has_is_not_left_out_in_silence(ask: Answerer) -> None:
    answer = ask.answer("list free nursing courses")
    assert answer.outcome == "clarify"
    assert answer.parts[0].text == "I found no course that is published as: “nursing” · free"
    assert answer.parts[1].text == "Nearest, without “nursing”:"
    assert answer.sources == ()


def test_courses_are_listed_with_what_was_understood(ask: Answerer) -> None:
    answer = ask.answer("which free courses are in Multan")
    assert answer.parts[0].text == "1 course: free · Multan"
    assert answer.sources == ("courses.csv#welding",)


def test_two_courses_are_set_side_by_side(ask: Answerer) -> None:
    answer = ask.answer("welding vs graphic design, which is longer")
    assert answer.sources == ("courses.csv#welding", "courses.csv#design")
    facts = [part for part in answer.parts if part.kind == "fact"]
    assert (facts[0].label, facts[0].text) == ("Length", "1. 6 months · 2. 3 months")


def test_a_huge_number_is_no_condition(ask: Answerer) -> None:
    assert ask.answer(f"courses under {'9' * 390} months").parts


def test_free_is_not_read_as_its_contrary(ask: Answerer) -> None:
    assert ask.answer("不要钱的课程有哪些").sources == ("courses.csv#welding",)


def test_what_is_near_in_meaning_must_fulfil_the_rest_and_is_told_apart_from_what_is_named() -> None:
    fees = {"mason": 0, "plumber": 0, "welder": 0, "sanitary": 900}
    entries = {
        key: Entry(key, "course", {"en": Wording(key, "c.csv", key, "")}, course=Course(fee_pkr=fee))
        for key, fee in fees.items()
    }
    catalogue = Catalogue(entries.values(), [])
    wish = read_wish("free walls pipes", catalogue.names)
    named = [(0.6, entries["sanitary"]), (0.5, entries["plumber"]), (0.35, entries["mason"]), (0.29, entries["welder"])]
    near = find_near(wish, named, catalogue, TODAY)
    assert near is not None
    assert [entry.id for entry in near.found] == ["plumber", "mason"]
    assert (near.dropped, near.is_alike, near.is_fulfilled) == ("walls pipes", True, False)
    assert find_near(wish, [(0.2, entries["mason"])], catalogue, TODAY) is None
