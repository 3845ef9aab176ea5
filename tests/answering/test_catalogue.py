from dataclasses import replace
from datetime import date

import pytest

from bot.answering.catalogue import Catalogue
from bot.language.wishes import read_wish
from bot.types import Course, Entry, Term, Wording

TODAY = date(2026, 11, 24)


def make(key: str, course: Course, *, city: str = "", provider: str = "", entry: str = "", title: str = "") -> Entry:
    wording = Wording(f"c.csv#{key}", "c.csv", title or key, "", entry, provider, city)
    return Entry(wording.id, "course", {"en": wording}, course=course)


COURSES = [
    make(
        "welding",
        Course(fee_pkr=0, duration_months=6, seats=20, starts=date(2026, 12, 1)),
        city="Lahore",
        provider="Punjab TEVTA",
        entry="Middle pass",
    ),
    make(
        "plumbing",
        Course(fee_pkr=4000, duration_months=3, seats=30, starts=date(2027, 1, 5)),
        city="Lahore and Multan",
        entry="Matric",
    ),
    make("baking", Course(duration_months=2), city="Gwadar", title="Baking for women"),
    make("coding", Course(fee_pkr=0, mode="online", apply_by=date(2026, 12, 1)), entry="Any age, any schooling"),
    make("drawing", Course(fee_pkr=9000, duration_months=12, stipend_pkr=500, apply_by=date(2026, 1, 1)), city="لاہور"),
]
CATALOGUE = Catalogue(COURSES, [Term(en=("TEVTA",), ur=("ٹیوٹا",))])


def search(question: str) -> tuple[list[str], list[str]]:
    listing = CATALOGUE.search(read_wish(question, CATALOGUE.names), None, TODAY)
    if listing.dropped is not None:
        return [], [entry.id.removeprefix("c.csv#") for entry in listing.unknown]
    return tuple(  # type: ignore[return-value]
        [entry.id.removeprefix("c.csv#") for entry in part] for part in (listing.found, listing.unknown)
    )


@pytest.mark.parametrize(
    ("question", "found", "unknown"),
    [
        ("courses in Punjab", ["welding", "plumbing", "drawing"], ["coding"]),
        ("courses in Sindh", [], ["coding"]),
        ("fully online courses", ["coding"], ["welding", "plumbing", "baking", "drawing"]),
        ("courses already closed", ["drawing"], ["welding", "plumbing", "baking"]),
        ("free courses", ["welding", "coding"], ["baking"]),
        ("courses under 6 months", ["plumbing", "baking"], ["coding"]),
        ("courses up to 6 months", ["welding", "plumbing", "baking"], ["coding"]),
        ("courses that are not free", ["plumbing", "drawing"], ["baking"]),
        ("courses not in Lahore", ["baking"], ["coding"]),
        ("courses of 3 or 12 months", ["plumbing", "drawing"], ["coding"]),
        ("courses without matric", ["welding", "coding"], ["baking", "drawing"]),
        ("which courses ask for matric", ["plumbing"], ["baking", "drawing"]),
        ("courses with more than 20 seats", ["plumbing"], ["baking", "coding", "drawing"]),
        ("which course has the fewest seats", ["welding"], ["baking", "coding", "drawing"]),
        ("courses starting in january", ["plumbing"], ["baking", "coding", "drawing"]),
        ("courses starting next month", ["welding"], ["baking", "coding", "drawing"]),
        ("which course starts first", ["welding"], ["baking", "coding", "drawing"]),
        ("courses in Lahore", ["welding", "plumbing", "drawing"], ["coding"]),
        ("courses in Multan", ["plumbing"], ["coding"]),
        ("courses with fee below 4000", ["welding", "coding"], ["baking"]),
        ("courses with a stipend", ["drawing"], ["welding", "plumbing", "baking", "coding"]),
        ("courses still open", ["coding"], ["welding", "plumbing", "baking"]),
        ("online courses", ["coding"], ["welding", "plumbing", "baking", "drawing"]),
        ("courses for women", ["baking"], ["welding", "plumbing", "coding", "drawing"]),
        ("courses after middle", ["welding", "coding"], ["baking", "drawing"]),
        ("ٹیوٹا کے کورس", ["welding"], ["plumbing", "baking", "coding", "drawing"]),
        ("which course is cheapest", ["welding", "coding"], ["baking"]),
        ("which course is longest", ["drawing"], ["coding"]),
        ("which course has the earliest deadline", ["coding"], ["welding", "plumbing", "baking", "drawing"]),
    ],
)
def test_an_empty_cell_neither_fulfils_nor_breaks_a_condition(
    question: str, found: list[str], unknown: list[str]
) -> None:
    assert search(question) == (found, unknown)


