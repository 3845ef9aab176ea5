"""Whether a question asks the catalogue, and what the catalogue says to it."""

from dataclasses import dataclass, replace
from datetime import date

from bot.answering.bridge import Bridge
from bot.answering.catalogue import NAMED, Catalogue, Listing
from bot.answering.retrieve import name_courses
from bot.index.encoder import Encoder
from bot.index.reader import Index
from bot.language.wishes import split_compared
from bot.types import Entry, Wish

# From where a course is what a subject names, by its score by its name alone, and how far it may be below the best one.
NAMED_FROM = 0.75
_BEHIND = 0.3
# Before it is said that no course of a subject fulfils a condition, those that it may name as well are looked at.
MAYBE_FROM = 0.35
# Two courses that are set side by side are named by less: the words around them say that they are two.
PAIR_FROM = 0.6
_LEFT_OUT = 2  # words


@dataclass(frozen=True, slots=True)
class Consulted:
    """A question as one to the catalogue: a listing, or the pair that it sets side by side."""

    wish: Wish
    listing: Listing
    pair: tuple[Entry, Entry] | None = None

    @property
    def is_explicit(self) -> bool:
        """Whether the words leave no doubt that courses of a kind are asked for."""
        wish = self.wish
        if self.pair is not None:
            return True
        if isinstance(self.listing.dropped, str):
            return False
        # "Are the courses free" has one flag and asks for no list.
        if wish.is_count or wish.order is not None:
            return wish.names_courses
        is_narrowed = len(wish.conditions) > 1 or any(not condition.is_flag for condition in wish.conditions)
        asks_for_several = wish.is_listing or (wish.is_plural and is_narrowed)
        return wish.names_courses and asks_for_several and not wish.is_procedure


def consult(
    wish: Wish, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue, today: date
) -> Consulted | None:
    """Return what the catalogue says to a wish, None where it does not ask the catalogue."""
    if wish.is_negated:
        return None
    if wish.compared and (pair := _find_pair(wish, index, encoder, bridge, catalogue)):
        return Consulted(wish, Listing(pair), pair)
    if not _asks_catalogue(wish):
        return None
    if not wish.subject:
        return Consulted(wish, catalogue.search(wish, None, today))
    named = _name_courses(wish.subject, index, encoder, bridge, catalogue)
    best = named[0][0] if named else 0.0
    subject = [entry for score, entry in named if score >= max(NAMED_FROM, best - _BEHIND)]
    if not subject:
        return _without_subject(wish, best, catalogue, today)
    listing = catalogue.search(wish, subject, today)
    if not listing.found or listing.dropped is not None:
        wider = catalogue.search(wish, [entry for score, entry in named if score >= MAYBE_FROM], today)
        if wider.found and wider.dropped is None:
            listing = wider
    return Consulted(wish, listing)


def _without_subject(wish: Wish, best: float, catalogue: Catalogue, today: date) -> Consulted | None:
    """Return what fulfils the rest of a wish whose subject no course has, said to be without it.

    Words that no course knows can be anything, idle talk as well as another subject: only a word or two are left out,
    and only of a question that surely asks for courses.
    """
    is_short = len(wish.subject.split()) <= _LEFT_OUT and best < PAIR_FROM and not wish.is_procedure
    asks_which = wish.is_listing or (wish.is_plural and wish.names_courses) or wish.is_count
    if not (is_short and asks_which and wish.conditions):
        return None
    listing = catalogue.search(wish, None, today)
    if not listing.found or listing.dropped is not None:
        return None
    return Consulted(wish, replace(listing, dropped=wish.subject))


def _asks_catalogue(wish: Wish) -> bool:
    asks_for_courses = wish.names_courses or wish.is_listing or wish.is_plural or wish.is_count
    if wish.order is not None:
        return wish.names_courses or not wish.subject
    # "What is DAE" names a level and asks for no course.
    is_told = any(condition.kind not in NAMED for condition in wish.conditions)
    return (bool(wish.conditions) and (asks_for_courses or (is_told and not wish.subject))) or (
        wish.names_courses and wish.is_count
    )


def _name_courses(
    subject: str, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue
) -> list[tuple[float, Entry]]:
    """Return the courses by how well a subject names them, the best first."""
    hits = sorted(name_courses(subject, index, encoder, bridge, {}).values(), key=lambda hit: -hit.named)
    by_id = {entry.id: entry for entry in catalogue.courses}
    return [(hit.named, by_id[hit.entry_id]) for hit in hits]


def _find_pair(
    wish: Wish, index: Index, encoder: Encoder, bridge: Bridge, catalogue: Catalogue
) -> tuple[Entry, Entry] | None:
    named = [_name_courses(part, index, encoder, bridge, catalogue)[:1] for part in split_compared(wish.subject)]
    found = [entry for best in named for score, entry in best if score >= PAIR_FROM]
    return (found[0], found[1]) if len(found) == 2 and found[0] is not found[1] else None
