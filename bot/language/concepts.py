"""The bot's own glossary: words that mean the same in the four writings, whatever the folder is about."""

import re
from collections.abc import Iterator
from pathlib import Path

_CONCEPTS = Path(__file__).with_name("concepts.txt")
_BETWEEN_WORDS = re.compile(r"[,،，]")


def read_concepts() -> Iterator[tuple[str, ...]]:
    """Return each concept's words, in any of the four writings."""
    for line in _CONCEPTS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(filter(None, (word.strip() for word in _BETWEEN_WORDS.split(line))))
