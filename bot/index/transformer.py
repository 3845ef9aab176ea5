"""The shipped transformer without torch: its ONNX graph through onnxruntime, and it and the static encoder as one.

Both views of a text joined make one vector, whose inner product with another is the weighted sum of the two cosines.
The weights go by the question's writing and stand on the question's side alone, so that a passage has one vector
whoever asks.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Vectors = NDArray[np.float32]
# The share of the static view in a question's score; the transformer's is what is left of 1.
Weights = Mapping[str, float]

GRAPH = "model.onnx"
# Pieces that one batch may hold, padding counted: enough for every core, small enough for a small machine's memory.
_BATCH_PIECES = 2_048


class OnnxEmbeddings(Embeddings):
    """A sentence transformer's ONNX graph, from ids and mask to unit vectors."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._session = _open_session(folder / GRAPH, threads or os.cpu_count() or 1)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        return list(self.encode(texts))

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text."""
        return self.embed_documents([text])[0]

    def encode(self, texts: list[str]) -> Vectors:
        """Return unit vectors, shape (texts, dimension)."""
        encoded = [found.ids for found in self._tokenizer.encode_batch_fast(texts)]
        order = sorted(range(len(texts)), key=lambda place: len(encoded[place]))
        parts = []
        start = 0
        while start < len(order):
            end = _end_of_batch(encoded, order, start)
            parts.append(self._run([encoded[place] for place in order[start:end]]))
            start = end
        vectors = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)
        restored = np.empty_like(vectors)
        restored[order] = vectors
        return restored

    def _run(self, batch: list[list[int]]) -> Vectors:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        vectors = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return np.asarray(vectors, dtype=np.float32)


class JointEmbeddings(Embeddings):
    """Two encoders' unit vectors side by side, of length 1 together."""

    def __init__(
        self, static: Embeddings, transformer: Embeddings, weights: Weights, identify: Callable[[str], str]
    ) -> None:
        self._parts = (static, transformer)
        self._weights = weights
        self._identify = identify

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text: both views, equally long."""
        return list(self._join(texts, np.full(len(texts), 0.5)))

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one question, its views as long as its writing's weights make them."""
        share = self._weights[self._identify(text)]
        return list(self._join([text], np.array([share]))[0])

    def _join(self, texts: list[str], shares: NDArray[np.float64]) -> Vectors:
        views = [_to_unit(part.embed_documents(texts)) for part in self._parts]
        # The ratio of the lengths is the ratio of the weights in the inner product.
        lengths = np.stack([shares, 1.0 - shares], axis=1)
        lengths /= np.linalg.norm(lengths, axis=1, keepdims=True)
        joined = [view * lengths[:, [place]] for place, view in enumerate(views)]
        return np.concatenate(joined, axis=1).astype(np.float32)


def _open_session(graph: Path, threads: int) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that wait by spinning take a small machine's cores from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # An arena keeps the memory of the longest batch for good.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _end_of_batch(encoded: list[list[int]], order: list[int], start: int) -> int:
    end = start + 1
    while end < len(order) and len(encoded[order[end]]) * (end + 1 - start) <= _BATCH_PIECES:
        end += 1
    return end


def _to_unit(vectors: list[list[float]]) -> Vectors:
    matrix = np.asarray(vectors, dtype=np.float32)
    return np.asarray(matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12))
