"""What the conversation is given by whoever builds it: how questions are answered, and what is remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.records import Records
from bot.types import Answer, Language


class Ask(Protocol):
    """Question, the chat's chosen language (None follows the question's writing), the answer before. Thread-safe."""

    def __call__(
        self, question: str, language: Language | None = None, previous: Answer | None = None, *, speaker: str = ""
    ) -> Answer:
        """Return the answer; may block. `speaker` stands for who asks, and tells nothing of them."""
        ...


# An entry's short name (`entry_key`) and a language to answer, None where the entry is gone. Thread-safe, may block.
Show = Callable[[str, Language], Answer | None]


@dataclass(frozen=True)
class Services:
    """All that the bot on Telegram works with."""

    ask: Ask
    show: Show
    records: Records
    today: Callable[[], date] = date.today
    uses_llm: bool = False  # questions go to a language model, which /privacy must tell
