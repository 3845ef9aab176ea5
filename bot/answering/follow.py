"""A question that leans on the last answer, made to stand alone, without a language model.

It must have no subject of its own: only a field ("and the fee?"), a condition ("what about Multan?") or words that
point back. Anything else is a new topic and inherits nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.retrieve import Hit
from bot.language.fields import asked_fields
from bot.language.wishes import is_follow_up, mentions, points_back
from bot.types import Answer, Entry, Wish

_FEW_WORDS = 3  # "Lahore?" leans on what was said before without saying so


def complete_question(question: str, previous: Answer | None) -> str:
    """Return the question with the name of what was spoken of last, where it asks for a field of that."""
    if previous is None or previous.outcome != "answered" or previous.wish is not None or not is_follow_up(question):
        return question
    entry = previous.passages[0].entry
    # "Fees?" after a course is asked of that course; after anything else it may be a question of its own.
    leans = (points_back(question) or entry.kind == "course") and not _names_another(question, entry)
    return f"{previous.passages[0].wording.title} {question}" if asked_fields(question) and leans else question


def _names_another(question: str, entry: Entry) -> bool:
    """Tell whether a question names a kind of course that what was spoken of is not, or a fee that is not its own."""
    if mentions("other_fee", question):
        return True
    level = entry.course.level if entry.course else ""
    titles = [wording.title for wording in entry.wordings.values()]
    return mentions("kind", question) and not any(mentions("kind", text) for text in (level, *titles))


def leave_behind(hits: Sequence[Hit], previous: Answer | None) -> list[Hit]:
    """Return the hits without what was told last: only a course has more to say to a second question."""
    told = previous.passages[0].entry if previous else None
    return [hit for hit in hits if told is None or told.kind == "course" or hit.entry_id != told.id]


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
