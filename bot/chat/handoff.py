"""A student's side of asking a person: shown what would be sent, asked how, then told what becomes of it."""

import asyncio
from dataclasses import dataclass
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.chat.addressing import find_question
from bot.chat.buttons import PERSON
from bot.chat.cases import BARE_COMMAND, CaseDesk, ReplyToCase, find_contact, find_obstacle, read_tag, tag
from bot.chat.delivery import type_while
from bot.chat.memory import Asked, Memory, find_speaker
from bot.chat.office import CLOSED
from bot.chat.rating import SaysWhatWasWrong
from bot.chat.render import render_phrase, render_text
from bot.chat.reply import find_chat, find_thread, stop_spinner, turn
from bot.chat.services import Services
from bot.chat.speaking import Context, Handler, Speaker, on_command, payload_of
from bot.chat.split import cut
from bot.errors import IndexUnavailableError
from bot.language.identify import identify
from bot.language.phrases import phrase
from bot.records import Case
from bot.types import Answer, Language

_NAMED, _NAMELESS, _CANCEL = "y:", "n:", "c:"
# Staff see what the bot would have said, not a whole page of it.
_ANSWER_LENGTH = 700


class _Writing(filters.MessageFilter):
    """Lets through the message of somebody who was asked to write their question."""

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory

    def filter(self, message: Message) -> bool:
        """Tell whether a message's sender was asked to write."""
        return message.from_user is not None and (message.chat_id, message.from_user.id) in self._memory.writing


