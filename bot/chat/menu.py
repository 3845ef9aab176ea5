"""The commands as one list, which the help, Telegram's menu and the bot's own page are made from."""

from functools import partial

from telegram import Bot, BotCommand

from bot.chat.delivery import attempt
from bot.language.phrases import phrase
from bot.types import Language

# Each command with the phrase that says what it does.
COMMANDS = {
    "start": "command_start",
    "menu": "command_menu",
    "help": "command_help",
    "reminders": "command_reminders",
    "language": "command_language",
    "person": "command_person",
    "privacy": "command_privacy",
    "forget": "command_forget",
}
_IN_HELP = ("menu", "person", "reminders", "language", "privacy", "forget")
# The phone's language that a menu is for; without one it is for all others.
_MENUS: dict[str | None, Language] = {None: "en", "ur": "ur", "zh": "zh"}


def write_help(language: Language) -> str:
    """Return how to ask, and what the commands do."""
    commands = (f"/{name} – {phrase(language, COMMANDS[name])}" for name in _IN_HELP)
    return "\n".join((phrase(language, "help"), "", *commands))


async def introduce(bot: Bot) -> None:
    """Tell Telegram the menu and what the bot does, in each language it has phones for; failures cost nothing."""
    for phone, language in _MENUS.items():
        commands = [BotCommand(name, phrase(language, key)) for name, key in COMMANDS.items()]
        await attempt(partial(bot.set_my_commands, commands, language_code=phone))
        text = phrase(language, "short_description")
        await attempt(partial(bot.set_my_short_description, text, language_code=phone))
        await attempt(partial(bot.set_my_description, phrase(language, "description"), language_code=phone))
