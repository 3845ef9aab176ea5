"""The conversation on Telegram: each method answers one kind of update, and does little else."""

import asyncio
import logging
import traceback
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cachetools import TTLCache
from telegram import Bot, InlineKeyboardMarkup, Update
from telegram.error import Forbidden, InvalidToken, TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.chat.addressing import find_person, find_question, is_addressed, read_phone
from bot.chat.buttons import (
    CHOICE,
    LANGUAGE,
    RATING,
    offer_buttons,
    offer_languages,
    read_choice,
    read_language,
    read_rating,
)
from bot.chat.delivery import UndeliveredError, type_while
from bot.chat.greeting import greet
from bot.chat.groups import is_group, present_briefly
from bot.chat.journal import Journal
from bot.chat.menu import write_help
from bot.chat.render import render_html, render_phrase
from bot.chat.reply import find_chat, find_thread, remove_buttons, replace_buttons, reply, stop_spinner
from bot.chat.services import Services
from bot.chat.speaking import Context, Handler, Speaker, payload_of
from bot.errors import IndexUnavailableError
from bot.language.phrases import phrase
from bot.records import RecordsError
from bot.types import Answer

_LOGGER = logging.getLogger(__name__)

_MOST_SPEAKERS = 5_000
_REMEMBERED_SECONDS = 900


