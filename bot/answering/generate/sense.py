"""Whether a sentence turns around what it rests on: not for allowed, boys for girls, below for above.

Numbers and names are checked one by one; this is for the small words between them. A clause is compared with the
cited clause that is nearest to it without such words; the two must both deny or both affirm.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.answering.generate.evidence import Known, list_facts, read_evidence
from bot.index.encoder import Encoder, find_encoder
from bot.index.vectors import Vectors
from bot.language.fields import asked_fields
from bot.language.normalise import normalise
from bot.language.numbers import write_digits
from bot.language.patterns import alternatives, word_pattern
from bot.language.wishes import mentions
from bot.types import LANGUAGES, CourseField, Entry

_FILE = Path(__file__).with_name("sense.yaml")
# From which cosine on a cited clause is the one that a clause rests on, and by how much nearer it must be than one that
# agrees; measured for these encoders alone.
_NEAR = {"shipped": 0.40, "static": 0.40}
_NEARER = 0.01
_MEASURED = "static"
_SHORT = re.compile(r"n[’']t\b")
# No point, comma or colon within a number, a time or an address is an end.
_END = re.compile(r"[!?۔؟。！？;؛،，：\n]|(?<!\w)[.,:]|[.,:](?!\w)|(?<=[㐀-鿿])[.,:]")
_PIECE = re.compile(r"[,;،؛，；。]\s*(?!\d)")
_RANGE = re.compile(r"(?<!\d)(\d+)\s*(?:岁|years|سال|saal)?\s*(?:-|–|to|سے|se|至|到)\s*(\d+)(?!\d)")
_FEWEST_WORDS = 3
_SUMS: tuple[CourseField, ...] = ("fee", "stipend")
_NO = re.compile(r"\s*(?:no|nahi|نہیں|جی نہیں|不|不用|不是|没有|不可以|不能|不需要|不会)\s*(?:[.,،۔。，!！]|$)")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause without the words that deny it, and whether there are such."""

    text: str
    is_denied: bool
    is_of_price: bool = False  # that nothing is paid is no denial


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, clause by clause, with the vectors of the clauses."""

    clauses: tuple[Clause, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class _Lists:
    denying: re.Pattern[str]
    harmless: re.Pattern[str]
    unpublished: re.Pattern[str]
    joining: re.Pattern[str]
    poles: Mapping[str, re.Pattern[str]]
    opposed: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    after: re.Pattern[str]


class Sense:
    """Compares clauses. Thread-safe."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder if encoder.name in _NEAR else find_encoder(_MEASURED)

    def read(self, entry: Entry) -> Said:
        """Return what an entry says in all its languages."""
        title = entry.title
        clauses = tuple(dict.fromkeys(_list_said(entry))) or (Clause(normalise(title), False),)
        return Said(clauses, self._encoder.encode_passages([clause.text for clause in clauses]))

    def find_turned(self, text: str, said: Said, entry: Entry) -> list[str]:
        """Return the clauses of a text that deny what an entry affirms, or affirm what it denies."""
        clauses = [clause for clause in read_clauses(text) if not clause.is_of_price]
        if entry.course is not None:
            clauses = [clause for clause in clauses if not _lists().unpublished.search(clause.text)]
        if not clauses:
            return []
        near = self._encoder.encode_passages([clause.text for clause in clauses]) @ said.vectors.T
        denied = np.array([clause.is_denied for clause in said.clauses])
        return [
            clause.text
            for clause, row in zip(clauses, near, strict=True)
            if self._is_turned(row, denied, is_denied=clause.is_denied)
        ]

    def _is_turned(self, near: Vectors, denied: NDArray[np.bool_], *, is_denied: bool) -> bool:
        """Tell whether the nearest of what is said is of the other kind; nobody may deny what nothing denies."""
        same, other = near[denied == is_denied], near[denied != is_denied]
        if not len(same):
            return is_denied
        if not len(other):
            return False
        return bool(other.max() >= _NEAR[self._encoder.name] and other.max() >= same.max() + _NEARER)


def split_clauses(text: str) -> list[str]:
    """Return the clauses of a text as they are written."""
    pieces = _PIECE.split(text)
    return [part for piece in pieces for part in _lists().joining.split(piece) if part.strip()]


