"""A case on its way between a student and the staff: shown to both under its number, and each message carried once."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageId, ReplyParameters, Update
from telegram.ext import filters

from bot.chat.delivery import insist
from bot.chat.journal import Journal
from bot.chat.office import CLOSED, StaffChat
from bot.chat.render import MESSAGE_LIMIT, render_phrase
from bot.chat.services import Services
from bot.chat.split import measure_utf16, split_text
from bot.errors import IndexUnavailableError
from bot.language.direction import remove_controls
from bot.language.phrases import phrase
from bot.records import Case, Copies
from bot.types import Language

_LOGGER = logging.getLogger(__name__)

CLOSE = "k:"
# What can have words under it, and with them its case's number.
_CAPTIONED = (
    filters.PHOTO | filters.Document.ALL | filters.VOICE | filters.VIDEO | filters.AUDIO | filters.ANIMATION
)  # fmt: skip
SILENCE_SECONDS = 3600.0
_CAPTION_LIMIT = 1024
_TAG = re.compile(r"#case(\d{1,9})\b")

# Sends into one chat whatever the call does with that chat's id.
Send = Callable[[Callable[[int], Awaitable[Any]]], Awaitable[Any]]


def tag(number: int) -> str:
    """Return what stands at the head of every message of a case: a tap on it finds them all."""
    return f"#case{number}"


def read_tag(message: Message | None) -> int | None:
    """Return the case that a message of the bot belongs to, None for any other message."""
    if message is None or message.from_user is None or message.from_user.id != message.get_bot().id:
        return None
    match = _TAG.match(remove_controls(message.text or message.caption or ""))
    return int(match[1]) if match else None


class ReplyToCase(filters.MessageFilter):
    """Lets through what replies to a message of a case."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such a reply."""
        return read_tag(message.reply_to_message) is not None


# A reply that is a command and nothing else is one; with more words it is a reply that begins like one.
BARE_COMMAND = filters.COMMAND & filters.Regex(r"^\S+\s*$")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a reply is not carried: the phrases that say so to either side."""

    to_staff: str
    to_student: str


OVER = Obstacle("staff_over", "case_over")
_EDITED = Obstacle("staff_edited", "case_edited")
_KIND = Obstacle("staff_kind", "case_kind")


def find_obstacle(update: Update, case: Case | None) -> Obstacle | None:
    """Return why a reply to a case is not carried to its other side, None where it is."""
    if case is None or case.state != "open":
        return OVER
    if update.edited_message is not None:
        return _EDITED
    message = update.message
    return _KIND if message is None or (message.text is None and not _CAPTIONED.check_update(update)) else None


def write_tagged(number: int, text: str, language: Language) -> list[str]:
    """Return text as messages that Telegram accepts, each with its case's number at its head."""
    return [html for piece in _split(number, text, language) for html in render_phrase(piece, language)]


def _split(number: int, text: str, language: Language) -> list[str]:
    head = f"{tag(number)} · "

    def measure(piece: str) -> int:
        return sum(measure_utf16(html) for html in render_phrase(head + piece, language))

    return [head + piece for piece in split_text(text, MESSAGE_LIMIT - len(head), measure)]


