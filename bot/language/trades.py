"""Which field of work a course belongs to, told by its name and the words of `trades.yaml`."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.normalise import normalise
from bot.language.patterns import word_pattern

_FILE = Path(__file__).with_name("trades.yaml")


@lru_cache(maxsize=1)
def load_trades() -> dict[str, re.Pattern[str]]:
    """Return each field of work with the pattern that finds its words in normalised text."""
    loaded = yaml.safe_load(_FILE.read_text("utf-8"))
    return {name: word_pattern(words) for name, words in loaded.items()}


def find_trades(titles: Iterable[str]) -> list[str]:
    """Return the fields that a course's names tell, in the file's order; none where they tell nothing."""
    text = normalise(" | ".join(titles))
    return [name for name, pattern in load_trades().items() if pattern.search(text)]
