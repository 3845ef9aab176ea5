"""What a text states that can be checked: amounts, lengths, dates, shares, times, phones, addresses, codes, numbers.

Every writing of a thing becomes one claim, so that دو سال, two years, 两年 and 24 months are the same, and so are
Rs 25,000, پچیس ہزار روپے and 2.5万卢比.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.language.direction import remove_controls
from bot.language.normalise import normalise
from bot.language.numbers import UNITS, either, load_measures, write_digits
from bot.language.patterns import word_pattern
from bot.language.wishes import mentions

Claim = tuple[str, str]  # its kind, and its value in one form

# What has a unit is held to the unit: 3 years are not 3 months. Units that a sentence may leave out are not.
_LOOSE = frozenset({"people", "courses"})

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"'،。，；；、）（]+|(?<![\w@])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,12}(?![\w])(?:/[\w./?=&%#-]*)?"
)
_NO_ADDRESS = re.compile(r"(?:[a-z]\.)+[a-z]?|(?:etc|e\.g|i\.e|no|rs|mr|dr|st|vs)\..*")
_HANDLE = re.compile(r"(?<![\w.])@\w{3,}")
_PHONE = re.compile(
    r"(?<![\w-])(?:\+\d{1,3}[ -]?)?\(?0?\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}(?:[ -]\d{1,4})?(?![\w])"
    r"|(?<![\w-])(?:\+|00)\d{9,14}(?!\w)|(?<![\w-])0\d{8,11}(?!\w)"
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)(?!\d)")
_HAN_DATE = re.compile(r"(?:((?:19|20)\d\d)\s*年\s*)?(\d{1,2})\s*月(?:份)?\s*(?:(\d{1,2})\s*[日号])?(?!\d)")
_HAN_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-–—/]\s*(?:(?:19|20)(\d\d)|(\d\d))(?!\d)")
_GROUPS = re.compile(r"(?<![\d.])\d{1,3}(?:[,٬،]\d{2,3})+(?!\d)")
_RUPEE_SIGN = re.compile(r"(?<![a-z])(rs|pkr|rupees)\.?\s*(?=\d)|₨\s*(?=\d)")
_DOLLAR_SIGN = re.compile(r"(?:us)?\$\s*(\d[\d,.]*)")
_YUAN_SIGN = re.compile(r"[¥￥]\s*(\d[\d,.]*)")
_OTHER_CURRENCY = re.compile(r"[€£₹₽₩₺₦฿]")
_VISA = re.compile(r"(?<![a-z\d])(?!a(?!\d))([a-z]\d?)[ -]?(?:visa|签证|ویزا|ویزہ)")
_SLASH_DASH = re.compile(r"(?<=\d)/-")
_GLUED = re.compile(
    r"(?<=\d)-(?=[a-z]{3,})|(?<=\d)(?=(?:years?|yrs?|months?|days?|weeks?|hours?|hrs?|mins?|am|pm|rs|pkr)\b)"
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_K = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)k\b")
# An address that is spelt out: office at example dot net.
_SPELT_DOT = re.compile(r"(?<=\w)\s+(?:dot|ڈاٹ|点)\s*(?=(?:com|net|org|edu|gov|info|io|pk|cn)(?!\w))")
_SPELT_AT = re.compile(r"(?<=\w)\s+(?:at|ایٹ)\s+(?=[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|edu|gov|info|io|pk|cn)(?!\w))")
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})(?::(\d\d))?\s*(am|pm|a\.m\.|p\.m\.|baje|bajay|بجے|点钟|点)"
    r"|(?<![\d:])(\d{1,2}):(\d\d)(?![\d:])"
)
_EITHER_HALF = "~"
_LEVELS = {
    "hsk": r"hsk|ایچ ایس کے",
    "ielts": r"ielts|雅思|آ?ایلٹس|ایلٹس",
    "toefl": r"toefl|托福|ٹوفل",
    "nvq": r"nvqf?|این وی کیو",
    "bps": r"bps|بی پی ایس",
    "level": r"level|لیول|سطح|等级|级别",
}
_HAN_LEVEL = re.compile(r"(\d+)\s*级")
_MIXED_CODE = re.compile(r"(?<![\w.])(?=[a-z0-9/-]*[a-z])(?=[a-z0-9/-]*\d)[a-z0-9]+(?:[/-][a-z0-9]+)*(?!\w)")
_ROMAN_CODE = re.compile(
    r"(?<!\w)[a-z]{1,8}-(?:[ivx]+|[a-z])(?![\w-])|(?<!\w)(?:ii|iii|iv|vi|vii|viii|ix|xi|xii)(?!\w)"
)
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")
_COUNTRY = re.compile(r"^(?:\+|00)?92(?=\d{9,10}$)")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a text states: claims by their kind, every number that is in it, and those without a unit."""

    stated: frozenset[Claim]
    numbers: frozenset[str]
    loose: frozenset[str]

    def supports(self, claim: Claim) -> bool:
        """Tell whether another text's claim is among these."""
        kind, value = claim
        if kind == "number":
            return value in self.numbers
        if kind in _LOOSE:
            return claim in self.stated or value in self.loose
        if kind == "date":
            return any(_is_part(value, known) for each, known in self.stated if each == "date")
        if kind == "time":
            return _is_time(value, [known for each, known in self.stated if each == "time"])
        if kind == "phone":
            return any(known.startswith(value) for each, known in self.stated if each == "phone")
        if kind == "code" and value.startswith("level"):
            return claim in self.stated or any(_is_level(known, value) for each, known in self.stated if each == "code")
        if kind == "address":
            return any(value in (known, known.partition("/")[0]) for each, known in self.stated if each == "address")
        return claim in self.stated


