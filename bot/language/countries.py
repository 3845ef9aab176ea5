"""Countries besides the two that the bot is about, from `countries.yaml`, as they are named in the four writings."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.normalise import normalise
from bot.language.patterns import word_pattern

_FILE = Path(__file__).with_name("countries.yaml")


def countries_in(text: str) -> frozenset[str]:
    """Return the countries that a text names, each by its first name in the list."""
    return frozenset(_known()[match[0]] for match in _pattern().finditer(normalise(text)))


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    listed = yaml.safe_load(_FILE.read_text("utf-8"))
    return {normalise(name): names[0] for names in listed for name in names}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return word_pattern(_known())
