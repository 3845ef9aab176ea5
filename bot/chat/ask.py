"""What the conversation is given: how a question is answered, and how an entry that was chosen is shown."""

from collections.abc import Callable
from typing import Protocol

from bot.types import Answer, Language


class Ask(Protocol):
    """Question, the chat's chosen language (None follows the question's writing), the answer before. Thread-safe."""

    def __call__(self, question: str, language: Language | None = None, previous: Answer | None = None) -> Answer:
        """Return the answer; may block."""
        ...


# An entry's short name (`entry_key`) and a language to answer, None where the entry is gone. Thread-safe, may block.
Show = Callable[[str, Language], Answer | None]
