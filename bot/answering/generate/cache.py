"""What the model said already, so that an identical question costs nothing: by keyed hashes of the questions."""

import hashlib
import secrets
import threading

from cachetools import TTLCache

from bot.answering.generate.draft import Draft
from bot.language.normalise import normalise

_MOST = 2_000
_SECONDS = 6 * 3600.0


class Cache:
    """Checked drafts and completed questions. Thread-safe."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._kept: TTLCache[str, Draft | str] = TTLCache(_MOST, _SECONDS)

    def key(self, *parts: str) -> str:
        """Return what stands for a question with all that its answer depends on."""
        normal = "\x1f".join(normalise(part) for part in parts)
        return hashlib.blake2b(normal.encode("utf-8", "replace"), key=self._salt).hexdigest()

    def draft(self, key: str) -> Draft | None:
        """Return a draft that was kept."""
        with self._lock:
            kept = self._kept.get(key)
        return kept if isinstance(kept, Draft) else None

    def question(self, key: str) -> str | None:
        """Return a completed question that was kept, "" where it was found that there is nothing to complete."""
        with self._lock:
            kept = self._kept.get(key)
        return kept if isinstance(kept, str) else None

    def keep(self, key: str, value: Draft | str) -> None:
        """Keep a draft or a question for a while."""
        with self._lock:
            self._kept[key] = value
