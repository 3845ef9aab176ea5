"""Who a message is for, what it asks, and which language its sender reads."""

import re

from telegram import Bot, Message, Update
from telegram.constants import ChatType

from bot.language.identify import identify
from bot.types import Language

_PHONES: dict[str, Language] = {"en": "en", "ur": "ur", "zh": "zh"}


def is_addressed(message: Message, bot: Bot) -> bool:
    """Tell whether a message is for the bot: any in a private chat, elsewhere a mention of it or a reply to it.

    Its own answer, which somebody picked inline and sent, is for others.
    """
    if message.via_bot is not None and message.via_bot.id == bot.id:
        return False
    if message.chat.type == ChatType.PRIVATE:
        return True
    return is_reply_to(message, bot) or is_named(message, bot)


def is_reply_to(message: Message, bot: Bot) -> bool:
    """Tell whether a message replies to one of the bot's."""
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot.id


def is_named(message: Message, bot: Bot) -> bool:
    """Tell whether a message or its caption mentions the bot."""
    return _mention(bot).search(message.text or message.caption or "") is not None


def find_question(message: Message, bot: Bot) -> str:
    """Return what a message or its caption asks, without the mention of the bot; nothing where it holds no word."""
    question = _mention(bot).sub(" ", message.text or message.caption or "").strip()
    return question if any(character.isalnum() for character in question) else ""


def find_person(update: Update) -> int:
    """Return who is spoken to: a user, or the group or channel in whose name a message is written; 0 for nobody.

    What a person chose holds for them wherever they write. In a private chat both have the same number.
    """
    sender = update.effective_sender
    message = update.message or update.edited_message
    # An administrator who stays anonymous writes as the group, under a user that all of them share.
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id
    return sender.id if sender is not None else 0


def guess_language(update: Update) -> Language | None:
    """Return the language that a sender reads: that of their words, else of their phone, None where neither tells."""
    message = update.effective_message
    words = (message.text or message.caption or "") if message and not update.callback_query else ""
    if any(character.isalpha() for character in words) and not words.startswith("/"):
        return identify(words)
    return read_phone(update)


def read_phone(update: Update) -> Language | None:
    """Return the language of the sender's phone, None where it is another than the bot's."""
    user = update.effective_user
    return _PHONES.get((user.language_code or "").split("-")[0].lower()) if user else None


def _mention(bot: Bot) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)@{re.escape(bot.username)}\b", re.IGNORECASE)
