"""How far an entry meets each piece of a question: late interaction (Khattab and Zaharia 2020) over static vectors.

One vector for a whole text says what it is about, and shared words say little where none are shared. Between the two,
each piece of a question is set beside the nearest piece that the entry has in any of its wordings, so that "daftar" is
met by "office" and 押金 by "deposit". A long entry, or one in three languages, meets much by chance; what it meets of
the folder's other texts is taken off, as Cohen (1960) takes off the agreement of chance. It is always the shipped
static table that is asked, whatever else encodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.index.static import Pieces, load_shipped_static
from bot.index.vectors import Vectors
from bot.language.normalise import normalise

# Two pieces that have nothing to do with one another are about this near.
UNRELATED = 0.15
SAMPLE = 60  # texts of the folder by which chance is measured
_CERTAIN = 0.95  # so that nothing is divided by zero where a folder has one entry

Asked = tuple[Pieces, Vectors]  # pieces, and the weight of each; the weights sum to 1 or are none


@dataclass(frozen=True)
class AlignmentIndex:
    """The distinct pieces of each entry, by its row."""

    pieces: Pieces  # of all entries, one after another
    starts: NDArray[np.int64]  # (entries + 1,) where each entry's pieces begin
    chance: Vectors  # (entries,) how far each meets a text of the folder, 0 to 1

    def align(self, question: str, rows: Sequence[int]) -> Vectors:
        """Return how far each entry of `rows` meets the question's pieces: 1 wholly, 0 as chance would have it."""
        met = _meet(_ask(question), [self.pieces[self.starts[row] : self.starts[row + 1]] for row in rows])
        chance = self.chance[list(rows)]
        return np.asarray((met - chance) / (1 - chance), dtype=np.float32)


def build_alignment(folder: Path, entries: Sequence[Sequence[str]]) -> None:
    """Write the pieces of entries, each given by its texts, to `folder`; rows keep their order."""
    static = load_shipped_static()
    held = [np.unique(np.concatenate(static.split([normalise(text) for text in texts]))) for texts in entries]
    texts = [text for texts in entries for text in texts]
    sample = [_ask(texts[place]) for place in np.unique(np.linspace(0, len(texts) - 1, SAMPLE, dtype=int))]
    asked = np.concatenate([pieces for pieces, _ in sample])
    weights = (np.concatenate([weights for _, weights in sample]) / len(sample)).astype(np.float32)
    folder.mkdir()
    np.save(folder / "pieces.npy", np.concatenate(held))
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, held)], dtype=np.int64))
    np.save(folder / "chance.npy", _meet((asked, weights), held).clip(max=_CERTAIN))


def open_alignment(folder: Path) -> AlignmentIndex:
    """Return the alignment of `folder`, its pieces left on disk until they are asked for."""
    # As a plain array over the file: to slice a memmap costs ten times as much.
    pieces = np.asarray(np.load(folder / "pieces.npy", mmap_mode="r"))
    return AlignmentIndex(pieces, np.load(folder / "starts.npy"), np.load(folder / "chance.npy"))


def _ask(text: str) -> Asked:
    """Return the pieces of a text, weighed as the encoder weighs them."""
    static = load_shipped_static()
    [pieces] = static.split([normalise(text)])
    weights = np.linalg.norm(static.look_up(pieces), axis=1)
    return pieces, np.asarray(weights / (weights.sum() or 1.0), dtype=np.float32)


def _meet(asked: Asked, held: Sequence[Pieces]) -> Vectors:
    """Return the weight of what is asked that each entry's pieces meet, by how near the nearest of them is, 0 to 1."""
    static = load_shipped_static()
    pieces, weights = asked
    distinct = np.unique(np.concatenate(held))
    near = static.compare(pieces, distinct)
    best = [near[:, np.searchsorted(distinct, own)].max(axis=1, initial=0.0) for own in held]
    met = np.clip((np.array(best) - UNRELATED) / (1 - UNRELATED), 0.0, 1.0)
    return np.asarray(met @ weights, dtype=np.float32)
