"""What the conversation is given: how a question is answered, and how an entry that was chosen is shown."""

from collections.abc import Callable

from bot.types import Answer, Language

# Question and the chat's chosen language (None follows the question's own writing) to answer. Thread-safe, may block.
Ask = Callable[[str, Language | None], Answer]
# An entry's short name (`entry_key`) and a language to answer, None where the entry is gone. Thread-safe, may block.
Show = Callable[[str, Language], Answer | None]