def find_unpublished(text: str, entry: Entry) -> list[CourseField]:
    """Return the sums of a course that a text speaks of and that are not published, but where it says just that."""
    if entry.course is None or _lists().unpublished.search(normalise(text)):
        return []
    told = frozenset(asked_fields(read_evidence([entry]).text))
    return [field for field in _SUMS if field in asked_fields(text) and field not in told]


def find_poles(text: str, known: Known) -> list[str]:
    """Return what a text says of whom or when that a known text does not, or says the other way."""
    said, cited, lists = normalise(text), known.normal, _lists()
    found = [name for name, pattern in lists.poles.items() if pattern.search(said) and not pattern.search(cited)]
    if lists.after.search(write_digits(said)) and not lists.after.search(write_digits(cited)):
        found.append("after")
    found += _find_passed(write_digits(said), write_digits(cited))
    said = lists.harmless.sub(" ", said)
    for pair in lists.opposed:
        for one, other in (pair, pair[::-1]):
            if (match := one.search(said)) and other.search(cited) and not one.search(cited):
                found.append(match[0])
    return found


def _find_passed(said: str, cited: str) -> list[str]:
    """Return the end of a range of the cited text that a text goes beyond: over 25 where it is 18 to 25."""
    lower, upper = _lists().opposed[-1][::-1]
    ranges = [match.groups() for match in _RANGE.finditer(cited)]
    ends = [(start, lower) for start, _ in ranges] + [(end, upper) for _, end in ranges]
    return [
        number
        for number, pattern in dict.fromkeys(ends)
        if _is_bound(number, pattern, said) and not _is_bound(number, pattern, cited)
    ]


def _is_bound(number: str, pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether a word of a pattern stands beside a number, at most a unit between them."""
    words = pattern.pattern
    return (
        re.search(
            rf"(?:{words})\s+(?:the\s+age\s+of\s+)?{number}(?!\d)|(?<!\d){number}(?!\d)\s*(?:[^\W\d_]+\s+)?[岁年%]*(?:{words})",
            text,
        )
        is not None
    )


def read_clauses(text: str) -> list[Clause]:
    """Return the clauses of a text; what has too few words to be one stays with what stands before it."""
    joining = _lists().joining
    sentences = _END.split(_SHORT.sub(" not", normalise(text)))
    clauses = [_read_clause(part) for sentence in sentences for part in _join_short(joining.split(sentence))]
    return [clause for clause in clauses if clause.text]


def _join_short(pieces: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and (_count_words(piece) < _FEWEST_WORDS or _count_words(joined[-1]) < _FEWEST_WORDS):
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined


def _count_words(text: str) -> int:
    return len(text.split()) + len(_HAN.findall(text))


def _read_clause(text: str) -> Clause:
    plain, denying = _lists().harmless.sub(" ", text), _lists().denying
    bare = re.sub(r"\s+", " ", denying.sub(" ", plain)).strip()
    return Clause(bare, denying.search(plain) is not None, mentions("free", text))


def _list_said(entry: Entry) -> Iterator[Clause]:
    for wording in entry.wordings.values():
        yield from read_clauses(wording.body)
        yield from read_clauses(wording.entry)
        # A question denies nothing by itself; but what is answered with no is denied.
        asked = _read_clause(normalise(wording.title))
        if asked.is_denied or _NO.match(normalise(wording.body)):
            yield Clause(asked.text, True)
        if asked.is_denied or entry.course is not None:
            yield Clause(asked.text, False)
    for language in LANGUAGES:
        yield from (Clause(normalise(fact), False) for fact in list_facts(entry, language))


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    alone, _ = alternatives(data["joining"])
    return _Lists(
        word_pattern(data["negation"]),
        word_pattern(data["not_negating"]),
        word_pattern(data["unpublished"]),
        re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, alone))})(?!\w)"),
        {name: word_pattern(words) for name, words in data["poles"].items()},
        tuple((word_pattern(pair["first"]), word_pattern(pair["second"])) for pair in data["opposed"]),
        re.compile(data["after"]),
    )
