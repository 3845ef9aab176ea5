from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.answering.catalogue import Catalogue, Listing
from bot.answering.listing import MOST_LISTED, compose_comparison, compose_listing, write_wish
from bot.language.wishes import read_wish
from bot.types import LANGUAGES, Condition, Course, Entry, Language, Term, Wording

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "wishes.yaml").read_text("utf-8"))
WELDING = Entry(
    "c.csv#welding",
    "course",
    {
        "en": Wording("c.csv#welding", "c.csv", "Welding", "", provider="Punjab TEVTA (Lahore)", city="Lahore"),
        "ur": Wording("c.csv#welding", "c.csv", "ویلڈنگ", "", provider="پنجاب ٹیوٹا", city="لاہور"),
    },
    course=Course(fee_pkr=0, duration_months=6, level="Level 5", stipend_pkr=500),
    source="https://a.example",
    as_of=date(2025, 1, 1),
)
PLUMBING = replace(
    WELDING, id="c.csv#plumbing", wordings={"en": Wording("c.csv#plumbing", "c.csv", "Plumbing", "")},
    course=Course(duration_months=3), as_of=date(2024, 1, 1),
)  # fmt: skip
NOTHING = read_wish("all courses", {})
CATALOGUE = Catalogue(
    [
        WELDING,
        replace(
            PLUMBING,
            wordings={"en": Wording("c.csv#plumbing", "c.csv", "Plumbing", "", provider="NAVTTC")},
            course=Course(level="short"),
        ),
    ],
    [Term(en=("TEVTA",), ur=("ٹیوٹا",)), Term(en=("NAVTTC",), ur=("نیوٹیک",))],
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["question"])
def test_what_was_understood_is_shown(case: dict[str, str]) -> None:
    wish = read_wish(case["question"], CATALOGUE.names, CATALOGUE.title_words)
    assert not wish.is_negated
    assert write_wish(wish, "en") == case["understood"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_listing_says_what_it_lists_and_where_it_is_from(language: Language) -> None:
    wish = replace(NOTHING, conditions=(Condition("free"), Condition("place", "Lahore")))
    parts = compose_listing(wish, Listing((WELDING,), (PLUMBING,)), language)
    assert [part.kind for part in parts] == ["title", "choice", "note", "note", "source"]
    assert ("لاہور" if language == "ur" else "拉合尔" if language == "zh" else "Lahore") in parts[0].text
    assert "https://a.example" in parts[-1].text
    assert "2025" in parts[-1].text
    assert "Plumbing" in parts[2].text


def test_roman_urdu_is_answered_in_latin_letters() -> None:
    (choice,) = [part for part in compose_listing(NOTHING, Listing((WELDING,)), "ur-Latn") if part.kind == "choice"]
    assert choice.text == "Welding – muft · 6 mahine · Lahore · Mahana wazifa: Rs 500"


def test_a_long_list_is_cut_and_says_so() -> None:
    many = tuple(replace(PLUMBING, id=f"c.csv#{number}") for number in range(MOST_LISTED + 5))
    parts = compose_listing(NOTHING, Listing(many), "en")
    assert sum(part.kind == "choice" for part in parts) == MOST_LISTED
    assert any(part.text.startswith("5 more") for part in parts)
    assert parts[0].text == f"{len(many)} courses: all courses"


def test_where_nothing_fits_the_nearest_are_told_as_such() -> None:
    listing = Listing((WELDING,), (), Condition("place", "Karachi"))
    parts = compose_listing(replace(NOTHING, conditions=(Condition("free"),)), listing, "en")
    assert parts[0].text == "I found no course that is published as: free"
    assert "Karachi" in parts[1].text


def test_where_nothing_is_published_the_silent_ones_can_be_opened() -> None:
    parts = compose_listing(replace(NOTHING, conditions=(Condition("open"),)), Listing((), (PLUMBING,)), "en")
    assert [part.entry_id for part in parts if part.kind == "choice"] == ["c.csv#plumbing"]


def test_side_by_side_tells_what_is_not_published() -> None:
    parts = compose_comparison((WELDING, PLUMBING), "fee", "en")
    facts = {part.label: part.text for part in parts if part.kind == "fact"}
    assert next(iter(facts.items())) == ("Fee", "1. free · 2. not published")
    assert facts["Length"] == "1. 6 months · 2. 3 months"
    assert "Seats" not in facts
    # One source, told with the older of its two dates.
    assert [part.text for part in parts if part.kind == "source"] == [
        "Source: https://a.example (as of 1 January 2024)"
    ]


def test_closed_applications_and_levels_are_told_in_the_askers_words() -> None:
    closed = replace(WELDING, course=Course(apply_by=date(2026, 1, 1)))
    listing = Listing((closed,), closed=frozenset({closed.id}))
    (choice,) = [part for part in compose_listing(NOTHING, listing, "en") if part.kind == "choice"]
    assert choice.text == "Welding – Lahore · applications closed"
    wish = replace(
        NOTHING, conditions=(Condition("level", "short"), Condition("place", "Lahore"), Condition("place", "Multan"))
    )
    assert write_wish(wish, "zh") == "短期 · 拉合尔或木尔坦"
