"""Documents as sections: blocks of text gathered under their headings, each with an address that stays."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from bot.corpus.characters import CONTROL

_SHOWN_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)


class Block(NamedTuple):
    """A heading (level 1 to 6) or a stretch of text (level 0); a tight one follows without an empty line."""

    level: int
    text: str
    is_tight: bool = False


class Section(NamedTuple):
    """The text under one heading. `slug` is what the entry's id names."""

    slug: str
    heading: str
    body: str


class Draft(NamedTuple):
    """What a reader makes of a file: its title and its sections that have text."""

    title: str
    sections: list[Section]


def gather_sections(blocks: Iterable[Block], title: str, stem: str) -> Draft:
    """Return the sections that `blocks` make; the title is the one given, else the first main heading, else `stem`."""
    groups: list[tuple[str, list[Block]]] = [("", [])]  # what stands before the first heading has none
    for block in blocks:
        text = CONTROL.sub("", block.text).strip()
        if block.level:
            heading = _join_line(text)
            groups.append((heading, []))
            title = title or (heading if block.level == 1 else "")
        elif text:
            groups[-1][1].append(block._replace(text=text))
    title = title or stem
    taken: dict[str, int] = {}
    sections: list[Section] = []
    for heading, texts in groups:
        if heading or texts:
            # A heading without text makes no section but takes its address, as it does on GitHub.
            slug = _take_slug(heading or title, taken)
            if texts:
                sections.append(Section(slug, heading or title, _join_blocks(texts)))
    return Draft(title, sections)


def _join_blocks(blocks: list[Block]) -> str:
    first, *others = blocks
    return first.text + "".join(("\n" if block.is_tight else "\n\n") + block.text for block in others)


def _join_line(text: str) -> str:
    return " ".join(text.split())


def _take_slug(heading: str, taken: dict[str, int]) -> str:
    """Return the heading's slug, with a number where it is taken; `taken` holds the last number given for each."""
    slug = make_slug(heading)
    unique = slug
    while unique in taken:
        taken[slug] += 1
        unique = f"{slug}-{taken[slug]}"
    taken[unique] = 0
    return unique


def make_slug(heading: str) -> str:
    """Return the address of a heading as GitHub makes it: lower case, no punctuation, hyphens for spaces."""
    kept = (mark for mark in heading.lower() if mark in "-_ " or unicodedata.category(mark)[0] in "LMN")
    return "".join(kept).strip().replace(" ", "-") or "section"


def show_address(address: str, text: str) -> str:
    """Return ` (address)` to put behind a link's text, or nothing where the text says it or it leads nowhere else."""
    shown = address.strip().removeprefix("mailto:").removeprefix("tel:")
    if not _SHOWN_ADDRESS.match(address.strip()) or shown in text:
        return ""
    return f" ({shown})"
