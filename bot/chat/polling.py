"""Fetching updates by long polling, each kept before it is confirmed.

The library's own Updater confirms a batch when it fetches the next, whether or not it was answered, and a batch with
one update that it cannot read is fetched for ever. Here the raw updates are kept first and read one by one.
"""

import asyncio
import logging
from functools import partial

from telegram import Update
from telegram.error import Conflict
from telegram.ext import ExtBot

from bot.chat.delivery import attempt, insist, wait
from bot.chat.journal import Journal, RawUpdate

_LOGGER = logging.getLogger(__name__)
_ALLOWED = ["message", "edited_message", "callback_query"]
_POLL_SECONDS = 25
_READ_SECONDS = _POLL_SECONDS + 10
_CONFLICT_PAUSE = 5.0


class PollingBot(ExtBot[int]):
    """A bot that can fetch updates as Telegram sends them."""

    __slots__ = ()

    async def fetch_updates(self, offset: int) -> list[RawUpdate]:
        """Return the next updates, waiting for one; confirms those before `offset`."""
        values = {"offset": offset, "timeout": _POLL_SECONDS, "allowed_updates": _ALLOWED}
        batch: list[RawUpdate] = await self._post("getUpdates", values, read_timeout=_READ_SECONDS)
        return batch


async def poll(bot: PollingBot, journal: Journal, queue: asyncio.Queue[object]) -> None:
    """Put every update into `queue`, those of an earlier run first, until cancelled or the bot is to stop.

    Raises InvalidToken where Telegram refuses the token.
    """
    await _enqueue(await journal.resume(), bot, journal, queue)
    offset = 0
    while True:
        try:
            batch = await insist(partial(bot.fetch_updates, offset), journal.stopping)
        except Conflict:
            _LOGGER.error("Another program fetches this bot's updates, or a webhook is set. Stop the other one.")
            await attempt(bot.delete_webhook)
            await wait(_CONFLICT_PAUSE, journal.stopping)
            continue
        await _enqueue(await journal.keep(batch), bot, journal, queue)
        if batch:
            offset = batch[-1]["update_id"] + 1


async def _enqueue(batch: list[RawUpdate], bot: PollingBot, journal: Journal, queue: asyncio.Queue[object]) -> None:
    for raw in batch:
        try:
            update = Update.de_json(raw, bot)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _LOGGER.error("An update of an unknown form was skipped: %s", type(error).__name__)
            await journal.settle(raw["update_id"])
        else:
            await queue.put(update)
