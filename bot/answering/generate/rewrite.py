"""Whether a question that a model completed from what was said before may be asked in place of the student's own."""

from bot.answering.generate.evidence import Known
from bot.answering.generate.names import NameBook
from bot.answering.generate.verify import gives_orders
from bot.language.normalise import normalise
from bot.language.tokens import split_units
from bot.types import Answer

# A longer question says by itself what it is about.
_MOST_CHARACTERS = 90
_LONGEST = 300
# How many of its words may be new: of grammar and of asking, but no number and no name.
_MOST_NEW = 0.34


def may_lean(question: str, previous: Answer | None) -> bool:
    """Tell whether a question is one that a model should complete."""
    if previous is None or not (previous.passages or previous.question):
        return False
    return len(question) <= _MOST_CHARACTERS and not gives_orders(question)


def find_context(question: str, previous: Answer) -> Known:
    """Return all that a completed question may be made of: the question, and what was said before."""
    told = [part.text for part in previous.parts if part.kind in ("title", "text")]
    titles = [wording.title for passage in previous.passages[:1] for wording in passage.entry.wordings.values()]
    return Known("\n".join([question, previous.question, previous.standalone, *titles, *told]))


def is_faithful(completed: str, context: Known, names: NameBook) -> bool:
    """Tell whether a completed question has no number and no name, and hardly a word, that was not said before."""
    text = completed.strip()
    if not text or "\n" in text or len(text) > _LONGEST or gives_orders(text):
        return False
    asked = Known(text)
    if not all(context.claims.supports(claim) for claim in asked.claims.stated):
        return False
    if names.foreign(text, context):
        return False
    known = {token for unit in split_units(context.text) for token in unit}
    units = split_units(text)
    new = sum(known.isdisjoint(unit) for unit in units)
    return bool(units) and new <= _MOST_NEW * len(units)


def is_same(completed: str, question: str) -> bool:
    """Tell whether a question was only repeated."""
    return normalise(completed).strip(" ?؟？.。۔") == normalise(question).strip(" ?؟？.。۔")
