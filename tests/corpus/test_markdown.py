import time

import pytest

from bot.corpus.documents import MAX_TEXT
from bot.corpus.markdown import read_markdown
from bot.corpus.sections import gather_sections


def read_body(text: str) -> str:
    return gather_sections(read_markdown(text), "T", "stem").sections[0].body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("It is **free** and *open*, `code` too.", "It is free and open, code too."),
        ("See [the form](https://x.pk/a) or [below](#b).", "See the form (https://x.pk/a) or below."),
        ("<https://x.pk>", "https://x.pk"),
        ("![the map](map.png)", "the map"),
        ("first\nsecond\n\nthird", "first second\n\nthird"),
        ("申请\n材料", "申请材料"),  # no space between lines of Chinese
        ("a  \nb", "a\nb"),
        ("Bring:\n\n- one\n- two\n  - three\n\nThen go.", "Bring:\n• one\n• two\n• three\n\nThen go."),
        ("3. one\n4. two", "3. one\n4. two"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "a | b\n1 | 2"),
        ("```\n# no heading\n```", "# no heading"),
        ("<b>5 < 6</b> & <script>x</script>", "<b>5 < 6</b> & <script>x</script>"),  # HTML is text
        ("~~old~~ new", "old new"),
        ("> quoted", "quoted"),
        ("a\n\n---\n\nb", "a\n\nb"),
        ("5 &lt; 6", "5 < 6"),
    ],
)
def test_markdown_becomes_plain_text(text: str, body: str) -> None:
    assert read_body(text) == body


def test_it_is_split_along_its_headings() -> None:
    text = "# Visa\n\nintro\n\n## Papers\n\nlist\n\n```\n## not this\n```\n\nSetext\n------\n\nmore\n\n> ## nor this\n"
    sections = gather_sections(read_markdown(text), "", "stem").sections
    assert [section.slug for section in sections] == ["visa", "papers", "setext"]
    assert "## not this" in sections[1].body
    assert sections[2].body == "more\n\nnor this"


@pytest.mark.parametrize(
    "piece", ["[", "*a ", "`a``b```", "![](", "> ", "- ", "a|b|c\n", "__a_", "[a](<b", "# a\n", "<!--", "&#", "\\"]
)
def test_hostile_markdown_takes_time_in_proportion(piece: str) -> None:
    began = time.perf_counter()
    list(read_markdown(piece * (MAX_TEXT // 10 // len(piece))))
    assert time.perf_counter() - began < 10
