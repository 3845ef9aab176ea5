"""The conversation on Telegram: each method answers one kind of update, and does little else."""

import asyncio
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.error import Forbidden, InvalidToken, TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.answering.directory import Stock
from bot.chat.addressing import find_question, is_addressed
from bot.chat.browsing import Browsing
from bot.chat.buttons import (
    CHOICE,
    EXAMPLE,
    LANGUAGE,
    RATING,
    REASON,
    WORDS,
    Reason,
    Surroundings,
    ask_reason,
    exchange_buttons,
    offer_buttons,
    offer_languages,
    offer_menu,
    offer_no_words,
    read_choice,
    read_example,
    read_language,
    read_rating,
    read_reason,
)
from bot.chat.delivery import UndeliveredError, type_while
from bot.chat.journal import Journal
from bot.chat.memory import Memory
from bot.chat.menu import write_help
from bot.chat.render import render_html, render_phrase
from bot.chat.reply import change_buttons, find_chat, find_thread, read_buttons, reply, stop_spinner, turn, write_over
from bot.chat.services import Services
from bot.chat.speaking import Context, Speaker, payload_of
from bot.errors import IndexUnavailableError
from bot.language.phrases import phrase
from bot.records import Note, RecordsError, Remarks
from bot.types import Answer, Entry, Language

_LOGGER = logging.getLogger(__name__)

Handler = BaseHandler[Any, Any, Any]
_About = tuple[str, Reason, Language | None]
_Found = tuple[Answer | None, list[str], InlineKeyboardMarkup | None]


