import pytest

from bot.corpus.problems import Report, find_nearest, name_some


def test_a_few_names_stand_for_many() -> None:
    assert name_some(["a", "b", "c"]) == "a, b, c"
    assert name_some(list("abcdefghijkl")) == "a, b, c and 9 more"


@pytest.mark.parametrize(("name", "nearest"), [("anwser_en", "answer_en"), ("notes", ""), ("", "")])
def test_a_misspelling_finds_its_name(name: str, nearest: str) -> None:
    assert find_nearest(name, ["answer_en", "question_en"]) == nearest


def test_a_report_never_shows_a_raw_name() -> None:
    report = Report("a\u202eb.csv")
    report.warn("", "what; remedy")
    assert str(report.problems[0]) == r"a\u202eb.csv: what; remedy"
