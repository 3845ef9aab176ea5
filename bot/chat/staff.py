"""The staff's side of a case: their replies reach the student, and a closed case stays closed."""

import logging
from dataclasses import dataclass

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.chat.addressing import is_named, is_reply_to
from bot.chat.cases import (
    BARE_COMMAND,
    CLOSE,
    OVER,
    CaseDesk,
    ReplyToCase,
    find_obstacle,
    offer_close,
    read_tag,
    write_tagged,
)
from bot.chat.office import InStaffChat
from bot.chat.publishing import ADDING
from bot.chat.rating import SaysWhatWasWrong
from bot.chat.render import render_phrase
from bot.chat.reply import change_buttons, find_chat, reply, stop_spinner
from bot.chat.speaking import Context, Handler, Speaker, payload_of
from bot.language.phrases import phrase
from bot.records import Case

_LOGGER = logging.getLogger(__name__)


class _ReplyToBot(filters.MessageFilter):
    """Lets through what replies to a message of the bot, and does not name it."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such a reply."""
        bot = message.get_bot()
        return is_reply_to(message, bot) and not is_named(message, bot)


@dataclass(frozen=True)
class Staff:
    """What staff do with cases in their chat."""

    desk: CaseDesk

    def handlers(self) -> list[Handler]:
        """Return what takes the updates of the staff's chat, before those of the conversation."""
        said = ~filters.StatusUpdate.ALL
        replies = ReplyToCase() & ~BARE_COMMAND & ~ADDING & said
        asides = _ReplyToBot() & ~ReplyToCase() & ~SaysWhatWasWrong() & ~filters.COMMAND & said
        inner: list[Handler] = [
            CallbackQueryHandler(self.close, pattern=rf"^{CLOSE}\d{{1,9}}$"),
            MessageHandler(replies, self.answer),
            MessageHandler(asides, self.explain),
        ]
        return [InStaffChat(handler, self.desk.staff) for handler in inner]

    def fallbacks(self) -> list[Handler]:
        """Return what takes a reply that is a command which nothing knows: it was not meant as one."""
        return [InStaffChat(MessageHandler(ReplyToCase() & filters.COMMAND, self.answer), self.desk.staff)]

    async def answer(self, update: Update, context: Context) -> None:
        """Carry a reply to the student whose question it answers, and confirm it."""
        message = update.effective_message
        number = read_tag(message.reply_to_message) if message is not None else None
        if message is None or number is None:
            return
        case = await self.desk.find(number)
        obstacle = find_obstacle(update, case)
        key = (obstacle or OVER).to_staff if case is None or obstacle else await self._carry(message, case, context)
        await self._say(update, context, number, key, is_open=obstacle != OVER)

    async def explain(self, update: Update, context: Context) -> None:
        """Say that a reply to what belongs to no case goes to nobody: it is neither an answer nor a question."""
        if update.message is not None:
            language = await self.desk.staff.language()
            text = phrase(language, "staff_no_case", name=f"@{context.bot.username}")
            await reply(update, context.bot, render_phrase(text, language), self.desk.journal.stopping)

    async def close(self, update: Update, context: Context) -> None:
        """Close a case, tell its student, and take its button away."""
        number = int(payload_of(update).removeprefix(CLOSE))
        case = await self.desk.find(number)
        await stop_spinner(update)
        await change_buttons(update, None)
        if case is None or case.state != "open":
            await self._say(update, context, number, "staff_over", is_open=False)
            return
        await self.desk.close(context.bot, case)
        await self._say(update, context, number, "staff_closed", is_open=False)

    async def _carry(self, message: Message, case: Case, context: Context) -> str:
        """Carry a reply to the student, once, and return the phrase that tells what came of it."""
        courier = self.desk.to_student(context.bot, case)
        try:
            await self.desk.carry(courier, case, message, phrase(case.language, "case_answer"), by_staff=True)
        except Forbidden:
            return "staff_blocked"
        except BadRequest as error:
            _LOGGER.error("A reply of the staff was refused: %s", type(error).__name__)
            return "staff_refused"
        return "staff_delivered"

    async def _say(self, update: Update, context: Context, number: int, key: str, *, is_open: bool) -> None:
        language = await self.desk.staff.language()
        messages = write_tagged(number, phrase(language, key), language)
        buttons = offer_close(number, language) if is_open else None
        await reply(update, context.bot, messages, self.desk.journal.stopping, buttons)


async def tell_id(speaker: Speaker, update: Update, context: Context) -> None:
    """Tell a chat's id, for whoever sets the staff's chat."""
    await speaker.say(update, context, "chat_id", number=find_chat(update))
