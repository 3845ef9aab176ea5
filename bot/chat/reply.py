"""Replies to an update: messages into its chat, and what answers a tapped button."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated

from bot.chat.delivery import attempt, deliver, insist


async def reply(
    update: Update,
    bot: Bot,
    messages: Sequence[str],
    stopping: asyncio.Event,
    buttons: InlineKeyboardMarkup | None = None,
) -> list[int]:
    """Send messages of HTML into the update's chat, in order, with buttons under the last; return their numbers.

    Raises what `insist` raises, and ValueError where there is nothing to send.
    """
    if not messages:
        raise ValueError("a reply needs a text")
    asked_in = chat_id = find_chat(update)

    async def send(place: int, text: str, markup: InlineKeyboardMarkup | None) -> Message:
        # A group's messages stay behind when it becomes a supergroup, where their numbers are those of others.
        ties = {"reply_parameters": _quote(update.effective_message), "message_thread_id": find_thread(update)}
        options: dict[str, Any] = ties if place == asked_in else {}
        return await bot.send_message(place, text, reply_markup=markup, **options)

    sent = []
    for number, text in enumerate(messages, 1):
        markup = buttons if number == len(messages) else None
        message, chat_id = await deliver(chat_id, partial(send, text=text, markup=markup), stopping)
        sent.append(message.message_id)
    return sent


async def turn(
    update: Update,
    bot: Bot,
    messages: Sequence[str],
    stopping: asyncio.Event,
    buttons: InlineKeyboardMarkup | None = None,
) -> list[int]:
    """Write a message over the one whose button was tapped; into the chat where it does not fit or is out of reach.

    Return the numbers of the messages that show it.
    """
    query = update.callback_query
    await stop_spinner(update)
    message = query.message if query else None
    place = [(message.chat.id, message.message_id)] if isinstance(message, Message) else []
    if place and await write_over(place, bot, messages, stopping, buttons):
        return [number for _, number in place]
    return await reply(update, bot, messages, stopping, buttons)


async def write_over(
    written: Sequence[tuple[int, int]],
    bot: Bot,
    messages: Sequence[str],
    stopping: asyncio.Event,
    buttons: InlineKeyboardMarkup | None = None,
) -> bool:
    """Write messages over the bot's own, each by its chat and number, with buttons under the last.

    Tell whether that could be done: there must be as many, and Telegram must still have them.
    """
    if len(written) != len(messages):
        return False
    for number, ((chat_id, message_id), text) in enumerate(zip(written, messages, strict=True), 1):
        under = buttons if number == len(messages) else None
        edit = partial(bot.edit_message_text, text, chat_id=chat_id, message_id=message_id, reply_markup=under)
        try:
            await insist(edit, stopping)
        except (BadRequest, ChatMigrated) as error:
            # A second tap finds the text as it is; a deleted message, or one of a group that has become a supergroup,
            # cannot be written over.
            if "not modified" not in error.message.lower():
                return False
    return True


async def stop_spinner(update: Update, text: str | None = None) -> None:
    """Tell the phone that a tap has arrived, with a short text over the chat where one is given."""
    if update.callback_query is not None:
        await attempt(partial(update.callback_query.answer, text))


async def change_buttons(update: Update, buttons: InlineKeyboardMarkup | None) -> None:
    """Put other buttons under the message whose button was tapped, or none."""
    if update.callback_query is not None:
        await attempt(partial(update.callback_query.edit_message_reply_markup, buttons))


def read_buttons(update: Update) -> InlineKeyboardMarkup | None:
    """Return the buttons under the message whose button was tapped."""
    message = update.callback_query.message if update.callback_query else None
    return message.reply_markup if isinstance(message, Message) else None


def find_chat(update: Update) -> int:
    """Return the chat that an update came from. Raises ValueError where it came from none."""
    if update.effective_chat is None:
        raise ValueError("the update is of no chat")
    return update.effective_chat.id


def find_thread(update: Update) -> int | None:
    """Return the topic of a group that an update came from."""
    message = update.effective_message
    return message.message_thread_id if message is not None and message.is_topic_message else None


def _quote(message: Message | None) -> ReplyParameters | None:
    """Return what ties a reply to its question, in a group where others write in between."""
    if message is None or message.chat.type == ChatType.PRIVATE:
        return None
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)
