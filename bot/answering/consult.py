"""Whether a question asks the catalogue, and what the catalogue says to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.bridge import Bridge
from bot.answering.catalogue import NAMED, Catalogue, Listing
from bot.answering.gate import load_gate
from bot.answering.retrieve import Retrieved, name_courses
from bot.index.encoder import Encoder
from bot.index.reader import Index
from bot.language.identify import content_language, identify
from bot.language.wishes import read_wish
from bot.types import Condition, ConditionKind, CourseField, Entry, Than, Wish

# From where a course is what a subject names, by its score by its name alone, and how far it may be below the best one.
NAMED_FROM = 0.75
_BEHIND = 0.3
# Before it is said that no course of a subject fulfils a condition, those that it may name as well are looked at.
MAYBE_FROM = 0.35
# Two courses that are set side by side are named by less: the words around them say that they are two.
PAIR_FROM = 0.6
# Words that no course knows and that are left out of a wish, and how many where the rest of it is told at length.
_LEFT_OUT, _MORE_LEFT_OUT = 2, 4
# From where a subject that no course is named by is near to a course in meaning, and how near others must be beside the
# nearest: of those that fulfil the rest of the question only, on the tuning cases.
NEAR_FROM = 0.28
_AS_NEAR = 0.6
# From which probability it is supposed that a question wants courses listed.
SUPPOSED_FROM = 0.5
_AS_GOOD = 0.2  # how far below the best name another may be that fulfils the rest of the question
_TIED = 0.05
_LIMITS: dict[CourseField, ConditionKind] = {"duration": "length", "fee": "fee", "stipend": "stipend", "seats": "seats"}

Scored = tuple[float, Entry]

# What no row foresees: each number would want one of its own.
_NUMBERED = frozenset({"length", "fee", "stipend", "seats", "starts", "closes"})


@dataclass(frozen=True, slots=True)
class Consulted:
    """A question as one to the catalogue: a listing, or the pair that it sets side by side."""

    wish: Wish
    listing: Listing
    pair: tuple[Entry, Entry] | None = None
    is_supposed: bool = False  # no rule tells that courses are asked for, the gate does

    @property
    def is_plain(self) -> bool:
        """Whether one thing alone is wished, and no number: what others asked before in as many words."""
        wish = self.wish
        is_more = self.pair is not None or wish.order is not None or wish.is_count or bool(wish.thans)
        return not is_more and len(wish.conditions) == 1 and wish.conditions[0].kind not in _NUMBERED

    @property
    def names_one(self) -> bool:
        """Whether the words may as well be those for one course: they have a subject, and ask for no order or count."""
        wish = self.wish
        return bool(wish.subject) and self.pair is None and wish.order is None and not wish.is_count

    @property
    def is_explicit(self) -> bool:
        """Whether the words leave no doubt that courses of a kind are asked for."""
        wish = self.wish
        if self.pair is not None:
            return True
        # It is not sure what is denied: "they don't let me go far" denies nothing of a course.
        if wish.is_negated or isinstance(self.listing.dropped, str):
            return False
        # "Are the courses free" has one flag and asks for no list.
        if wish.is_count or wish.order is not None:
            return wish.names_courses or not wish.subject
        is_narrowed = len(wish.conditions) > 1 or any(not condition.is_flag for condition in wish.conditions)
        # Urdu and Chinese have one word for course and courses, but "of more than six months" is no one course.
        lengths = sum(one.kind == "length" for one in wish.conditions)
        is_limited = lengths > 1 or any(
            one.kind not in ("open", "online") and (one.is_strict or one.is_not or one.at_least != one.at_most)
            for one in wish.conditions
        )
        asks_for_several = wish.is_listing or (wish.is_plural and is_narrowed) or (is_limited and not wish.subject)
        names_courses = wish.names_courses or (not wish.subject and is_narrowed)
        return names_courses and asks_for_several and not wish.is_procedure


def consult(
    wish: Wish, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue, today: date
) -> Consulted | None:
    """Return what the catalogue says to a wish, None where it does not ask the catalogue."""
    if wish.pair and (pair := _find_pair(wish, index, encoder, bridge, catalogue, today)):
        return Consulted(wish, Listing(pair), pair)
    # Two things that are set side by side and are not two courses are no wish for courses of both kinds.
    if wish.pair and all(one.kind in NAMED for one in wish.conditions):
        return None
    resolved = _resolve(wish, index, encoder, bridge, catalogue)
    if resolved is None or not _asks_catalogue(resolved):
        return None
    if not resolved.subject:
        return Consulted(resolved, catalogue.search(resolved, None, today))
    named = name_subject(resolved, index, encoder, bridge, catalogue)
    return _of_subject(resolved, named, catalogue, today) or _without_subject(resolved, named, catalogue, today)


def _of_subject(wish: Wish, named: Sequence[Scored], catalogue: Catalogue, today: date) -> Consulted | None:
    """Return what the catalogue says to a wish with a subject, None where no course has that or comes near it."""
    best = named[0][0] if named else 0.0
    subject = [entry for score, entry in named if score >= max(NAMED_FROM, best - _BEHIND)]
    if subject:
        listing = catalogue.search(wish, subject, today)
        if not listing.is_fulfilled:
            wider = catalogue.search(wish, [entry for score, entry in named if score >= MAYBE_FROM], today)
            if wider.is_fulfilled:
                listing = wider
        return Consulted(wish, listing)
    if not wish.conditions:
        return None
    listing = catalogue.search(wish, [entry for score, entry in named if score >= PAIR_FROM], today)
    if listing.is_fulfilled:
        return Consulted(wish, listing)
    near = find_near(wish, named, catalogue, today)
    return Consulted(wish, near) if near is not None else None


def find_near(wish: Wish, named: Sequence[Scored], catalogue: Catalogue, today: date) -> Listing | None:
    """Return, of the courses that fulfil the rest of a wish, those that come nearest to its subject in meaning."""
    near = [(score, entry) for score, entry in named if score >= NEAR_FROM]
    fitting = catalogue.search(replace(wish, order=None), [entry for _, entry in near], today)
    if not fitting.is_fulfilled:
        return None
    fits = {entry.id for entry in fitting.found}
    near = [(score, entry) for score, entry in near if entry.id in fits]
    listing = catalogue.search(wish, [entry for score, entry in near if score >= _AS_NEAR * near[0][0]], today)
    return replace(listing, dropped=wish.subject, is_alike=True) if listing.is_fulfilled else None


def suppose(
    wish: Wish, found: Retrieved, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue, today: date
) -> Consulted | None:
    """Return what the catalogue says to a wish that no rule tells to be one, None where it is not likely one.

    A subject that no course comes near is then the story around the question, and left out.
    """
    if not wish.conditions or wish.pair or wish.thans:
        return None
    named = name_subject(wish, index, encoder, bridge, catalogue)
    likely = load_gate(encoder.name).wants_courses(wish, found, named[0][0] if named else 0.0)
    if likely < SUPPOSED_FROM:
        return None
    consulted = _of_subject(wish, named, catalogue, today) if wish.subject else None
    if consulted is None:
        bare = replace(wish, subject="")
        consulted = Consulted(bare, catalogue.search(bare, None, today))
    return replace(consulted, is_supposed=True) if consulted.listing.found else None


def name_subject(wish: Wish, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue) -> list[Scored]:
    """Return the courses by how well the subject of a wish names them, the best first; none where it has no subject."""
    return _name_courses(wish.subject, index, encoder, bridge, catalogue) if wish.subject else []


def _without_subject(wish: Wish, named: Sequence[Scored], catalogue: Catalogue, today: date) -> Consulted | None:
    """Return what fulfils the rest of a wish whose subject no course has, said to be without it.

    Words that no course knows can be anything, idle talk as well as another subject: only a word or two are left out,
    and only of a question that surely asks for courses.
    """
    is_told = _tells_much(wish) or (wish.order is not None and wish.names_courses)
    best = named[0][0] if named else 0.0
    is_short = len(wish.subject.split()) <= (_MORE_LEFT_OUT if is_told else _LEFT_OUT) and best < PAIR_FROM
    asks_which = wish.is_listing or (wish.is_plural and wish.names_courses) or wish.is_count
    if wish.is_procedure or not is_short or not (is_told or (asks_which and wish.conditions)):
        return None
    listing = catalogue.search(wish, None, today)
    if not listing.is_fulfilled:
        return None
    return Consulted(wish, replace(listing, dropped=wish.subject))


def _asks_catalogue(wish: Wish) -> bool:
    # "How much does welding pay" asks for a field of one course.
    if wish.is_procedure and wish.subject and not wish.is_listing and wish.order is None:
        return False
    asks_for_courses = wish.names_courses or wish.is_listing or wish.is_plural or wish.is_count
    if wish.order is not None:
        return wish.names_courses or not wish.subject
    # "What is DAE" names a level and asks for no course.
    kinds = {condition.kind for condition in wish.conditions}
    is_told = bool(kinds - NAMED) or len(kinds) > 1
    is_wished = asks_for_courses or (is_told and not wish.subject) or _tells_much(wish)
    return (bool(wish.conditions) and is_wished) or (wish.names_courses and wish.is_count)


def _tells_much(wish: Wish) -> bool:
    """Tell whether a wish has conditions of two kinds or more, one of them no name."""
    kinds = {condition.kind for condition in wish.conditions}
    return len(kinds) > 1 and bool(kinds - NAMED)


def _name_courses(subject: str, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue) -> list[Scored]:
    """Return the courses by how well a subject names them, the best first."""
    hits = sorted(name_courses(subject, index, encoder, bridge, {}).values(), key=lambda hit: -hit.named)
    by_id = {entry.id: entry for entry in catalogue.courses}
    return [(hit.named, by_id[hit.entry_id]) for hit in hits]


def _find_pair(
    wish: Wish, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue, today: date
) -> tuple[Entry, Entry] | None:
    """Return the two courses that a question sets side by side, those that fulfil the rest of it first."""
    found: list[Entry] = []
    fitting = {entry.id for entry in catalogue.search(replace(wish, order=None), None, today).found}
    for part in wish.pair or ():
        named = _name_part(part, index, encoder, bridge, catalogue)
        close = [one for one in named if one[0] >= max(PAIR_FROM, named[0][0] - _AS_GOOD)]
        if not close:
            return None
        found.append(_plainest([one for one in close if one[1].id in fitting] or close))
    return (found[0], found[1]) if len(found) == 2 and found[0] is not found[1] else None


def _plainest(named: Sequence[Scored]) -> Entry:
    """Return, of the courses that a few words name as well as any, the one whose name has the least besides them."""
    best = [entry for score, entry in named if score >= named[0][0] - _TIED]
    return min(best, key=lambda entry: min(len(wording.title) for wording in entry.wordings.values()))


def _name_part(part: str, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue) -> list[Scored]:
    """Return the courses that a few words name: by a level or a provider that one course alone has, or by its name."""
    named = _name_courses(part, index, encoder, bridge, catalogue)
    conditions = [one for one in read_wish(part, catalogue.names).conditions if one.kind in NAMED]
    only = catalogue.named_alone(conditions) if conditions else None
    return [(1.0, only), *named] if only is not None else named


def _resolve(wish: Wish, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue) -> Wish | None:
    """Return a wish with the fields of the courses that it sets others against as its limits.

    None where no course is surely meant, or its field is not published: then there is nothing to compare with.
    """
    limits = []
    for than in wish.thans:
        named = _name_part(than.name, index, encoder, bridge, catalogue)
        if not named or named[0][0] < PAIR_FROM:
            return None
        limit = _limit(than, _plainest(named))
        if limit is None:
            return None
        limits.append(limit)
    return replace(wish, thans=(), conditions=(*limits, *wish.conditions))


def _limit(than: Than, other: Entry) -> Condition | None:
    course = other.course
    value = (
        {
            "duration": course.duration_months,
            "fee": course.fee_pkr,
            "stipend": course.stipend_pkr,
            "seats": course.seats,
        }.get(than.field)
        if course
        else None
    )
    if value is None:
        return None
    is_more = than.direction == "most"
    wordings = other.wordings
    title = wordings.get(content_language(identify(than.name)), next(iter(wordings.values()))).title
    return Condition(
        _LIMITS[than.field],
        at_least=value if is_more else None,
        at_most=None if is_more else value,
        is_strict=True,
        than=title,
    )
