import time

import pytest

from bot.corpus.delimited import find_delimiter, read_delimited
from bot.corpus.problems import Report
from bot.corpus.rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS


def scan(text: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
    report = Report("a.csv")
    rows = [tuple(row) for row in read_delimited(text, report)]
    return rows, [str(problem) for problem in report.problems]  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1;2", ","),
        ("a;b;c\n", ";"),
        ("a\tb,c\td\n", "\t"),
        ('"a;b;c;d",e\n', ","),
        ("id", ","),
        ("\n\na;b", ";"),
    ],
)
def test_the_delimiter_is_what_the_header_uses(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", [("1", ["a", "b"]), ("2", ["1", "2"])]),
        ("a,b\r\n1,2\r\n", [("1", ["a", "b"]), ("2", ["1", "2"])]),
        ("a,b\r1,2", [("1", ["a", "b"]), ("2", ["1", "2"])]),
        ('a,b\n"x\ny\nz",2\n3,4\n', [("1", ["a", "b"]), ("2", ["x\ny\nz", "2"]), ("5", ["3", "4"])]),
        ('a,b\n"say ""yes"", so",2\n', [("1", ["a", "b"]), ("2", ['say "yes", so', "2"])]),
        ('a, "b, c" ,d\n', [("1", ["a", "b, c", "d"])]),  # people put a space behind the comma
        ('a, "PM" scheme,d\n', [("1", ["a", ' "PM" scheme', "d"])]),
        ('a,5" pipe\n', [("1", ["a", '5" pipe'])]),
        ("a,b\n\n  \n,,\n1,2\n \n", [("1", ["a", "b"]), ("5", ["1", "2"])]),  # blank rows keep their lines
        ("\n\na,b\n1,\n", [("3", ["a", "b"]), ("4", ["1", ""])]),
        ("a\tb\n1\t2\n", [("1", ["a", "b"]), ("2", ["1", "2"])]),
        ("\ufeffa,b\n", [("1", ["a", "b"])]),
        ("", []),
    ],
)
def test_rows_keep_the_line_where_they_begin(text: str, rows: list[tuple[str, list[str]]]) -> None:
    assert scan(text) == (rows, [])


def test_a_quote_that_is_never_closed_is_told_where_it_opens_and_loses_one_row() -> None:
    rows, problems = scan('a,b\n1,"two\n3,4\n5,6\n')
    assert [place for place, _ in rows] == ["1", "3", "4"]
    assert len(problems) == 1
    assert problems[0].startswith("a.csv:2: a quotation mark opens here")


def test_the_line_is_that_of_the_quote_not_of_the_row() -> None:
    _, problems = scan('a,b\n"x\ny","two\n')
    assert problems[0].startswith("a.csv:3: a quotation mark opens here")


def test_text_behind_a_closed_quote_is_an_error() -> None:
    rows, problems = scan('a,b\n1,"he said "yes" today"\n3,4\n')
    assert [place for place, _ in rows] == ["1", "3"]
    assert problems[0].startswith("a.csv:2: ")


def test_a_cell_of_thirty_megabytes_is_an_error() -> None:
    rows, problems = scan('a,b\n1,"' + "x" * 30_000_000 + '"\n3,4\n')
    assert [place for place, _ in rows] == ["1", "3"]
    assert f"a cell of more than {MAX_CELL:,} characters" in problems[0]


@pytest.mark.parametrize(
    "text",
    [
        "id\n" + '"' * 999_999,
        "id,b\n" + 'a",,"c\n' * 300_000,  # each line opens what the next one goes on with
        "id,b\n" + 'a, "c\n' * 300_000,
        "id,b\n" + '"a\n' * 300_000,
        "," * 3_000_000,
        "\n" * 3_000_000 + ",\n" * 1_000_000,
        "id\n" + ", " * 2_000_000,
    ],
    ids=range(7),
)
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    began = time.perf_counter()
    rows, _ = scan(text)
    assert time.perf_counter() - began < 10
    assert all(len(cells) <= MAX_COLUMNS + 1 for _, cells in rows)


def test_too_many_rows_are_told_and_the_first_are_kept() -> None:
    rows, problems = scan("id\n" + "a\n" * (MAX_ROWS + 2))
    assert len(rows) == MAX_ROWS + 1
    assert problems == [f"a.csv:{MAX_ROWS + 2}: a table has at most {MAX_ROWS:,} rows; split it here"]
