"""The staff's chat: where it is, also after Telegram has moved it, and who may act in it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import Application, BaseHandler

from bot.chat.addressing import find_person
from bot.chat.delivery import deliver
from bot.chat.journal import Journal
from bot.chat.render import render_phrase
from bot.chat.reply import find_thread
from bot.chat.speaking import Handler
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

    def find_listener(self, update: Update) -> int:
        """Return whose choice of language holds: in this chat all of the staff's, elsewhere a person's own."""
        return self.id if self.is_of(update) else find_person(update)

    async def send(self, call: Callable[[int], Awaitable[T]]) -> T:
        """Return what `call` returns for the chat's id, following the chat where it was moved.

        Raises what `insist` raises.
        """
        result, chat_id = await deliver(self.id, call, self._journal.stopping)
        await self.move(chat_id)
        return result

    async def say(
        self, update: Update, bot: Bot, text: str, language: Language, buttons: InlineKeyboardMarkup | None = None
    ) -> Message:
        """Answer staff with plain text, buttons under its last message, which is returned."""
        return (await self.post(update, bot, text, language, buttons))[-1]

    async def post(
        self, update: Update, bot: Bot, text: str, language: Language, buttons: InlineKeyboardMarkup | None = None
    ) -> list[Message]:
        """Answer staff with plain text, buttons under its last message, and return all its messages."""
        *first, last = render_phrase(text, language)
        send = partial(bot.send_message, message_thread_id=find_thread(update))
        posted = [await self.send(partial(send, text=part)) for part in first]
        return [*posted, await self.send(partial(send, text=last, reply_markup=buttons))]

    async def take_back(self, bot: Bot, number: int, text: str, *, is_kept: bool) -> None:
        """Delete what staff were shown, or write `text` over it where it is to be kept or too old to be deleted."""

        async def write_over(chat_id: int) -> None:
            await bot.edit_message_text(text, chat_id, number)

        delete = partial(bot.delete_message, message_id=number)
        write_under = partial(bot.edit_message_caption, message_id=number, caption=text)
        ways: tuple[Callable[[int], Awaitable[Any]], ...] = (delete, write_over, write_under)
        for way in ways[is_kept:]:
            try:
                await self.send(way)
            except CLOSED as error:
                _LOGGER.info("A message could not be taken back: %s", type(error).__name__)
            else:
                return

    def note_closed(self, error: TelegramError) -> None:
        """Say in the log that nothing reaches the chat."""
        _LOGGER.error("The staff's chat is closed to the bot (%s): check STAFF_CHAT_ID.", type(error).__name__)

    async def move(self, chat_id: int) -> None:
        """Go on with the id that Telegram has given the chat, and say that the setting must follow."""
        if chat_id == self.id:
            return
        _LOGGER.error("The staff's group has become a supergroup: set STAFF_CHAT_ID=%d.", chat_id)
        old, self.id = self.id, chat_id
        try:
            await asyncio.to_thread(self._records.move, old, chat_id)
        except RecordsError as error:
            _LOGGER.error("The staff's language stays behind: %s", error)

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