def read_claims(text: str) -> Claims:
    """Return what a text states."""
    return _Reader(text).read()


def join_claims(parts: Iterable[Claims]) -> Claims:
    """Return what several texts state together."""
    found = list(parts)
    return Claims(
        frozenset().union(*(part.stated for part in found)),
        frozenset().union(*(part.numbers for part in found)),
        frozenset().union(*(part.loose for part in found)),
    )


class _Reader:
    """A text from which claims are taken out, the surest first, so that none is read twice."""

    def __init__(self, text: str) -> None:
        self.text = normalise(remove_controls(text))
        self.stated: set[Claim] = set()
        self.numbers: set[str] = set()
        self.loose: set[str] = set()

    def read(self) -> Claims:
        self._read_words()
        self.text = _SPELT_AT.sub("@", _SPELT_DOT.sub(".", self.text))
        self._take(_EMAIL, lambda match: [("address", match[0])])
        self._take(_ADDRESS, _read_address)
        self._take(_HANDLE, lambda match: [("address", match[0])])
        self._take(_ISO, lambda match: self._date(match[1], match[2], match[3]))
        self._take(_DAY_FIRST, lambda match: self._date(match[3], match[2], match[1]))
        self.text = _YEARS.sub(r"\1 ; \1,\2\3", self.text)
        self.text = re.sub(r"((?:19|20))(\d\d) ; (?:19|20)\d\d,(\d\d)", r"\1\2 ; \1\3", self.text)
        self._take(_PHONE, _read_phone)
        self._set_plain()
        self._take(_HAN_DATE, self._read_han_date)
        for pattern, order in _date_patterns():
            self._take(pattern, lambda match, order=order: self._read_named_date(match, order))  # type: ignore[misc]
        self._take(_HAN_YEAR, lambda match: self._date(match[1], "", ""))
        self._take(_TIME, _read_time)
        self._take_levels()
        self._take(_VISA, lambda match: [("code", match[1])])
        self._take_measures()
        self._take(_MIXED_CODE, lambda match: [("code", re.sub(r"[/-]", "", match[0]))])
        self._take(_ROMAN_CODE, lambda match: [("code", match[0].replace("-", ""))])
        self._take(relative_pattern(), lambda match: [("relative", match[0])])
        for match in _NUMBER.finditer(self.text):
            self._add_number(match[0], is_loose=True)
        return Claims(frozenset(self.stated), frozenset(self.numbers), frozenset(self.loose))

    def _read_words(self) -> None:
        """Read what is stated without a number."""
        if mentions("free", self.text) or _waived_pattern().search(self.text):
            self.stated.add(("free", ""))
        self.stated.update(("when", name) for name, pattern in _named_patterns() if pattern.search(self.text))
        self.stated.update(("currency", sign) for sign in _OTHER_CURRENCY.findall(self.text))

    def _set_plain(self) -> None:
        """Write numbers in digits alone: no words, no separators, no units glued to them."""
        text = self.text
        for pattern, plain in (
            (_RUPEE_SIGN, " rs "), (_DOLLAR_SIGN, r"\1 usd "), (_YUAN_SIGN, r"\1 cny "), (_SLASH_DASH, " "),
            (_GLUED, " "), (_ORDINAL, ""),
        ):  # fmt: skip
            text = pattern.sub(plain, text)
        text = _GROUPS.sub(lambda match: re.sub(r"\D", "", match[0]), text)
        text = _K.sub(lambda match: f"{float(match[1]) * 1000:.12g}", text.replace("٫", "."))
        self.text = write_digits(text)

    def _take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Iterable[Claim] | None]) -> None:
        """Take out what a pattern finds, but what `read` returns None for."""

        def replace(match: re.Match[str]) -> str:
            claims = read(match)
            if claims is None:
                return match[0]
            self.stated.update(claims)
            return " ; "

        self.text = pattern.sub(replace, self.text)

    def _add_number(self, value: str, *, is_loose: bool = False) -> None:
        number = f"{float(value):.12g}"
        self.numbers.add(number)
        if is_loose:
            self.loose.add(number)
            self.stated.add(("number", number))

    def _date(self, year: str, month: str, day: str) -> list[Claim] | None:
        """Return a date's claim; its numbers count as said too, and a year alone is a number like others."""
        for part in (year, day):
            if part:
                self._add_number(part)
        if not month:
            self.loose.add(year)
            return [("number", year)]
        if not 1 <= int(month) <= 12 or (day and not 1 <= int(day) <= 31):
            return None
        return [("date", f"{year or '----'}-{int(month):02}-{int(day) if day else 0:02}")]

    def _read_han_date(self, match: re.Match[str]) -> list[Claim] | None:
        # 3月 with neither year nor day may be a length in months written short.
        return self._date(match[1] or "", match[2], match[3] or "")

    def _read_named_date(self, match: re.Match[str], order: str) -> list[Claim] | None:
        found = dict(zip(order, match.groups(), strict=True))
        return self._date(found.get("y") or "", str(_month_number(found["m"])), found.get("d") or "")

    def _take_levels(self) -> None:
        for name, words in _LEVELS.items():
            pattern = re.compile(
                rf"(?<![a-z])(?:{words})[\s:-]*(?:(?:level|لیول|of|score|کم از کم|达到|至少)[\s:-]*)?"
                r"(\d+(?:\.\d+)?)\s*(?:级|分)?"
            )
            self._take(pattern, lambda match, name=name: self._level(name, match[1]))  # type: ignore[misc]
        self._take(_HAN_LEVEL, lambda match: self._level("level", match[1]))

    def _level(self, name: str, value: str) -> list[Claim]:
        self._add_number(value)
        return [("code", f"{name}{float(value):.12g}")]

    def _take_measures(self) -> None:
        for unit, pattern in _measure_patterns():
            self._take(pattern, lambda match, unit=unit: self._measure(unit, match))  # type: ignore[misc]

    def _measure(self, unit: str, match: re.Match[str]) -> list[Claim]:
        values = [float(value) for value in _NUMBER.findall(match[0])]
        for value in values:
            self._add_number(f"{value:.12g}")
        if unit == "years_months":
            return [("months", f"{values[0] * 12 + values[1]:.12g}")]
        if unit == "years":
            return [("months", f"{value * 12:.12g}") for value in values]
        if unit == "weeks":
            return [("days", f"{value * 7:.12g}") for value in values]
        return [(unit, f"{value:.12g}") for value in values]


