"""The pages of unanswered questions in the staff's chat, taken back with the words on them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from telegram import Bot

from bot.chat.office import StaffChat
from bot.chat.render import render_phrase
from bot.language.phrases import phrase
from bot.records import Records


@dataclass(frozen=True)
class GapPages:
    """What is known of the pages. Whoever shows one or deletes words holds `turn` meanwhile."""

    records: Records
    staff: StaffChat
    # Words that are deleted while a page is on its way would stay on it.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def note(self, numbers: Iterable[int], questions: Sequence[str], today: date) -> None:
        """Note messages that show questions. Raises RecordsError."""
        if questions:
            await asyncio.to_thread(self.records.pages.note, self.staff.id, list(numbers), questions, today)

    async def take_back(self, bot: Bot, person: int) -> None:
        """Write over the pages that show what a person wrote. Raises RecordsError and what `insist` raises."""
        await self._write_over(bot, await asyncio.to_thread(self.records.pages.of_asker, person, self.staff.id))

    async def let_go(self, bot: Bot, oldest: date) -> None:
        """Write over the pages with words from before `oldest`. Raises RecordsError and what `insist` raises."""
        pages = self.records.pages
        async with self.turn:
            await self._write_over(bot, await asyncio.to_thread(pages.older_than, oldest, self.staff.id))
            await asyncio.to_thread(pages.delete_older_than, oldest)

    async def _write_over(self, bot: Bot, numbers: Sequence[int]) -> None:
        language = await self.staff.language()
        text = render_phrase(phrase(language, "staff_gaps_gone"), language)[0]
        for number in numbers:
            await self.staff.take_back(bot, number, text, is_kept=True)
        await asyncio.to_thread(partial(self.records.pages.remove, self.staff.id, numbers))
