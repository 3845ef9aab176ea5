"""A decision into the parts of a reply, quoted from the folder in the asker's language.

Without a language model nothing is worded here but the phrases of `bot/language/phrases`: an FAQ's answer stands as
staff wrote it, and a course's fields are rendered one by one, an empty one as "not published".
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.language.fields import asked_fields
from bot.language.identify import content_language
from bot.language.phrases import load_phrases, phrase, write_date, write_money, write_months
from bot.types import CONTENT_LANGUAGES, ContentLanguage, Course, CourseField, Entry, Language, Part, Passage, Wording

_OVERVIEW: tuple[CourseField, ...] = (
    "fee", "duration", "city", "mode", "level", "entry", "stipend", "starts", "apply_by", "seats", "provider",
    "teaching_language", "apply_url",
)  # fmt: skip
# Said to be missing in an overview as well, since people decide by them; the others are left out where empty.
_ALWAYS_SHOWN: frozenset[CourseField] = frozenset({"fee", "duration", "city", "entry", "apply_by"})


def choose_language(entry: Entry, language: Language) -> ContentLanguage:
    """Return the wording to show to who writes in `language`: theirs, else English, else whatever there is."""
    wanted = content_language(language)
    order = (wanted, *(other for other in CONTENT_LANGUAGES if other != wanted))
    return next(choice for choice in order if choice in entry.wordings)


def compose_answer(passage: Passage, question: str, language: Language, today: date) -> tuple[Part, ...]:
    """Return the parts of an answer that rests on one entry."""
    entry, wording = passage.entry, _borrow(passage, language)
    parts = [Part("title", course_title(entry, language) if entry.course else wording.title)]
    in_other_writing = passage.language != content_language(language) or language == "ur-Latn"
    if in_other_writing and wording.body:
        parts.append(Part("note", phrase(language, "only_in", language=_name(passage.language, language))))
    if entry.course is None:
        parts.append(Part("text", wording.body))
    else:
        parts += _compose_course(entry.course, wording, _read_asked(question, entry), language, today)
    return (*parts, write_source(entry.source or wording.file, entry.as_of, language))


def _borrow(passage: Passage, language: Language) -> Wording:
    """Return the wording to show; a course's text that exists only in another language is taken from there, named."""
    wording = passage.wording
    if passage.entry.course is None:
        return wording
    borrowed = {
        name: phrase(language, "in_brackets", text=getattr(other, name), more=_name(content, language))
        for name in ("body", "entry", "provider", "city")
        # The last one stays, so that English is taken before Urdu and Urdu before Chinese.
        for content in reversed(CONTENT_LANGUAGES)
        if (other := passage.entry.wordings.get(content)) and getattr(other, name) and not getattr(wording, name)
    }
    return replace(wording, **borrowed)


def compose_choices(passages: Sequence[Passage], contact: Passage | None, language: Language) -> tuple[Part, ...]:
    """Return the parts that ask which of several entries is meant, and where to turn if it is none of them."""
    none_fits = Part("note", phrase(language, "none_fits"))
    return (
        Part("text", phrase(language, "clarify")),
        *_choices(passages, language),
        none_fits,
        _person(contact, language),
    )


def compose_refusal(nearest: Sequence[Passage], contact: Passage | None, language: Language) -> tuple[Part, ...]:
    """Return the parts that say that it is not known, with the nearest topics and a person."""
    parts = [Part("text", phrase(language, "refused")), Part("note", phrase(language, "refused_try"))]
    if nearest:
        parts += [Part("note", phrase(language, "refused_topics")), *_choices(nearest, language)]
    return (*parts, _person(contact, language))


def _person(contact: Passage | None, language: Language) -> Part:
    if contact is None:
        return Part("note", phrase(language, "no_contact"))
    return Part("note", phrase(language, "person", contact=contact.wording.body))


def course_title(entry: Entry, language: Language) -> str:
    """Return a course's name as who writes in `language` reads it: Roman Urdu has no column but reads Latin letters."""
    shown: ContentLanguage = (
        "en" if language == "ur-Latn" and "en" in entry.wordings else choose_language(entry, language)
    )
    return entry.wordings[shown].title


