"""Groups that become supergroups: what is kept of one goes along, and the staff's chat is followed."""

import asyncio
from dataclasses import dataclass

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.chat.office import StaffChat
from bot.chat.speaking import Context, Handler
from bot.records import Records


@dataclass(frozen=True)
class Moves:
    """Follows a group where a message tells that it was moved: the old group's last, or the new one's first."""

    records: Records
    staff: StaffChat | None

    def handlers(self) -> list[Handler]:
        """Return what takes such messages."""
        return [MessageHandler(filters.StatusUpdate.MIGRATE, self.follow)]

    async def follow(self, update: Update, context: Context) -> None:
        """Go on with the chat under its new id."""
        message = update.message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        if self.staff is not None and self.staff.id == old:
            await self.staff.move(new)
        else:
            await asyncio.to_thread(self.records.move, old, new)
