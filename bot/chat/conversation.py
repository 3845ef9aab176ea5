"""The conversation on Telegram: each method answers one kind of update, and does little else."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from telegram import Bot, InlineKeyboardMarkup, Update
from telegram.error import Forbidden, InvalidToken, TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.answering.directory import Stock
from bot.chat.addressing import find_person, find_question, is_addressed
from bot.chat.browsing import Browsing
from bot.chat.buttons import (
    CHOICE,
    EXAMPLE,
    LANGUAGE,
    Surroundings,
    offer_buttons,
    offer_languages,
    offer_menu,
    read_choice,
    read_example,
    read_language,
)
from bot.chat.delivery import UndeliveredError, type_while
from bot.chat.groups import is_group, present_briefly
from bot.chat.journal import Journal
from bot.chat.memory import Memory
from bot.chat.menu import write_help
from bot.chat.preview import Previews
from bot.chat.privacy import Practice, write_privacy
from bot.chat.rating import Rating
from bot.chat.render import render_html, render_parts, render_phrase
from bot.chat.reply import find_chat, find_thread, reply, stop_spinner, turn, write_over
from bot.chat.services import Services
from bot.chat.speaking import Context, Handler, Speaker, on_command, payload_of
from bot.errors import IndexUnavailableError
from bot.language.phrases import phrase
from bot.records import RecordsError
from bot.types import Answer, OnProgress

_LOGGER = logging.getLogger(__name__)

_Found = tuple[Answer | None, list[str], InlineKeyboardMarkup | None]


class _Find(Protocol):
    def __call__(self, *, on_progress: OnProgress | None = None) -> Answer | None: ...


@dataclass(frozen=True)
class Conversation:
    """What answers updates, with all that it is given for it."""

    services: Services
    speaker: Speaker
    journal: Journal
    memory: Memory = field(default_factory=Memory)
    previews: Previews = field(default_factory=Previews)

    def handlers(self) -> list[Handler]:
        """Return what takes the updates, in order: the first that fits takes one."""
        text, private = filters.TEXT, filters.ChatType.PRIVATE
        browsing = Browsing(self.services, self.speaker, self.journal, self.memory)
        return [
            *browsing.handlers(),
            *Rating(self.services, self.speaker, self.journal).handlers(),
            on_command("help", self.help),
            on_command("language", self.offer_languages),
            on_command("privacy", self.tell_privacy),
            MessageHandler(filters.COMMAND & private & filters.UpdateType.MESSAGE, self.help),
            MessageHandler(text & ~filters.COMMAND, self.answer_text),
            CallbackQueryHandler(self.choose_language, pattern=f"^{LANGUAGE}"),
            CallbackQueryHandler(self.answer_choice, pattern=f"^{CHOICE}"),
            CallbackQueryHandler(self.ask_example, pattern=f"^{EXAMPLE}"),
            CallbackQueryHandler(browsing.refuse),
        ]

    async def help(self, update: Update, context: Context) -> None:
        """Tell how to ask."""
        language = await self.speaker.language(update)
        await self.speaker.send(update, context, write_help(language), language)

    async def tell_privacy(self, update: Update, context: Context) -> None:
        """Tell what is kept, and where words go."""
        language = await self.speaker.language(update)
        services = self.services
        practice = Practice(
            services.records.retention_days, services.office is not None, services.uses_llm, services.hears_voice
        )
        messages = render_parts(write_privacy(practice, language), language)
        await reply(update, context.bot, messages, self.journal.stopping)

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
            await self.speaker.tell_too_old(update, context, language)
            return
        await self.speaker.choose(update, chosen)
        text = phrase(language, "language_set" if chosen else "language_follows")
        name = update.effective_user.first_name if update.effective_user else ""
        if self.speaker.find_listener(update) != find_person(update):
            text = phrase(language, "language_of_staff" if chosen else "language_of_staff_open", text=text)
        elif is_group(update) and name:
            text = phrase(language, "language_of_one", name=name, text=text)
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
        previous = self.memory.last(update)
        chosen = await self.speaker.chosen(update)
        ask = partial(self.services.ask, question, chosen, previous, speaker=self.speaker.stand_for(update))
        self.memory.ask(update, question)
        answer = await self._answer(update, context, ask, previous)
        if answer is not None:
            await self._record(update, question, answer)

    async def ask_example(self, update: Update, context: Context) -> None:
        """Answer the example question whose button was tapped."""
        example = read_example(payload_of(update))
        await stop_spinner(update)
        if example is None:
            await self.speaker.tell_too_old(update, context, await self.speaker.language(update))
            return
        question, language = example
        self.memory.ask(update, question)
        ask = partial(self.services.ask, question, language, speaker=self.speaker.stand_for(update))
        answer = await self._answer(update, context, ask)
        if answer is not None:
            await self._record(update, question, answer)

    async def answer_choice(self, update: Update, context: Context) -> None:
        """Answer with the entry whose button was tapped."""
        key, asked_in, is_original = read_choice(payload_of(update))
        language = await self.speaker.chosen(update) or asked_in
        await stop_spinner(update)
        speaker = self.speaker.stand_for(update)

        def show(*, on_progress: OnProgress | None = None) -> Answer | None:
            if is_original:
                return self.services.show(key, language)
            return self.services.show_to(speaker, key, language, on_progress=on_progress)

        if await self._answer(update, context, show) is None:
            await self.speaker.tell_too_old(update, context, language)

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
        self, update: Update, context: Context, find: _Find, previous: Answer | None = None
    ) -> Answer | None:
        """Show "typing", find the answer off the event loop and send it, over that of a question that was edited.

        What a language model words is shown on the way.
        """
        bot = context.bot
        showing = self.previews.show(update, bot, self.journal) if self.services.uses_llm else nullcontext()
        async with showing as on_progress:
            work = asyncio.to_thread(self._find_and_render, partial(find, on_progress=on_progress), update, bot)
            answer, messages, buttons = await type_while(work, bot, find_chat(update), find_thread(update))
        if answer is None:
            return None
        self.memory.tell(update, answer)
        before = self.memory.reply_to(update)
        written = [(find_chat(update), number) for number in before.messages] if before else []
        if not written or not await write_over(written, bot, messages, self.journal.stopping, buttons):
            sent = await self._deliver(update, bot, messages, buttons)
            self.memory.answered(update, sent, previous)
        return answer

    async def _deliver(
        self, update: Update, bot: Bot, messages: Sequence[str], buttons: InlineKeyboardMarkup | None = None
    ) -> list[int]:
        """Send messages, the first into the one that shows a part of the answer, where there is such."""
        begun = self.journal.find_begun(update.update_id)
        under, stopping = (buttons if len(messages) == 1 else None), self.journal.stopping
        if begun is None or not await write_over([(find_chat(update), begun)], bot, messages[:1], stopping, under):
            return await reply(update, bot, messages, stopping, buttons)
        rest = await reply(update, bot, messages[1:], stopping, buttons) if messages[1:] else []
        return [begun, *rest]

    def _find_and_render(self, find: Callable[[], Answer | None], update: Update, bot: Bot) -> _Found:
        """Return the answer with what is sent of it: all of it to the student alone, in a group what is short."""
        answer = find()
        if answer is None:
            return None, [], None
        if is_group(update):
            return answer, *present_briefly(answer, bot)
        try:
            stock = self.services.stock()
        except IndexUnavailableError:
            stock = Stock()
        around = Surroundings(stock, bot.username, has_office=self.services.office is not None)
        return answer, render_html(answer), offer_buttons(answer, around)

    async def _apologise(self, update: Update, context: Context, error: Exception) -> None:
        try:
            key = "no_index" if isinstance(error, IndexUnavailableError) else "trouble"
            language = await self.speaker.language(update)
            await self._deliver(update, context.bot, render_phrase(phrase(language, key), language))
        except (UndeliveredError, InvalidToken):
            self.journal.leave(update.update_id)
        except TelegramError as second:
            _LOGGER.error("Nor could the apology be sent: %s", type(second).__name__)

    async def _record(self, update: Update, question: str, answer: Answer) -> None:
        self.memory.ask(update, question, answer)
        records, today = self.services.records, self.services.today()
        try:
            await asyncio.to_thread(records.record_question, answer.language, answer.outcome, today)
            if answer.outcome == "refused":
                await asyncio.to_thread(records.record_gap, question, answer.language, today, find_person(update))
        except RecordsError as error:
            _LOGGER.error("A question was not counted: %s", error)


def _trace(error: Exception) -> str:
    """Return the places that an error came through; its own text may hold a student's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
