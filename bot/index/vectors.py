"""The form of vectors: float32, a row a text, of length 1 (or 0 for a text without any known piece)."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def to_unit(vectors: Iterable[object]) -> Vectors:
    """Return the rows brought to length 1, shape (texts, dimension)."""
    matrix = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-12), dtype=np.float32)
