"""The words and patterns of `guards.yaml`."""

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml

from bot.language.normalise import normalise

_FILE = Path(__file__).with_name("guards.yaml")


@lru_cache(maxsize=1)
def _load() -> dict[str, str | list[str]]:
    loaded: dict[str, str | list[str]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


@cache
def guard_words(name: str) -> frozenset[str]:
    """Return a list of words, normalised."""
    return frozenset(normalise(word) for word in str(_load()[name]).split())


@cache
def guard_pattern(name: str) -> re.Pattern[str]:
    """Return one pattern for any of a list of patterns."""
    return re.compile("|".join(_load()[name]))
