import io
import re
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from tests.corpus.conftest import Read, list_problems
from tests.corpus.workbook import make_workbook

FAQ: list[list[object]] = [["id", "question_en", "answer_en"], ["fee", "What is the fee?", "1200"]]


def change_sheet(workbook: bytes, pattern: str, replacement: str) -> bytes:
    """Return the workbook with the XML of its first sheet changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = re.sub(pattern, lambda _: replacement, content.decode()).encode()
            new.writestr(name, content)
    return changed.getvalue()


def test_every_sheet_is_a_table(read: Read) -> None:
    corpus = read(
        {
            "a.xlsx": make_workbook(
                Fees=FAQ,
                Courses=[["id", "title_en", "fee_pkr"], ["ccna", "Networking", 0]],
                Words=[["en", "ur"], ["fee", "فیس"]],
                Empty=[],
            )
        }
    )
    assert [entry.id for entry in corpus.entries] == ["a.xlsx#fee", "a.xlsx#ccna"]
    assert corpus.terms[0].ur == ("فیس",)
    assert corpus.errors == ()


def test_values_become_the_text_that_staff_mean(read: Read) -> None:
    header: list[object] = ["id", "title_en", "summary_en", "level", "fee_pkr", "duration_months", "starts", "apply_by"]
    row: list[object] = [3.0, "=", True, 2, 25000.0, 1.5, datetime(2027, 1, 10), date(2026, 12, 31)]
    entry = read({"a.xlsx": make_workbook(S=[header, row])}).entries[0]
    course = entry.course
    assert course is not None
    assert (entry.id, entry.wordings["en"].body, course.level) == ("a.xlsx#3", "TRUE", "2")
    assert (course.fee_pkr, course.duration_months) == (25000, 1.5)
    assert (course.starts, course.apply_by) == (date(2027, 1, 10), date(2026, 12, 31))


def test_a_problem_names_sheet_and_row(read: Read) -> None:
    rows: list[list[object]] = [["id", "title_en", "seats"], ["a", "A", 5], [], ["b", "B", "many"], ["a", "C", 1]]
    corpus = read({"a.xlsx": make_workbook(Spring=rows)})
    assert [problem.line for problem in corpus.errors] == ["Spring!4", "Spring!5"]
    assert "is taken by Spring!2" in list_problems(corpus)[1]


def test_ids_are_unique_in_the_whole_workbook(read: Read) -> None:
    corpus = read({"a.xlsx": make_workbook(A=FAQ, B=FAQ)})
    assert [problem.line for problem in corpus.errors] == ["B!2"]


def test_a_formula_without_a_stored_value_is_an_error_in_a_known_column(read: Read) -> None:
    rows: list[list[object]] = [["id", "title_en", "fee_pkr", "sum"], ["a", "A", "=1+1", "=2+2"]]
    corpus = read({"a.xlsx": make_workbook(S=rows)})
    assert list_problems(corpus) == [
        "a.xlsx:S!2: fee_pkr holds a formula without a stored value; open it in Excel and save, or write the value"
    ]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [('<c r="C2"><f>1+1</f><v>1200</v></c>', "1200"), ('<c r="C2" t="str"><f>"a"</f><v>rupees</v></c>', "rupees")],
)
def test_a_stored_value_stands_for_its_formula(read: Read, cell: str, answer: str) -> None:
    workbook = change_sheet(make_workbook(S=FAQ), r'<c r="C2".*?</c>', cell)
    assert read({"a.xlsx": workbook}).entries[0].wordings["en"].body == answer


def test_a_formula_that_gives_an_empty_text_is_empty(read: Read) -> None:
    rows: list[list[object]] = [[*FAQ[0], "topic"], [*FAQ[1], "x"]]
    workbook = change_sheet(make_workbook(S=rows), r'<c r="D2".*?</c>', '<c r="D2" t="str"><f>""</f><v></v></c>')
    corpus = read({"a.xlsx": workbook})
    assert (corpus.errors, corpus.entries[0].topic) == ((), "")


def test_a_value_of_excel_for_an_error_is_an_error(read: Read) -> None:
    workbook = change_sheet(make_workbook(S=FAQ), r'<c r="C2".*?</c>', '<c r="C2" t="e"><v>#REF!</v></c>')
    assert "holds Excel's error #REF!" in list_problems(read({"a.xlsx": workbook}))[0]


def test_text_beyond_the_header_is_an_error(read: Read) -> None:
    corpus = read({"a.xlsx": make_workbook(S=[FAQ[0], [*FAQ[1], None, "lost"]])})
    assert "S!2: has more cells than the header" in list_problems(corpus)[0]


def test_an_empty_workbook_is_a_warning(read: Read) -> None:
    corpus = read({"a.xlsx": make_workbook(A=[], B=[])})
    assert [str(problem) for problem in corpus.problems] == ["a.xlsx: is empty; fill it or delete it"]


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>',
        '<row r="999999999999"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>',
        "".join(f'<row r="{number}"><c r="A{number}"/></row>' for number in range(3, 200_000)),
    ],
    ids=["the last row", "a row that cannot be", "formatted rows"],
)
def test_a_sheet_that_claims_a_million_rows_is_read_at_once(read: Read, row: str) -> None:
    workbook = change_sheet(make_workbook(S=FAQ), "</sheetData>", row + "</sheetData>")
    began = time.perf_counter()
    assert [entry.id for entry in read({"a.xlsx": workbook}).entries] == ["a.xlsx#fee"]
    assert time.perf_counter() - began < 10


def test_a_dimension_that_lies_changes_nothing(read: Read) -> None:
    workbook = change_sheet(make_workbook(S=FAQ), r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')
    assert len(read({"a.xlsx": workbook}).entries) == 1
    workbook = change_sheet(make_workbook(S=FAQ), r'<dimension ref="[^"]*"', '<dimension ref="A1:A1"')
    assert len(read({"a.xlsx": workbook}).entries) == 1


def test_a_very_wide_row_is_bounded(read: Read) -> None:
    cell = '<c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    workbook = change_sheet(make_workbook(S=FAQ), "</row></sheetData>", cell)
    assert len(read({"a.xlsx": workbook}).entries) == 1


def test_what_openpyxl_warns_of_stays_quiet(read: Read) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["id", "title_en", "starts"])
    sheet.append(["a", "A", 99_999_999])
    sheet["C2"].number_format = "yyyy-mm-dd"  # a day that no calendar has
    stream = io.BytesIO()
    workbook.save(stream)
    assert "starts holds Excel's error #VALUE!" in list_problems(read({"a.xlsx": stream.getvalue()}))[0]
