"""How problems are told: gathered a file at a time, each as `what is wrong; what to do`."""

from collections.abc import Iterable

from bot.corpus.characters import escape
from bot.types import ContentLanguage, Problem

LANGUAGE_NAMES: dict[ContentLanguage, str] = {"en": "English (en)", "ur": "Urdu (ur)", "zh": "Chinese (zh)"}

_MAX_NAMED = 3


class UnreadableError(Exception):
    """A file cannot be read; the text is the message of the problem."""

    def __init__(self, message: str, line: str = "") -> None:
        super().__init__(message)
        self.line = line


class Report:
    """Gathers the problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = escape(file)
        self.problems: list[Problem] = []

    def error(self, line: str, message: str) -> None:
        """Add a problem that would publish something wrong or lose something meant."""
        self.problems.append(Problem("error", self.file, line, message))

    def warn(self, line: str, message: str) -> None:
        """Add a problem that is odd but harmless."""
        self.problems.append(Problem("warning", self.file, line, message))


def name_some(names: Iterable[str]) -> str:
    """Return the first names and how many more there are: `a, b, c and 9 more`."""
    listed = list(names)
    more = len(listed) - _MAX_NAMED
    return ", ".join(listed[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def find_nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that `name` most looks like, or nothing."""
    from rapidfuzz import fuzz, process  # only a folder with a misspelling pays for it

    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=70)
    return str(found[0]) if found else ""


def describe_failure(fault: OSError) -> str:
    """Return the message for a file that the system does not give out."""
    reason = fault.strerror or "unknown reason"
    return f"cannot be opened ({reason.lower()}); check its permissions"
