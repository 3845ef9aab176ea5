"""What is done by the clock and not by a message: hand-offs taken up and hurried, old words let go."""

import asyncio
import logging
import time
from collections.abc import Awaitable
from dataclasses import dataclass

from telegram import Bot
from telegram.error import TelegramError

from bot.chat.cases import CaseDesk
from bot.chat.delivery import UndeliveredError, wait
from bot.chat.journal import Journal
from bot.chat.pages import GapPages
from bot.chat.services import Services
from bot.errors import RahnumaError

_LOGGER = logging.getLogger(__name__)
TEND_SECONDS = 60.0


@dataclass(frozen=True)
class Tending:
    """The job beside the conversation. What is due is read from the records, so that a restart forgets nothing."""

    services: Services
    journal: Journal
    desk: CaseDesk | None
    pages: GapPages | None

    async def run(self, bot: Bot) -> None:
        """Do what is due, again and again until the bot is to stop."""
        try:
            if self.desk is not None:
                await self._try(self.desk.staff.look(bot))
            while True:
                await self._try(self._tend(bot))
                await wait(TEND_SECONDS, self.journal.stopping)
        except UndeliveredError:
            _LOGGER.debug("What is due is left to the next start")

    async def _try(self, work: Awaitable[None]) -> None:
        """Let a failure wait for the next time. Raises UndeliveredError."""
        try:
            await work
        except RahnumaError as error:
            _LOGGER.error("What is due could not be done: %s", error)
        except TelegramError as error:
            # Its text may hold the token.
            _LOGGER.error("What is due could not be done: %s", type(error).__name__)

    async def _tend(self, bot: Bot) -> None:
        # First what needs no Telegram, which may be out of reach for long.
        await asyncio.to_thread(self._let_go)
        await self._let_go_in_chat(bot)
        await asyncio.to_thread(self.services.records.wipe)
        if self.desk is not None:
            await self.desk.pass_on_waiting(bot)
            await self.desk.reassure(bot)

    async def _let_go_in_chat(self, bot: Bot) -> None:
        """Delete what staff were shown and was kept long enough; without their chat the rows alone."""
        records = self.services.records
        oldest = records.find_oldest(self.services.today())
        if self.desk is None or self.pages is None:
            await asyncio.to_thread(records.cases.delete_older_than, oldest)
            await asyncio.to_thread(records.pages.delete_older_than, oldest)
            return
        await self.desk.let_go(bot, oldest)
        await self.pages.let_go(bot, oldest)

    def _let_go(self) -> None:
        records = self.services.records
        records.let_go(self.services.today())
        records.cases.let_go(time.time())
        records.wipe()
