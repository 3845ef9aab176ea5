"""`/forget`: all that is kept of a person goes, wherever they say it and wherever it is."""

import asyncio
from dataclasses import dataclass

from telegram import Update

from bot.chat.addressing import find_person
from bot.chat.cases import CaseDesk
from bot.chat.journal import Journal
from bot.chat.memory import Memory
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
            await asyncio.to_thread(self.services.records.forget, who)
            self.memory.forget(who)
        self.journal.wipe_after(update.update_id)
        await self.speaker.send(update, context, phrase(language, "forgotten"), language)
