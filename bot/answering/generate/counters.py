"""How often the model was called, what it cost, and what became of its drafts: numbers alone, no words."""

import threading
from collections import Counter
from typing import Literal

Event = Literal["written", "translated", "streamed", "cached", "repaired", "rewritten", "not_found", "quoted", "calls",
                "failures", "tokens"]  # fmt: skip


class LlmCounters:
    """Counts since the start. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: Counter[str] = Counter()
        self._guards: Counter[str] = Counter()
        self._fallbacks: Counter[str] = Counter()
        self._seconds = 0.0

    def add(self, event: Event, number: int = 1) -> None:
        """Count an event."""
        with self._lock:
            self._events[event] += number

    def add_seconds(self, seconds: float) -> None:
        """Add how long a call took."""
        with self._lock:
            self._seconds += seconds

    def add_guard(self, name: str) -> None:
        """Count that a guard found a fault in a draft."""
        with self._lock:
            self._guards[name] += 1

    def add_fallback(self, reason: str) -> None:
        """Count that a quoted answer stood, and why."""
        with self._lock:
            self._fallbacks[reason] += 1

    def snapshot(self) -> dict[str, float]:
        """Return all counts by name: `guard.claim`, `fallback.timeout`, `seconds` and the events."""
        with self._lock:
            return {
                **dict(sorted(self._events.items())),
                "seconds": round(self._seconds, 3),
                **{f"guard.{name}": number for name, number in sorted(self._guards.items())},
                **{f"fallback.{name}": number for name, number in sorted(self._fallbacks.items())},
            }
