from datetime import date
from pathlib import Path

import pytest

from bot.answering.pipeline import Answerer
from bot.index.entries import entry_key
from bot.index.publish import Ingest, publish
from bot.index.reader import IndexReader
from bot.language.phrases import phrase
from bot.types import Answer, Language
from tests.conftest import FAQ, Editor, write_table


@pytest.fixture
def ask(ingest: Ingest, answerer: Answerer) -> Answerer:
    publish(ingest)
    return answerer


def texts(answer: Answer) -> list[str]:
    return [part.text for part in answer.parts]


@pytest.mark.parametrize(
    ("question", "language", "body"),
    [
        ("What is the fee of the diploma?", "en", "The fee is 1200 rupees."),
        ("ڈپلومہ کی فیس کتنی ہے", "ur", "فیس 1200 روپے ہے۔"),
        ("diploma ki fees kitni hai", "ur-Latn", "فیس 1200 روپے ہے۔"),
        ("文凭课程学费多少", "zh", "学费1200卢比。"),
    ],
)
def test_the_same_fact_in_each_writing(ask: Answerer, question: str, language: Language, body: str) -> None:
    answer = ask.answer(question)
    assert (answer.language, answer.outcome, answer.sources) == (language, "answered", ("faq.csv#fee",))
    assert body in texts(answer)
    assert "https://example.org/fee" in texts(answer)[-1]
    assert "2026" in texts(answer)[-1]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ڈپلومہ كي فيس كتني هے", "ڈپلومہ کی فیس کتنی ہے"),
        ("文憑課程學費", "文凭课程学费"),
        ("ＦＥＥ of the diploma", "fee of the diploma"),
        ("ڈپلومہ\u200c کی فِیـس", "ڈپلومہ کی فیس"),
    ],
)
def test_a_variant_changes_nothing(ask: Answerer, typed: str, stored: str) -> None:
    one, other = ask.answer(typed), ask.answer(stored)
    assert [(p.entry.id, p.score) for p in one.passages] == [(p.entry.id, p.score) for p in other.passages]
    assert one.confidence == other.confidence


@pytest.mark.parametrize(
    "question",
    [
        "who won the cricket match yesterday",
        "wie ist das Wetter morgen",
        "biryani banane ka tareeqa",
        "明天天气怎么样",
        "کل موسم کیسا ہوگا",
    ],
)
def test_out_of_scope_is_refused_with_a_person(ask: Answerer, question: str) -> None:
    answer = ask.answer(question)
    assert answer.outcome != "answered"
    assert answer.sources == ()
    assert phrase(answer.language, "refused" if answer.outcome == "refused" else "none_fits") in texts(answer)
    assert any("042-1234567" in text for text in texts(answer))
    assert answer.passages


def test_what_exists_in_another_language_only_is_quoted_and_said_so(ask: Answerer) -> None:
    answer = ask.answer("去中国需要什么签证 visa China", "zh")
    assert answer.sources == ("faq.csv#visa",)
    assert phrase("zh", "only_in", language="英文") in texts(answer)
    assert "An X1 visa for more than 180 days." in texts(answer)


def test_one_field_comes_first(ask: Answerer) -> None:
    answer = ask.answer("ویلڈنگ کورس کتنے مہینے کا ہے")
    assert answer.sources == ("courses.csv#welding",)
    facts = [part for part in answer.parts if part.kind == "fact"]
    assert (facts[0].label, facts[0].text) == (phrase("ur", "field_duration"), "6 مہینے")


@pytest.mark.parametrize(
    ("question", "label", "text"),
    [
        ("welding course fee", "Fee", "free"),
        ("graphic design course fee", "Fee", "Rs 25,000"),
        ("how many seats in graphic design course", "Seats", "not published"),
        ("where is the graphic design course", "Place", "not published"),
    ],
)
def test_fields_are_rendered_and_never_guessed(ask: Answerer, question: str, label: str, text: str) -> None:
    answer = ask.answer(question)
    assert (label, text) in [(part.label, part.text) for part in answer.parts]
    assert answer.parts[1].label == label


def test_what_is_asked_comes_alone_with_the_deadline_and_the_summary(
    ingest: Ingest, answerer: Answerer, knowledge: Path
) -> None:
    row = {"id": "weld", "title_en": "Welding (6 months)", "summary_en": "Gates and grills.", "fee_pkr": "900"}
    write_table(knowledge / "courses.csv", [row | {"duration_months": "6", "seats": "25", "apply_by": "2026-12-31"}])
    publish(ingest)
    asked = answerer.answer("seats and fee of welding course")
    assert [(part.text, part.is_asked) for part in asked.parts[:-1]] == [
        ("Welding (6 months)", False),
        ("25", True),
        ("Rs 900", True),
        (phrase("en", "date", day=31, month="December", year=2026), False),
        ("Gates and grills.", False),
    ]
    # The name has a field's word in it, and nobody asked for that.
    followed = answerer.answer("fee?", None, asked)
    assert [part.text for part in followed.parts if part.is_asked] == ["Rs 900"]
    assert not any(part.is_asked for part in answerer.answer("Welding (6 months)").parts)