def test_where_nothing_fulfils_all_the_last_condition_that_helps_goes() -> None:
    wish = read_wish("free courses in Karachi", CATALOGUE.names)
    listing = CATALOGUE.search(wish, None, TODAY)
    assert [entry.id for entry in listing.found] == ["c.csv#welding", "c.csv#coding"]
    assert listing.dropped is wish.conditions[1]


def test_a_course_out_of_date_is_not_listed() -> None:
    old = replace(COURSES[0], valid_until=date(2026, 11, 23))
    listing = Catalogue([old], []).search(read_wish("free courses", {}), None, TODAY)
    assert not listing.found


def test_a_place_of_the_folder_alone_is_known_in_each_of_its_languages() -> None:
    wordings = {
        "en": Wording("c.csv#a", "c.csv", "Welding", "", city="Chinarabad"),
        "zh": Wording("c.csv#a", "c.csv", "焊接", "", city="奇纳拉巴德"),
    }
    catalogue = Catalogue([Entry("c.csv#a", "course", wordings, course=Course())], [])  # type: ignore[arg-type]
    for question in ("courses in chinarabad", "奇纳拉巴德有哪些课程"):
        listing = catalogue.search(read_wish(question, catalogue.names), None, TODAY)
        assert [entry.id for entry in listing.found] == ["c.csv#a"]


def test_of_two_places_either_will_do() -> None:
    assert search("courses in Gwadar or Multan")[0] == ["plumbing", "baking"]


def test_the_dearest_of_free_courses_is_none() -> None:
    free = Catalogue(COURSES[:1], [])
    assert not free.search(read_wish("which course is the most expensive", {}), None, TODAY).found


def test_a_course_whose_time_to_apply_is_over_is_told_apart() -> None:
    listing = CATALOGUE.search(read_wish("which courses are in Lahore", CATALOGUE.names), None, TODAY)
    assert listing.closed == {"c.csv#drawing"}


def test_a_level_is_known_by_its_number_and_by_what_students_call_it() -> None:
    courses = [make("a", Course(level="NVC L3")), make("b", Course(level="short")), make("c", Course(level="G-II"))]
    catalogue = Catalogue(courses, [])
    for question, found in (
        ("level 3 courses", "a"),
        ("短期的课程", "b"),
        ("chote course", "b"),
        ("g2 ke courses", "c"),
    ):
        listing = catalogue.search(read_wish(question, catalogue.names), None, TODAY)
        assert [entry.id for entry in listing.found] == [f"c.csv#{found}"]


def test_of_a_province_is_what_its_provider_says_so() -> None:
    course = make("any", Course(), provider="Punjab TEVTA")
    catalogue = Catalogue([course], [])
    assert catalogue.search(read_wish("courses in Punjab", catalogue.names), None, TODAY).found == (course,)


def test_what_is_partly_online_is_not_fully_so() -> None:
    course = make("any", Course(mode="mixed"))
    catalogue = Catalogue([course], [])
    assert catalogue.search(read_wish("online courses", {}), None, TODAY).found == (course,)
    assert not catalogue.search(read_wish("fully online courses", {}), None, TODAY).found
