"""Pieces fit, lose nothing, and end where a reader would pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.split import measure_utf16, split_text


def test_a_text_that_fits_is_one_piece() -> None:
    assert split_text("One. Two.\nThree", 4096) == ["One. Two.\nThree"]


def test_a_blank_text_is_no_piece() -> None:
    assert split_text(" \n\t", 4096) == []


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        # After a sentence, in each script.
        ("First one. Second one.", 12, ["First one.", "Second one."]),
        ("پہلا جملہ۔ دوسرا جملہ۔", 12, ["پہلا جملہ۔", "دوسرا جملہ۔"]),
        ("کیا؟ جی ہاں۔", 8, ["کیا؟", "جی ہاں۔"]),
        ("第一句。第二句！第三句？", 8, ["第一句。第二句！", "第三句？"]),
        # After a line.
        ("Line one\nLine two", 10, ["Line one", "Line two"]),
        # No sentence ends inside a number or an address.
        ("It is 3.50 at x.gov.pk. Yes.", 24, ["It is 3.50 at x.gov.pk.", "Yes."]),
        # After a word, where a sentence is too long; inside it, where a word is.
        ("one two three", 8, ["one two", "three"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        # A quotation mark stays with its sentence.
        ("He said “no.” Then left.", 14, ["He said “no.”", "Then left."]),
    ],
)
def test_cuts_where_a_reader_would_pause(text: str, limit: int, pieces: list[str]) -> None:
    assert split_text(text, limit) == pieces


@pytest.mark.parametrize("emoji", ["😀", "👍🏽", "👩‍👩‍👧‍👦", "🇵🇰", "1️⃣", "é", "بّ"])
@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_what_people_see_as_one_character_is_never_cut(emoji: str, before: int) -> None:
    pieces = split_text("x" * before + emoji * 40, 23)
    assert len(pieces) > 1
    assert all(piece.removeprefix("x" * before).replace(emoji, "") == "" for piece in pieces)


@given(st.text(st.sampled_from("ab 。۔.😀\u0301\u200d\n🇵🇰👍🏽中ا&"), max_size=300), st.integers(5, 40))
def test_pieces_fit_and_lose_only_space(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(0 < measure_utf16(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_the_measure_decides_what_fits() -> None:
    assert split_text("a& b& c&", 7, lambda piece: measure_utf16(piece.replace("&", "&amp;"))) == ["a&", "b&", "c&"]
