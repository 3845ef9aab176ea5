import pytest

from bot.types import Wording
from tests.corpus.conftest import Read, list_problems
from tests.corpus.rows import FAQ, make_csv


def test_a_row_in_three_languages_is_one_entry(read: Read) -> None:
    corpus = read({"faq/money.csv": make_csv(FAQ | {"also_asked": "How much?\nفیس?|多少钱｜ How much? | "})})
    (entry,) = corpus.entries
    assert (entry.id, entry.kind, entry.topic, entry.source) == ("faq/money.csv#fee", "faq", "money", "office")
    assert list(entry.wordings) == ["en", "ur", "zh"]
    assert entry.wordings["zh"] == Wording("faq/money.csv#fee", "faq/money.csv", "学费是多少？", "1200卢比。")
    assert entry.also_asked == ("How much?", "فیس?", "多少钱")
    assert str(entry.as_of) == "2026-01-31"
    assert corpus.problems == ()


@pytest.mark.parametrize(
    ("lacking", "message"),
    [
        (["answer_en", "answer_ur", "answer_zh"], "a question with no answer in any language"),
        (["question_en", "question_ur", "question_zh"], "an answer without a question"),
        ([column for column in FAQ if "_" in column], "neither a question nor an answer"),
        (["id"], "has no id"),
    ],
)
def test_half_a_row_is_an_error_and_no_entry(read: Read, lacking: list[str], message: str) -> None:
    corpus = read({"a.csv": make_csv(FAQ | dict.fromkeys(lacking, ""), FAQ | {"id": "other"})})
    assert [entry.id for entry in corpus.entries] == ["a.csv#other"]
    assert len(corpus.errors) == 1
    assert list_problems(corpus)[0].startswith(f"a.csv:2: {message}; ")


def test_an_answer_whose_question_is_in_another_language_has_its_title(read: Read) -> None:
    corpus = read({"a.csv": make_csv(FAQ | {"question_en": "", "question_zh": ""})})
    wordings = corpus.entries[0].wordings
    assert {language: wording.title for language, wording in wordings.items()} == dict.fromkeys(
        ["en", "ur", "zh"], FAQ["question_ur"]
    )


def test_a_question_without_its_answer_is_a_warning_and_still_finds_the_entry(read: Read) -> None:
    corpus = read({"a.csv": make_csv(FAQ | {"answer_ur": "", "also_asked": "How much?"})})
    (entry,) = corpus.entries
    assert (list(entry.wordings), entry.also_asked) == (["en", "zh"], ("How much?", FAQ["question_ur"]))
    assert list_problems(corpus, "warning") == [
        "a.csv:2: no answer_ur; students who ask in Urdu get another language, so write it"
    ]