def _read_address(match: re.Match[str]) -> list[Claim] | None:
    found = match[0].rstrip(".,:;!?)'")
    if _NO_ADDRESS.fullmatch(found):
        return None
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", found).rstrip("/")
    return [("address", plain)]


def _read_phone(match: re.Match[str]) -> list[Claim] | None:
    digits = re.sub(r"\D", "", match[0])
    if len(digits) < 7:
        return None
    return [("phone", _COUNTRY.sub("0", digits))]


def _read_time(match: re.Match[str]) -> list[Claim]:
    hour, minute, half = int(match[1] or match[4]), match[2] or match[5] or "00", (match[3] or "")[:1]
    if half in ("a", "p"):
        hour = hour % 12 + (12 if half == "p" else 0)
    # Of 9 o'clock it is not known which half of the day it is in.
    return [("time", f"{'' if half in ('a', 'p') or hour > 12 else _EITHER_HALF}{hour}:{minute}")]


def _is_time(value: str, known: Sequence[str]) -> bool:
    """Tell whether a time is among known ones; where one of those is past noon in figures, so are the others meant."""
    has_afternoon = any(not each.startswith(_EITHER_HALF) and int(each.partition(":")[0]) > 12 for each in known)
    for each in known:
        hour, minute = value.removeprefix(_EITHER_HALF).split(":")
        other, other_minute = each.removeprefix(_EITHER_HALF).split(":")
        is_open = value.startswith(_EITHER_HALF) or (each.startswith(_EITHER_HALF) and not has_afternoon)
        is_same = int(hour) % 12 == int(other) % 12 if is_open else int(hour) == int(other)
        if is_same and minute == other_minute:
            return True
    return False