def test_a_course_text_is_borrowed_from_english_first_and_its_language_named(
    ingest: Ingest, answerer: Answerer, knowledge: Path
) -> None:
    row = {"id": "weld", "title_en": "Welding", "title_ur": "ویلڈنگ", "title_zh": "焊接"}
    entry = {"entry_en": "Matric pass", "entry_zh": "十年级毕业"}
    write_table(knowledge / "courses.csv", [row | entry])
    publish(ingest)
    facts = [part.text for part in answerer.answer("ویلڈنگ کورس میں کون داخلہ لے سکتا ہے").parts if part.kind == "fact"]
    assert facts[0] == f"Matric pass ({phrase('ur', 'name_en')})"


def test_closed_applications_are_told(ask: Answerer) -> None:
    assert phrase("en", "applications_closed", date="31 October 2026") in texts(ask.answer("welding course apply by"))


def test_an_entry_past_its_date_no_longer_answers_without_an_ingest(
    ingest: Ingest, reader: IndexReader, knowledge: Path
) -> None:
    write_table(
        knowledge / "faq.csv", [{**row, "valid_until": "2026-11-24" if row["id"] == "fee" else ""} for row in FAQ]
    )
    publish(ingest)
    days = [date(2026, 11, 24)]
    answerer = Answerer(reader, ingest.encoder, lambda: days[0])
    key = entry_key("faq.csv#fee")
    assert answerer.answer("fee of the diploma").sources == ("faq.csv#fee",)
    assert answerer.show(key, "en") is not None
    days[0] = date(2026, 11, 25)
    assert "faq.csv#fee" not in [p.entry.id for p in answerer.answer("fee of the diploma").passages]
    assert answerer.show(key, "en") is None


def test_a_language_can_be_chosen(ask: Answerer) -> None:
    answer = ask.answer("fee of the diploma", "zh")
    assert answer.language == "zh"
    assert "学费1200卢比。" in texts(answer)


def test_passages_are_distinct_entries_in_the_askers_language(ask: Answerer) -> None:
    answer = ask.answer("کورس", top=6)
    ids = [passage.entry.id for passage in answer.passages]
    assert len(ids) == len(set(ids)) == 6
    assert {p.language for p in answer.passages if "ur" in p.entry.wordings} == {"ur"}
    assert len(ask.answer("کورس", top=2).passages) == 2


@pytest.mark.parametrize(
    "question", ["", "   ", "?!", "☃", "\u200f", "a" * 4096, "فیس " * 1000, "报" * 4096, "'; DROP TABLE entry; --"]
)
def test_any_question_gets_an_answer(ask: Answerer, question: str) -> None:
    assert ask.answer(question).parts


def test_a_choice_shows_its_entry(ask: Answerer) -> None:
    answer = ask.show(entry_key("faq.csv#hostel"), "ur")
    assert answer is not None
    assert "جی ہاں، لاہور میں۔" in texts(answer)
    assert ask.show("0" * 16, "en") is None


def test_without_a_contact_it_is_said_so(ingest: Ingest, answerer: Answerer, knowledge: Path) -> None:
    write_table(knowledge / "faq.csv", [row for row in FAQ if row["id"] != "office"])
    publish(ingest)
    assert phrase("en", "no_contact") in texts(answerer.answer("who won the cricket match yesterday"))


def test_a_new_index_brings_its_own_glossary(ingest: Ingest, answerer: Answerer, knowledge: Path, edit: Editor) -> None:
    publish(ingest)
    before = {p.entry.id: p.score for p in answerer.answer("dormitorio").passages}
    write_table(knowledge / "glossary.csv", [{"en": "hostel; dormitorio", "ur": "ہاسٹل", "zh": "宿舍"}])
    publish(ingest)
    answer = answerer.answer("dormitorio")
    assert answer.passages[0].entry.id == "faq.csv#hostel"
    assert answer.passages[0].score > before["faq.csv#hostel"]


def test_an_answer_names_its_generation_and_time(ask: Answerer, ingest: Ingest) -> None:
    answer = ask.answer("fee of the diploma")
    assert answer.generation == ingest.generations.current()
    assert answer.seconds > 0
    assert answer.trace["agreement"] > 0
