"""How every part of the conversation speaks: in whose language, and what the bot says of itself."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, filters

from bot.chat.addressing import find_person, guess_language
from bot.chat.buttons import offer_menu
from bot.chat.journal import Journal
from bot.chat.render import render_phrase
from bot.chat.reply import reply
from bot.language.phrases import phrase
from bot.records import Records, RecordsError
from bot.types import Language

_LOGGER = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
Handler = BaseHandler[Any, Any, Any]


@dataclass(frozen=True)
class Speaker:
    """Says things into the chat that an update came from."""

    records: Records
    journal: Journal
    # Whose choice of language holds, by the number under which it is kept.
    find_listener: Callable[[Update], int] = find_person

    async def say(self, update: Update, context: Context, key: str, **values: object) -> None:
        """Say a phrase in the language of whoever is spoken to."""
        language = await self.language(update)
        await self.send(update, context, phrase(language, key, **values), language)

    async def send(
        self,
        update: Update,
        context: Context,
        text: str,
        language: Language,
        buttons: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Send plain text. Raises what `reply` raises."""
        await reply(update, context.bot, render_phrase(text, language), self.journal.stopping, buttons)

    async def tell_too_old(self, update: Update, context: Context, language: Language) -> None:
        """Say that a button is none of this version's, or leads to what is gone, and offer the menus."""
        await self.send(update, context, phrase(language, "too_old"), language, offer_menu(language))

    async def language(self, update: Update) -> Language:
        """Return the language to speak in: the chosen one, else that of the message or the phone."""
        return await self.chosen(update) or guess_language(update) or "en"

    def stand_for(self, update: Update) -> str:
        """Return what stands for the person who speaks, wherever they do, and tells nothing of them."""
        return self.records.database.hash_chat(find_person(update))

    async def chosen(self, update: Update) -> Language | None:
        """Return the language that a person chose, wherever they write; None where it follows the question."""
        try:
            return await asyncio.to_thread(self.records.language_of, self.find_listener(update))
        except RecordsError as error:
            _LOGGER.error("A person's language is unknown: %s", error)
            return None

    async def choose(self, update: Update, language: Language | None) -> None:
        """Remember the language that a person chose, None to follow the question. Raises RecordsError."""
        await asyncio.to_thread(self.records.set_language, self.find_listener(update), language)


def on_command(names: str | Sequence[str], callback: Callable[[Update, Context], Coroutine[Any, Any, None]]) -> Handler:
    """Return what takes a command, once: one that is edited later has been carried out."""
    return CommandHandler(names, callback, filters.UpdateType.MESSAGE)


def payload_of(update: Update) -> str:
    """Return what a tapped button carries."""
    query = update.callback_query
    return (query.data if query else None) or ""
