"""Whether a question that a model completed from what was said before may be asked in place of the student's own."""

from dataclasses import dataclass

from bot.answering.generate.evidence import Known
from bot.answering.generate.names import NameBook
from bot.answering.generate.verify import gives_orders
from bot.language.normalise import normalise
from bot.language.tokens import split_units
from bot.types import Answer, Entry

# A longer question says by itself what it is about.
_MOST_CHARACTERS = 90
_LONGEST = 300
# How many of its words may be new: of grammar and of asking, but no number and no name.
_MOST_NEW = 0.34


def may_lean(question: str, previous: Answer) -> bool:
    """Tell whether a question is one that a model should complete.

    After a list of courses none of them is spoken of: what changes a part of the list is told by rules alone.
    """
    if previous.wish is not None or not (previous.passages or previous.question):
        return False
    return len(question) <= _MOST_CHARACTERS and not gives_orders(question)


def find_spoken(previous: Answer) -> Entry | None:
    """Return the entry that was spoken of last; what was only offered to choose from, or near, is none."""
    return previous.passages[0].entry if previous.outcome == "answered" and previous.passages else None


@dataclass(frozen=True, slots=True)
class Context:
    """What a completed question may be made of: names from `named`, all else from `said`."""

    named: Known
    said: Known


def find_context(question: str, previous: Answer) -> Context:
    """Return what a question may be completed from: the student's own words, and the entry that was spoken of last."""
    spoken = find_spoken(previous)
    titles = [wording.title for wording in spoken.wordings.values()] if spoken else []
    told = [part.text for part in previous.parts if part.kind in ("title", "text")] if spoken else []
    own = [question, previous.question, previous.standalone, *titles]
    return Context(Known("\n".join(own)), Known("\n".join([*own, *told])))


def is_faithful(completed: str, context: Context, names: NameBook) -> bool:
    """Tell whether a completed question has no number and no name, and hardly a word, that was not said before."""
    text = completed.strip()
    if not text or "\n" in text or len(text) > _LONGEST or gives_orders(text):
        return False
    if not all(context.said.claims.supports(claim) for claim in Known(text).claims.stated):
        return False
    if names.foreign(text, context.named):
        return False
    known = {token for unit in split_units(context.said.text) for token in unit}
    units = split_units(text)
    new = sum(known.isdisjoint(unit) for unit in units)
    return bool(units) and new <= _MOST_NEW * len(units)


def is_same(completed: str, question: str) -> bool:
    """Tell whether a question was only repeated."""
    return normalise(completed).strip(" ?؟？.。۔") == normalise(question).strip(" ?؟？.。۔")
