"""How problems are told, in the language of whoever mends them."""

import ast
from pathlib import Path

import pytest

from bot.corpus import read_corpus
from bot.corpus.problems import Report, find_nearest, name_some, tell, write_message, write_problem
from bot.language.phrases import load_phrases
from bot.types import LANGUAGES, Language, Problem
from tests.conftest import TODAY, write_table

CODE = "\n".join(path.read_text("utf-8") for path in Path("bot").rglob("*.py"))
# Every kind of problem that the code can tell, wherever it does.
KINDS = sorted(
    {
        part.value
        for path in Path("bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tell" and node.args
        for part in ast.walk(node.args[0])
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.isidentifier()
    }
)


def test_a_few_names_stand_for_many() -> None:
    few, many = tell("no_version", **name_some("abc")), tell("no_version", **name_some("abcdefghijkl"))
    assert write_message(few, "en").endswith("add a, b, c")
    assert write_message(many, "en").endswith("add a, b, c and 9 more")


@pytest.mark.parametrize(("name", "nearest"), [("anwser_en", "answer_en"), ("notes", ""), ("", "")])
def test_a_misspelling_finds_its_name(name: str, nearest: str) -> None:
    assert find_nearest(name, ["answer_en", "question_en"]) == nearest


def test_a_report_never_shows_a_raw_name() -> None:
    report = Report("a\u202eb.csv")
    report.warn("", tell("empty"))
    assert str(report.problems[0]).startswith(r"a\u202eb.csv: is empty")


@pytest.mark.parametrize("key", [key for key in load_phrases("en") if key.startswith("problem_")])
def test_every_message_is_told_somewhere(key: str) -> None:
    assert f'"{key.removeprefix("problem_")}"' in CODE or f'"{key}"' in CODE


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["faq.csv:3: the id 'a' is taken by line 2; give each row its own"]),
        ("ur", ["faq.csv:3: id 'a' پہلے سے سطر 2 میں ہے؛ ہر قطار کو الگ id دیں"]),
        ("zh", ["faq.csv:3：id “a”已被第2行使用；每一行要有自己的 id"]),
    ],
)
def test_a_problem_is_told_in_the_language_of_who_mends_it(tmp_path: Path, language: Language, told: list[str]) -> None:
    row = {"id": "a", "question_en": "Q?", "answer_en": "A."}
    write_table(tmp_path / "faq.csv", [row, row])
    errors = read_corpus(tmp_path, TODAY).errors
    assert [write_problem(problem, language) for problem in errors] == told
    assert [str(problem) for problem in errors] == [write_problem(problem, "en") for problem in errors]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_problem_is_worded_in_every_language(language: Language) -> None:
    phrases = load_phrases(language)
    assert len(KINDS) > 70
    assert [kind for kind in KINDS if not phrases.get(f"problem_{kind}")] == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_kind_of_problem_is_told_in_english_elsewhere(language: Language) -> None:
    english, phrases = load_phrases("en"), load_phrases(language)
    assert [kind for kind in KINDS if phrases[f"problem_{kind}"] == english[f"problem_{kind}"]] == []


def test_an_old_index_tells_its_problems_as_they_were_written() -> None:
    assert write_problem(Problem("error", "a.csv", "2", "what; remedy"), "zh") == "a.csv:2：what; remedy"


@pytest.mark.parametrize(
    ("language", "place"), [("en", "a.pdf, page 3: "), ("ur", "a.pdf، صفحہ 3: "), ("zh", "a.pdf、第3页：")]
)
def test_a_page_is_named_in_the_language_of_who_mends_it(language: Language, place: str) -> None:
    report = Report("a.pdf")
    report.error("page 3", tell("pdf_page"))
    assert write_problem(report.problems[0], language).startswith(place)
