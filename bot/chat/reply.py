"""Replies to an update: messages into its chat, and what answers a tapped button."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated

from bot.chat.delivery import attempt, insist


async def reply(
    update: Update,
    bot: Bot,
    messages: Sequence[str],
    stopping: asyncio.Event,
    buttons: InlineKeyboardMarkup | None = None,
) -> None:
    """Send messages of HTML into the update's chat, in order, with buttons under the last.

    Raises what `insist` raises, and ValueError where there is nothing to send.
    """
    if not messages:
        raise ValueError("a reply needs a text")
    for number, text in enumerate(messages, 1):
        options: dict[str, Any] = {
            "text": text,
            "reply_markup": buttons if number == len(messages) else None,
            "reply_parameters": _quote(update.effective_message),
            "message_thread_id": find_thread(update),
        }
        try:
            await insist(partial(bot.send_message, find_chat(update), **options), stopping)
        except ChatMigrated as error:
            # A group that has become a supergroup has another number, and its messages stay behind.
            moved = options | {"reply_parameters": None, "message_thread_id": None}
            await insist(partial(bot.send_message, error.new_chat_id, **moved), stopping)


async def replace_buttons(update: Update, bot: Bot, messages: Sequence[str], stopping: asyncio.Event) -> None:
    """Write a message over the one whose button was tapped; into the chat where that one is out of reach."""
    query = update.callback_query
    await stop_spinner(update)
    if query is None or not isinstance(query.message, Message):
        await reply(update, bot, messages, stopping)
        return
    try:
        await insist(partial(query.edit_message_text, messages[0]), stopping)
    except BadRequest as error:
        # A second tap finds the text as it is; a deleted message cannot be written over.
        if "not modified" not in error.message.lower():
            await reply(update, bot, messages, stopping)


async def stop_spinner(update: Update, text: str | None = None) -> None:
    """Tell the phone that a tap has arrived, with a short text over the chat where one is given."""
    if update.callback_query is not None:
        await attempt(partial(update.callback_query.answer, text))


async def remove_buttons(update: Update) -> None:
    """Take the buttons away from the message whose button was tapped."""
    if update.callback_query is not None:
        await attempt(update.callback_query.edit_message_reply_markup)


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
