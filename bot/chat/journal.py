"""Which updates are in hand: kept before Telegram is told that they came, let go when they are answered.

Telegram forgets an update as soon as the next batch is asked for, long before a slow answer is sent; a process that
dies in between would lose it. So each is written to the records first, and taken up again at the next start. Only a
death between a reply's sending and its mark repeats that reply, once.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, cast
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.records import Records, RecordsError

_LOGGER = logging.getLogger(__name__)
# Far more than are ever answered at once: the updates of a busy chat wait for their turn inside this number.
_MOST_IN_HAND = 1000

RawUpdate = dict[str, Any]


class Journal(BaseUpdateProcessor):
    """Keeps updates until they are answered, one chat's in order and different chats' side by side."""

    def __init__(self, records: Records) -> None:
        """Keep updates in `records`."""
        super().__init__(_MOST_IN_HAND)
        self.stopping = asyncio.Event()
        self._records = records
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._left: set[int] = set()
        self._wiping: set[int] = set()

    async def keep(self, batch: Sequence[RawUpdate]) -> list[RawUpdate]:
        """Keep a batch that came from Telegram, and return what of it is new."""
        rows = [(raw["update_id"], json.dumps(raw, ensure_ascii=False, sort_keys=True)) for raw in batch]
        try:
            new = await asyncio.to_thread(self._records.keep, rows)
        except RecordsError as error:
            _LOGGER.error("Updates are answered without being kept: %s", error)
            return list(batch)
        return [raw for raw in batch if raw["update_id"] in new]

    async def resume(self) -> list[RawUpdate]:
        """Return what an earlier run left unanswered, oldest first."""
        try:
            return [json.loads(body) for body in await asyncio.to_thread(self._records.take_kept)]
        except RecordsError as error:
            _LOGGER.error("Updates of the last run cannot be taken up: %s", error)
            return []

    def leave(self, update_id: int) -> None:
        """Leave an update that could not be answered now for the next start."""
        self._left.add(update_id)

    def wipe_after(self, update_id: int) -> None:
        """Leave no trace of what was deleted, once an update is let go: it holds a chat's id itself until then."""
        self._wiping.add(update_id)

    async def settle(self, update_id: int) -> None:
        """Let an update go: it was answered, or nobody can answer it."""
        try:
            await asyncio.to_thread(self._records.mark_handled, update_id)
            if update_id in self._wiping:
                self._wiping.discard(update_id)
                await asyncio.to_thread(self._records.wipe)
        except RecordsError as error:
            _LOGGER.error("An answered update could not be marked: %s", error)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle an update when it is its chat's turn; what has not begun when the bot is to stop stays kept."""
        # `poll` puts nothing else into the queue, and the application passes its own coroutine.
        update, coroutine = cast(Update, update), cast(Coroutine[Any, Any, None], coroutine)
        async with self._turn(update):
            if self.stopping.is_set():
                coroutine.close()
                return
            await coroutine
            if update.update_id not in self._left:
                await self.settle(update.update_id)

    async def initialize(self) -> None:
        """Do nothing: the records are open."""

    async def shutdown(self) -> None:
        """Do nothing: whoever opened the records closes them."""

    def _turn(self, update: Update) -> asyncio.Lock:
        chat = update.effective_chat
        return self._turns.setdefault(chat.id, asyncio.Lock()) if chat else asyncio.Lock()
