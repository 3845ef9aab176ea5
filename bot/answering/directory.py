"""What the folder holds, put in order to be leafed through: courses and questions in groups, each with a short name.

Nothing is searched here: every entry that answers is in at least one group, so that whoever cannot name what they look
for finds it all the same.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal, get_args

from bot.answering.compose import choose_language, field_value, name_entry
from bot.answering.listing import compose_comparison, read_field
from bot.index.entries import entry_key
from bot.index.reader import IndexReader
from bot.language.phrases import load_phrases, phrase
from bot.language.trades import find_trades
from bot.types import Answer, Course, CourseField, Entry, Kind, Language, Passage

Facet = Literal["trade", "city", "length", "fee", "provider", "level", "open", "all"]
FACETS: tuple[Facet, ...] = ("trade", "city", "length", "fee", "provider", "level", "open", "all")
# By these a course has a group even where its cell is empty: one named "not published".
_SAID: frozenset[Facet] = frozenset({"city", "length", "fee", "provider"})
_NAMED_FIELDS: dict[Facet, CourseField] = {"city": "city", "provider": "provider"}
# Months up to which a course belongs to a group, with the group's name; longer ones belong to the last.
_LENGTHS: tuple[tuple[float, str], ...] = ((1, "month"), (3, "quarter"), (6, "half"), (12, "year"))
_LONGER = "longer"
# A list of this many is read at a glance and is not divided.
_FEW = 8
_NAME_BYTES = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that belong together. `name` is the same in every language, `key` its short form for a button."""

    facet: str
    name: str
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """The group's short name: eight hexadecimal digits."""
        return hashlib.sha256(f"{self.facet}:{self.name}".encode()).hexdigest()[: 2 * _NAME_BYTES]

    def label(self, language: Language) -> str:
        """Return what the group is called by who reads `language`, as a button begins: with a capital letter."""
        name = self._name(language)
        return name[:1].upper() + name[1:]

    def _name(self, language: Language) -> str:
        if not self.name:
            return phrase(language, "not_published" if self.facet in _SAID else "group_other")
        if self.facet in ("city", "provider"):
            return read_field(_NAMED_FIELDS[self.facet], self.entries[0], language)  # type: ignore[index]
        if self.facet == "document":
            return name_entry(self.entries[0], language).split(" — ")[0]
        kind = "topic" if self.facet == "file" else self.facet
        translated = load_phrases(language).get(f"{kind}_{_slug(self.name)}")
        return translated or self.name.replace("_", " ")


