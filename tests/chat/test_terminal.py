"""The conversation in a terminal."""

from collections.abc import Sequence

import pytest

from bot.chat.terminal import converse, demonstrate
from bot.errors import IndexMissingError
from bot.index.entries import entry_key
from bot.language.phrases import phrase
from bot.types import LANGUAGES, Answer, Language, Part
from tests.chat.scripted import Script, make_answer


def talk(script: Script, lines: Sequence[str]) -> list[str]:
    """Return what is said to the lines, without the greeting."""
    written: list[str] = []
    left = list(lines)

    def read(prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    converse(script.ask, script.show, script.show, read, written.append)
    assert left == []
    return written[2:]


@pytest.fixture
def script() -> Script:
    return Script()


def test_it_greets_in_every_language_and_ends_with_the_input(script: Script) -> None:
    written: list[str] = []

    def read(prompt: str) -> str:
        raise EOFError

    converse(script.ask, script.show, script.show, read, written.append)
    assert all(phrase(language, "hello") in written[0] for language in ("en", "ur", "zh"))


def test_quit_ends_it(script: Script) -> None:
    assert talk(script, ["fee?", "/quit"]) == ["You asked: fee?"]


def test_a_chosen_language_stays_until_it_follows_again(script: Script) -> None:
    said = talk(script, ["/language UR-latn", "fee?", "/language auto", "学费？", "/language klingon"])
    assert said[0] == phrase("ur-Latn", "language_set")
    assert said[2] == phrase("ur-Latn", "language_follows")
    assert said[4] == phrase("en", "terminal_help")
    assert script.asked == [("fee?", "ur-Latn"), ("学费？", None)]


def test_help_and_an_empty_line(script: Script) -> None:
    said = talk(script, ["/help", "", "/start"])
    assert said[0] == phrase("en", "help") + "\n" + phrase("en", "terminal_help")
    assert said[1] == phrase("en", "empty_question")
    assert phrase("zh", "hello") in said[2]


def test_a_number_picks_a_choice_and_any_other_is_a_question(script: Script) -> None:
    def offer(question: str, language: Language) -> Answer:
        choices = (Part("choice", name, entry_id=f"{name}#1") for name in "ab")
        return make_answer(Part("text", "Which?"), *choices, language=language, outcome="clarify")

    script.rules["学费"] = offer
    said = talk(script, ["2", "学费", "2", "3", "1"])
    assert said[1] == f"Which?\n\n1. a\n2. b\n\n{phrase('zh', 'terminal_choice')}"
    assert script.shown == [(entry_key("b#1"), "zh"), (entry_key("a#1"), "zh")]
    assert [question for question, _ in script.asked] == ["2", "学费", "3"]


def test_a_choice_that_is_gone(script: Script) -> None:
    script.rules["fee"] = lambda question, language: make_answer(Part("choice", "a", entry_id="a#1"))
    script.show = lambda key, language: None  # type: ignore[method-assign]
    assert talk(script, ["fee", "1"])[1] == phrase("en", "too_old")


def test_without_an_index_it_says_so_in_the_askers_language(script: Script) -> None:
    def fail(question: str, language: Language) -> Answer:
        raise IndexMissingError("none")

    script.rules[""] = fail
    assert talk(script, ["فیس کتنی ہے؟"]) == [phrase("ur", "no_index")]


def test_the_demonstration_asks_in_each_writing_and_tells_how_to_connect(script: Script) -> None:
    written: list[str] = []
    demonstrate(script.ask, written.append)
    assert [language for _, language in script.asked] == list(LANGUAGES)
    assert written[-1] == phrase("en", "connect_telegram")
    assert written[-1].count("\n") == 2
    assert "@BotFather" in written[-1]
