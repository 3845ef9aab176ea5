import time

import pytest

from bot.corpus.sections import Block, Section, gather_sections, make_slug, show_address


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("How to apply?", "how-to-apply"),
        ("Fees & Costs (2026)", "fees--costs-2026"),
        ("ویزا کے کاغذات", "ویزا-کے-کاغذات"),
        ("签证 材料：", "签证-材料"),
        ("اُردو", "اُردو"),  # marks are kept, as GitHub does
        ("snake_case-x", "snake_case-x"),
        ("???", "section"),
    ],
)
def test_a_slug_is_made_as_on_github(heading: str, slug: str) -> None:
    assert make_slug(heading) == slug


def test_doubled_headings_are_numbered_and_stay_apart() -> None:
    blocks = [Block(2, "Fee"), Block(0, "a"), Block(2, "Fee"), Block(0, "b"), Block(2, "Fee-1"), Block(0, "c")]
    assert [section.slug for section in gather_sections(blocks, "T", "stem").sections] == ["fee", "fee-1", "fee-1-1"]


def test_a_hundred_thousand_equal_headings_take_time_in_proportion() -> None:
    began = time.perf_counter()
    sections = gather_sections([Block(2, "a"), Block(0, "x")] * 100_000, "T", "stem").sections
    assert sections[-1].slug == "a-99999"
    assert time.perf_counter() - began < 10


def test_a_heading_without_text_makes_no_section_but_keeps_its_number() -> None:
    blocks = [Block(1, "Fee"), Block(2, "Fee"), Block(0, "a"), Block(3, "Empty")]
    draft = gather_sections(blocks, "", "stem")
    assert draft == ("Fee", [Section("fee-1", "Fee", "a")])


def test_the_title_is_the_given_one_the_main_heading_or_the_stem() -> None:
    blocks = [Block(0, "before"), Block(2, "Small"), Block(1, "Main\nHeading"), Block(0, "text")]
    assert gather_sections(blocks, "Given", "stem").sections[0] == Section("given", "Given", "before")
    assert gather_sections(blocks, "", "stem").title == "Main Heading"
    assert gather_sections([Block(0, "x")], "", "stem") == ("stem", [Section("stem", "stem", "x")])
    assert gather_sections([Block(2, "Small"), Block(0, "x")], "", "stem").title == "stem"


def test_paragraphs_stand_apart_and_tight_lines_do_not() -> None:
    blocks = [Block(0, "a"), Block(0, "• b", is_tight=True), Block(0, "\x07"), Block(0, "c\x00")]
    assert gather_sections(blocks, "T", "stem").sections[0].body == "a\n• b\n\nc"


@pytest.mark.parametrize(
    ("address", "text", "shown"),
    [
        ("https://x.pk", "Apply", " (https://x.pk)"),
        ("https://x.pk", "https://x.pk", ""),
        ("mailto:a@x.pk", "write", " (a@x.pk)"),
        ("#part", "below", ""),
        ("other.md", "page", ""),
        ("javascript:alert(1)", "click", ""),
    ],
)
def test_a_link_keeps_an_address_that_leads_somewhere(address: str, text: str, shown: str) -> None:
    assert show_address(address, text) == shown
