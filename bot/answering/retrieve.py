"""Question to passages: two lists, one of meaning and one of words, fused so that neither can veto the other.

Fusion is a weighted sum of two scores that each mean the same in any folder, the cosine and the share of the
question's words by rarity that an entry holds (after Bruch, Gai and Ingber 2023, who found convex combination better
than reciprocal ranks). An entry takes one place with the best of its chunks in any language, so translations of one
fact never crowd out another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.answering.bridge import Bridge
from bot.index.encoder import Encoder, Vectors
from bot.index.lexical import Weighted
from bot.index.reader import Index, entry_of_chunk, is_title
from bot.language.fields import asked_fields, subject_of
from bot.language.tokens import is_code

NEIGHBOURS = 100
LEXICAL_CANDIDATES = 30
LEXICAL_WEIGHT = 0.45
BM25_WEIGHT = 0.05
# G-II is not G-III: what names a number must not lose to what is merely near in meaning.
CODE_WEIGHT = 0.05


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, with what each side says of it."""

    entry_id: str
    cosine: float
    coverage: float  # share of the question's words, by rarity, 0 to 1
    bm25: float  # relative to the best of the folder for this question, 0 to 1
    codes: float  # share of the question's numbers, codes and levels, 0 to 1

    @property
    def score(self) -> float:
        """The fused score that entries are ranked by."""
        words = LEXICAL_WEIGHT * self.coverage + BM25_WEIGHT * self.bm25
        return self.cosine + words + CODE_WEIGHT * self.codes


Words = tuple[float, float, float]  # coverage, relative BM25 and codes of an entry
NO_WORDS: Words = (0.0, 0.0, 0.0)


def retrieve(question: str, index: Index, encoder: Encoder, bridge: Bridge, count: int) -> list[Hit]:
    """Return the best `count` distinct entries, best first."""
    vector = encoder.encode_question(question)
    cosines = _search_dense(index, vector)
    words = _search_words(index, bridge.expand(question), cosines)
    cosines |= _cosines_of(index, vector, [entry for entry in words if entry not in cosines])
    hits = {entry: Hit(entry, cosine, *words.get(entry, NO_WORDS)) for entry, cosine in cosines.items()}
    if asked_fields(question):
        hits |= _name_courses(subject_of(question), index, encoder, bridge, hits)
    return sorted(hits.values(), key=lambda hit: (-hit.score, hit.entry_id))[:count]


def _name_courses(
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
        hit = hits.get(entry, Hit(entry, 0.0, *NO_WORDS))
        rows = [row for row in index.rows_of_entry[entry] if is_title(index.lexical.ids[row])]
        coverage = max(hit.coverage, float(covered[rows].max()))
        named[entry] = replace(hit, cosine=max(hit.cosine, cosines.get(entry, 0.0)), coverage=coverage)
    return named


def _search_dense(index: Index, vector: Vectors) -> dict[str, float]:
    cosines: dict[str, float] = {}
    for chunk_id, cosine in index.dense.search(vector, min(NEIGHBOURS, len(index.lexical.ids))):
        cosines.setdefault(entry_of_chunk(chunk_id), cosine)
    return cosines


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


def _cosines_of(index: Index, vector: Vectors, entries: Sequence[str]) -> dict[str, float]:
    """Return the true cosines of entries that only words found."""
    ids = [index.lexical.ids[row] for entry in entries for row in index.rows_of_entry[entry]]
    cosines: dict[str, float] = {}
    for chunk_id, stored in index.dense.vectors(ids).items() if ids else ():
        entry = entry_of_chunk(chunk_id)
        cosines[entry] = max(cosines.get(entry, -1.0), float(stored @ vector))
    return cosines
