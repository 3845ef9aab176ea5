"""Question to passages: two lists, one of meaning and one of words, fused so that neither can veto the other.

Fusion is a weighted sum of two scores that each mean the same in any folder, the cosine and the share of the
question's words by rarity that an entry holds (after Bruch, Gai and Ingber 2023, who found convex combination better
than reciprocal ranks). An entry takes one place, so translations of one fact never crowd out another: it is
judged by the best of its chunks in any language and by how far its other chunks agree with that one, since what is near
by all its wordings is a safer guess than what is near by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.answering.bridge import Bridge
from bot.index.encoder import Encoder
from bot.index.lexical import Weighted
from bot.index.reader import Index, entry_of_chunk, is_title
from bot.index.vectors import Vectors
from bot.language.fields import asked_fields, subject_of
from bot.language.tokens import is_code, split_units

NEIGHBOURS = 100
LEXICAL_CANDIDATES = 30
LEXICAL_WEIGHT = 0.45
BM25_WEIGHT = 0.05
ALIGNED = 15  # entries; further down none was found that should come first
# How many of an entry's chunks are heard on how near it is, and how much they weigh beside the best one.
AGREEING = 5
AGREEMENT_WEIGHT = 1.0
# G-II is not G-III: what names a number must not lose to what is merely near in meaning.
CODE_WEIGHT = 0.05
ALIGNMENT_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, with what each side says of it."""

    entry_id: str
    cosine: float  # of its nearest chunk
    agreement: float  # mean cosine of its nearest chunks, `AGREEING` at most
    coverage: float  # share of the question's words, by rarity, 0 to 1
    bm25: float  # relative to the best of the folder for this question, 0 to 1
    codes: float  # share of the question's numbers, codes and levels, 0 to 1
    alignment: float = 0.0  # how far its pieces meet the question's beyond chance, up to 1

    @property
    def score(self) -> float:
        """The fused score that entries are ranked by."""
        return self.cosine + AGREEMENT_WEIGHT * self.agreement + self.lexical + ALIGNMENT_WEIGHT * self.alignment

    @property
    def lexical(self) -> float:
        """What the words add to the score."""
        return LEXICAL_WEIGHT * self.coverage + BM25_WEIGHT * self.bm25 + CODE_WEIGHT * self.codes

    @property
    def named(self) -> float:
        """How surely the entry is what a few words name, by its name alone."""
        return self.cosine + LEXICAL_WEIGHT * self.coverage


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The entries found for a question, best first, and what is known of the question itself."""

    hits: list[Hit]
    units: int  # words that say something
    unknown: float  # share of them, by rarity, that the whole folder does not hold, 0 to 1
    vector: Vectors  # of the question


Meaning = tuple[float, float]  # the cosine of an entry's nearest chunk, and the mean of its nearest ones
Words = tuple[float, float, float]  # coverage, relative BM25 and codes of an entry
NO_WORDS: Words = (0.0, 0.0, 0.0)


def retrieve(question: str, index: Index, encoder: Encoder, bridge: Bridge, count: int) -> Retrieved:
    """Return the best `count` distinct entries."""
    vector = encoder.encode_question(question)
    meaning, furthest = _search_dense(index, vector)
    units = bridge.expand(question)
    words = _search_words(index, units, meaning)
    # What only words found is no nearer than the last neighbour; to look its true cosine up would double the time.
    meaning = dict.fromkeys(words, (furthest, furthest)) | meaning
    hits = {entry: Hit(entry, *near, *words.get(entry, NO_WORDS)) for entry, near in meaning.items()}
    if asked_fields(question):
        hits |= name_courses(subject_of(question), index, encoder, bridge, hits)
    best = _align(question, index, _rank(hits.values())[: max(count, ALIGNED)])[:count]
    return Retrieved(best, len(split_units(question)), index.lexical.unknown_share(units), vector)


def _align(question: str, index: Index, hits: list[Hit]) -> list[Hit]:
    """Return the hits with how far they meet the question's pieces, ranked anew."""
    aligned = index.alignment.align(question, [index.place_of_entry[hit.entry_id] for hit in hits])
    return _rank(replace(hit, alignment=float(met)) for hit, met in zip(hits, aligned, strict=True))


def _rank(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.entry_id))


def name_courses(
    subject: str, index: Index, encoder: Encoder, bridge: Bridge, hits: Mapping[str, Hit]
) -> dict[str, Hit]:
    """Return the courses that a question about a field names, judged by their names alone.

    "How long is the welding course" says nothing of welding but its name: the words of the field are in no course.
    """
    units = bridge.expand(subject)
    if not units:
        return {}
    found = index.dense.search(encoder.encode_question(subject), min(NEIGHBOURS, len(index.lexical.ids)))
    cosines = {entry_of_chunk(key): cosine for key, cosine in reversed(found) if is_title(key)}
    _, covered = index.lexical.search(units)
    named: dict[str, Hit] = {}
    for entry in index.courses & (cosines.keys() | hits.keys()):
        hit = hits.get(entry, Hit(entry, 0.0, 0.0, *NO_WORDS))
        rows = [row for row in index.rows_of_entry[entry] if is_title(index.lexical.ids[row])]
        coverage = max(hit.coverage, float(covered[rows].max()))
        near = cosines.get(entry, 0.0)
        named[entry] = replace(hit, cosine=max(hit.cosine, near), agreement=max(hit.agreement, near), coverage=coverage)
    return named


def _search_dense(index: Index, vector: Vectors) -> tuple[dict[str, Meaning], float]:
    """Return the entries whose chunks are among the nearest, and the cosine of the last of these."""
    found = index.dense.search(vector, min(NEIGHBOURS, len(index.lexical.ids)))
    cosines: dict[str, list[float]] = {}
    for chunk_id, cosine in found:
        cosines.setdefault(entry_of_chunk(chunk_id), []).append(cosine)
    # A chunk that is not among the neighbours is no nearer than the last of them.
    furthest = found[-1][1] if found else 0.0
    meaning = {entry: _agree(near, len(index.rows_of_entry[entry]), furthest) for entry, near in cosines.items()}
    return meaning, furthest


def _agree(cosines: Sequence[float], chunks: int, furthest: float) -> Meaning:
    """Return the best cosine of an entry and the mean of its best ones; `furthest` stands for those not known."""
    heard = min(AGREEING, chunks)
    known = sorted(cosines, reverse=True)[:heard]
    return known[0], (sum(known) + furthest * (heard - len(known))) / heard


def _search_words(index: Index, units: Sequence[Weighted], found: Iterable[str]) -> dict[str, Words]:
    """Return what the words say of the entries that have the best ones and of those that were `found` by meaning."""
    scores, covered = index.lexical.search(units)
    best = float(scores.max(initial=0.0))
    if best <= 0:
        return {}
    _, coded = index.lexical.search([unit for unit in units if is_code(unit[0][0])])
    # Enough chunks that the wordings of one entry do not use up the places of the others.
    top = np.argpartition(-scores, min(4 * LEXICAL_CANDIDATES, len(scores) - 1))[: 4 * LEXICAL_CANDIDATES]
    leading = [index.entry_of_row[row] for row in sorted(top, key=lambda row: -scores[row]) if scores[row] > 0]
    candidates = {*list(dict.fromkeys(leading))[:LEXICAL_CANDIDATES], *found}
    words: dict[str, Words] = {}
    for entry in candidates:
        rows = index.rows_of_entry[entry]
        words[entry] = (float(covered[rows].max()), float(scores[rows].max()) / best, float(coded[rows].max()))
    return words