@dataclass(frozen=True)
class Courier:
    """Carries messages to one side of a case, in the language of that side."""

    bot: Bot
    number: int
    language: Language
    send: Send
    chat_id: int  # where it goes to, unless that is moved: the new chat numbers its messages anew
    reply_to: int | None
    buttons: InlineKeyboardMarkup | None = None

    async def carry(self, message: Message, head: str) -> list[int]:
        """Pass a message on under `head` and return the ids of its copies. Raises what `insist` raises."""
        if message.text is not None:
            return await self.write(f"{head}\n{message.text}")
        caption = "\n".join(filter(None, (head, message.caption)))
        written = write_tagged(self.number, caption, self.language)
        if len(written) == 1 and measure_utf16(written[0]) <= _CAPTION_LIMIT:
            return [await self._copy(message, written[0])]
        ids = await self.write(caption)
        return [*ids, await self._copy(message, write_tagged(self.number, head, self.language)[0])]

    async def write(self, text: str) -> list[int]:
        """Send text and return the ids of its messages, buttons under the last. Raises what `insist` raises."""
        *first, last = write_tagged(self.number, text, self.language)
        sent = [await self.send(partial(self._send, text=part)) for part in first]
        sent.append(await self.send(partial(self._send, text=last, **self._markup)))
        return [message.message_id for message in sent]

    async def _send(self, chat_id: int, **values: Any) -> Message:  # noqa: ANN401
        return await self.bot.send_message(chat_id, reply_parameters=self._quote(chat_id), **values)

    async def _copy(self, message: Message, caption: str) -> int:
        async def copy(chat_id: int) -> MessageId:
            return await self.bot.copy_message(
                chat_id,
                message.chat_id,
                message.message_id,
                caption,
                reply_parameters=self._quote(chat_id),
                **self._markup,
            )

        copied = await self.send(copy)
        return int(copied.message_id)

    @property
    def _markup(self) -> dict[str, Any]:
        return {"reply_markup": self.buttons} if self.buttons else {}

    def _quote(self, chat_id: int) -> ReplyParameters | None:
        if self.reply_to is None or chat_id != self.chat_id:
            return None
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True)