@dataclass(frozen=True)
class Stock:
    """The entries of one generation that answer on one day, without their texts, in the folder's order."""

    entries: tuple[Entry, ...] = ()
    today: date = date.min

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """Each entry by its short name."""
        return {entry_key(entry.id): entry for entry in self.entries}

    @cached_property
    def _by_kind(self) -> dict[Kind, tuple[Entry, ...]]:
        return {kind: tuple(entry for entry in self.entries if entry.kind == kind) for kind in get_args(Kind)}

    @cached_property
    def _by_file(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(_file(entry), []).append(entry)
        return found

    @cached_property
    def _groups(self) -> dict[Facet, list[Group]]:
        """The groups that were asked for so far."""
        return {}

    def of_kind(self, kind: Kind) -> tuple[Entry, ...]:
        """Return the entries of a kind."""
        return self._by_kind[kind]

    def course(self, key: str) -> Entry | None:
        """Return the course of a short name."""
        entry = self.by_key.get(key)
        return entry if entry is not None and entry.course is not None else None

    def groups(self, facet: Facet) -> list[Group]:
        """Return the courses by what they share, without empty groups; what is not published comes last."""
        if facet not in self._groups:
            self._groups[facet] = self._group(facet)
        return self._groups[facet]

    def _group(self, facet: Facet) -> list[Group]:
        found: dict[str, list[Entry]] = {}
        for entry in self.of_kind("course"):
            for name in _names(facet, entry, self.today):
                found.setdefault(name, []).append(entry)
        groups = [Group(facet, name, tuple(entries)) for name, entries in found.items()]
        return sorted(groups, key=_rank_group)

    def shelf(self, kind: Kind, path: Sequence[str]) -> "Shelf | None":
        """Return what stands where `path` leads, a short name a step: groups, or entries where none is needed."""
        entries, left = self.of_kind(kind), list(path)
        labels: list[Group] = []
        for divide in (_by_file, _by_topic):
            groups = divide(entries)
            if not _helps(groups, entries, is_first=divide is _by_file):
                continue
            if not left:
                return Shelf(tuple(labels), tuple(groups))
            step = left.pop(0)
            chosen = next((group for group in groups if group.key == step), None)
            if chosen is None:
                return None
            labels.append(chosen)
            entries = chosen.entries
        return None if left else Shelf(tuple(labels), entries=entries)

    def related(self, entry: Entry, found: Iterable[Entry], number: int) -> list[Entry]:
        """Return other entries on the same topic, then those that were `found` beside it, then its neighbours."""
        neighbours = self._by_file.get(_file(entry), [])
        same_topic = [other for other in neighbours if entry.topic and other.topic.lower() == entry.topic.lower()]
        valid = [self.by_key[key] for other in found if (key := entry_key(other.id)) in self.by_key]
        place = next((place for place, other in enumerate(neighbours) if other.id == entry.id), -1)
        near = neighbours[place + 1 :] + neighbours[: max(place, 0)]
        in_order = {other.id: other for other in (*same_topic, *valid, *near) if other.id != entry.id}
        return list(in_order.values())[:number]

    def compare(self, first: str, second: str, language: Language) -> Answer | None:
        """Return two courses set side by side, by their short names; None where one of them is gone."""
        pair = [course for key in (first, second) if (course := self.course(key))]
        if len(pair) < 2 or pair[0] is pair[1]:
            return None
        passages = tuple(Passage(entry, choose_language(entry, language), 1.0) for entry in pair)
        return Answer(
            question="",
            language=language,
            outcome="answered",
            parts=compose_comparison(pair, None, language),
            confidence=1.0,
            passages=passages,
            sources=tuple(passage.wording.id for passage in passages),
        )

    def alike(self, course: Entry) -> list[Entry]:
        """Return the other courses, those of the same field of work first."""
        trades = set(_names("trade", course, self.today)) - {""}
        others = [other for other in self.of_kind("course") if other.id != course.id]
        return sorted(others, key=lambda other: trades.isdisjoint(_names("trade", other, self.today)))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stands at a place: groups or entries, with the groups that lead there."""

    trail: tuple[Group, ...] = ()
    groups: tuple[Group, ...] = ()
    entries: tuple[Entry, ...] = ()


class Directory:
    """Reads what the current generation holds. Thread-safe; may block."""

    def __init__(self, reader: IndexReader, today: Callable[[], date]) -> None:
        self._reader = reader
        self._today = today
        self._lock = threading.Lock()
        self._all: tuple[str, tuple[Entry, ...]] | None = None
        self._stock: tuple[str, Stock] | None = None

    def stock(self) -> Stock:
        """Return what answers today.

        Raises IndexUnavailableError where there is no index.
        """
        today = self._today()
        with self._reader.use() as index, self._lock:
            generation = index.manifest.id
            if self._all is None or self._all[0] != generation:
                self._all = (generation, tuple(_strip(entry) for entry in index.entries.all()))
                self._stock = None
            if self._stock is None or self._stock[1].today != today:
                valid = tuple(entry for entry in self._all[1] if entry.is_valid(today))
                self._stock = (generation, Stock(valid, today))
            return self._stock[1]


def entry_title(entry: Entry, language: Language) -> str:
    """Return an entry's name for a button: of a guide's section the heading alone."""
    title = name_entry(entry, language)
    return title.rsplit(" — ", 1)[-1] if entry.kind == "page" else title


def can_remind(entry: Entry, today: date) -> bool:
    """Tell whether a day is still to come that lies before the one on which a course's applications close."""
    return entry.course is not None and entry.course.apply_by is not None and (entry.course.apply_by - today).days > 1


def _strip(entry: Entry) -> Entry:
    """Return an entry without its texts, which only its own page shows: a large folder is to stay small in memory."""
    bare = {language: replace(wording, body="") for language, wording in entry.wordings.items()}
    return replace(entry, wordings=bare, also_asked=())


def _names(facet: Facet, entry: Entry, today: date) -> list[str]:
    """Return the groups of a facet that a course belongs to; "" is that of what is not said."""
    course = entry.course or Course()
    match facet:
        case "trade":
            return find_trades(wording.title for wording in entry.wordings.values()) or [""]
        case "city" | "provider":
            return [field_value(_NAMED_FIELDS[facet], entry, "en")]
        case "length":
            return ["" if course.duration_months is None else _length(course.duration_months)]
        case "fee":
            paid = ["stipend"] if course.stipend_pkr else []
            return [*paid, "" if course.fee_pkr is None else "free" if course.fee_pkr == 0 else "paid"]
        case "level":
            return [course.level] if course.level else []
        case "open":
            return ["now"] if course.apply_by is not None and course.apply_by >= today else []
        case "all":
            return ["courses"]


def _length(months: float) -> str:
    return next((name for limit, name in _LENGTHS if months <= limit), _LONGER)


def _rank_group(group: Group) -> tuple[object, ...]:
    """Put lengths and fees in their own order, all else with the most courses first; what is not said last."""
    order = {name: place for place, (_, name) in enumerate(_LENGTHS)} | {_LONGER: len(_LENGTHS), "free": 0, "paid": 1}
    return (not group.name, order.get(group.name, 9) if group.facet in ("length", "fee") else -len(group.entries))


def _by_file(entries: Sequence[Entry]) -> list[Group]:
    facet = "document" if entries and entries[0].kind == "page" else "file"
    return _collect(facet, entries, lambda entry: _file(entry) if facet == "document" else _stem(entry))


def _by_topic(entries: Sequence[Entry]) -> list[Group]:
    return _collect("topic", entries, lambda entry: entry.topic.strip().lower())


def _collect(facet: str, entries: Sequence[Entry], name: Callable[[Entry], str]) -> list[Group]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(name(entry), []).append(entry)
    groups = [Group(facet, one, tuple(members)) for one, members in found.items()]
    return sorted(groups, key=lambda group: not group.name)


def _helps(groups: Sequence[Group], entries: Sequence[Entry], *, is_first: bool) -> bool:
    """Tell whether groups are fewer to leaf through than what is in them: topics that hold one question each do not."""
    if is_first and groups and groups[0].facet == "document":
        return len(groups) > 1
    return len(groups) > 1 and len(entries) > _FEW and 2 * len(groups) <= len(entries)


def _file(entry: Entry) -> str:
    return entry.id.partition("#")[0]


def _stem(entry: Entry) -> str:
    return _file(entry).rpartition("/")[2].partition(".")[0]


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")
