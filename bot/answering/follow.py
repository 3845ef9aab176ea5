"""A question that leans on the last answer, made to stand alone, without a language model.

It must have no subject of its own: only a field ("and the fee?"), a condition ("what about Multan?") or words that
point back. Anything else is a new topic and inherits nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.retrieve import Hit
from bot.language.fields import asked_fields, speaks_of_cost, speaks_of_rent
from bot.language.tokens import split_units
from bot.language.wishes import is_follow_up, mentions, points_back
from bot.types import Answer, Entry, Passage, Wish

_FEE = "fee"
_FEW_WORDS = 3  # "Lahore?" leans on what was said before without saying so


def complete_question(question: str, previous: Answer | None) -> str:
    """Return the question with the name of what was spoken of last, where it asks for a field of that."""
    if previous is None or previous.outcome != "answered" or previous.wish is not None or not is_follow_up(question):
        return question
    entry, title = previous.passages[0].entry, previous.passages[0].wording.title
    if not _leans_on(entry, question) or _names_another(question, entry):
        return question
    if asked_fields(question):
        return f"{title} {question}"
    if not speaks_of_cost(question):
        return question
    # What a course costs is its fee, whatever it is called.
    return f"{title} {question} {_FEE}" if entry.kind == "course" else f"{title} {question}"


def _leans_on(entry: Entry, question: str) -> bool:
    """Tell whether a question without a subject is asked of an entry.

    "Fees?" after a course is asked of that course; after anything else it may be a question of its own. A rent is that
    of a thing and never a course's.
    """
    if speaks_of_rent(question):
        return entry.kind != "course"
    return points_back(question) or entry.kind == "course"


def _names_another(question: str, entry: Entry) -> bool:
    """Tell whether a question names a kind of course that what was spoken of is not, or a fee that is not its own."""
    if mentions("other_fee", question):
        return True
    level = entry.course.level if entry.course else ""
    titles = [wording.title for wording in entry.wordings.values()]
    return mentions("kind", question) and not any(mentions("kind", text) for text in (level, *titles))


def leave_behind(
    hits: Sequence[Hit], entries: Mapping[str, Entry], question: str, previous: Answer | None
) -> list[Hit]:
    """Return the hits without what was told last, and what cannot answer where the cost of that is asked for.

    Only a course has more to say to a second question, and what tells a cost that is asked for.
    """
    told = previous.passages[0] if previous else None
    if told is None or told.entry.kind == "course":
        return list(hits)
    if not speaks_of_cost(question):
        return [hit for hit in hits if hit.entry_id != told.entry.id]
    if _tells_cost(told, question):
        return list(hits)
    others = [hit for hit in hits if hit.entry_id != told.entry.id]
    own = [hit for hit in others if _tells_its_cost(entries[hit.entry_id], told)]
    return own or others


def is_anothers_cost(entry: Entry, question: str, previous: Answer | None) -> bool:
    """Tell whether an entry answers where the cost of what was told last is asked for, and is about something else."""
    told = previous.passages[0] if previous else None
    if told is None or told.entry.kind == "course" or told.entry.id == entry.id or not speaks_of_cost(question):
        return False
    return not _tells_its_cost(entry, told)


def _tells_its_cost(entry: Entry, told: Passage) -> bool:
    """Tell whether an entry is about the cost of what was told: it has a word of that in its title."""
    about = {unit[0] for unit in split_units(told.wording.title)}
    titles = [wording.title for wording in entry.wordings.values()]
    shares = any(unit[0] in about for title in titles for unit in split_units(title))
    return shares and any(map(speaks_of_cost, titles))


def _tells_cost(told: Passage, question: str) -> bool:
    is_rent = speaks_of_rent(question) and speaks_of_rent(told.wording.body)
    return is_rent or (speaks_of_cost(question) and speaks_of_cost(told.wording.title))


def complete_wish(wish: Wish, question: str, previous: Answer | None) -> Wish:
    """Return the wish with what was asked of the catalogue last, where the question only changes a part of it."""
    if previous is None or previous.wish is None or not changes_part(wish, question):
        return wish
    before = previous.wish
    changed = {condition.kind for condition in wish.conditions}
    kept = tuple(condition for condition in before.conditions if condition.kind not in changed)
    return replace(before, conditions=(*kept, *wish.conditions), order=wish.order or before.order)


def changes_part(wish: Wish, question: str) -> bool:
    """Tell whether a question says nothing but conditions or an order, and leans on what was said before."""
    says_something = bool(wish.conditions or wish.order) and not wish.names_courses and not wish.subject
    return says_something and (points_back(question) or len(question.split()) <= _FEW_WORDS)
