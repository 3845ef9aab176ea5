"""What the conversation says exists in every language, short enough for where it is shown."""

import unicodedata

import pytest

from bot.chat.greeting import EXAMPLES, greet, welcome
from bot.chat.menu import COMMANDS, write_help
from bot.chat.render import render_phrase
from bot.language.phrases import load_phrases, phrase
from bot.types import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_menu_fits_telegrams_limits(language: Language) -> None:
    assert len(phrase(language, "short_description")) <= 120
    assert len(phrase(language, "description")) <= 512
    assert all(1 <= len(phrase(language, key)) <= 256 for key in COMMANDS.values())


@pytest.mark.parametrize("language", [*LANGUAGES, None])
def test_a_greeting_is_short(language: Language | None) -> None:
    greeting = greet(language)
    assert len(welcome(language)) < len(greeting) < 700
    assert len(greeting.splitlines()) <= 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_said_is_one_message(language: Language) -> None:
    texts = (greet(language), write_help(language), *load_phrases(language).values())
    assert all(len(render_phrase(text, language)) == 1 for text in texts)


# A small phone shows about so many characters of a button that has a row to itself, and of one of two in a row. A
# Chinese character is as wide as two others.
WHOLE_ROW, HALF_ROW = 40, 24
ALONE = ("language_automatic", "blame_done", *EXAMPLES)
IN_PAIRS = (
    "facet_", "trade_", "length_", "fee_", "level_", "topic_", "reason_", "menu", "card_", "page_p", "page_n", "page_b",
    "remind_one", "remind_many", "remind_cancel", "ask_person", "group_other",
)  # fmt: skip
NO_LABELS = ("menu_text", "remind_cancelled")


def width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_fits_a_small_screen(language: Language) -> None:
    labels = {key: text for key, text in load_phrases(language).items() if key.startswith(IN_PAIRS)}
    too_long = {key: text for key, text in labels.items() if width(text) > HALF_ROW and key not in NO_LABELS}
    assert not too_long
    assert not [phrase(language, key) for key in ALONE if width(phrase(language, key)) > WHOLE_ROW]
