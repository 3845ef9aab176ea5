"""Places that students name, from `places.yaml`, in each language."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.normalise import normalise
from bot.types import ContentLanguage

_FILE = Path(__file__).with_name("places.yaml")
_SCRIPTS: dict[ContentLanguage, str] = {"en": r"[A-Za-z]", "ur": r"[\u0600-\u06ff]", "zh": r"[㐀-鿿]"}
# Regions are no city of any course, but like a city's name they tell nothing of the writing that they stand in.
_REGIONS = "punjab sindh balochistan khyber pakhtunkhwa kashmir pakistan khan"


@lru_cache(maxsize=1)
def list_places() -> tuple[tuple[str, ...], ...]:
    """Return each place's names, the one it goes by first."""
    return tuple(tuple(names) for names in yaml.safe_load(_FILE.read_text("utf-8")))


def place_name(name: str, language: ContentLanguage) -> str:
    """Return a place's name in a language, as it is where the list has none."""
    names = next((names for names in list_places() if names[0] == name), (name,))
    return next((each for each in names if re.search(_SCRIPTS[language], each)), name)


@lru_cache(maxsize=1)
def latin_names() -> frozenset[str]:
    """Return the words of Latin script that are part of a place's name."""
    words = {word for names in list_places() for name in names for word in normalise(name).split() if word.isascii()}
    return frozenset(words | set(_REGIONS.split()))
