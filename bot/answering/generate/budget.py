"""What the model may cost: tokens a day, and calls a person an hour."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cachetools import TTLCache

from bot.errors import RecordsError

_HOUR = 3600.0
_MOST_SPEAKERS = 10_000


class Meter(Protocol):
    """Remembers how many tokens a day took. Thread-safe."""

    def used(self, day: date) -> int:
        """Return the tokens of a day."""
        ...

    def add(self, day: date, tokens: int) -> None:
        """Add tokens to a day."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What maintainers set."""

    seconds: float
    tokens_a_day: int
    calls_an_hour: int


class Budget:
    """Tells what may still be spent. Thread-safe."""

    def __init__(self, meter: Meter, limits: Limits, today: Callable[[], date]) -> None:
        self._meter = meter
        self._limits = limits
        self._today = today
        self._lock = threading.Lock()
        self._calls: TTLCache[str, list[int]] = TTLCache(_MOST_SPEAKERS, _HOUR)

    def allows_speaker(self, speaker: str) -> bool:
        """Count a call of a speaker, and tell whether the hour that began with their first one has room for it.

        A terminal has no speaker and no limit.
        """
        if not speaker:
            return True
        with self._lock:
            # The list is changed in place: setting it anew would begin the hour anew.
            calls = self._calls.setdefault(speaker, [0])
            calls[0] += 1
            return calls[0] <= self._limits.calls_an_hour

    def reserve(self, tokens: int) -> bool:
        """Take tokens out of the day's budget before they are spent; False where there are not so many left.

        What cannot be counted is not spent.
        """
        with self._lock:
            day = self._today()
            try:
                if self._meter.used(day) + tokens > self._limits.tokens_a_day:
                    return False
                self._meter.add(day, tokens)
            except RecordsError:
                return False
            return True

    def settle(self, reserved: int, spent: int) -> None:
        """Put what was really spent in place of what was reserved."""
        with self._lock, suppress(RecordsError):
            self._meter.add(self._today(), spent - reserved)

    def close(self) -> None:
        """Let go of the meter."""
        self._meter.close()
