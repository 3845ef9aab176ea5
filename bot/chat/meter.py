"""What the bot counts of itself while it runs: how much and how quickly, never who or what."""

from typing import Protocol


class Meter(Protocol):
    """Takes the counts. Thread-safe, and quick enough for the event loop."""

    def count_update(self, kind: str) -> None:
        """Count an update that came in."""
        ...

    def count_resumed(self, number: int) -> None:
        """Count updates that an earlier run left: at most so many replies may come a second time."""
        ...

    def count_excess(self, number: int) -> None:
        """Count updates that were answered by one notice, being too many at once."""
        ...

    def count_call(self, method: str, outcome: str) -> None:
        """Count a call of the Bot API: `ok`, `wait`, `unreachable` or `refused`."""
        ...

    def time_reply(self, seconds: float) -> None:
        """Note how long an update was in hand."""
        ...

    def set_in_hand(self, number: int) -> None:
        """Note how many updates are in hand."""
        ...


class NoMeter:
    """Counts nothing."""

    def count_update(self, kind: str) -> None:
        """Pass over it."""

    def count_resumed(self, number: int) -> None:
        """Pass over them."""

    def count_excess(self, number: int) -> None:
        """Pass over them."""

    def count_call(self, method: str, outcome: str) -> None:
        """Pass over it."""

    def time_reply(self, seconds: float) -> None:
        """Pass over it."""

    def set_in_hand(self, number: int) -> None:
        """Pass over it."""
