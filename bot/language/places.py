"""Places and provinces that students name, from `places.yaml` and `provinces.yaml`, in each language."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.normalise import normalise
from bot.types import ContentLanguage

_FILE = Path(__file__).with_name("places.yaml")
_PROVINCES = Path(__file__).with_name("provinces.yaml")
_SCRIPTS: dict[ContentLanguage, str] = {"en": r"[A-Za-z]", "ur": r"[\u0600-\u06ff]", "zh": r"[㐀-鿿]"}
# Regions are no city of any course, but like a city's name they tell nothing of the writing that they stand in.
_REGIONS = "punjab sindh balochistan khyber pakhtunkhwa kashmir pakistan khan"


@lru_cache(maxsize=1)
def list_places() -> tuple[tuple[str, ...], ...]:
    """Return each place's names, the one it goes by first."""
    return tuple(tuple(names) for names in yaml.safe_load(_FILE.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Province:
    """A province's names, the one it goes by first, and the places in it."""

    names: tuple[str, ...]
    places: frozenset[str]


@lru_cache(maxsize=1)
def list_provinces() -> tuple[Province, ...]:
    """Return the provinces."""
    listed = yaml.safe_load(_PROVINCES.read_text("utf-8"))
    return tuple(Province(tuple(each["names"]), frozenset(each["places"])) for each in listed)


def places_in(name: str) -> frozenset[str]:
    """Return the places of a province by the name it goes by, none where that is no province."""
    return next((each.places for each in list_provinces() if each.names[0] == name), frozenset())


def place_name(name: str, language: ContentLanguage) -> str:
    """Return a place's or a province's name in a language, as it is where the list has none."""
    listed = (*list_places(), *(province.names for province in list_provinces()))
    names = next((names for names in listed if names[0] == name), (name,))
    return next((each for each in names if re.search(_SCRIPTS[language], each)), name)


@lru_cache(maxsize=1)
def latin_names() -> frozenset[str]:
    """Return the words of Latin script that are part of a place's name."""
    words = {word for names in list_places() for name in names for word in normalise(name).split() if word.isascii()}
    return frozenset(words | set(_REGIONS.split()))
