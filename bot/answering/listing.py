"""Courses that fulfil a wish into the parts of a reply: what was understood, the courses, what is not published."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.catalogue import Listing, is_alternative
from bot.answering.compose import choose_language, course_title, field_value, name_entry, translate, write_source
from bot.answering.decide import MOST_CHOICES
from bot.language.identify import content_language
from bot.language.phrases import phrase, write_money, write_months
from bot.language.places import place_name
from bot.types import Condition, CourseField, Entry, Language, Part, Than, Wish

MOST_LISTED = 8
_MOST_NAMED = 3
_MOST_SOURCES = 3
_LISTED_FIELDS: tuple[CourseField, ...] = ("fee", "duration", "city", "stipend", "apply_by")
_COMPARED_FIELDS: tuple[CourseField, ...] = (
    "duration", "fee", "stipend", "city", "mode", "level", "entry", "starts", "apply_by", "seats",
)  # fmt: skip


def compose_listing(wish: Wish, listing: Listing, language: Language) -> tuple[Part, ...]:
    """Return the parts that list what was found for a wish."""
    wanted = write_wish(wish, language)
    shown = listing.found[:MOST_LISTED]
    parts = [_head(listing, wanted, language)]
    if listing.dropped is not None:
        dropped = listing.dropped if isinstance(listing.dropped, str) else _write(listing.dropped, language)
        key = "listing_alike" if listing.is_alike else "listing_near"
        parts.append(Part("note", phrase(language, key, dropped=dropped)))
    parts += [Part("choice", _summarise(entry, listing, language), entry_id=entry.id) for entry in shown]
    if len(listing.found) > len(shown):
        parts.append(Part("note", phrase(language, "listing_more", number=len(listing.found) - len(shown))))
    if listing.unknown:
        titles = [course_title(entry, language) for entry in listing.unknown[:_MOST_NAMED]]
        if len(listing.unknown) > len(titles):
            titles.append("…")
        names = phrase(language, "listing_separator").join(titles)
        parts.append(Part("note", phrase(language, "listing_unknown", number=len(listing.unknown), names=names)))
    if not shown:
        shown = listing.unknown[:MOST_CHOICES]
        parts += [Part("choice", _summarise(entry, listing, language), entry_id=entry.id) for entry in shown]
    parts.append(Part("note", phrase(language, "listing_ask")))
    return (*parts, *_sources(shown, language))


def compose_also(entries: Sequence[Entry], language: Language) -> tuple[Part, ...]:
    """Return the parts that offer what may be meant instead of a list."""
    if not entries:
        return ()
    choices = [Part("choice", name_entry(entry, language), entry_id=entry.id) for entry in entries]
    return (Part("note", phrase(language, "listing_also")), *choices)


def compose_comparison(pair: Sequence[Entry], compared_by: CourseField | None, language: Language) -> tuple[Part, ...]:
    """Return the parts that set two courses side by side, what was asked for first."""
    first, second = (course_title(entry, language) for entry in pair)
    fields = dict.fromkeys((*([compared_by] if compared_by else []), *_COMPARED_FIELDS))
    facts = [fact for name in fields if (fact := _compare(pair, name, name == compared_by, language))]
    choices = [Part("choice", course_title(entry, language), entry_id=entry.id) for entry in pair]
    title = Part("title", phrase(language, "compared", first=first, second=second))
    return (title, *choices, *facts, Part("note", phrase(language, "listing_ask")), *_sources(pair, language))


def write_wish(wish: Wish, language: Language) -> str:
    """Return what was understood, so that a misreading is seen."""
    words = [_write_than(than, language) for than in wish.thans]
    for kind in dict.fromkeys(condition.kind for condition in wish.conditions):
        alike = [condition for condition in wish.conditions if condition.kind == kind]
        words += _write_alike(alike, language)
    if wish.order:
        words.insert(0, phrase(language, f"order_{wish.order[0]}_{wish.order[1]}"))
    if wish.subject:
        words.insert(0, f"“{wish.subject}”")
    return " · ".join(words) or phrase(language, "all_courses")


def _write_alike(conditions: Sequence[Condition], language: Language) -> list[str]:
    """Return conditions of one kind: joined by "or" where one of them is enough."""
    apart = [_write(condition, language) for condition in conditions if not is_alternative(condition)]
    either = [_write(condition, language) for condition in conditions if is_alternative(condition)]
    return [*([phrase(language, "listing_or").join(either)] if either else []), *apart]


def _write_than(than: Than, language: Language) -> str:
    key = "condition_more" if than.direction == "most" else "condition_less"
    return _field(than.field, phrase(language, key, value=f"“{than.name}”"), language)


def _field(name: CourseField, text: str, language: Language) -> str:
    return phrase(language, "fact", label=phrase(language, f"field_{name}"), text=text)


def _head(listing: Listing, wanted: str, language: Language) -> Part:
    number = len(listing.found)
    if not number or listing.dropped is not None:
        return Part("title", phrase(language, "listing_none", wanted=wanted))
    key = "listing_one" if number == 1 else "listing_many"
    return Part("title", phrase(language, key, wanted=wanted, number=number))


def _write(condition: Condition, language: Language) -> str:
    if condition.kind == "open" and condition.is_not:
        return phrase(language, "listing_closed")
    if condition.is_not and condition.kind != "schooling":
        return phrase(language, "condition_not", value=_write(replace(condition, is_not=False), language))
    match condition.kind:
        case "length" | "fee" | "stipend" | "seats":
            return _write_amount(condition, language)
        case "starts" | "closes":
            return phrase(language, f"condition_{condition.kind}", value=_write_month(condition, language))
        case "schooling":
            return phrase(language, f"{_schooling_key(condition)}_{condition.step}")
        case "place" | "language" | "level" | "provider":
            return _write_name(condition, language)
        case flag:
            return phrase(language, f"condition_{flag}_only" if condition.is_strict else f"condition_{flag}")


def _write_amount(condition: Condition, language: Language) -> str:
    match condition.kind:
        case "length":
            text = _write_limits(condition, language, lambda value: write_months(language, round(value, 1)))
            return _field("duration", text, language) if condition.than else text
        case "seats":
            return _field("seats", _write_limits(condition, language, lambda value: f"{value:g}"), language)
        case kind:
            value = _write_limits(condition, language, lambda value: write_money(language, round(value)))
            return phrase(language, f"condition_{kind}", value=value)


def _write_name(condition: Condition, language: Language) -> str:
    match condition.kind:
        case "place":
            return place_name(condition.name, "en" if language == "ur-Latn" else content_language(language))
        case "language":
            return _field("teaching_language", translate("teaching_language", condition.name, language), language)
        case "level":
            return translate("level", condition.name, language)
        case _:
            return condition.name


def _schooling_key(condition: Condition) -> str:
    return "without" if condition.is_not else "asks" if condition.is_strict else "schooling"


def _write_month(condition: Condition, language: Language) -> str:
    if condition.name:
        return phrase(language, f"month_{condition.name}")
    names = phrase(language, "month_names").split()
    month = names[condition.step - 1]
    side = "after" if condition.at_least is not None else "before" if condition.at_most is not None else "in"
    if side == "in":
        return phrase(language, "month_in", month=month)
    return phrase(language, f"month_{side}" if condition.is_strict else f"month_{side}_or_in", month=month)


def _write_limits(condition: Condition, language: Language, write_alone: Callable[[float], str]) -> str:
    def write(value: float) -> str:
        return (
            phrase(language, "compared", first=condition.than, second=write_alone(value))
            if condition.than
            else write_alone(value)
        )

    if condition.at_least == condition.at_most and condition.at_most is not None:
        return write(condition.at_most)
    limits = (
        (condition.at_least, "condition_more" if condition.is_strict else "condition_at_least"),
        (condition.at_most, "condition_less" if condition.is_strict else "condition_at_most"),
    )
    return " ".join(phrase(language, key, value=write(limit)) for limit, key in limits if limit is not None)


def _summarise(entry: Entry, listing: Listing, language: Language) -> str:
    """Return a course in one line: its name and what is published of what people decide by."""
    values = {name: read_field(name, entry, language) for name in _LISTED_FIELDS}
    if entry.id in listing.closed:
        values["apply_by"] = phrase(language, "listing_closed")
    facts = [
        value if name == "apply_by" and entry.id in listing.closed else _label(name, value, language)
        for name, value in values.items()
        if value
    ]
    title = course_title(entry, language)
    return f"{title} – {' · '.join(facts)}" if facts else title


def read_field(name: CourseField, entry: Entry, language: Language) -> str:
    """Return a field; who writes Roman Urdu reads names in Latin letters."""
    in_latin = language == "ur-Latn" and "en" in entry.wordings and name in ("city", "entry", "provider")
    return field_value(name, entry, "en" if in_latin else language)


def _label(name: CourseField, value: str, language: Language) -> str:
    """Return a value with its name, but where it says itself what it is."""
    if name in ("duration", "city") or value == phrase(language, "free"):
        return value
    return phrase(language, "fact", label=phrase(language, f"field_{name}"), text=value)


def _compare(pair: Sequence[Entry], name: CourseField, is_asked: bool, language: Language) -> Part | None:
    """Return one field of both courses; None where neither has it and nobody asked."""
    missing = phrase(language, "not_published")
    values = [read_field(name, entry, language) for entry in pair]
    if not any(values) and not is_asked:
        return None
    first, second = (value or missing for value in values)
    key = "compared_same" if first == second and all(values) else "compared_values"
    text = phrase(language, key, first=first, second=second, value=first)
    return Part("fact", text, label=phrase(language, f"field_{name}"))


def _sources(entries: Iterable[Entry], language: Language) -> list[Part]:
    """Return where the listed courses come from, with the oldest date of those that share a source."""
    dates: dict[str, date | None] = {}
    for entry in entries:
        source = entry.source or entry.wordings[choose_language(entry, language)].file
        known = [day for day in (dates.get(source), entry.as_of) if day]
        dates[source] = min(known, default=None)
    return [write_source(source, day, language) for source, day in list(dates.items())[:_MOST_SOURCES]]
