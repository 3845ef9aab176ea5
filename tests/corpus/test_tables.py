import pytest

from bot.corpus.problems import Report
from bot.corpus.rows import MAX_CELL, UNSTORED, Row
from bot.corpus.tables import Table, read_table
from tests.corpus.conftest import Read, list_problems
from tests.corpus.rows import COURSE, FAQ, make_csv


def read_cells(*rows: list[str]) -> tuple[Table | None, list[str]]:
    report = Report("a.csv")
    table = read_table([Row(str(line), cells) for line, cells in enumerate(rows, start=1)], report)
    return table, [f"{problem.severity} {problem}" for problem in report.problems]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["id", "question_en"], "faq"),
        (["id", "question_zh", "en", "ur"], "faq"),
        (["id", "title_ur"], "course"),
        (["en", "zh"], "glossary"),
        ([" ID ", "\ufeffQuestion EN"], "faq"),
        (["Id", "QUESTION-UR"], "faq"),
        (["ｉｄ", "question＿en"], "faq"),  # full width
    ],
)
def test_the_columns_tell_the_kind(header: list[str], kind: str) -> None:
    table, _ = read_cells(header, ["x"] * len(header))
    assert table is not None
    assert table.kind == kind


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["name", "phone"], "is not a table that is known; name its columns question_en"),
        (["id", "qestion_en"], "(does 'qestion_en' mean 'question_en'?)"),
        (["id", "question_en", "title_en"], "has both question_… and title_… columns"),
        (["id", "question_en", "Question EN"], "has two columns named 'question_en'"),
        (["question_en", "answer_en"], "has no column 'id'"),
        (["title_en"], "has no column 'id'"),
        (["ur", "zh"], "is not a table that is known"),
        (["\x00\u202e"], "is not a table that is known"),
    ],
)
def test_a_header_that_cannot_be_used_is_an_error(header: list[str], message: str) -> None:
    table, problems = read_cells(header, ["x"] * len(header))
    assert table is None
    assert len(problems) == 1
    assert problems[0].startswith("error a.csv:1: ")
    assert message in problems[0]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("anwser_en", "unknown column 'anwser_en'; did you mean 'answer_en'?"),
        ("notes", "unknown column 'notes'; it is not"),
    ],
)
def test_an_unknown_column_is_a_warning_with_the_nearest(column: str, message: str) -> None:
    table, problems = read_cells(["id", "question_en", column], ["a", "b", "c"])
    assert table is not None
    assert message in problems[0]
    assert problems[0].startswith("warning a.csv:1: ")


def test_a_header_alone_is_a_warning() -> None:
    assert read_cells(["id", "question_en"])[1] == ["warning a.csv:1: has a header and no rows; add rows or delete it"]


def test_text_in_a_nameless_column_is_a_warning_once() -> None:
    table, problems = read_cells(["id", "", "question_en"], ["a", "x", "b"], ["c", "y", "d"], ["e"])
    assert table is not None
    assert [problem[:18] for problem in problems if "without a name" in problem] == ["warning a.csv:2: h"]


def test_more_cells_than_columns_are_an_error_unless_they_are_empty() -> None:
    table, problems = read_cells(["id", "question_en", ""], ["a", "b", "", "", " "], ["c", "d", "", "lost"])
    assert table is not None
    assert [record.is_sound for record in table.records] == [True, False]
    assert problems[0].startswith("error a.csv:3: has more cells than the header, which has 2;")


def test_fewer_cells_than_columns_are_taken_as_empty_with_a_warning() -> None:
    table, problems = read_cells(["id", "question_en", "answer_en"], ["a", "b"])
    assert table is not None
    assert table.records[0].cells == {"id": "a", "question_en": "b"}
    assert problems[0].startswith("warning a.csv:2: has 2 cells where the header has 3;")


@pytest.mark.parametrize(
    ("cell", "severity", "message"),
    [
        ("x" * (MAX_CELL + 1), "error", "answer_en has more than 100,000 characters"),
        ("a\x07b", "warning", "invisible control characters"),
        ("#REF!", "error", "Excel's error #REF!"),
        (UNSTORED, "error", "a formula without a stored value"),
        ("???? ?? ???", "error", "lost its letters"),
        ("ab\ufffdcd", "error", "lost its letters"),
    ],
)
def test_a_cell_that_lost_something_is_told(cell: str, severity: str, message: str) -> None:
    table, problems = read_cells(["id", "question_en", "answer_en", "note"], ["a", "b", cell, cell])
    assert table is not None
    told = [problem for problem in problems if message in problem]
    assert len(told) == 1  # nothing is said of a column that is not read
    assert told[0].startswith(f"{severity} a.csv:2: ")
    assert table.records[0].is_sound == (severity == "warning")


@pytest.mark.parametrize("cell", ["What???", "=1+1", "<b>bold</b>", "C#", "a\nb\tc", "نی\u200cم"])
def test_odd_text_is_only_text(cell: str) -> None:
    table, problems = read_cells(["id", "question_en"], ["a", f" \u200f{cell}\u200b\xa0"])
    assert table is not None
    assert (table.records[0].read("question_en"), problems) == (cell, [])


def test_control_characters_are_left_out_of_the_text(read: Read) -> None:
    corpus = read({"a.csv": make_csv(FAQ | {"answer_en": "12\x0700 rupees\x1b."})})
    assert corpus.entries[0].wordings["en"].body == "1200 rupees."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_entries(read: Read, encoding: str, delimiter: str) -> None:
    plain = make_csv(FAQ, FAQ | {"id": "fee2"})
    written = plain.replace('","', f'"{delimiter}"').encode(encoding)
    entries = read({"a.csv": plain}).entries
    assert len(entries) == 2
    assert read({"a.csv": written}).entries == entries


def test_both_kinds_are_read_from_one_folder(read: Read) -> None:
    corpus = read({"b.csv": make_csv(FAQ), "a.csv": make_csv(COURSE)})
    assert [(entry.kind, entry.id) for entry in corpus.entries] == [("course", "a.csv#ccna"), ("faq", "b.csv#fee")]
    assert list_problems(corpus) == []
