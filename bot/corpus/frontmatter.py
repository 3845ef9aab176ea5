"""The lines between `---` with which a Markdown document may open."""

import re

import yaml

from bot.corpus.characters import CONTROL, quote
from bot.corpus.problems import UnreadableError, find_nearest, tell
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
            raise UnreadableError(tell("front_open"), "1")
        return text
    for key, (line, value) in _parse(found[1]).items():
        front.places[key] = line
        if key not in _KEYS:
            nearest = find_nearest(key, _KEYS)
            like = tell("front_name_like", text=quote(key), nearest=nearest)
            front.warn(like if nearest else tell("front_name", text=quote(key), known=", ".join(_KEYS)), key)
        elif not isinstance(value, str):
            front.error(tell("front_list", column=key), key)
        elif plain := " ".join(CONTROL.sub("", value).split()):
            front.cells[key] = plain
    return text[found.end() :]


def _parse(source: str) -> dict[str, tuple[str, object]]:
    """Return each name with its line in the document and its value."""
    if len(source) > _MAX_LENGTH:
        raise UnreadableError(tell("front_long"), "1")
    # The safest of the loaders: all is text, so dates pass the checks of every other date and `no` stays a word.
    loader = yaml.BaseLoader(source)
    try:
        node = loader.get_single_node()
        values = loader.construct_document(node) if node else None
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        mark = getattr(fault, "problem_mark", None)
        raise UnreadableError(tell("front_colon"), _line_of(mark) if mark else "1") from fault
    finally:
        loader.dispose()
    if node is None or not values:
        return {}
    if not isinstance(values, dict):
        raise UnreadableError(tell("front_values"), "1")
    lines = {name.value: _line_of(name.start_mark) for name, _ in node.value}
    return {str(key): (lines.get(key, "1"), value) for key, value in values.items()}


def _line_of(mark: yaml.Mark) -> str:
    """Return the line of the document: the front matter's first is its second."""
    return str(mark.line + 2)
