"""Who a message is for, what it asks, and which language its sender reads."""

import re

from telegram import Bot, Message, Update
from telegram.constants import ChatType

from bot.language.identify import identify
from bot.types import Language

_PHONES: dict[str, Language] = {"en": "en", "ur": "ur", "zh": "zh"}


def is_addressed(message: Message, bot: Bot) -> bool:
    """Tell whether a message is for the bot: any in a private chat, elsewhere a mention of it or a reply to it."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot.id:
        return True
    return _mention(bot).search(message.text or message.caption or "") is not None


def find_question(message: Message, bot: Bot) -> str:
    """Return what a message asks, without the mention of the bot."""
    return _mention(bot).sub(" ", message.text or "").strip()


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
