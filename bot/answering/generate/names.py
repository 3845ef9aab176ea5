"""The names that an answer may only use where a cited entry has them: of courses, of institutes, of places."""

import re
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.answering.generate.evidence import Known
from bot.answering.generate.lists import guard_words
from bot.index.reader import IndexReader
from bot.language.normalise import normalise
from bot.language.patterns import word_pattern
from bot.language.places import list_places
from bot.language.words import CHINESE, ENGLISH, STOP_WORDS
from bot.types import Entry

# A name of one short word is too often a word like others.
_SHORTEST = {True: 2, False: 4}  # of Han characters, of letters
_HAN = re.compile(r"[㐀-鿿]")
_APART = re.compile(r"[()（）,，、;；/]| - | – |\s+with\s+|与|和")
_CAPITALISED = re.compile(r"(?<![\w@./-])[A-Z][A-Za-z]*(?:[-'.][A-Za-z]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;”\"(]\s*|\n)$")


class NameBook:
    """The names of the current index. Thread-safe."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._names: tuple[str, re.Pattern[str]] | None = None

    def foreign(self, text: str, known: Known) -> list[str]:
        """Return the names in a text that a known text does not have."""
        normal = normalise(text)
        found = {match[0] for pattern in (self._pattern(), _place_pattern()) for match in pattern.finditer(normal)}
        unknown = [name for name in sorted(found) if name not in known.normal]
        unknown += [match[1] for match in _quarter_pattern().finditer(normal) if not _is_known(match[1], known)]
        return [*unknown, *_foreign_institutes(normal, known), *_foreign_capitals(text, known)]

    def _pattern(self) -> re.Pattern[str]:
        with self._reader.use() as index, self._lock:
            if self._names is None or self._names[0] != index.manifest.id:
                self._names = (index.manifest.id, word_pattern(set(_list_names(index.entries.of_kind("course")))))
            return self._names[1]


def _list_names(courses: Iterable[Entry]) -> Iterator[str]:
    for entry in courses:
        for wording in entry.wordings.values():
            for name in (wording.title, wording.provider):
                yield from filter(_is_telling, (normalise(part) for part in (name, *_APART.split(name))))


def _is_telling(name: str) -> bool:
    name = name.strip()
    return len(name) >= _SHORTEST[bool(_HAN.search(name))] and name not in STOP_WORDS and not name.isdecimal()


@lru_cache(maxsize=1)
def _place_pattern() -> re.Pattern[str]:
    return word_pattern({name for names in list_places() for name in names if _is_telling(normalise(name))})


@lru_cache(maxsize=1)
def _quarter_pattern() -> re.Pattern[str]:
    """Return a pattern for what stands before a place and a comma: a part of it, as in Gulberg, Lahore."""
    return re.compile(rf"([^\W\d_㐀-鿿]+)\s*[,،]\s*(?={_place_pattern().pattern})")


def _is_known(word: str, known: Known) -> bool:
    is_general = word in STOP_WORDS or word in guard_words("general")
    return is_general or word in known.words or _place_pattern().search(word) is not None


@lru_cache(maxsize=1)
def _institute_pattern() -> re.Pattern[str]:
    words, han = ("|".join(sorted(guard_words(name))) for name in ("institutes", "institutes_zh"))
    return re.compile(rf"([^\W\d_]{{2,}})\s+(?:{words})(?!\w)|([㐀-鿿]{{2}})(?:{han})")


def _foreign_institutes(normal: str, known: Known) -> Iterator[str]:
    for match in _institute_pattern().finditer(normal):
        word, han = match[1], match[2]
        if word and (word in guard_words("general") or word in STOP_WORDS or word in known.words):
            continue
        if han and (any(mark in han for mark in CHINESE | guard_words("general_zh")) or match[0] in known.normal):
            continue
        yield match[0]


def _foreign_capitals(text: str, known: Known) -> Iterator[str]:
    """Yield what is written like a name in Latin letters and is not known: the first word of a sentence only
    where another name follows it.
    """
    matches = list(_CAPITALISED.finditer(text))
    for place, match in enumerate(matches):
        word = normalise(match[0])
        parts = set(re.findall(r"[a-z]+", word))
        if word in guard_words("common") or parts <= known.words or word in known.normal:
            continue
        opens = _SENTENCE_START.search(text[: match.start()]) is not None
        is_joined = place + 1 < len(matches) and text[match.end() : matches[place + 1].start()] == " "
        is_plain = word in ENGLISH or word in STOP_WORDS
        if (
            (not opens and not is_plain)
            or (opens and is_joined and not is_plain)
            or (len(word) > 1 and match[0].isupper())
        ):
            yield match[0]
