"""Numbers in words written as digits, in the four writings: ڈھائی لاکھ, twenty-five thousand, 三万五千, pachees hazar.

Words are in `measures.yaml`. A word that means something else as well, like one or دو, is a number only before what it
could count.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.language.normalise import normalise
from bot.language.patterns import alternatives

_FILE = Path(__file__).with_name("measures.yaml")
UNITS = (
    "years", "months", "weeks", "days", "hours", "minutes", "percent", "rupees", "dollars", "yuan", "euros",
    "semesters", "people", "courses",
)  # fmt: skip
_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# What a lone numeral must stand before: 一 is in 一些, 十 in 十分.
_HAN_MEASURES = "年个天日周月岁元块卢名人门级学小所家项种批位次科类份张条章节期届寸公美%％倍"
_HAN_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?)?[零〇一二三四五六七八九两十百千万亿]+")
_HAN_WORDS = ("万一", "千万不", "千万别", "千万要", "一一", "百分百")
_HAN_PERCENT = re.compile(r"百分之([零〇一二三四五六七八九两十百点\d.]+)")
_HAN_HALF = ((re.compile(r"半个月"), "15天"), (re.compile(r"半年"), "6个月"))
# How amounts are written on receipts.
_BANKERS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_ARTICLE = re.compile(r"(?<!\w)(half )an? ")
_AND_A_HALF = re.compile(r"(\d+)\s*(年|个月)半")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@lru_cache(maxsize=1)
def load_measures() -> dict[str, Any]:
    """Return `measures.yaml`."""
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


def either(words: str) -> str:
    """Return a pattern for any of the words: those of Latin and Urdu letters whole, Chinese ones anywhere."""
    alone, han = alternatives(words)
    marks = [word for word in alone if not re.search(r"\w", word)]
    whole = [re.escape(word) for word in alone if word not in marks]
    parts = [f"(?:{'|'.join(whole)})(?!\\w)"] if whole else []
    return "|".join([*parts, *map(re.escape, marks), *map(re.escape, han)])


def write_digits(text: str) -> str:
    """Return normalised `text` with its numbers in digits, thousands not set off."""
    text = _ARTICLE.sub(r"\1", text.translate(_BANKERS))
    text = _HAN_PERCENT.sub(lambda match: f"{_read_han(match[1])}%", text)
    for pattern, digits in _HAN_HALF:
        text = pattern.sub(digits, text)
    text = _HAN_NUMBER.sub(_write_han, text)
    text = _AND_A_HALF.sub(r"\1.5\2", text)
    return _words().run.sub(_write_run, text)


def _write_han(match: re.Match[str]) -> str:
    written, rest = match[0], match.string[match.start() :]
    if rest.startswith(_HAN_WORDS):
        return written
    is_lone = len(written) == 1 and not match.string.endswith("第", 0, match.start())
    is_measure = rest[len(written) : len(written) + 1] in set(_HAN_MEASURES)
    return written if is_lone and not is_measure else _read_han(written)


def _read_han(text: str) -> str:
    """Return a Chinese numeral in digits: by its scales, or digit by digit where it has none."""
    if "点" in text:
        whole, _, part = text.partition("点")
        return f"{_read_han(whole)}.{_read_han(part)}"
    if not any(scale in text for scale in _HAN_SCALES):
        return "".join(str(_HAN_DIGITS.get(character, character)) for character in text)
    total, section, number = 0.0, 0.0, 0.0
    leading = _DIGITS.match(text)
    rest = text[leading.end() :] if leading else text
    number = float(leading[0]) if leading else 0.0
    for character in rest:
        scale = _HAN_SCALES.get(character)
        if scale is None:
            number = _HAN_DIGITS[character]
        elif scale >= 10_000:
            total, section, number = total + (section + number or 1) * scale, 0.0, 0.0
        else:
            section, number = section + (number or 1) * scale, 0.0
    return f"{total + section + number:.12g}"


class _Words:
    """The patterns and values of `measures.yaml`."""

    def __init__(self) -> None:
        data = load_measures()
        self.values = {word: float(value) for value, words in data["numbers"].items() for word in _spell(words)}
        self.more = {word: float(value) for value, words in data["more"].items() for word in _spell(words)}
        self.ambiguous = _spell(data["only_before_units"])
        self.dependent = _spell(data["only_among_numbers"])
        names = sorted([*self.values, *self.more], key=len, reverse=True)
        word = "|".join(map(re.escape, names))
        number = rf"(?:\d+(?:\.\d+)?|{word})"
        self.run = re.compile(
            rf"(?<![\w.])(?:{number})(?:[\s-]+(?:and\s+)?(?:{word}))*(?![\w])|(?<![\w.])(?:{word})(?!\w)"
        )
        units = " ".join(data[unit] for unit in UNITS)
        self.unit = re.compile(rf"\s*-?\s*(?:(?:{either(data['filling'])})\s+)?(?:{either(units)})")


def _spell(words: str) -> frozenset[str]:
    return frozenset(normalise(word.replace("_", " ")) for word in words.split())


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words()


def _write_run(match: re.Match[str]) -> str:
    words = _words()
    items = re.findall(r"\d+(?:\.\d+)?|[^\W\d]+", match[0])
    if all(_DIGITS.fullmatch(item) for item in items):
        return match[0]
    if len(items) == 1 and items[0] in words.dependent:
        return match[0]
    if len(items) == 1 and items[0] in words.ambiguous and not words.unit.match(match.string, match.end()):
        return match[0]
    numbers = _add_up([item for item in items if item != "and"])
    return " ".join(f"{number:.12g}" for number in numbers)


def _takes(number: float, more: float) -> bool:
    """Tell whether a number goes on with another: two hundred with fifty, twenty with five."""
    return (number >= 100 and number % 100 == 0 and more < 100) or (number in range(20, 100, 10) and more < 10)


def _add_up(items: Sequence[str]) -> list[float]:
    """Return the numbers that a run of words says: "two hundred fifty thousand" is one, "ten twelve" are two."""
    words = _words()
    numbers: list[float] = []
    total, current, extra = 0.0, None, 0.0
    for item in items:
        if item in words.more:
            extra = words.more[item]
            continue
        value = float(item) if _DIGITS.fullmatch(item) else words.values[item]
        if value >= 1000 and not _DIGITS.fullmatch(item):
            total, current, extra = total + (1 if current is None else current) * value, None, 0.0
        elif value == 100 and current is not None and current < 100:
            current *= 100
        elif current is None:
            current = value + extra
        elif _takes(current, value):
            current += value
        else:
            numbers.append(total + current)
            total, current = 0.0, value + extra
    if current is not None or total or not numbers:
        numbers.append(total + (current or 0.0) + (extra if current is None else 0.0))
    return numbers
