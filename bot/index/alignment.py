"""How far an entry meets each piece of a question: late interaction (Khattab and Zaharia 2020) over static vectors.

One vector for a whole text says what it is about, and shared words say little where none are shared. Between the two,
each piece of a question is set beside the nearest piece that the entry has in any of its wordings, so that "daftar" is
met by "office" and 押金 by "deposit". It is always the shipped static table that is asked, whatever else encodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.index.static import Pieces, load_shipped_static
from bot.index.vectors import Vectors, to_unit
from bot.language.normalise import normalise

# Two pieces that have nothing to do with one another are about this near.
UNRELATED = 0.15


@dataclass(frozen=True)
class AlignmentIndex:
    """The distinct pieces of each entry, by its row."""

    pieces: Pieces  # of all entries, one after another
    starts: NDArray[np.int64]  # (entries + 1,) where each entry's pieces begin

    def align(self, question: str, rows: Sequence[int]) -> Vectors:
        """Return how far each entry of `rows` meets the question's pieces, by the weight of each, 0 to 1."""
        static = load_shipped_static()
        [asked] = static.split([normalise(question)])
        vectors = static.look_up(asked)
        weights = np.linalg.norm(vectors, axis=1)
        held = [self.pieces[self.starts[row] : self.starts[row + 1]] for row in rows]
        if not weights.any() or not any(map(len, held)):
            return np.zeros(len(rows), dtype=np.float32)
        distinct = np.unique(np.concatenate(held))
        near = to_unit(vectors) @ to_unit(static.look_up(distinct)).T
        best = [near[:, np.searchsorted(distinct, pieces)].max(axis=1, initial=0.0) for pieces in held]
        met = np.clip((np.array(best) - UNRELATED) / (1 - UNRELATED), 0.0, 1.0)
        return np.asarray(met @ (weights / weights.sum()), dtype=np.float32)


def build_alignment(folder: Path, entries: Sequence[Sequence[str]]) -> None:
    """Write the pieces of entries, each given by its texts, to `folder`; rows keep their order."""
    static = load_shipped_static()
    held = [np.unique(np.concatenate(static.split([normalise(text) for text in texts]))) for texts in entries]
    folder.mkdir()
    np.save(folder / "pieces.npy", np.concatenate(held))
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, held)], dtype=np.int64))


def open_alignment(folder: Path) -> AlignmentIndex:
    """Return the pieces of `folder`, left on disk until they are asked for."""
    # As a plain array over the file: to slice a memmap costs ten times as much.
    pieces = np.asarray(np.load(folder / "pieces.npy", mmap_mode="r"))
    return AlignmentIndex(pieces, np.load(folder / "starts.npy"))