@dataclass(frozen=True)
class Conversation:
    """What answers updates, with all that it is given for it."""

    services: Services
    speaker: Speaker
    journal: Journal
    memory: Memory = field(default_factory=Memory)

    def handlers(self) -> list[Handler]:
        """Return what takes the updates, in order: the first that fits takes one."""
        text, private = filters.TEXT, filters.ChatType.PRIVATE
        browsing = Browsing(self.services, self.speaker, self.journal, self.memory)
        return [
            *browsing.handlers(),
            CommandHandler("help", self.help),
            CommandHandler("language", self.offer_languages),
            CommandHandler("privacy", self.tell_privacy),
            CommandHandler("forget", self.forget),
            MessageHandler(filters.COMMAND & private, self.help),
            MessageHandler(text & ~filters.COMMAND, self.answer_text),
            MessageHandler(~text & ~filters.StatusUpdate.ALL, self.refuse_media),
            CallbackQueryHandler(self.choose_language, pattern=f"^{LANGUAGE}"),
            CallbackQueryHandler(self.answer_choice, pattern=f"^{CHOICE}"),
            CallbackQueryHandler(self.ask_example, pattern=f"^{EXAMPLE}"),
            CallbackQueryHandler(self.rate, pattern=f"^{RATING}"),
            CallbackQueryHandler(self.blame, pattern=f"^{REASON}"),
            CallbackQueryHandler(self.keep_no_words, pattern=f"^{WORDS}"),
            CallbackQueryHandler(browsing.refuse),
        ]

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
        await asyncio.to_thread(self.services.records.forget, find_chat(update))
        self.memory.forget(update)
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
        if chosen is None and payload_of(update) != LANGUAGE:
            await stop_spinner(update)
            await self._tell_too_old(update, context, language)
            return
        await asyncio.to_thread(self.services.records.set_language, find_chat(update), chosen)
        text = phrase(language, "language_set" if chosen else "language_follows")
        messages = render_phrase(text, language)
        await turn(update, context.bot, messages, self.journal.stopping, offer_menu(language))

    async def answer_text(self, update: Update, context: Context) -> None:
        """Answer a question."""
        message = update.effective_message
        if message is None or not is_addressed(message, context.bot):
            return
        question = find_question(message, context.bot)
        if not question:
            await self.speaker.say(update, context, "empty_question")
            return
        if (about := _asked_for_words(message, context.bot.id)) is not None:
            await self._keep_words(update, context, question, about)
            return
        previous = self.memory.last(update)
        answer = await self._answer(
            update, context, partial(self.services.ask, question, await self.speaker.chosen(update), previous), previous
        )
        if answer is not None:
            await self._record(question, answer)

    async def ask_example(self, update: Update, context: Context) -> None:
        """Answer the example question whose button was tapped."""
        example = read_example(payload_of(update))
        await stop_spinner(update)
        if example is None:
            await self._tell_too_old(update, context, await self.speaker.language(update))
            return
        question, language = example
        answer = await self._answer(update, context, partial(self.services.ask, question, language))
        if answer is not None:
            await self._record(question, answer)

    async def answer_choice(self, update: Update, context: Context) -> None:
        """Answer with the entry whose button was tapped."""
        key, asked_in = read_choice(payload_of(update))
        language = await self.speaker.chosen(update) or asked_in
        await stop_spinner(update)
        if await self._answer(update, context, partial(self.services.show, key, language)) is None:
            await self._tell_too_old(update, context, language)

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
            await self._tell_too_old(update, context, language)
            return
        key, reason, _ = read
        await change_buttons(update, exchange_buttons(read_buttons(update), REASON))
        await self._write_down(partial(self._remarks().count, entry.id, reason, self.services.today()))
        buttons = offer_no_words(key, reason, language)
        await self.speaker.send(update, context, phrase(language, "blame_word"), language, buttons)

    async def keep_no_words(self, update: Update, context: Context) -> None:
        """Thank whoever has nothing to add."""
        read = read_reason(payload_of(update))
        language = await self._language_of(update, read[2] if read else None)
        messages = render_phrase(phrase(language, "rated_good"), language)
        await turn(update, context.bot, messages, self.journal.stopping)

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

    async def _answer(
        self, update: Update, context: Context, find: Callable[[], Answer | None], previous: Answer | None = None
    ) -> Answer | None:
        """Show "typing", find the answer off the event loop and send it, over that of a question that was edited."""
        bot = context.bot
        work = asyncio.to_thread(self._find_and_render, find, bot.username)
        answer, messages, buttons = await type_while(work, bot, find_chat(update), find_thread(update))
        if answer is None:
            return None
        self.memory.tell(update, answer)
        before = self.memory.reply_to(update)
        written = [(find_chat(update), number) for number in before.messages] if before else []
        if not written or not await write_over(written, bot, messages, self.journal.stopping, buttons):
            sent = await reply(update, bot, messages, self.journal.stopping, buttons)
            self.memory.answered(update, sent, previous)
        return answer

    def _find_and_render(self, find: Callable[[], Answer | None], username: str) -> _Found:
        answer = find()
        if answer is None:
            return None, [], None
        try:
            stock = self.services.stock()
        except IndexUnavailableError:
            stock = Stock()
        return answer, render_html(answer), offer_buttons(answer, Surroundings(stock, username))

    async def _find_entry(self, key: str, language: Language) -> Entry | None:
        """Return the entry of a short name, where it still answers."""
        shown = await asyncio.to_thread(self.services.show, key, language)
        return shown.passages[0].entry if shown is not None and shown.passages else None

    async def _keep_words(self, update: Update, context: Context, words: str, about: _About) -> None:
        """Keep what somebody replied to the question what was wrong, without who did."""
        language = await self.speaker.language(update)
        entry = await self._find_entry(about[0], language)
        if entry is not None and update.edited_message is None:
            note = Note(self.services.today(), language, entry.id, about[1], words)
            await self._write_down(partial(self._remarks().write, note))
        await self.speaker.send(update, context, phrase(language, "rated_good"), language)

    async def _language_of(self, update: Update, asked_in: Language | None) -> Language:
        """Return the language that was chosen, else that of the answer whose button was tapped."""
        return await self.speaker.chosen(update) or asked_in or await self.speaker.language(update)

    def _remarks(self) -> Remarks:
        return Remarks(self.services.records.database)

    async def _write_down(self, write: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(write)
        except RecordsError as error:
            _LOGGER.error("A rating was not counted: %s", error)

    async def _tell_too_old(self, update: Update, context: Context, language: Language) -> None:
        await self.speaker.send(update, context, phrase(language, "too_old"), language, offer_menu(language))

    async def _apologise(self, update: Update, context: Context, error: Exception) -> None:
        try:
            key = "no_index" if isinstance(error, IndexUnavailableError) else "trouble"
            await self.speaker.say(update, context, key)
        except (UndeliveredError, InvalidToken):
            self.journal.leave(update.update_id)
        except TelegramError as second:
            _LOGGER.error("Nor could the apology be sent: %s", type(second).__name__)

    async def _record(self, question: str, answer: Answer) -> None:
        records, today = self.services.records, self.services.today()
        try:
            await asyncio.to_thread(records.record_question, answer.language, answer.outcome, today)
            if answer.outcome == "refused":
                await asyncio.to_thread(records.record_gap, question, answer.language, today)
        except RecordsError as error:
            _LOGGER.error("A question was not counted: %s", error)


def _asked_for_words(message: Message, bot_id: int) -> _About | None:
    """Return what a message says a word about, where it replies to the bot's question for one."""
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or asked.from_user.id != bot_id or asked.reply_markup is None:
        return None
    buttons = [button for row in asked.reply_markup.inline_keyboard for button in row]
    payloads = (button.callback_data for button in buttons if isinstance(button.callback_data, str))
    return next((read_reason(payload) for payload in payloads if payload.startswith(WORDS)), None)


def _trace(error: Exception) -> str:
    """Return the places that an error came through; its own text may hold a student's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