def _is_level(known: str, value: str) -> bool:
    """Tell whether a code is a level of a named ladder: NVQ 2 is also a level 2."""
    return known in {value.replace("level", name) for name in _LEVELS}


def _is_part(value: str, known: str) -> bool:
    """Tell whether a date, perhaps without year or day, is said by another one."""
    year, month, day = value.rsplit("-", 2)
    known_year, known_month, known_day = known.rsplit("-", 2)
    return month == known_month and year in (known_year, "----") and day in (known_day, "00")


@lru_cache(maxsize=1)
def _measure_patterns() -> list[tuple[str, re.Pattern[str]]]:
    data = load_measures()
    units = {name: either(data[name]) for name in UNITS}
    between, filling = either(data["between"]), either(data["filling"])
    number = r"(?<![a-z\d.])\d+(?:\.\d+)?"
    numbers = rf"{number}(?:\s*(?:{between})\s*\d+(?:\.\d+)?)*"
    patterns = [
        ("rupees", re.compile(rf"(?:(?<!\w)rs\s+){numbers}(?:\s*(?:{units['rupees']}))?")),
        (
            "years_months",
            re.compile(
                rf"{number}\s*(?:{units['years']})\s*(?:and|aur|اور|又|零|,)?\s*\d+(?:\.\d+)?\s*(?:{units['months']})"
            ),
        ),
    ]
    # Longer names first: 个月 before 个, 学年 before 年.
    order = ("months", "percent", "rupees", "dollars", "yuan", "euros", "weeks", "semesters", "years", "hours",
             "minutes", "people", "courses", "days")  # fmt: skip
    patterns += [(name, re.compile(rf"{numbers}\s*-?\s*(?:(?:{filling})\s*)?(?:{units[name]})")) for name in order]
    return patterns


@lru_cache(maxsize=1)
def _month_names() -> dict[str, int]:
    return {
        normalise(word.replace("_", " ")): int(number)
        for number, words in load_measures()["months_of_the_year"].items()
        for word in words.split()
    } | {"may": 5, "mai": 5}


def _month_number(name: str) -> int:
    return _month_names()[name]


@lru_cache(maxsize=1)
def _date_patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return the ways of writing a date with a month's name, and which part stands where."""
    names = "|".join(sorted(_month_names(), key=len, reverse=True))
    # "May" and "mar" are words as well: alone they are no month.
    alone = "|".join(
        name for name in sorted(_month_names(), key=len, reverse=True) if name not in ("may", "mai", "mar")
    )
    year = r"((?:19|20)\d\d)"
    return [
        (re.compile(rf"(?<!\d)(\d{{1,2}})\s*(?:of\s+)?({names})\.?\s*,?،?\s*{year}(?!\d)"), "dmy"),
        (re.compile(rf"(?<!\w)({names})\.?\s+(\d{{1,2}})\s*,\s*{year}(?!\d)"), "mdy"),
        (re.compile(rf"(?<!\w)({names})\.?\s*,?،?\s*{year}(?!\d)"), "my"),
        (re.compile(rf"{year}\s+({names})(?!\w)"), "ym"),
        (re.compile(rf"(?<!\d)(\d{{1,2}})\s*(?:of\s+)?({names})(?!\w)"), "dm"),
        (re.compile(rf"(?<!\w)({names})\.?\s+(\d{{1,2}})(?!\w)"), "md"),
        (re.compile(rf"(?<!\w)({alone})(?!\w)"), "m"),
    ]


@lru_cache(maxsize=1)
def _waived_pattern() -> re.Pattern[str]:
    return word_pattern(load_measures()["waived"])


@lru_cache(maxsize=1)
def _named_patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return patterns for how often something is, and for the days of the week, by name."""
    data = load_measures()
    return [(name, word_pattern(words)) for key in ("per", "weekdays") for name, words in data[key].items()]


@lru_cache(maxsize=1)
def relative_pattern() -> re.Pattern[str]:
    """Return a pattern for words that name a day by where it stands to today."""
    return word_pattern(load_measures()["relative"])
