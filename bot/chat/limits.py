"""How much is taken in hand at once: so many updates of a person, so many of all together.

A person's updates beyond their share wait together for one kind notice, said when the chat's turn comes, and each is
settled with it. Beyond everybody's share nothing more is fetched: Telegram keeps what it could not deliver for a day.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from telegram import Message, Update

from bot.chat.addressing import find_person, is_addressed
from bot.chat.menu import COMMANDS

# Ten messages in a second are one thought in pieces; many more are a slip of the thumb or a script.
EACH_IN_HAND = 20
_ALL_IN_HAND = 1000


@dataclass
class Excess:
    """Updates of a person in a chat that are beyond their share, in wait for one notice."""

    first: Update
    numbers: list[int] = field(default_factory=list)


class Limits:
    """Counts what is in hand. Used on the event loop alone."""

    def __init__(self) -> None:
        """Begin with nothing in hand."""
        self._each: Counter[int | None] = Counter()
        self._excess: dict[tuple[int, int], Excess] = {}
        self._room = asyncio.Event()
        self._room.set()

    @property
    def in_hand(self) -> int:
        """How many updates are in hand."""
        return self._each.total()

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be fetched."""
        return not self._room.is_set()

    async def wait_for_room(self) -> None:
        """Wait until more may be fetched."""
        await self._room.wait()

    def admit(self, update: Update) -> Update | Excess | None:
        """Take an update in hand and return it.

        Beyond its sender's share the first of a burst returns what its notice is said for, and the others join that:
        None is returned for them, and for an inline query, whose answer nobody would wait for.
        """
        person = _find_asker(update)
        if person is None or self._each[person] < EACH_IN_HAND:
            self._each[person] += 1
            self._mark_room()
            return update
        if update.effective_chat is None:
            return None
        place = (person, update.effective_chat.id)
        joined = self._excess.get(place)
        excess = joined or self._excess.setdefault(place, Excess(update))
        excess.numbers.append(update.update_id)
        return None if joined else excess

    def release(self, update: Update) -> None:
        """Let an update that was taken in hand go."""
        person = _find_asker(update)
        self._each[person] -= 1
        if not self._each[person]:
            del self._each[person]
        self._mark_room()

    def close(self, excess: Excess) -> None:
        """Let no more join: whatever comes now came after the notice."""
        if excess.first.effective_chat is not None:
            self._excess.pop((find_person(excess.first), excess.first.effective_chat.id), None)

    def _mark_room(self) -> None:
        if self.in_hand < _ALL_IN_HAND:
            self._room.set()
        else:
            self._room.clear()


def _find_asker(update: Update) -> int | None:
    """Return who wants something of the bot; None where people only talk among themselves, who have no share of it."""
    message = update.message or update.edited_message
    # A command that names nobody may be another bot's.
    is_meant = message is None or is_addressed(message, message.get_bot()) or _read_command(message) in COMMANDS
    return find_person(update) if is_meant else None


def _read_command(message: Message) -> str:
    """Return the command that a message begins with; one that names a bot is that bot's by its name."""
    words = (message.text or "").split(maxsplit=1)
    return words[0].removeprefix("/").lower() if words and words[0].startswith("/") else ""
