"""The records that everything passes on: from a file to an entry, from a question to an answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

# What staff write, and what students write: Roman Urdu is a way of asking, not a column of the folder.
ContentLanguage = Literal["en", "ur", "zh"]
Language = Literal["en", "ur", "ur-Latn", "zh"]
CONTENT_LANGUAGES: tuple[ContentLanguage, ...] = ("en", "ur", "zh")
LANGUAGES: tuple[Language, ...] = ("en", "ur", "ur-Latn", "zh")

Kind = Literal["faq", "course", "page"]
Severity = Literal["error", "warning"]
Outcome = Literal["answered", "clarify", "refused"]
CourseField = Literal[
    "fee", "stipend", "duration", "city", "entry", "apply_by", "starts", "seats", "mode", "level", "provider",
    "teaching_language", "apply_url",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in the folder, where, and what to do; `line` is a line, `sheet!row`, `page 3` or empty.

    Where there is a `key`, a phrase of that name says the same in every language.
    """

    severity: Severity
    file: str
    line: str
    message: str
    key: str = field(default="", compare=False)
    values: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def place(self) -> str:
        """The file, with the line where there is one."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Wording:
    """An entry in one language. `id` and `file` are what a source names: a document has its own file a language."""

    id: str
    file: str
    title: str  # the question, the course's name, or the document's title and heading
    body: str  # the answer, the summary, or the paragraphs under the heading; may be empty for a course
    entry: str = ""  # courses: who may join
    provider: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The fields of a course that are the same in every language; None and "" mean not published."""

    level: str = ""
    mode: str = ""
    duration_months: float | None = None
    fee_pkr: int | None = None
    stipend_pkr: int | None = None
    seats: int | None = None
    teaching_language: str = ""
    starts: date | None = None
    apply_by: date | None = None
    apply_url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of the folder in all its languages: a table's row, or a section of a document with its translations."""

    id: str
    kind: Kind
    wordings: dict[ContentLanguage, Wording]
    topic: str = ""
    also_asked: tuple[str, ...] = ()
    course: Course | None = None
    source: str = ""
    as_of: date | None = None
    valid_until: date | None = None

    @property
    def title(self) -> str:
        """The question, name or heading in the first of its languages."""
        return next(iter(self.wordings.values())).title

    def is_valid(self, today: date) -> bool:
        """Tell whether the entry still answers on `today`: through the end of `valid_until`."""
        return self.valid_until is None or today <= self.valid_until


@dataclass(frozen=True, slots=True)
class Term:
    """A row of a glossary: the same thing in each language, several words for it in one language allowed."""

    en: tuple[str, ...] = ()
    ur: tuple[str, ...] = ()
    roman_ur: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that was read from the folder, with every problem met on the way."""

    entries: tuple[Entry, ...]
    terms: tuple[Term, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that would publish something wrong or lose something meant."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True)
class Submission:
    """A file that staff sent for the folder, read as it would stand there; nothing of it is published yet."""

    file: str  # its place in the folder
    replaces: bool
    is_kept: bool  # it waits to be placed or discarded
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()  # its own, and those that the folder would have with it and has not now
    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def has_errors(self) -> bool:
        """Whether the folder could not be published with it."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one wording that is embedded and searched. `id` is unique in a generation and names its content."""

    id: str
    entry_id: str
    language: ContentLanguage
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """An entry that was found, with the language of the wording to show and its score (higher is better)."""

    entry: Entry
    language: ContentLanguage
    score: float

    @property
    def wording(self) -> Wording:
        """The wording to show."""
        return self.entry.wordings[self.language]


ConditionKind = Literal[
    "free", "paid", "online", "on_site", "open", "women", "evening", "weekend",
    "length", "fee", "stipend", "seats", "starts", "closes", "place", "level", "provider", "language", "schooling",
]  # fmt: skip
CONDITION_KINDS: tuple[ConditionKind, ...] = get_args(ConditionKind)  # in the order in which they are told
FLAGS: tuple[ConditionKind, ...] = ("free", "paid", "online", "on_site", "open", "women", "evening", "weekend")
Direction = Literal["least", "most"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a course must fulfil. `name` is a place, a provider or a level as the folder writes it.

    Of `starts` and `closes`, `name` is "this" or "next" month, or `step` a month of the year, which the limits repeat
    where there are any. A schooling that is strict is one that a course asks for; else it is the most it may ask for.
    """

    kind: ConditionKind
    name: str = ""
    at_least: float | None = None  # months of length or of the year, rupees, seats
    at_most: float | None = None
    is_strict: bool = False  # the limit itself does not fulfil it
    step: int = 0  # of schooling: the asker's place on the ladder of `wishes.yaml`; else a month of the year
    is_not: bool = False  # a course must not fulfil it
    than: str = ""  # the course whose field is the limit

    @property
    def is_flag(self) -> bool:
        """Whether the condition is told by one word, such as free."""
        return self.kind in FLAGS


@dataclass(frozen=True, slots=True)
class Than:
    """A limit that is another course's: longer than DAE."""

    field: CourseField
    direction: Direction  # most: more than that course
    name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question wants of the catalogue, and the words that are left of it."""

    conditions: tuple[Condition, ...]
    order: tuple[CourseField, Direction] | None
    pair: tuple[str, str] | None  # two things that are set side by side
    compared_by: CourseField | None
    thans: tuple[Than, ...]
    is_count: bool
    is_listing: bool  # it asks which courses there are
    is_plural: bool  # it has a word for several courses
    is_procedure: bool  # it asks how, when or where
    names_courses: bool  # it has a word for course, or for learning
    is_negated: bool  # it has a word for not or without: what is listed might be the opposite of what is asked
    subject: str


PartKind = Literal["title", "text", "fact", "note", "source", "choice"]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a reply before it is rendered for a terminal or for Telegram. A fact has a label, a choice an id."""

    kind: PartKind
    text: str
    label: str = ""
    entry_id: str = ""
    is_asked: bool = False  # the fact that the question names; the others of the same course are then left out


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question, with its trace: what was found, what it rests on, how sure it is."""

    question: str
    language: Language
    outcome: Outcome
    parts: tuple[Part, ...]
    confidence: float
    passages: tuple[Passage, ...] = ()
    sources: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    generation: str = ""
    seconds: float = 0.0
    wish: Wish | None = None  # what was understood, where the catalogue answered
    standalone: str = ""  # the question as it was completed from what was said before, where a model did
    trace: dict[str, float] = field(default_factory=dict)

    @property
    def is_translation(self) -> bool:
        """Whether a machine put it into the asker's language: what it offers to choose is its original."""
        return "translated" in self.trace


# Takes an answer as far as it is worded and checked, while the rest of it is still being written. Thread-safe.
OnProgress = Callable[[Answer], None]
