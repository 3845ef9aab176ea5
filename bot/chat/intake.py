"""The way in for updates, the same for polling and for a webhook: kept, read, counted, put into the queue."""

import asyncio
import logging

from telegram import Bot, Update

from bot.chat.journal import Journal, RawUpdate

_LOGGER = logging.getLogger(__name__)
# What is asked of Telegram. Anything else (a channel's posts, reactions, what others do in a group) is for others.
ALLOWED = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")


class Intake:
    """Takes in what Telegram delivers, in order."""

    def __init__(self, bot: Bot, journal: Journal, queue: asyncio.Queue[object]) -> None:
        """Put what is kept in `journal` into `queue`."""
        self._bot = bot
        self._journal = journal
        self._queue = queue
        self._turn = asyncio.Lock()

    async def resume(self) -> None:
        """Take up what an earlier run left unanswered."""
        for raw in await self._journal.resume():
            await self._enqueue(raw)

    async def take(self, batch: list[RawUpdate]) -> None:
        """Keep a batch, and put what is new of it into the queue. When this returns, nothing of it can be lost."""
        async with self._turn:
            for raw in await self._journal.keep(batch):
                await self._enqueue(raw)

    async def _enqueue(self, raw: RawUpdate) -> None:
        update = self._read(raw)
        if update is None:
            await self._journal.settle(raw["update_id"])
            return
        admitted = self._journal.limits.admit(update)
        self._journal.meter.set_in_hand(self._journal.limits.in_hand)
        if admitted is not None:
            await self._queue.put(admitted)

    def _read(self, raw: RawUpdate) -> Update | None:
        kind = next((kind for kind in ALLOWED if kind in raw), None)
        self._journal.meter.count_update(kind or "other")
        if kind is None:
            return None
        try:
            return Update.de_json(raw, self._bot)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _LOGGER.error("An update of an unknown form was skipped: %s", type(error).__name__)
            return None
