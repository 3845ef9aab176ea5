"""The shipped static encoder without torch: a table of piece vectors that stays on disk."""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from bot.index.vectors import Vectors, to_unit

STATIC = Path(__file__).parent / "encoders" / "static"

Pieces = NDArray[np.int32]


class StaticEmbeddings(Embeddings):
    """A static model in the layout of model2vec: one int8 vector and one scale a piece, averaged over a text.

    Read here and not through model2vec, which keeps two tokenizers and the whole table in memory (330 MB against 140):
    the table stays on disk and only the rows of a text's pieces are touched. A test holds the vectors to model2vec's.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._unknown = self._tokenizer.token_to_id("[UNK]")
        self._rows, self._scales = _map_tensors(folder / "model.safetensors")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        vectors = np.zeros((len(texts), self._rows.shape[1]), dtype=np.float32)
        for vector, pieces in zip(vectors, self.split(texts), strict=True):
            if len(pieces):
                vector[:] = self._scales[pieces] @ self._rows[pieces].astype(np.float32) / len(pieces)
        return list(vectors)

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text."""
        return self.embed_documents([text])[0]

    def split(self, texts: list[str]) -> list[Pieces]:
        """Return the known pieces of each text, in order."""
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [
            np.array([piece for piece in encoding.ids if piece != self._unknown], np.int32) for encoding in encodings
        ]

    def look_up(self, pieces: Pieces) -> Vectors:
        """Return the vectors of pieces, shape (pieces, dimension), as long as they weigh in a text."""
        return self._rows[pieces].astype(np.float32) * self._scales[pieces, None]

    def compare(self, some: Pieces, others: Pieces) -> Vectors:
        """Return the cosine of each of some pieces with each of others, shape (some, others)."""
        rows = self._rows[others].astype(np.float32)
        # A piece's scale does not turn it, and to bring every row to length 1 first takes ten times as long.
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        return np.asarray(to_unit(self.look_up(some)) @ rows.T / np.maximum(lengths, 1e-12))


@lru_cache(maxsize=1)
def load_shipped_static() -> StaticEmbeddings:
    """Return the static encoder of the package, opened once."""
    return StaticEmbeddings(STATIC)


def _map_tensors(path: Path) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return the vectors, left on disk, and the scales of a static model's safetensors file."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    mapped = {}
    for name, kind in (("embeddings", np.int8), ("weights", np.float32)):
        start = 8 + length + header[name]["data_offsets"][0]
        mapped[name] = np.memmap(path, kind, "r", start, tuple(header[name]["shape"]))
    return mapped["embeddings"], np.array(mapped["weights"])


def is_static(folder: Path) -> bool:
    """Tell whether `folder` holds a static model in the layout of model2vec."""
    config = folder / "config.json"
    return config.is_file() and '"model2vec"' in config.read_text("utf-8")