def name_entry(entry: Entry, language: Language) -> str:
    """Return what an entry is called in a list: a course by its name, all else by its question or heading."""
    return course_title(entry, language) if entry.course else entry.wordings[choose_language(entry, language)].title


def _choices(passages: Iterable[Passage], language: Language) -> list[Part]:
    return [
        Part(
            "choice",
            course_title(passage.entry, language) if passage.entry.course else passage.wording.title,
            entry_id=passage.entry.id,
        )
        for passage in passages
    ]


def _read_asked(question: str, entry: Entry) -> list[CourseField]:
    """Return the fields that a question names, but for those that only the course's own name has: "(6 months)"."""
    for wording in entry.wordings.values():
        question = question.replace(wording.title, " ")
    return asked_fields(question)


def _compose_course(
    course: Course, wording: Wording, asked: Sequence[CourseField], language: Language, today: date
) -> list[Part]:
    """Return the whole card; where fields are asked for, those alone, with the deadline and the summary.

    The summary stays: what staff know of a figure's limits stands there.
    """
    parts = [replace(_fact(field, course, wording, language), is_asked=True) for field in asked]
    is_closed = course.apply_by is not None and today > course.apply_by
    if course.apply_by and is_closed:
        parts.append(Part("note", phrase(language, "applications_closed", date=write_date(language, course.apply_by))))
    elif course.apply_by and asked and "apply_by" not in asked:
        parts.append(_fact("apply_by", course, wording, language))
    if wording.body:
        parts.append(Part("text", wording.body))
    shown = () if asked else _OVERVIEW
    for field in shown:
        if field in _ALWAYS_SHOWN or _value(field, course, wording, language):
            parts.append(_fact(field, course, wording, language))
    return parts


def _fact(field: CourseField, course: Course, wording: Wording, language: Language) -> Part:
    value = _value(field, course, wording, language) or phrase(language, "not_published")
    return Part("fact", value, label=phrase(language, f"field_{field}"))


def _value(field: CourseField, course: Course, wording: Wording, language: Language) -> str:
    """Return a field in the asker's language, "" where it is not published."""
    match field:
        case "fee":
            return _write_fee(course.fee_pkr, "free", language)
        case "stipend":
            return _write_fee(course.stipend_pkr, "none_paid", language)
        case "duration":
            return "" if course.duration_months is None else write_months(language, course.duration_months)
        case "starts" | "apply_by":
            day: date | None = getattr(course, field)
            return "" if day is None else write_date(language, day)
        case "seats":
            return "" if course.seats is None else str(course.seats)
        case "mode" | "teaching_language" | "level":
            return translate(field, getattr(course, field), language)
        case "city" | "entry" | "provider":
            return str(getattr(wording, field))
        case "apply_url":
            return course.apply_url


def field_value(field: CourseField, entry: Entry, language: Language) -> str:
    """Return a course's field as who writes in `language` reads it, "" where it is not published."""
    wording = _borrow(Passage(entry, choose_language(entry, language), 1.0), language)
    return _value(field, entry.course, wording, language) if entry.course else ""


def _write_fee(amount: int | None, none: str, language: Language) -> str:
    if amount is None:
        return ""
    return phrase(language, none) if amount == 0 else write_money(language, amount)


def translate(field: str, value: str, language: Language) -> str:
    """Return a value that has a phrase in the asker's language, any other as staff wrote it."""
    key = f"{field.removesuffix('_language')}_{value.lower().replace(' ', '_').replace('-', '_')}"
    return load_phrases(language).get(key, value)


def write_source(source: str, as_of: date | None, language: Language) -> Part:
    """Return where something is from and how old it is."""
    text = phrase(language, "source", source=source)
    if as_of is not None:
        text = phrase(
            language, "in_brackets", text=text, more=phrase(language, "as_of", date=write_date(language, as_of))
        )
    return Part("source", text)


def _name(content: ContentLanguage, language: Language) -> str:
    """Return what a column's language is called in the asker's language."""
    return load_phrases(language)[f"name_{content}"]
