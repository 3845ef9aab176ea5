"""How problems are told: gathered a file at a time, each as `what is wrong; what to do`."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.corpus.characters import escape
from bot.language.phrases import phrase
from bot.types import Language, Problem, Severity

# How the place of what stands on a page begins; any other is a line or `sheet!row`.
PAGE = "page "
_MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class Message:
    """What is wrong and what to do, as a phrase and its values, so that staff read it in their language.

    A value `code` is told as the language of that name, `line` as a place, `names` with how many `more` there are.
    """

    key: str
    values: dict[str, str] = field(default_factory=dict)


def tell(key: str, **values: object) -> Message:
    """Return the message of the phrase `problem_KEY`."""
    return Message(f"problem_{key}", {name: str(value) for name, value in values.items()})


def write_message(message: Message, language: Language) -> str:
    """Return a message in a language."""
    told = dict(message.values)
    if "code" in told:
        told["language"] = phrase(language, f"name_{told['code']}")
    if "line" in told:
        told["place"] = phrase(language, "problem_line", line=told.pop("line"))
    if "more" in told:
        told["names"] = phrase(language, "problem_more", names=told["names"], more=told.pop("more"))
    return phrase(language, message.key, **told)


def make_problem(severity: Severity, file: str, line: str, message: Message) -> Problem:
    """Return a problem; its own text is English."""
    return Problem(severity, file, line, write_message(message, "en"), message.key, message.values)


def write_problem(problem: Problem, language: Language) -> str:
    """Return a problem and its place in a language."""
    # An index of an older version has its problems in English alone.
    said = write_message(Message(problem.key, problem.values), language) if problem.key else problem.message
    return phrase(language, "fact", label=_write_place(problem, language), text=said)


def _write_place(problem: Problem, language: Language) -> str:
    page = problem.line.removeprefix(PAGE)
    if page == problem.line:
        return problem.place
    return phrase(language, "listing_separator").join((problem.file, phrase(language, "problem_page", page=page)))


class UnreadableError(Exception):
    """A file cannot be read, for the reason that the message tells."""

    def __init__(self, message: Message, line: str = "") -> None:
        super().__init__(write_message(message, "en"))
        self.message = message
        self.line = line


class Report:
    """Gathers the problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = escape(file)
        self.problems: list[Problem] = []

    def error(self, line: str, message: Message) -> None:
        """Add a problem that would publish something wrong or lose something meant."""
        self.problems.append(make_problem("error", self.file, line, message))

    def warn(self, line: str, message: Message) -> None:
        """Add a problem that is odd but harmless."""
        self.problems.append(make_problem("warning", self.file, line, message))


def name_some(names: Iterable[str]) -> dict[str, str]:
    """Return the values for the first names, and for how many more there are."""
    listed = list(names)
    more = len(listed) - _MAX_NAMED
    named = {"names": ", ".join(listed[:_MAX_NAMED])}
    return named | {"more": str(more)} if more > 0 else named


def find_nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that `name` most looks like, or nothing."""
    from rapidfuzz import fuzz, process  # only a folder with a misspelling pays for it

    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=70)
    return str(found[0]) if found else ""


def describe_failure(fault: OSError) -> Message:
    """Return the message for a file that the system does not give out."""
    if isinstance(fault, PermissionError):
        return tell("not_allowed")
    return tell("not_opened", reason=(fault.strerror or type(fault).__name__).lower())
