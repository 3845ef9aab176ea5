"""The same conversation in a terminal, for those who try the bot before it is on Telegram."""

from collections.abc import Callable

from bot.chat.greeting import greet, pick_examples
from bot.chat.render import render_text
from bot.chat.services import Ask, Show
from bot.errors import IndexUnavailableError
from bot.index.entries import entry_key
from bot.language.identify import identify
from bot.language.phrases import phrase
from bot.types import LANGUAGES, Answer, Language, Part

Read = Callable[[str], str]
Write = Callable[[str], None]


def converse(ask: Ask, show: Show, quote: Show, read: Read, write: Write) -> None:
    """Hold a conversation: greet, answer each line that `read` returns, end at /quit or where the input ends.

    `quote` shows an entry as it is written, where `show` may translate it.
    """
    conversation = _Conversation(ask, show, quote)
    write(greet(None))
    write(phrase("en", "terminal_help"))
    while True:
        try:
            line = read("> ").strip()
        except EOFError:
            return
        if line == "/quit":
            return
        write(conversation.respond(line))


def demonstrate(ask: Ask, write: Write) -> None:
    """Answer one example question in each writing, then tell how to connect Telegram."""
    for language, question in pick_examples():
        write(f"> {question}\n\n{render_text(ask(question, language))}\n")
    write(phrase("en", "connect_telegram"))


class _Conversation:
    """What is remembered from one line to the next: the chosen language, the last answer and its choices."""

    def __init__(self, ask: Ask, show: Show, quote: Show) -> None:
        self._ask = ask
        self._show, self._quote, self._show_choice = show, quote, show
        self._language: Language | None = None
        self._choices: list[Part] = []
        self._choices_language: Language = "en"
        self._previous: Answer | None = None

    def respond(self, line: str) -> str:
        """Return what is said to a line."""
        command, _, argument = line.partition(" ")
        language = self._language or "en"
        match command:
            case "":
                return phrase(language, "empty_question")
            case "/start":
                return greet(self._language)
            case "/language":
                return self._choose_language(argument.strip())
            case _ if command.startswith("/"):
                return f"{phrase(language, 'help')}\n{phrase(language, 'terminal_help')}"
            case _ if line.isdecimal() and 1 <= int(line) <= len(self._choices):
                return self._pick(self._choices[int(line) - 1])
            case _:
                return self._answer(line)

    def _choose_language(self, name: str) -> str:
        if name == "auto":
            spoken, self._language = self._language or "en", None
            return phrase(spoken, "language_follows")
        for language in LANGUAGES:
            if name.lower() == language.lower():
                self._language = language
                return phrase(language, "language_set")
        return phrase(self._language or "en", "terminal_help")

    def _answer(self, question: str) -> str:
        try:
            answer = self._ask(question, self._language, self._previous)
        except IndexUnavailableError:
            return phrase(self._language or identify(question), "no_index")
        return self._tell(answer)

    def _pick(self, choice: Part) -> str:
        language = self._language or self._choices_language
        answer = self._show_choice(entry_key(choice.entry_id), language)
        return phrase(language, "too_old") if answer is None else self._tell(answer)

    def _tell(self, answer: Answer) -> str:
        """Return an answer with a hint where it offers choices, which later lines may name by number."""
        self._previous = answer
        text = render_text(answer)
        choices = [part for part in answer.parts if part.kind == "choice"]
        if not choices:
            return text
        self._choices, self._choices_language = choices, answer.language
        self._show_choice = self._quote if answer.is_translation else self._show
        return text + "\n\n" + phrase(answer.language, "terminal_choice")
