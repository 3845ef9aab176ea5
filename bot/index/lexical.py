"""The lexical side: BM25 (Robertson and Zaragoza 2009, as `bm25s` scores it) over tokens of three scripts.

A question is searched unit by unit, and a unit counts once however many of its tokens a chunk has, so that a word, its
sound and its translation by the glossary support one another without being counted three times.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.language.tokens import tokenise

Weighted = tuple[tuple[str, float], ...]  # the tokens that could stand for one unit of a question, each with its weight
Scores = NDArray[np.float32]  # (chunks,)

_IDS = "ids.txt"


@dataclass(frozen=True)
class LexicalIndex:
    """Chunks by their words. Rows are chunks in the order in which they were indexed."""

    ids: list[str]
    vocabulary: dict[str, int]
    weights: Scores  # of each posting
    rows: NDArray[np.int32]  # of each posting
    starts: NDArray[np.int64]  # (tokens + 1,) where each token's postings begin

    def search(self, units: Sequence[Weighted]) -> tuple[Scores, Scores]:
        """Return each chunk's BM25 score and the share, by rarity, of the question's units that it holds (0 to 1)."""
        scores = np.zeros(len(self.ids), dtype=np.float32)
        covered = np.zeros(len(self.ids), dtype=np.float32)
        total = 0.0
        for unit in units:
            rarity = self._rarity(unit)
            total += rarity
            self._add(unit, rarity, scores, covered)
        return scores, covered / np.float32(total or 1.0)

    def unknown_share(self, units: Sequence[Weighted]) -> float:
        """Return the share, by rarity, of the question's units that no chunk holds (0 to 1)."""
        rarities = [self._rarity(unit) for unit in units]
        unknown = [not any(len(self._postings(token)[0]) for token, _ in unit) for unit in units]
        return sum(rarity for rarity, is_unknown in zip(rarities, unknown, strict=True) if is_unknown) / (
            sum(rarities) or 1.0
        )

    def _add(self, unit: Weighted, rarity: float, scores: Scores, covered: Scores) -> None:
        """Add a unit to the chunks that hold any of its tokens: their best score, and their best weight by rarity."""
        found = [(*self._postings(token), np.float32(weight)) for token, weight in unit]
        found = [(rows, weights, weight) for rows, weights, weight in found if len(rows)]
        if len(found) == 1:
            [(rows, weights, weight)] = found
            scores[rows] += weights * weight
            covered[rows] += weight * np.float32(rarity)
        elif found:
            # A place for every chunk is quicker than to sort the postings of many tokens together.
            best, seen = np.zeros_like(scores), np.zeros_like(covered)
            for rows, weights, weight in found:
                best[rows] = np.maximum(best[rows], weights * weight)
                seen[rows] = np.maximum(seen[rows], weight)
            scores += best
            covered += seen * np.float32(rarity)

    def _postings(self, token: str) -> tuple[NDArray[np.int32], Scores]:
        number = self.vocabulary.get(token)
        if number is None:
            return self.rows[:0], self.weights[:0]
        part = slice(self.starts[number], self.starts[number + 1])
        return self.rows[part], self.weights[part]

    def _rarity(self, unit: Weighted) -> float:
        """Return the inverse document frequency of the unit's commonest token; a unit never seen is as rare as can be.

        The exact token alone would make every misspelling the rarest word of its question.
        """
        counts = [len(self._postings(token)[0]) for token, _ in unit]
        number = len(self.ids)
        return float(np.log(1 + (number - max(counts) + 0.5) / (max(counts) + 0.5)))


def build_lexical(folder: Path, ids: list[str], texts: list[str]) -> None:
    """Write the lexical index of `texts` to `folder`; rows keep the order of `ids`."""
    import bm25s

    # The library sets its own logger to tell each step.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    index = bm25s.BM25()
    # An index without a single token cannot be built by the library; a token that nobody types stands in.
    index.index([tokenise(text) or ["\0"] for text in texts], show_progress=False)
    index.save(folder)
    (folder / _IDS).write_text("\n".join(ids), encoding="utf-8")


def open_lexical(folder: Path) -> LexicalIndex:
    """Return the lexical index of `folder`, its postings left on disk until they are asked for."""
    return LexicalIndex(
        ids=(folder / _IDS).read_text("utf-8").split("\n"),
        vocabulary=json.loads((folder / "vocab.index.json").read_text("utf-8")),
        # As plain arrays over the files: to slice a memmap costs ten times as much.
        weights=np.asarray(np.load(folder / "data.csc.index.npy", mmap_mode="r")),
        rows=np.asarray(np.load(folder / "indices.csc.index.npy", mmap_mode="r")),
        starts=np.load(folder / "indptr.csc.index.npy"),
    )
