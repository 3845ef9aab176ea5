"""The staff's chat: where it is, also after Telegram has moved it, and who may act in it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import Application, BaseHandler

from bot.chat.delivery import insist
from bot.chat.journal import Journal
from bot.chat.render import render_phrase
from bot.chat.reply import find_thread
from bot.chat.speaking import Context, Handler
from bot.records import Records, RecordsError
from bot.types import Language

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T")
# What Telegram says of a chat that the bot is not, or no longer, let into.
CLOSED = (Forbidden, BadRequest)


class StaffChat:
    """The staff's chat. Its id changes once, when a group becomes a supergroup."""

    def __init__(self, chat_id: int, records: Records, journal: Journal) -> None:
        self.id = chat_id
        self._records = records
        self._journal = journal

    def is_of(self, update: object) -> bool:
        """Tell whether an update comes from the staff's chat."""
        chat = update.effective_chat if isinstance(update, Update) else None
        return chat is not None and chat.id == self.id

    async def language(self) -> Language:
        """Return the language that the staff chose with /language in their chat, else English."""
        try:
            return await asyncio.to_thread(self._records.language_of, self.id) or "en"
        except RecordsError as error:
            _LOGGER.error("The staff's language is unknown: %s", error)
            return "en"

    async def set_language(self, language: Language | None) -> None:
        """Speak this language to the staff from now on, English for None. Raises RecordsError."""
        await asyncio.to_thread(self._records.set_language, self.id, language)

    async def send(self, call: Callable[[int], Awaitable[T]]) -> T:
        """Return what `call` returns for the chat's id, following the chat where it was moved.

        Raises what `insist` raises.
        """
        try:
            return await insist(partial(call, self.id), self._journal.stopping)
        except ChatMigrated as error:
            self.move(error.new_chat_id)
            return await insist(partial(call, self.id), self._journal.stopping)

    async def say(
        self, update: Update, bot: Bot, text: str, language: Language, buttons: InlineKeyboardMarkup | None = None
    ) -> Message:
        """Answer staff with plain text, buttons under its last message, which is returned."""
        *first, last = render_phrase(text, language)
        thread = find_thread(update)
        for part in first:
            await self.send(partial(bot.send_message, text=part, message_thread_id=thread))
        return await self.send(partial(bot.send_message, text=last, message_thread_id=thread, reply_markup=buttons))

    def note_closed(self, error: TelegramError) -> None:
        """Say in the log that nothing reaches the chat."""
        _LOGGER.error("The staff's chat is closed to the bot (%s): check STAFF_CHAT_ID.", type(error).__name__)

    def move(self, chat_id: int) -> None:
        """Go on with the id that Telegram has given the chat, and say that the setting must follow."""
        if chat_id != self.id:
            _LOGGER.error("The staff's group has become a supergroup: set STAFF_CHAT_ID=%d.", chat_id)
            self.id = chat_id

    async def follow(self, update: Update, context: Context) -> None:
        """Follow the group where a message tells that it was moved."""
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            self.move(message.migrate_to_chat_id)

    async def look(self, bot: Bot) -> None:
        """Look whether the chat can be reached, so that a bad setting is told at the start."""
        try:
            await self.send(partial(bot.send_chat_action, action=ChatAction.TYPING))
        except CLOSED:
            _LOGGER.error("The staff's chat is closed to the bot: check STAFF_CHAT_ID and add the bot there.")


class InStaffChat(BaseHandler[Any, Any, Any]):
    """Takes what another handler takes, where it comes from the staff's chat; elsewhere there is no such handler."""

    def __init__(self, inner: Handler, chat: StaffChat) -> None:
        super().__init__(inner.callback)
        self._inner = inner
        self._chat = chat

    def check_update(self, update: object) -> Any:  # noqa: ANN401  # whatever the other handler makes of it
        """Return what the other handler found in an update, None where the update is from elsewhere."""
        return self._inner.check_update(update) if self._chat.is_of(update) else None

    def collect_additional_context(
        self,
        context: Any,  # noqa: ANN401
        update: Any,  # noqa: ANN401
        application: Application[Any, Any, Any, Any, Any, Any],
        check_result: Any,  # noqa: ANN401
    ) -> None:
        """Hand on what the other handler found."""
        self._inner.collect_additional_context(context, update, application, check_result)