@dataclass(frozen=True)
class CaseDesk:
    """What both sides and the clock do with a case."""

    services: Services
    journal: Journal
    staff: StaffChat
    # A start takes up what was not passed on while the journal does the same.
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, number: int) -> Case | None:
        """Return a case, None where it is none or was let go. Raises RecordsError."""
        return await asyncio.to_thread(self.services.records.cases.find, number)

    def to_student(self, bot: Bot, case: Case) -> Courier:
        """Return what carries to the student, as an answer to their question."""
        send = partial(self._send_to_student, case.chat_id)
        return Courier(bot, case.number, case.language, send, case.chat_id, case.message_id)

    async def to_staff(self, bot: Bot, case: Case) -> Courier:
        """Return what carries to the staff, under the case's first message where they have one."""
        language = await self.staff.language()
        buttons = offer_close(case.number, language)
        shown = await self._list_copies(case)
        first = case.staff_message_id if case.staff_message_id in shown else None
        return Courier(bot, case.number, language, self.staff.send, self.staff.id, first, buttons)

    async def pass_on(self, bot: Bot, number: int) -> bool:
        """Show an open case to the staff, once, and tell whether they have it. Raises what `insist` raises."""
        async with self._turn:
            case = await self.find(number)
            if case is None or case.state != "open" or case.staff_message_id is not None:
                return case is not None and case.state != "offered"
            courier = await self.to_staff(bot, case)
            try:
                numbers = await courier.write(_describe(case, courier.language))
            except CLOSED as error:
                self.staff.note_closed(error)
                return False
            copies = Copies(self.staff.id, numbers)
            note = partial(self.services.records.cases.note_sent, case, copies, time.time() + SILENCE_SECONDS)
            await asyncio.to_thread(note, self.services.today())
        return True

    async def carry(self, courier: Courier, case: Case, message: Message, head: str, *, by_staff: bool) -> None:
        """Carry a message to the other side of a case, once: a second delivery of it finds it noted.

        Raises what `insist` raises.
        """
        cases = self.services.records.cases
        if await asyncio.to_thread(cases.is_passed_on, message.chat_id, message.message_id):
            return
        numbers = await courier.carry(message, head)
        copies = Copies(case.chat_id if by_staff else self.staff.id, numbers)
        note = partial(cases.note_passed_on, case.number, message.chat_id, message.message_id, copies)
        await asyncio.to_thread(note, self.services.today(), by_staff=by_staff)

    async def pass_on_waiting(self, bot: Bot) -> None:
        """Show the staff what a crash or a closed chat kept from them. Raises what `insist` raises."""
        for case in await asyncio.to_thread(self.services.records.cases.find_unsent):
            if not await self.pass_on(bot, case.number):
                return

    async def reassure(self, bot: Bot) -> None:
        """Tell the students who have waited for an hour when to expect more, once. Raises what `insist` raises."""
        cases = self.services.records.cases
        for case in await asyncio.to_thread(cases.find_silent, time.time()):
            await self._tell(bot, case, phrase(case.language, "case_waiting"))
            await asyncio.to_thread(cases.note_waiting, case.number)

    async def close(self, bot: Bot, case: Case) -> None:
        """Close a case and tell its student. Raises what `insist` raises."""
        text = phrase(case.language, "case_closed")
        contact = "" if case.is_answered else await find_contact(self.services, case.language)
        await self._tell(bot, case, f"{text}\n{contact}".strip())
        await asyncio.to_thread(self.services.records.cases.close, case.number, self.services.today())

    async def withdraw(self, bot: Bot, chat_id: int) -> None:
        """Delete a student's questions, before that in the staff's chat, as far as Telegram lets.

        Raises what `insist` raises.
        """
        cases = self.services.records.cases
        # Nothing of them is to be shown to staff meanwhile.
        async with self._turn:
            for case in await asyncio.to_thread(cases.of_chat, chat_id):
                await self._take_back(bot, case, "staff_withdrawn")
            await asyncio.to_thread(cases.forget, chat_id)

    async def let_go(self, bot: Bot, oldest: date) -> None:
        """Delete the cases at rest since before `oldest`, before that in the staff's chat, as far as Telegram lets.

        Raises what `insist` raises.
        """
        cases = self.services.records.cases
        async with self._turn:
            for case in await asyncio.to_thread(cases.older_than, oldest):
                await self._take_back(bot, case, "staff_expired")
            await asyncio.to_thread(cases.delete_older_than, oldest)

    async def _list_copies(self, case: Case) -> list[int]:
        return await asyncio.to_thread(self.services.records.cases.list_copies, case.number, self.staff.id)

    async def _take_back(self, bot: Bot, case: Case, why: str) -> None:
        """Leave one message of a case in the staff's chat, which tells by a phrase why its words are gone."""
        language = await self.staff.language()
        text = write_tagged(case.number, phrase(language, why), language)[0]
        for copy in reversed(await self._list_copies(case)):
            await self.staff.take_back(bot, copy, text, is_kept=copy == case.staff_message_id)

    async def _tell(self, bot: Bot, case: Case, text: str) -> None:
        try:
            await self.to_student(bot, case).write(text)
        except CLOSED as error:
            _LOGGER.info("A student could not be told of their case: %s", type(error).__name__)

    async def _send_to_student(self, chat_id: int, call: Callable[[int], Awaitable[Any]]) -> Any:  # noqa: ANN401
        return await insist(partial(call, chat_id), self.journal.stopping)


async def find_contact(services: Services, language: Language) -> str:
    """Return how to reach the office without the bot, nothing while there is no index that could tell."""
    try:
        contact = await asyncio.to_thread(services.find_contact, language)
    except IndexUnavailableError as error:
        _LOGGER.error("The office's contact is not told: %s", error)
        return ""
    return phrase(language, "person", contact=contact) if contact else phrase(language, "no_contact")


def offer_close(number: int, language: Language) -> InlineKeyboardMarkup:
    """Return the button that closes a case."""
    button = InlineKeyboardButton(phrase(language, "staff_close"), callback_data=f"{CLOSE}{number}")
    return InlineKeyboardMarkup([[button]])


def _describe(case: Case, language: Language) -> str:
    """Return what staff see of a case."""
    asked_in = phrase(case.language, "language_name")
    parts: Sequence[str] = (
        phrase(language, "staff_case", language=asked_in),
        phrase(language, "staff_case_name", name=case.name) if case.name else "",
        "",
        phrase(language, "staff_case_question"),
        case.question,
        "",
        phrase(language, "staff_case_answer") if case.answer else "",
        case.answer,
        "",
        phrase(language, "staff_case_how"),
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))
