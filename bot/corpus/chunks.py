"""Entries as chunks: the stretches of text that are embedded and searched."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.corpus.characters import identify_script
from bot.types import Chunk, ContentLanguage, Entry, Wording

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

CHUNKER_VERSION = 1  # to be raised with any change of what the chunks of an entry are

MAX_LENGTH = 1_000
OVERLAP = 100

# However long a heading is, its text has most of the chunk.
_MAX_TITLE = 200
_SEPARATORS = ["\n\n", "\n", "۔", "。", "！", "？", "؟", ". ", "! ", "? ", "；", "؛", "; ", "，", "،", ", ", " ", ""]

_Part = tuple[ContentLanguage, str, str]  # language, name of the part, text


def chunk_entries(entries: Iterable[Entry]) -> list[Chunk]:
    """Return the chunks of all entries in order; a text is there once in an entry and language."""
    return [chunk for entry in entries for chunk in _chunk_entry(entry)]


def text_hash(chunk_id: str) -> str:
    """Return the hash of a chunk's text, which its id ends with: equal where the vector is."""
    return chunk_id.rsplit("|", 1)[1]


def _chunk_entry(entry: Entry) -> Iterator[Chunk]:
    seen: set[tuple[ContentLanguage, str]] = set()
    for language, part, text in _part_entry(entry):
        if text and (language, text) not in seen:
            seen.add((language, text))
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            yield Chunk(f"{entry.id}|{language}|{part}|{digest}", entry.id, language, text)


def _part_entry(entry: Entry) -> Iterator[_Part]:
    for language, wording in entry.wordings.items():
        if entry.kind == "page":
            for number, text in enumerate(_split_page(wording), start=1):
                yield language, str(number), text
        else:
            level = entry.course.level if entry.course else ""
            whole = (wording.title, wording.body, wording.entry, wording.provider, wording.city, level)
            yield language, "title", wording.title
            yield language, "whole", "\n".join(filter(None, whole))
    for phrasing in entry.also_asked:
        yield identify_script(phrasing), "phrasing", phrasing


def _split_page(wording: Wording) -> Iterator[str]:
    """Yield the body in parts that each begin with the title, so that none is without its subject."""
    title = wording.title[:_MAX_TITLE]
    room = MAX_LENGTH - len(title) - 1
    fits = len(wording.body) <= room
    for part in [wording.body] if fits else _make_splitter(room).split_text(wording.body):
        yield f"{title}\n{part}"


@lru_cache(maxsize=64)
def _make_splitter(room: int) -> "RecursiveCharacterTextSplitter":
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # slow to load; most pages fit as they are

    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS, chunk_size=room, chunk_overlap=OVERLAP, keep_separator="end"
    )
