import pytest

from tests.corpus.conftest import Read, list_problems
from tests.corpus.rows import COURSE, FAQ, make_csv


def test_a_doubled_id_is_an_error_that_names_both_lines(read: Read) -> None:
    corpus = read({"a.csv": make_csv(FAQ, FAQ | {"id": "b"}, FAQ)})
    assert list_problems(corpus) == ["a.csv:4: the id 'fee' is taken by line 2; give each row its own"]
    assert [entry.id for entry in corpus.entries] == ["a.csv#fee", "a.csv#b"]


def test_an_id_may_come_again_in_another_file(read: Read) -> None:
    assert read({"a.csv": make_csv(FAQ), "b.csv": make_csv(FAQ)}).errors == ()


def test_a_doubled_id_is_told_together_with_the_other_error_of_its_row(read: Read) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"fee_pkr": "x"}, COURSE)})
    assert [problem.line for problem in corpus.errors] == ["2", "3"]


def test_rows_without_an_id_are_not_doubles_of_one_another(read: Read) -> None:
    corpus = read({"a.csv": make_csv(FAQ | {"id": ""}, FAQ | {"id": ""})})
    assert ["has no id" in problem.message for problem in corpus.errors] == [True, True]


@pytest.mark.parametrize("text", ["", "\n\n \n", "\ufeff"])
def test_an_empty_table_is_a_warning(read: Read, text: str) -> None:
    corpus = read({"a.csv": text})
    assert [str(problem) for problem in corpus.problems] == ["a.csv: is empty; fill it or delete it"]
    assert corpus.errors == ()


def test_a_language_that_many_entries_lack_is_one_warning(read: Read) -> None:
    rows = [FAQ | {"id": f"r{number}", "question_zh": "", "answer_zh": ""} for number in range(12)]
    corpus = read({"a.csv": make_csv(FAQ, *rows)})
    assert list_problems(corpus, "warning") == [
        "a.csv: 12 of 13 entries have no Chinese (zh): r0, r1, r2 and 9 more; fill in the columns that end in _zh"
    ]
