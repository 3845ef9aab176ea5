"""The staff's side of a case: their replies reach the student, and a closed case stays closed."""

import logging
from dataclasses import dataclass

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.chat.cases import CAPTIONED, CLOSE, CaseDesk, ReplyToCase, offer_close, read_tag, write_tagged
from bot.chat.office import InStaffChat
from bot.chat.reply import change_buttons, find_chat, reply, stop_spinner
from bot.chat.speaking import Context, Handler, Speaker, payload_of
from bot.language.phrases import phrase
from bot.records import Case

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Staff:
    """What staff do with cases in their chat."""

    desk: CaseDesk

    def handlers(self) -> list[Handler]:
        """Return what takes the updates of the staff's chat, before those of the conversation."""
        replies = ReplyToCase() & ~filters.COMMAND & ~filters.StatusUpdate.ALL
        inner: list[Handler] = [
            CallbackQueryHandler(self.close, pattern=rf"^{CLOSE}\d{{1,9}}$"),
            MessageHandler(replies, self.answer),
        ]
        return [InStaffChat(handler, self.desk.staff) for handler in inner]

    async def answer(self, update: Update, context: Context) -> None:
        """Carry a reply to the student whose question it answers, and confirm it."""
        message = update.effective_message
        number = read_tag(message.reply_to_message) if message is not None else None
        if message is None or number is None:
            return
        case = await self.desk.find(number)
        if case is None or case.state != "open":
            key = "staff_over"
        elif update.edited_message is not None:
            key = "staff_edited"
        elif message.text is None and not CAPTIONED.check_update(update):
            key = "staff_kind"
        else:
            key = await self._carry(message, case, context)
        await self._say(update, context, number, key, is_open=key != "staff_over")

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
