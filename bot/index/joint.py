"""Two encoders as one: the static view of a text and the transformer's side by side.

Two joined vectors have the weighted sum of the two cosines as their inner product. The weights go by the question's
writing and stand on the question's side alone, so that a passage has one vector whoever asks.
"""

from collections.abc import Mapping

import numpy as np
from langchain_core.embeddings import Embeddings

from bot.index.vectors import Vectors, to_unit
from bot.language.identify import identify
from bot.types import Language

# The static view's share of a question's score, the transformer's being the rest (`python -m training.compare`).
SHARES: Mapping[Language, float] = {"en": 0.5, "ur": 0.55, "ur-Latn": 0.65, "zh": 0.7}


class JointEmbeddings(Embeddings):
    """Two encoders' unit vectors side by side, of length 1 together. Thread-safe where both are."""

    def __init__(self, static: Embeddings, transformer: Embeddings) -> None:
        self._parts = (static, transformer)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text: both views, equally long."""
        return list(self._join(texts, 0.5))

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question, its views as long as its writing's share makes them."""
        vector: list[float] = self._join([text], SHARES[identify(text)])[0].tolist()
        return vector

    def _join(self, texts: list[str], share: float) -> Vectors:
        # The ratio of the two lengths is the ratio of the two weights in the inner product.
        lengths = np.array([share, 1.0 - share], dtype=np.float32)
        lengths /= np.linalg.norm(lengths)
        views = [to_unit(part.embed_documents(texts)) for part in self._parts]
        return np.concatenate([view * length for view, length in zip(views, lengths, strict=True)], axis=1)
