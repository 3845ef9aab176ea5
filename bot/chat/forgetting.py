"""`/forget`: all that is kept of a person goes, wherever they say it and wherever it is."""

import asyncio
from dataclasses import dataclass

from telegram import Bot, Update

from bot.chat.addressing import find_person
from bot.chat.cases import CaseDesk
from bot.chat.journal import Journal
from bot.chat.memory import Memory
from bot.chat.pages import GapPages
from bot.chat.reply import find_chat
from bot.chat.services import Services
from bot.chat.speaking import Context, Handler, Speaker, on_command
from bot.language.phrases import phrase


@dataclass(frozen=True)
class Forgetting:
    """What deletes."""

    services: Services
    speaker: Speaker
    journal: Journal
    memory: Memory
    desk: CaseDesk | None
    pages: GapPages | None

    def handlers(self) -> list[Handler]:
        """Return what takes the command."""
        return [on_command("forget", self.forget)]

    async def forget(self, update: Update, context: Context) -> None:
        """Delete what is kept about a person, and about the chat where they say so."""
        language = await self.speaker.language(update)
        # In a private chat both are the same; in a group a reminder is the group's.
        for who in {find_person(update), find_chat(update)}:
            # First what the rows lead to: where Telegram is out of reach, the next start finds them.
            if self.desk is not None:
                await self.desk.withdraw(context.bot, who)
            await self._forget_words(context.bot, who)
            self.memory.forget(who)
        self.journal.wipe_after(update.update_id)
        await self.speaker.send(update, context, phrase(language, "forgotten"), language)

    async def _forget_words(self, bot: Bot, who: int) -> None:
        """Delete the rows, and before that what staff were shown of the questions among them."""
        forget = self.services.records.forget
        if self.pages is None:
            await asyncio.to_thread(forget, who)
            return
        async with self.pages.turn:
            await self.pages.take_back(bot, who)
            await asyncio.to_thread(forget, who)
