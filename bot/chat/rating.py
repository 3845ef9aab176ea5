"""What is said of an answer: praise or blame by a tap, what was wrong by another, and a word that nobody must give."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.chat.addressing import find_person, find_question
from bot.chat.buttons import (
    RATING,
    REASON,
    WORDS,
    Reason,
    ask_reason,
    exchange_buttons,
    offer_no_words,
    read_rating,
    read_reason,
)
from bot.chat.journal import Journal
from bot.chat.render import render_phrase
from bot.chat.reply import change_buttons, read_buttons, stop_spinner, turn
from bot.chat.services import Services
from bot.chat.speaking import Context, Handler, Speaker, payload_of
from bot.language.phrases import phrase
from bot.records import Note, RecordsError
from bot.types import Entry, Language

_LOGGER = logging.getLogger(__name__)

_About = tuple[str, Reason, Language | None]


class SaysWhatWasWrong(filters.MessageFilter):
    """Lets through what replies to the bot's question for a word."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such a reply."""
        return _asked_for_words(message) is not None


@dataclass(frozen=True)
class Rating:
    """What counts how answers are found, and asks what was wrong."""

    services: Services
    speaker: Speaker
    journal: Journal

    def handlers(self) -> list[Handler]:
        """Return what takes the taps on ratings and the words about them."""
        words = filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE & SaysWhatWasWrong()
        return [
            MessageHandler(words, self.keep_words),
            CallbackQueryHandler(self.rate, pattern=f"^{RATING}"),
            CallbackQueryHandler(self.blame, pattern=f"^{REASON}"),
            CallbackQueryHandler(self.keep_no_words, pattern=f"^{WORDS}"),
        ]

    async def rate(self, update: Update, context: Context) -> None:
        """Count that an answer was found good or bad, once: its buttons go, or ask what was wrong."""
        key, is_good, asked_in = read_rating(payload_of(update))
        language = await self._language_of(update, asked_in)
        rated = await self._find_entry(key, language)
        said = "too_old" if rated is None else "rated_good" if is_good else "rated_bad"
        await stop_spinner(update, phrase(language, said))
        asking = ask_reason(key, language) if rated is not None and not is_good else None
        await change_buttons(update, exchange_buttons(read_buttons(update), RATING, asking))
        if rated is not None:
            records, today = self.services.records, self.services.today()
            await self._write_down(partial(records.record_feedback, rated.id, today, is_good=is_good))

    async def blame(self, update: Update, context: Context) -> None:
        """Count what was wrong with an answer, and ask for a word about it, which nobody must give."""
        read = read_reason(payload_of(update))
        language = await self._language_of(update, read[2] if read else None)
        entry = await self._find_entry(read[0], language) if read else None
        await stop_spinner(update)
        if read is None or entry is None:
            await self.speaker.tell_too_old(update, context, language)
            return
        key, reason, _ = read
        await change_buttons(update, exchange_buttons(read_buttons(update), REASON))
        await self._write_down(partial(self.services.records.remarks.count, entry.id, reason, self.services.today()))
        buttons = offer_no_words(key, reason, language)
        await self.speaker.send(update, context, phrase(language, "blame_word"), language, buttons)

    async def keep_no_words(self, update: Update, context: Context) -> None:
        """Thank whoever has nothing to add."""
        read = read_reason(payload_of(update))
        language = await self._language_of(update, read[2] if read else None)
        messages = render_phrase(phrase(language, "rated_good"), language)
        await turn(update, context.bot, messages, self.journal.stopping)

    async def keep_words(self, update: Update, context: Context) -> None:
        """Keep what somebody replied to the question what was wrong, without who did."""
        message = update.effective_message
        about = _asked_for_words(message) if message else None
        if message is None or about is None:
            return
        language = await self.speaker.language(update)
        entry = await self._find_entry(about[0], language)
        if entry is not None:
            note = Note(self.services.today(), language, entry.id, about[1], find_question(message, context.bot))
            await self._write_down(partial(self.services.records.remarks.write, note, find_person(update)))
        await self.speaker.send(update, context, phrase(language, "rated_good"), language)

    async def _find_entry(self, key: str, language: Language) -> Entry | None:
        """Return the entry of a short name, where it still answers."""
        shown = await asyncio.to_thread(self.services.show, key, language)
        return shown.passages[0].entry if shown is not None and shown.passages else None

    async def _language_of(self, update: Update, asked_in: Language | None) -> Language:
        """Return the language that was chosen, else that of the answer whose button was tapped."""
        return await self.speaker.chosen(update) or asked_in or await self.speaker.language(update)

    async def _write_down(self, write: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(write)
        except RecordsError as error:
            _LOGGER.error("A rating was not counted: %s", error)


def _asked_for_words(message: Message) -> _About | None:
    """Return what a message says a word about, where it replies to the bot's question for one."""
    asked = message.reply_to_message
    if (
        asked is None
        or asked.from_user is None
        or asked.from_user.id != message.get_bot().id
        or asked.reply_markup is None
    ):
        return None
    buttons = [button for row in asked.reply_markup.inline_keyboard for button in row]
    payloads = (button.callback_data for button in buttons if isinstance(button.callback_data, str))
    return next((read_reason(payload) for payload in payloads if payload.startswith(WORDS)), None)
