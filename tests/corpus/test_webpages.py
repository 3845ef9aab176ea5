import time

import pytest

from bot.corpus.sections import gather_sections
from bot.corpus.webpages import read_webpage


def read_body(text: str) -> str:
    return gather_sections(read_webpage(text)[1], "T", "stem").sections[0].body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("<p>It is <b>free</b>\n and <i>open</i>.</p><p>Really</p>", "It is free and open.\n\nReally"),
        ("a<script>alert(1)</script><style>p{}</style><!-- no -->b<template>c</template>", "ab"),
        ('<p>See <a href="https://x.pk">the form</a>.</p>', "See the form (https://x.pk)."),
        ('<p>See <a href="javascript:x()">this</a></p>', "See this"),
        ("Bring:<ul><li>one<li><p>two</p></ul><p>Then</p>", "Bring:\n• one\n• two\n\nThen"),
        ("<table><tr><th>a</th><th>b</th></tr> <tr><td>1</td> <td>2</td></tr></table>", "a | b\n1 | 2"),
        ("one<br>two", "one\ntwo"),
        ("<p>5 &lt; 6 &amp; 7&nbsp;8</p>", "5 < 6 & 7 8"),
        ("plain words", "plain words"),
        ("<p>unclosed <b>and <i>wrong</b> order", "unclosed and wrong order"),
    ],
)
def test_html_becomes_plain_text(text: str, body: str) -> None:
    assert read_body(text) == body


def test_it_is_split_along_its_headings_and_has_its_title() -> None:
    text = (
        "<html><head><title> Visa\n guide </title></head><body>x<h1>Visa</h1><p>a</p><h2>The <b>form</b></h2>b</body>"
    )
    title, blocks = read_webpage(text)
    draft = gather_sections(blocks, title, "stem")
    assert draft.title == "Visa guide"
    assert [(section.slug, section.body) for section in draft.sections] == [
        ("visa-guide", "x"),
        ("visa", "a"),
        ("the-form", "b"),
    ]


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<a ", "<a b='", '<a b="c" ', "</", "<![", "<!", "<?", "&#", "<script>", "<p/<", "<div>", "<b><p>", "<h1>",
     "<table><tr><td>", "<ul><li>", "<a href=x>"],
)  # fmt: skip
def test_hostile_html_takes_time_in_proportion(piece: str) -> None:
    began = time.perf_counter()
    list(read_webpage(piece * (200_000 // len(piece)))[1])
    assert time.perf_counter() - began < 10
