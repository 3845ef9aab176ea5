import pytest

from bot.answering.pipeline import Answerer
from bot.index.publish import Ingest, publish
from bot.types import Answer


@pytest.fixture
def ask(ingest: Ingest, answerer: Answerer) -> Answerer:
    publish(ingest)
    return answerer


def facts(answer: Answer) -> list[tuple[str, str]]:
    return [(part.label, part.text) for part in answer.parts if part.kind == "fact"]


@pytest.mark.parametrize(
    ("first", "second", "fact"),
    [
        ("graphic design course fee", "and how long is it?", ("Length", "3 months")),
        ("graphic design course fee", "uski muddat?", ("Dauraniya", "3 mahine")),
        ("گرافک ڈیزائن کورس کی فیس", "اس کی مدت؟", ("دورانیہ", "3 مہینے")),
        ("平面设计课程学费多少", "那要学多久呢？", ("学习时长", "3个月")),
        ("welding course duration", "fee?", ("Fee", "free")),
    ],
)
def test_a_field_alone_is_asked_of_the_course_spoken_of(
    ask: Answerer, first: str, second: str, fact: tuple[str, str]
) -> None:
    answer = ask.answer(second, None, ask.answer(first))
    assert facts(answer)[0] == fact
    assert answer.question == second


def test_without_the_answer_before_it_stands_for_itself(ask: Answerer) -> None:
    assert not facts(ask.answer("and how long is it?"))


@pytest.mark.parametrize("question", ["Is there a hostel for girls?", "which visa do I need for China"])
def test_a_new_topic_inherits_nothing(ask: Answerer, question: str) -> None:
    previous = ask.answer("graphic design course fee")
    assert ask.answer(question, None, previous).sources == ask.answer(question).sources


def test_what_was_told_last_is_not_told_again(ask: Answerer) -> None:
    previous = ask.answer("Is there a hostel for girls?")
    answer = ask.answer("and its fee?", None, previous)
    assert "faq.csv#hostel" not in [passage.entry.id for passage in answer.passages]


def test_a_changed_condition_keeps_the_others(ask: Answerer) -> None:
    previous = ask.answer("which free courses are there in Lahore")
    assert previous.wish is not None
    for question in ("what about Multan?", "and in Multan?", "aur Multan mein?", "Multan?"):
        answer = ask.answer(question, "en", previous)
        assert answer.sources == ("courses.csv#welding",)
        assert answer.parts[0].text == "1 course: free · Multan"


def test_an_order_is_asked_of_what_was_listed(ask: Answerer) -> None:
    previous = ask.answer("which courses are in Multan")
    answer = ask.answer("the shortest one?", None, previous)
    assert answer.parts[0].text == "1 course: shortest · Multan"
