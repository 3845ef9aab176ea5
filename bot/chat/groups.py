"""How the bot behaves among others: asked, it answers shortly, and offers to go on in private."""

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatType

from bot.chat.brief import shorten
from bot.chat.buttons import make_keyboard, offer_choices, start_link
from bot.chat.render import render_html
from bot.index.entries import entry_key
from bot.language.direction import isolate
from bot.language.phrases import phrase
from bot.types import Answer, Language

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


def is_group(update: Update) -> bool:
    """Tell whether others read along."""
    return update.effective_chat is not None and update.effective_chat.type in _GROUPS


def present_briefly(answer: Answer, bot: Bot) -> tuple[list[str], InlineKeyboardMarkup]:
    """Return what a group is sent of an answer: one short message, its choices, and the way to the private chat."""
    rows = offer_choices(answer) if answer.outcome == "clarify" else []
    short = shorten(answer)
    is_whole = short is answer and not any(part.is_asked for part in answer.parts)
    has_entry = answer.outcome == "answered" and bool(answer.passages) and not is_whole
    key = entry_key(answer.passages[0].entry.id) if has_entry else ""
    return render_html(short), make_keyboard([*rows, [offer_private(bot, answer.language, key)]], answer.language)


def offer_private(bot: Bot, language: Language, entry: str = "") -> InlineKeyboardButton:
    """Return the button that leads to the private chat, and there to the rest of an entry whose short name is given."""
    address = start_link(bot.username, entry) if entry else f"https://t.me/{bot.username}?start=group"
    label = phrase(language, "brief_button" if entry else "inline_more")
    return InlineKeyboardButton(isolate(label, language), url=address)
