"""The lines between `---` with which a Markdown document may open."""

import re

import yaml

from bot.corpus.characters import CONTROL, quote
from bot.corpus.problems import UnreadableError, find_nearest
from bot.corpus.records import Record

_KEYS = ("title", "language", "source", "as_of", "valid_until")
_MAX_LENGTH = 10_000
_OPENED = re.compile(r"---[ \t]*\n[ \t]*[\w-]+[ \t]*:")
_WHOLE = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def split_front_matter(text: str, front: Record) -> str:
    """Fill `front` with what the document says of itself, and return the rest of it."""
    found = _WHOLE.match(text)
    if found is None:
        if _OPENED.match(text):
            raise UnreadableError("opens with --- and that is never closed; write --- under the last of its lines", "1")
        return text
    for key, value in _parse(found[1]).items():
        if key not in _KEYS:
            nearest = find_nearest(key, _KEYS)
            remedy = f"did you mean '{nearest}'?" if nearest else f"known are {', '.join(_KEYS)}"
            front.warn(f"unknown name {quote(key)}; {remedy}")
        elif not isinstance(value, str):
            front.error(f"{key} holds a list; write one value on the same line")
        elif plain := " ".join(CONTROL.sub("", value).split()):
            front.cells[key] = plain
    return text[found.end() :]


def _parse(source: str) -> dict[str, object]:
    if len(source) > _MAX_LENGTH:
        raise UnreadableError("has too much between its two ---; leave only title, language, source and dates", "1")
    try:
        # The safest of the loaders: all is text, so dates pass the checks of every other date and `no` stays a word.
        values = yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line = str(mark.line + 2) if mark else "1"
        raise UnreadableError("is not `name: value`; put a value that holds a colon between quotes", line) from fault
    if not values:
        return {}
    if not isinstance(values, dict):
        raise UnreadableError("has no `name: value` between its two ---; write them so or delete the --- lines", "1")
    return {str(key): value for key, value in values.items()}
