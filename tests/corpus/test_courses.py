from datetime import date

import pytest

from tests.corpus.conftest import Read, list_problems
from tests.corpus.rows import COURSE, make_csv


def test_a_row_is_a_course_with_its_fields(read: Read) -> None:
    dates = {"starts": "2027-01-10", "apply_by": "2026-12-31", "stipend_pkr": "5,000", "apply_url": "https://x.pk"}
    corpus = read({"courses.csv": make_csv(COURSE | dates)})
    (entry,) = corpus.entries
    assert corpus.problems == ()
    assert (entry.id, entry.kind) == ("courses.csv#ccna", "course")
    assert entry.wordings["en"].entry == "Matric"
    assert {language: wording.city for language, wording in entry.wordings.items()} == {
        "en": "Lahore",
        "ur": "لاہور",
        "zh": "Lahore",
    }
    course = entry.course
    assert course is not None
    assert (course.fee_pkr, course.stipend_pkr, course.seats, course.duration_months) == (0, 5000, 25, 6.0)
    assert (course.starts, course.apply_by) == (date(2027, 1, 10), date(2026, 12, 31))
    assert (course.mode, course.level, course.apply_url) == ("on site", "G-II", "https://x.pk")


def test_what_is_empty_is_not_published(read: Read) -> None:
    course = read({"a.csv": make_csv({"id": "a", "title_en": "A", "fee_pkr": "", "seats": " "})}).entries[0].course
    assert course is not None
    assert (course.fee_pkr, course.seats, course.duration_months, course.starts) == (None, None, None, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [("fee_pkr", "Rs 500"), ("seats", "-1"), ("stipend_pkr", "yes"), ("duration_months", "half a year"),
     ("starts", "2026-02-30"), ("apply_by", "tomorrow"), ("apply_url", "x.pk"), ("id", "a b"), ("as_of", "2026")],
)  # fmt: skip
def test_a_value_that_its_column_cannot_hold_is_an_error(read: Read, column: str, value: str) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {column: value}, COURSE | {"id": "other"})})
    assert [entry.id for entry in corpus.entries] == ["a.csv#other"]
    assert len(corpus.errors) == 1
    assert corpus.errors[0].line == "2"


def test_all_faults_of_a_row_are_told_at_once(read: Read) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"fee_pkr": "x", "seats": "y", "starts": "z", "id": "a b"})})
    assert len(corpus.errors) == 4


def test_a_course_without_a_title_is_an_error(read: Read) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"title_en": "", "title_ur": "", "title_zh": ""})})
    assert "a course without a title in any language" in list_problems(corpus)[0]


def test_a_summary_without_its_title_takes_the_title_of_another_language(read: Read) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"title_en": "", "title_zh": ""})})
    assert [wording.title for wording in corpus.entries[0].wordings.values()] == [COURSE["title_ur"]] * 3


def test_a_city_in_one_language_is_not_lost_to_the_others(read: Read) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"city": ""})})
    assert corpus.entries[0].wordings["zh"].city == "لاہور"


@pytest.mark.parametrize(
    ("written", "mode"), [("On-Site", "on site"), ("onsite", "on site"), ("ONLINE", "online"), ("Mixed", "mixed")]
)
def test_the_mode_is_one_of_three(read: Read, written: str, mode: str) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"mode": written})})
    course = corpus.entries[0].course
    assert course is not None
    assert (course.mode, corpus.problems) == (mode, ())


def test_another_mode_is_kept_with_a_warning(read: Read) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"mode": "evenings"})})
    course = corpus.entries[0].course
    assert course is not None
    assert course.mode == "evenings"
    assert "mode 'evenings' is shown as it is" in list_problems(corpus, "warning")[0]


def test_applying_after_the_start_is_a_warning(read: Read) -> None:
    corpus = read({"a.csv": make_csv(COURSE | {"starts": "2026-12-01", "apply_by": "2026-12-02"})})
    assert "apply_by 2026-12-02 is after starts 2026-12-01" in list_problems(corpus, "warning")[0]
    assert len(corpus.entries) == 1
