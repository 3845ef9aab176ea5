"""Leafing through the menus on Telegram: a tap writes the next page over the one it was on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.chat.addressing import read_phone
from bot.chat.browse import Menus, Page
from bot.chat.buttons import (
    ENTRY,
    GREETING,
    OPEN,
    TURN,
    offer_start,
    read_deep_link,
    read_language,
    read_page,
)
from bot.chat.delivery import type_while
from bot.chat.greeting import welcome
from bot.chat.journal import Journal
from bot.chat.memory import Memory
from bot.chat.reminders import ReminderPages
from bot.chat.render import render_phrase
from bot.chat.reply import find_chat, find_thread, reply, stop_spinner, turn
from bot.chat.services import Services
from bot.chat.speaking import Context, Handler, Speaker, on_command, payload_of
from bot.language.phrases import phrase
from bot.types import Language

_ON_REMINDERS = ("r", "s", "x", "y")


@dataclass(frozen=True)
class Browsing:
    """What opens the menus, turns their pages and greets."""

    services: Services
    speaker: Speaker
    journal: Journal
    memory: Memory

    def handlers(self) -> list[Handler]:
        """Return what takes the updates of the menus."""
        return [
            on_command("start", self.start),
            on_command(["menu", "courses"], self.open_menu),
            on_command("reminders", self.open_reminders),
            CallbackQueryHandler(self.turn_page, pattern=f"^(?:{TURN}|{OPEN})"),
            CallbackQueryHandler(self.greet_again, pattern=f"^{GREETING}"),
        ]

    async def start(self, update: Update, context: Context) -> None:
        """Greet, or open the card that a shared link leads to."""
        language = await self.speaker.chosen(update) or read_phone(update)
        key = read_deep_link(context.args[0]) if context.args else None
        if key is None:
            await self.speaker.send(update, context, welcome(language), language or "en", offer_start(language))
        else:
            await self._show(update, context, f"{ENTRY}{key}", language or "en", is_new=True)

    async def greet_again(self, update: Update, context: Context) -> None:
        """Remember the language whose button was tapped under the greeting, and greet in it."""
        chosen = read_language(payload_of(update))
        if chosen is None:
            await self.refuse(update, context)
            return
        await self.speaker.choose(update, chosen)
        messages = render_phrase(welcome(chosen), chosen)
        await turn(update, context.bot, messages, self.journal.stopping, offer_start(chosen))

    async def open_menu(self, update: Update, context: Context) -> None:
        """Open the main menu, or the courses."""
        text = (update.effective_message.text if update.effective_message else "") or ""
        path = "c" if text.startswith("/courses") else "m"
        await self._show(update, context, path, await self._language(update), is_new=True)

    async def open_reminders(self, update: Update, context: Context) -> None:
        """List the chat's reminders."""
        await self._show(update, context, "y", await self._language(update), is_new=True)

    async def turn_page(self, update: Update, context: Context) -> None:
        """Show the page whose button was tapped."""
        payload = payload_of(update)
        place = read_page(payload)
        if place is None:
            await self.refuse(update, context)
            return
        language = await self.speaker.chosen(update) or place[0]
        await self._show(update, context, place[1], language, is_new=payload.startswith(OPEN))

    async def refuse(self, update: Update, context: Context, language: Language | None = None) -> None:
        """Say of a tapped button that it is too old."""
        language = language or await self.speaker.language(update)
        await stop_spinner(update)
        await self.speaker.tell_too_old(update, context, language)

    async def _show(self, update: Update, context: Context, path: str, language: Language, *, is_new: bool) -> None:
        if path.startswith("a."):
            await self._invite(update, context, path.removeprefix("a."), language)
            return
        if self.services.uses_llm and path.startswith(ENTRY):
            # A translation may take longer than a tap should seem to hang.
            await stop_spinner(update)
        work = asyncio.to_thread(self._find(update, path, language, context.bot.username))
        page = await type_while(work, context.bot, find_chat(update), find_thread(update))
        if page is None:
            await self.refuse(update, context, language)
            return
        if page.answer is not None:
            self.memory.tell(update, page.answer)
        if is_new:
            await stop_spinner(update)
            await reply(update, context.bot, page.messages, self.journal.stopping, page.buttons)
        else:
            await turn(update, context.bot, page.messages, self.journal.stopping, page.buttons)

    def _find(self, update: Update, path: str, language: Language, username: str) -> Callable[[], Page | None]:
        chat_id, show = find_chat(update), partial(self.services.show_to, self.speaker.stand_for(update))

        def find() -> Page | None:
            stock = self.services.stock()
            if path.partition(".")[0] in _ON_REMINDERS:
                return ReminderPages(stock, self.services.records.reminders, chat_id, language).open(path)
            has_office = self.services.office is not None
            return Menus(stock, show, username, language, has_office).open(path)

        return find

    async def _invite(self, update: Update, context: Context, key: str, language: Language) -> None:
        """Let an entry be what is spoken of, and say so."""
        answer = await asyncio.to_thread(self.services.show, key, language)
        if answer is None or not answer.passages:
            await self.refuse(update, context, language)
            return
        self.memory.tell(update, answer)
        await stop_spinner(update)
        title = next((part.text for part in answer.parts if part.kind == "title"), "")
        await self.speaker.send(update, context, phrase(language, "ask_about", title=title), language)

    async def _language(self, update: Update) -> Language:
        """Return the language of the menus: the chosen one, else that of the last answer, else of the phone."""
        last = self.memory.last(update)
        return await self.speaker.chosen(update) or (last.language if last else await self.speaker.language(update))
