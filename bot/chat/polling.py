"""Fetching updates by long polling, each kept before it is confirmed.

The library's own Updater confirms a batch when it fetches the next, whether or not it was answered, and a batch with
one update that it cannot read is fetched for ever. Here the raw updates are kept first and read one by one.
"""

import asyncio
import logging

from telegram.error import Conflict, TimedOut
from telegram.ext import ExtBot

from bot.chat.delivery import attempt, insist, wait
from bot.chat.intake import ALLOWED, Intake
from bot.chat.journal import Journal, RawUpdate
from bot.chat.pulse import Pulse

_LOGGER = logging.getLogger(__name__)
_POLL_SECONDS = 25
_READ_SECONDS = _POLL_SECONDS + 10
# A connection may go silent, or bring a byte now and then, without ever ending: no request lasts longer than this.
_STALL_SECONDS = 2.0 * _POLL_SECONDS
_CONFLICT_PAUSE = 5.0


class PollingBot(ExtBot[int]):
    """A bot that can fetch updates as Telegram sends them."""

    __slots__ = ()

    async def fetch_updates(self, offset: int) -> list[RawUpdate]:
        """Return the next updates, waiting for one; confirms those before `offset`.

        Raises TimedOut where the request stalls; the next one then has a connection of its own.
        """
        values = {"offset": offset, "timeout": _POLL_SECONDS, "allowed_updates": list(ALLOWED)}
        try:
            async with asyncio.timeout(_STALL_SECONDS):
                batch: list[RawUpdate] = await self._post("getUpdates", values, read_timeout=_READ_SECONDS)
                return batch
        except TimeoutError:
            _LOGGER.warning("Polling has stalled and begins anew")
            request = self._request[0]
            await request.shutdown()
            await request.initialize()
            raise TimedOut("polling has stalled") from None


async def poll(bot: PollingBot, journal: Journal, intake: Intake, pulse: Pulse) -> None:
    """Take every update in, those of an earlier run first, until cancelled or the bot is to stop.

    Raises InvalidToken where Telegram refuses the token.
    """
    await intake.resume()
    await attempt(bot.delete_webhook)
    offset = 0

    async def fetch() -> list[RawUpdate]:
        return await bot.fetch_updates(offset)

    while True:
        await journal.limits.wait_for_room()
        try:
            batch = await insist(fetch, journal.stopping)
        except Conflict:
            _LOGGER.error("Another program fetches this bot's updates, or a webhook is set. Stop the other one.")
            await attempt(bot.delete_webhook)
            await wait(_CONFLICT_PAUSE, journal.stopping)
            continue
        pulse.beat()
        await intake.take(batch)
        if batch:
            offset = batch[-1]["update_id"] + 1
