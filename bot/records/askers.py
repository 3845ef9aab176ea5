"""Who wrote words that are kept without a name: known in memory alone and for a day, so that they can be taken back."""

import threading

from cachetools import TTLCache
from sqlalchemy import Delete

_MOST, _SECONDS = 10_000, 86_400


class Askers:
    """What deletes the words of each person. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: TTLCache[int, tuple[Delete, ...]] = TTLCache(_MOST, _SECONDS)

    def note(self, asker: int | None, deletion: Delete) -> None:
        """Remember what would delete words that a person wrote; None is nobody who could ask for it."""
        if asker is not None:
            with self._lock:
                self._words[asker] = (*self._words.get(asker, ()), deletion)

    def forget(self, asker: int) -> tuple[Delete, ...]:
        """Return what deletes a person's words, and remember it no longer."""
        with self._lock:
            return self._words.pop(asker, ())
