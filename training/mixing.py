"""Code-switched text: Urdu sentences with English words in them, as students write."""

import random
import re
from functools import lru_cache
from pathlib import Path

import numpy as np

_URDU_WORD = re.compile(r"[\u0600-\u06ff]{3,}")
_ENGLISH_WORD = re.compile(r"[a-z]{4,}")
_NEAR = 0.6  # cosine in the static encoder from which two words of one row are taken for translations
_SWAPPED = 0.6
_SAME_LETTERS = 1 << 18


class Mixer:
    """Swaps words of a sentence for their translations found in its own English side by the static encoder."""

    def __init__(self, static: Path) -> None:
        from model2vec import StaticModel

        model = StaticModel.from_pretrained(static)

        @lru_cache(maxsize=_SAME_LETTERS)
        def vector(word: str) -> np.ndarray:
            found = np.asarray(model.encode([word])[0], dtype=np.float32)
            return found / (np.linalg.norm(found) + 1e-9)

        self._vector = vector

    def mix(self, text: str, english: str, chance: random.Random) -> str | None:
        """Return `text` with some of its words in English, None where none can be told."""
        words = list(dict.fromkeys(_URDU_WORD.findall(text)))[:40]
        candidates = list(dict.fromkeys(_ENGLISH_WORD.findall(english)))[:40]
        if len(words) < 3 or not candidates:
            return None
        similarity = (
            np.stack([self._vector(word) for word in words]) @ np.stack([self._vector(word) for word in candidates]).T
        )
        swaps = {
            word: candidates[best]
            for word, best, cosine in zip(words, similarity.argmax(1), similarity.max(1), strict=True)
            if cosine >= _NEAR and chance.random() < _SWAPPED
        }
        if not swaps:
            return None
        return _URDU_WORD.sub(lambda match: swaps.get(match.group(), match.group()), text)