@dataclass(frozen=True)
class Handoff:
    """Hands a student's question to people; without any it names the office's contact."""

    services: Services
    speaker: Speaker
    desk: CaseDesk | None
    memory: Memory

    def handlers(self) -> list[Handler]:
        """Return what takes the updates, before those of the conversation."""
        words = filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
        question = words & _Writing(self.memory) & ~SaysWhatWasWrong()
        reply = filters.ChatType.PRIVATE & ReplyToCase() & ~BARE_COMMAND & ~filters.StatusUpdate.ALL
        return [
            MessageHandler(reply, self.pass_on),
            on_command("person", self.offer),
            CallbackQueryHandler(self.offer, pattern=f"^{PERSON}$"),
            CallbackQueryHandler(self.send, pattern=rf"^{PERSON}[{_NAMED[0]}{_NAMELESS[0]}]:\d{{1,9}}$"),
            CallbackQueryHandler(self.cancel, pattern=rf"^{PERSON}{_CANCEL}\d{{1,9}}$"),
            MessageHandler(question, self.offer_written),
        ]

    def observers(self) -> list[Handler]:
        """Return what looks at updates before anything answers them."""
        return [
            MessageHandler(filters.COMMAND & filters.UpdateType.MESSAGE, self.stop_waiting),
            CallbackQueryHandler(self.stop_waiting),
        ]

    async def stop_waiting(self, update: Update, context: Context) -> None:
        """Wait no longer for a question to be written: whoever does something else will write something else."""
        self.memory.writing.pop(find_speaker(update), None)

    async def offer(self, update: Update, context: Context) -> None:
        """Show what would be sent to a person, and ask how; where nothing is remembered, ask for it."""
        if not _is_private(update):
            await self._explain(update, context, "person_private")
            return
        await stop_spinner(update)
        if self.desk is None:
            language = await self.speaker.language(update)
            contact = await find_contact(self.services, language) or phrase(language, "no_index")
            await self.speaker.send(update, context, contact, language)
            return
        asked = self.memory.asked.get(find_speaker(update))
        if asked is None:
            self.memory.writing[find_speaker(update)] = None
            language = await self.speaker.language(update)
            buttons = InlineKeyboardMarkup([[_button(language, "person_cancel", f"{_CANCEL}0")]])
            await self.speaker.send(update, context, phrase(language, "person_write"), language, buttons)
            return
        await self._show(update, context, asked)

    async def offer_written(self, update: Update, context: Context) -> None:
        """Show a question that was written for a person, and ask how to send it."""
        message = update.effective_message
        question = find_question(message, context.bot) if message is not None else ""
        if not question:
            await self.speaker.say(update, context, "empty_question")
            return
        try:
            chosen, speaker = await self.speaker.chosen(update), self.speaker.stand_for(update)
            work = asyncio.to_thread(self.services.ask, question, chosen, speaker=speaker)
            answer = await type_while(work, context.bot, find_chat(update), find_thread(update))
        except IndexUnavailableError:
            answer = None
        self.memory.ask(update, question, answer)
        await self._show(update, context, self.memory.asked[find_speaker(update)])
        self.memory.writing.pop(find_speaker(update), None)

    async def send(self, update: Update, context: Context) -> None:
        """Pass a question on, with its student's name where they agreed, and tell them so."""
        how, number = payload_of(update).removeprefix(PERSON).split(":")
        case = await self.desk.find(int(number)) if self.desk else None
        if self.desk is None or case is None or case.chat_id != find_chat(update) or case.state == "closed":
            await self._explain(update, context, "too_old")
            return
        if case.state == "offered":
            user = update.effective_user
            name = user.full_name if user and f"{how}:" == _NAMED else None
            await asyncio.to_thread(self.services.records.cases.open, case.number, name, self.services.today())
            # Whoever asks for a person again has something new to ask.
            self.memory.answer_by_person(update, case.question)
        text = phrase(case.language, "person_passed_on")
        if not await self.desk.pass_on(context.bot, case.number):
            text = phrase(case.language, "person_later") + "\n" + await find_contact(self.services, case.language)
        messages = render_phrase(f"{tag(case.number)} · {text.strip()}", case.language)
        await turn(update, context.bot, messages, self.speaker.journal.stopping)

    async def cancel(self, update: Update, context: Context) -> None:
        """Send nothing; what was sent before stays so."""
        number = int(payload_of(update).rpartition(":")[2])
        cases = self.services.records.cases
        case = await asyncio.to_thread(cases.find, number)
        language, text = await self.speaker.language(update), ""
        if case is not None and case.chat_id == find_chat(update) and case.state != "closed":
            language = case.language
            if case.state == "open":
                text = f"{tag(number)} · {phrase(language, 'person_passed_on')}"
            await asyncio.to_thread(cases.drop, number)
        elif number:
            await self._explain(update, context, "too_old")
            return
        messages = render_phrase(text or phrase(language, "person_cancelled"), language)
        await turn(update, context.bot, messages, self.speaker.journal.stopping)

    async def pass_on(self, update: Update, context: Context) -> None:
        """Pass on what a student answers to a person, while their case is open."""
        message = update.effective_message
        number = read_tag(message.reply_to_message) if message is not None else None
        case = await self.desk.find(number) if self.desk is not None and number is not None else None
        if message is None or self.desk is None or case is None or case.chat_id != find_chat(update):
            await self.speaker.say(update, context, "case_over")
            return
        obstacle = find_obstacle(update, case)
        key = obstacle.to_student if obstacle else await self._carry(message, case, self.desk, context)
        await self.speaker.send(update, context, phrase(case.language, key), case.language)

    async def _carry(self, message: Message, case: Case, desk: CaseDesk, context: Context) -> str:
        """Carry a student's message to the staff, once, and return the phrase that tells what came of it."""
        courier = await desk.to_staff(context.bot, case)
        try:
            await desk.carry(courier, case, message, phrase(courier.language, "staff_more"), by_staff=False)
        except CLOSED as error:
            desk.staff.note_closed(error)
            return "case_unreachable"
        return "case_more"

    async def _show(self, update: Update, context: Context, asked: Asked) -> None:
        language = await self.speaker.chosen(update) or identify(asked.text)
        answer = _find_answer(asked, self.memory.told.get(find_speaker(update)))
        said = cut(render_text(answer), _ANSWER_LENGTH) if answer is not None else ""
        offer = partial(self.services.records.cases.offer, find_chat(update), asked.message_id, language, asked.text)
        number = await asyncio.to_thread(offer, said, self.services.today())
        if number is None:
            await self.speaker.send(update, context, phrase(language, "person_too_many"), language)
            return
        text = phrase(language, "person_offer", question=asked.text)
        await self.speaker.send(update, context, text, language, _offer_ways(number, language))

    async def _explain(self, update: Update, context: Context, key: str) -> None:
        """Say why a tap or a command does nothing: over the chat for a tap in a group, else in it."""
        language = await self.speaker.language(update)
        if update.callback_query is not None and not _is_private(update):
            await stop_spinner(update, phrase(language, key))
            return
        await stop_spinner(update)
        await self.speaker.send(update, context, phrase(language, key), language)


def _find_answer(asked: Asked, told: Answer | None) -> Answer | None:
    """Return what a question was answered with: where it was asked back, what was chosen then."""
    if told is not None and asked.answer is not None and told.passages:
        chosen = told.passages[0].entry.id
        return told if chosen in asked.answer.choices else asked.answer
    return asked.answer


def _offer_ways(number: int, language: Language) -> InlineKeyboardMarkup:
    ways = (("person_nameless", _NAMELESS), ("person_named", _NAMED), ("person_cancel", _CANCEL))
    return InlineKeyboardMarkup([[_button(language, key, f"{way}{number}")] for key, way in ways])


def _button(language: Language, key: str, payload: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(phrase(language, key), callback_data=PERSON + payload)


def _is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE
