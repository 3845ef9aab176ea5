"""What the conversation says exists in every language, short enough for where it is shown."""

import pytest

from bot.chat.greeting import greet
from bot.chat.menu import COMMANDS, write_help
from bot.chat.render import render_phrase
from bot.language.phrases import load_phrases, phrase
from bot.types import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_menu_fits_telegrams_limits(language: Language) -> None:
    assert len(phrase(language, "short_description")) <= 120
    assert all(1 <= len(phrase(language, key)) <= 256 for key in COMMANDS.values())


@pytest.mark.parametrize("language", [*LANGUAGES, None])
def test_a_greeting_is_short(language: Language | None) -> None:
    greeting = greet(language)
    assert len(greeting) < 700
    assert len(greeting.splitlines()) <= 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_said_is_one_message(language: Language) -> None:
    texts = (greet(language), write_help(language), *load_phrases(language).values())
    assert all(len(render_phrase(text, language)) == 1 for text in texts)
