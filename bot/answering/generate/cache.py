"""What the model said already, so that an identical question costs nothing: by keyed hashes of what was asked."""

import hashlib
import secrets
import threading

from cachetools import TTLCache

from bot.answering.generate.draft import Draft
from bot.language.normalise import normalise

_MOST = 2_000
_SECONDS = 6 * 3600.0
# Words of a chat stay no longer than /privacy says.
_QUESTION_SECONDS = 900.0


class Cache:
    """Checked drafts and completed questions. Thread-safe."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._drafts: TTLCache[str, Draft] = TTLCache(_MOST, _SECONDS)
        self._questions: TTLCache[str, str] = TTLCache(_MOST, _QUESTION_SECONDS)

    def key(self, *parts: str) -> str:
        """Return what stands for a question with all that its answer depends on."""
        normal = "\x1f".join(normalise(part) for part in parts)
        return hashlib.blake2b(normal.encode("utf-8", "replace"), key=self._salt).hexdigest()

    def draft(self, key: str) -> Draft | None:
        """Return a draft that was kept."""
        with self._lock:
            return self._drafts.get(key)

    def question(self, key: str) -> str | None:
        """Return a completed question that was kept, "" where it was found that there is nothing to complete."""
        with self._lock:
            return self._questions.get(key)

    def keep_draft(self, key: str, draft: Draft) -> None:
        """Keep a draft for some hours."""
        with self._lock:
            self._drafts[key] = draft

    def keep_question(self, key: str, question: str) -> None:
        """Keep a completed question for as long as a chat's last answer is kept."""
        with self._lock:
            self._questions[key] = question
