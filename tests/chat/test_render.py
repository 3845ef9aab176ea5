"""An answer as text and as HTML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.render import MESSAGE_LIMIT, render_html, render_phrase, render_text
from bot.chat.split import measure_utf16
from bot.types import LANGUAGES, Language, Part, PartKind
from tests.chat.scripted import make_answer
from tests.telegram_server import count_utf16, read_html

PARTS = (
    Part("source", "Source: https://www.x.gov.pk/a?b=1&c=2, folder <1> (as of 2 May 2026)"),
    Part("title", "Fee & <b>more</b>"),
    Part("text", "First line\nsecond line"),
    Part("fact", "Rs 5,000", label="Fee"),
    Part("fact", "free", label="Books"),
    Part("note", "Please confirm."),
    Part("choice", "Welding", entry_id="a#1"),
    Part("choice", "Design", entry_id="a#2"),
)


def test_text_is_plain_with_sources_last() -> None:
    assert render_text(make_answer(*PARTS)) == (
        "Fee & <b>more</b>\n\nFirst line\nsecond line\n\nFee: Rs 5,000\nBooks: free\n\nPlease confirm.\n\n"
        "1. Welding\n2. Design\n\n"
        "Source: https://www.x.gov.pk/a?b=1&c=2, folder <1> (as of 2 May 2026)"
    )


def test_html_marks_the_title_and_the_source() -> None:
    assert render_html(make_answer(*PARTS)) == [
        "<b>Fee &amp; &lt;b&gt;more&lt;/b&gt;</b>\n\nFirst line\nsecond line\n\nFee: Rs 5,000\nBooks: free\n\n"
        "Please confirm.\n\n1. Welding\n2. Design\n\n"
        '<i>Source: <a href="https://www.x.gov.pk/a?b=1&amp;c=2">x.gov.pk</a>, folder &lt;1&gt; (as of 2 May 2026)</i>'
    ]


def test_what_was_asked_stands_out() -> None:
    parts = (Part("fact", "Rs 5,000", label="Fee", is_asked=True), Part("fact", "Lahore", label="Place"))
    assert render_html(make_answer(*parts)) == ["<b>Fee: Rs 5,000</b>\n\nPlace: Lahore"]


def test_a_chinese_fact_has_a_chinese_colon() -> None:
    assert render_text(make_answer(Part("fact", "免费", label="学费"), language="zh")) == "学费：免费"


def test_text_has_no_characters_of_direction() -> None:
    part = Part("text", "\u202bفون\u202c \u20660300\u2069\u200f ہے")
    assert render_text(make_answer(part, language="ur")) == "فون 0300 ہے"


def test_html_isolates_line_by_line() -> None:
    parts = (Part("title", "DAE کیا ہے"), Part("source", "ماخذ: https://x.pk/a (بمطابق 2 مئی)"))
    assert render_html(make_answer(*parts, language="ur")) == [
        "<b>\u200f\u2066DAE\u2069 کیا ہے</b>\n\n"
        '<i>ماخذ: \u2066<a href="https://x.pk/a">x.pk</a>\u2069 (بمطابق \u20662\u2069 مئی)</i>'
    ]


@pytest.mark.parametrize("parts", [(), (Part("text", " \n"),)])
def test_nothing_to_say_is_no_message(parts: tuple[Part, ...]) -> None:
    assert render_html(make_answer(*parts)) == []
    assert render_text(make_answer(*parts)) == ""


@pytest.mark.parametrize(
    "address", ["https://[x", "http://%", "https://x.pk:99999999/", "https://x.pk/'\"><b>", "https://?"]
)
def test_an_odd_address_in_a_source_is_no_trouble(address: str) -> None:
    message = render_html(make_answer(Part("source", f"Source: {address} and more")))[0]
    assert read_html(message).startswith("Source: ")


def test_a_long_answer_fills_its_messages() -> None:
    sentences = " ".join(f"یہ جملہ نمبر {number} ہے۔" for number in range(500))
    messages = render_html(make_answer(Part("title", "عنوان"), Part("text", sentences), language="ur"))
    assert all(message.endswith("۔") for message in messages[1:])
    assert all(measure_utf16(message) > 3900 for message in messages[1:-1])


def test_an_emoji_at_the_border_goes_to_the_next_message() -> None:
    first, second = render_phrase("x" * (MESSAGE_LIMIT - 1) + "😀", "en")
    assert (first, second) == ("x" * (MESSAGE_LIMIT - 1), "😀")


KINDS: tuple[PartKind, ...] = ("title", "text", "fact", "note", "source", "choice")
WORDS = st.sampled_from(
    ["<b>", "&", "&amp;", "وظیفہ", "0300-1234567", "https://x.pk/?a=1&b=2", "。", "۔", ".", " ", "\n", '">',
     "😀" * 900, "👩‍👩‍👧‍👦" * 300, "x" * 5000, "&" * 1500, "https://x.pk/" + "y" * 5000, "a. " * 2000,
     "e\u0301" * 2500]
)  # fmt: skip
LONG_TEXTS = st.lists(WORDS, max_size=6).map("".join)
LONG_PARTS = st.builds(Part, st.sampled_from(KINDS), LONG_TEXTS, st.just("label"), st.just("id"))


@settings(deadline=None, max_examples=40)
@given(st.lists(LONG_PARTS, max_size=5), st.sampled_from(LANGUAGES))
def test_every_message_is_within_telegrams_limits(parts: list[Part], language: Language) -> None:
    for message in render_html(make_answer(*parts, language=language)):
        assert count_utf16(message) <= MESSAGE_LIMIT
        assert read_html(message).strip()
        message.encode("utf-8")  # no half of a surrogate pair