@dataclass(frozen=True)
class Conversation:
    """What answers updates, with all that it is given for it."""

    services: Services
    speaker: Speaker
    journal: Journal
    # What each speaker was told last, in memory alone: "and the fee?" leans on it for a while.
    recent: MutableMapping[tuple[int, int], Answer] = field(
        default_factory=lambda: TTLCache(maxsize=_MOST_SPEAKERS, ttl=_REMEMBERED_SECONDS)
    )

    def handlers(self) -> list[Handler]:
        """Return what takes the updates, in order: the first that fits takes one."""
        text, private = filters.TEXT, filters.ChatType.PRIVATE
        return [
            CommandHandler("start", self.start),
            CommandHandler("help", self.help),
            CommandHandler("language", self.offer_languages),
            CommandHandler("privacy", self.tell_privacy),
            CommandHandler("forget", self.forget),
            MessageHandler(filters.COMMAND & private, self.help),
            MessageHandler(text & ~filters.COMMAND, self.answer_text),
            MessageHandler(~text & ~filters.StatusUpdate.ALL, self.refuse_media),
            CallbackQueryHandler(self.choose_language, pattern=f"^{LANGUAGE}"),
            CallbackQueryHandler(self.answer_choice, pattern=f"^{CHOICE}"),
            CallbackQueryHandler(self.rate, pattern=f"^{RATING}"),
            CallbackQueryHandler(self.refuse_choice),
        ]

    async def start(self, update: Update, context: Context) -> None:
        """Greet."""
        language = await self.speaker.chosen(update) or read_phone(update)
        await self.speaker.send(update, context, greet(language), language or "en")

    async def help(self, update: Update, context: Context) -> None:
        """Tell how to ask."""
        language = await self.speaker.language(update)
        await self.speaker.send(update, context, write_help(language), language)

    async def tell_privacy(self, update: Update, context: Context) -> None:
        """Tell what is kept."""
        await self.speaker.say(update, context, "privacy")

    async def forget(self, update: Update, context: Context) -> None:
        """Delete what is kept about the chat."""
        language = await self.speaker.language(update)
        await asyncio.to_thread(self.services.records.forget, find_person(update))
        self.recent.pop(_speaker(update), None)
        self.journal.wipe_after(update.update_id)
        await self.speaker.send(update, context, phrase(language, "forgotten"), language)

    async def offer_languages(self, update: Update, context: Context) -> None:
        """Ask which language to answer in."""
        language = await self.speaker.language(update)
        await self.speaker.send(
            update, context, phrase(language, "language_question"), language, offer_languages(language)
        )

    async def choose_language(self, update: Update, context: Context) -> None:
        """Remember the language whose button was tapped, and write so in place of the buttons."""
        chosen = read_language(payload_of(update))
        language = chosen or await self.speaker.language(update)
        await asyncio.to_thread(self.services.records.set_language, find_person(update), chosen)
        text = phrase(language, "language_set" if chosen else "language_follows")
        await replace_buttons(update, context.bot, render_phrase(text, language), self.journal.stopping)

    async def answer_text(self, update: Update, context: Context) -> None:
        """Answer a question."""
        message = update.effective_message
        if message is None or not is_addressed(message, context.bot):
            return
        question = find_question(message, context.bot)
        if not question:
            await self.speaker.say(update, context, "empty_question")
            return
        previous = self.recent.get(_speaker(update))
        answer = await self._answer(
            update, context, partial(self.services.ask, question, await self.speaker.chosen(update), previous)
        )
        if answer is not None:
            await self._record(update, question, answer)

    async def answer_choice(self, update: Update, context: Context) -> None:
        """Answer with the entry whose button was tapped."""
        key, asked_in = read_choice(payload_of(update))
        language = await self.speaker.chosen(update) or asked_in
        await stop_spinner(update)
        if await self._answer(update, context, partial(self.services.show, key, language)) is None:
            await self.speaker.send(update, context, phrase(language, "too_old"), language)

    async def rate(self, update: Update, context: Context) -> None:
        """Count that an answer was found good or bad, once: its buttons go."""
        key, is_good = read_rating(payload_of(update))
        language = await self.speaker.language(update)
        rated = await asyncio.to_thread(self.services.show, key, language)
        await stop_spinner(update, phrase(language, "rated_good" if is_good else "rated_bad"))
        await remove_buttons(update)
        if rated is not None and rated.passages:
            try:
                entry = rated.passages[0].entry.id
                record = partial(self.services.records.record_feedback, entry, self.services.today(), is_good=is_good)
                await asyncio.to_thread(record)
            except RecordsError as error:
                _LOGGER.error("A rating was not counted: %s", error)

    async def refuse_choice(self, update: Update, context: Context) -> None:
        """Say that a button is none of this version's."""
        await stop_spinner(update)
        await self.speaker.say(update, context, "too_old")

    async def refuse_media(self, update: Update, context: Context) -> None:
        """Say that only text is read. An edited photo or a moving location is passed over: it was answered once."""
        message = update.message
        if message is not None and is_addressed(message, context.bot):
            await self.speaker.say(update, context, "text_only")

    async def report_error(self, update: object, context: Context) -> None:
        """Apologise for whatever went wrong, and log it without words, ids or token."""
        error = context.error
        if not isinstance(update, Update) or error is None:
            return
        if isinstance(error, (UndeliveredError, InvalidToken)):
            self.journal.leave(update.update_id)
        elif isinstance(error, Forbidden):
            _LOGGER.info("A chat is closed to the bot")
        else:
            _LOGGER.error("An update failed: %s at %s", type(error).__name__, _trace(error))
            await self._apologise(update, context, error)

    async def _answer(self, update: Update, context: Context, find: Callable[[], Answer | None]) -> Answer | None:
        """Show "typing", find the answer off the event loop and send it."""
        work = asyncio.to_thread(_find_and_present, find, update, context.bot)
        answer, messages, buttons = await type_while(work, context.bot, find_chat(update), find_thread(update))
        if answer is not None:
            self.recent[_speaker(update)] = answer
            await reply(update, context.bot, messages, self.journal.stopping, buttons)
        return answer

    async def _apologise(self, update: Update, context: Context, error: Exception) -> None:
        try:
            key = "no_index" if isinstance(error, IndexUnavailableError) else "trouble"
            await self.speaker.say(update, context, key)
        except (UndeliveredError, InvalidToken):
            self.journal.leave(update.update_id)
        except TelegramError as second:
            _LOGGER.error("Nor could the apology be sent: %s", type(second).__name__)

    async def _record(self, update: Update, question: str, answer: Answer) -> None:
        records, today = self.services.records, self.services.today()
        try:
            await asyncio.to_thread(records.record_question, answer.language, answer.outcome, today)
            if answer.outcome == "refused":
                await asyncio.to_thread(records.record_gap, question, answer.language, today, find_person(update))
        except RecordsError as error:
            _LOGGER.error("A question was not counted: %s", error)


def _find_and_present(
    find: Callable[[], Answer | None], update: Update, bot: Bot
) -> tuple[Answer | None, list[str], InlineKeyboardMarkup | None]:
    """Return the answer with what is sent of it: all of it to the student alone, in a group what is short."""
    answer = find()
    if answer is None:
        return None, [], None
    if is_group(update):
        return answer, *present_briefly(answer, bot)
    return answer, render_html(answer), offer_buttons(answer)


def _speaker(update: Update) -> tuple[int, int]:
    """Return who speaks where: in a group each has their own topic."""
    return find_chat(update), find_person(update)


def _trace(error: Exception) -> str:
    """Return the places that an error came through; its own text may hold a student's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
