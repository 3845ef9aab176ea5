"""One row's or one document's named values, checked as they are read: a value that cannot be used is an error."""

import re
import unicodedata
from datetime import date

from bot.corpus.characters import quote
from bot.corpus.problems import Message, Report, tell
from bot.corpus.rows import ERROR_VALUES
from bot.types import CONTENT_LANGUAGES, ContentLanguage

_MAX_ID = 64
_ID = re.compile(rf"[\w.-]{{1,{_MAX_ID}}}")
_NOT_ID = re.compile(r"[^\w.-]+")
# Either plain digits or thousands set apart, also the South Asian way (1,50,000). `25.000` is left out: nobody knows.
_WHOLE = re.compile(r"(?:\d{1,10}|\d{1,3}(?:,\d{2,3}){0,3},\d{3})(?:\.0{1,2})?")
_DECIMAL = re.compile(r"\d{1,4}(?:\.\d{1,4})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_URL = re.compile(r"https?://\w[^\s<>\"]*", re.IGNORECASE)
_SEPARATORS = str.maketrans({"،": ",", "٬": ",", "٫": "."})
_MAX_MONTHS = 120


class Record:
    """The filled cells of a row by column, where it stands, and whether anything in it is an error."""

    __slots__ = ("place", "places", "cells", "report", "is_sound")

    def __init__(self, place: str, cells: dict[str, str], report: Report) -> None:
        self.place = place
        # Of the columns that stand elsewhere: each name of a front matter has its own line.
        self.places: dict[str, str] = {}
        self.cells = cells
        self.report = report
        self.is_sound = True

    def error(self, message: Message, column: str = "") -> None:
        """Report an error, which leaves the record out of the entries."""
        self.is_sound = False
        self.report.error(self.places.get(column, self.place), message)

    def warn(self, message: Message, column: str = "") -> None:
        """Report a warning."""
        self.report.warn(self.places.get(column, self.place), message)

    def read(self, column: str) -> str:
        """Return the text of a column, or nothing."""
        return self.cells.get(column, "")

    def read_languages(self, column: str) -> dict[ContentLanguage, str]:
        """Return the texts of `column_en`, `column_ur` and `column_zh` that are there."""
        texts = {language: self.read(f"{column}_{language}") for language in CONTENT_LANGUAGES}
        return {language: text for language, text in texts.items() if text}

    def _read_value(self, column: str) -> str:
        text = self.read(column)
        return "" if text in ERROR_VALUES else text  # those were told already

    def read_id(self) -> str:
        """Return the row's id; report one that is missing or could not be named in a link or a test."""
        written = unicodedata.normalize("NFC", self.read("id"))
        if not written:
            self.error(tell("no_id"))
        elif not _ID.fullmatch(written):
            mended = _NOT_ID.sub("-", written).strip("-")[:_MAX_ID]
            self.error(tell("bad_id", text=quote(written), mended=mended or "a-1"))
        return written

    def read_whole(self, column: str) -> int | None:
        """Return a whole number, not negative; report anything else."""
        text = self._read_value(column)
        if not text:
            return None
        plain = fold_digits(text)
        if not _WHOLE.fullmatch(plain):
            self.error(tell("not_whole", column=column, text=quote(text)), column)
            return None
        return int(plain.split(".")[0].replace(",", ""))

    def read_months(self, column: str) -> float | None:
        """Return a number of months, more than none; report anything else."""
        text = self._read_value(column)
        if not text:
            return None
        plain = fold_digits(text)
        if not _DECIMAL.fullmatch(plain) or not 0 < float(plain) <= _MAX_MONTHS:
            self.error(tell("not_months", column=column, text=quote(text), most=_MAX_MONTHS), column)
            return None
        return float(plain)

    def read_date(self, column: str) -> date | None:
        """Return a day; report anything but a day of the calendar written YYYY-MM-DD."""
        text = self._read_value(column)
        if not text:
            return None
        plain = fold_digits(text)
        if not _DATE.fullmatch(plain):
            self.error(tell("not_date", column=column, text=quote(text)), column)
            return None
        try:
            return date.fromisoformat(plain)
        except ValueError:
            self.error(tell("no_day", column=column, text=quote(text)), column)
            return None

    def read_url(self, column: str) -> str:
        """Return a web address; report anything else."""
        text = self._read_value(column)
        if text and not _URL.fullmatch(text):
            self.error(tell("not_url", column=column, text=quote(text)), column)
        return text

    def read_period(self, today: date) -> tuple[date | None, date | None]:
        """Return `as_of` and `valid_until`, with a word where they do not fit together or with today."""
        as_of, valid_until = self.read_date("as_of"), self.read_date("valid_until")
        if as_of and valid_until and as_of > valid_until:
            self.error(tell("reversed", as_of=as_of, valid_until=valid_until), "as_of")
        if as_of and as_of > today:
            self.warn(tell("future", as_of=as_of), "as_of")
        if valid_until and valid_until < today:
            self.warn(tell("past", valid_until=valid_until), "valid_until")
        return as_of, valid_until


def fold_digits(text: str) -> str:
    """Return `text` with the digits and separators of any script as ASCII."""
    folded = unicodedata.normalize("NFKC", text).translate(_SEPARATORS)
    return "".join(str(unicodedata.digit(mark)) if mark.isdecimal() else mark for mark in folded)
