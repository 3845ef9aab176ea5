"""The shipped transformer without torch: its ONNX graph through onnxruntime."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPH = "model.onnx"
# Pieces that one batch may hold, padding counted: enough for every core, small enough for a small machine's memory.
_BATCH_PIECES = 256


class OnnxEmbeddings(Embeddings):
    """A sentence transformer's ONNX graph, from piece ids and mask to unit vectors. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._session = _open_session(folder / GRAPH)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        vectors: list[list[float]] = [[]] * len(texts)
        for batch in _batch_by_length(pieces):
            for place, vector in zip(batch, self._run([pieces[place] for place in batch]), strict=True):
                vectors[place] = vector
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text."""
        return self.embed_documents([text])[0]

    def _run(self, batch: Sequence[list[int]]) -> list[list[float]]:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        vectors: NDArray[np.float32] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return list(vectors)


def _batch_by_length(pieces: Sequence[list[int]]) -> Iterator[list[int]]:
    """Yield the places of texts of like length, so that little is padded."""
    batch: list[int] = []
    for place in sorted(range(len(pieces)), key=lambda place: len(pieces[place])):
        if len(pieces[place]) * (len(batch) + 1) > _BATCH_PIECES and batch:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _open_session(graph: Path) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    options.inter_op_num_threads = 1
    # Threads that wait by spinning take a small machine's cores from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # An arena keeps the memory of the longest batch for good.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
