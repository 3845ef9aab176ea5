"""An answer cut to the length that a group bears: whole facts and its source, never half of one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.chat.render import render_html
from bot.chat.split import split_sentences
from bot.language.phrases import phrase
from bot.types import Answer, Part

# Two screens of a small phone; others read along.
GROUP_LENGTH = 900
# Never left out: what is answered, which is meant, and what it rests on.
_ESSENTIAL = ("title", "source", "choice")


def shorten(answer: Answer, limit: int = GROUP_LENGTH) -> Answer:
    """Return an answer that is one message of at most `limit` characters, saying so where something is left out.

    Its title, choices and sources stay; facts come whole or not at all, a text ends after a sentence.
    """
    if _fits(answer.parts, answer, limit):
        return answer
    note = Part("note", phrase(answer.language, "brief_more"))
    kept: list[Part] = []
    left = [part for part in answer.parts if part.kind in _ESSENTIAL]
    for part in answer.parts:
        if part in left:
            left.remove(part)
            kept.append(part)
            continue
        fitting = next((cut for cut in _cuts(part) if _fits((*kept, cut, *left, note), answer, limit)), None)
        if fitting is not None:
            kept.append(fitting)
    return replace(answer, parts=(*kept, note))


def _cuts(part: Part) -> Iterator[Part]:
    """Yield a part whole, then a text by ever fewer of its sentences."""
    yield part
    if part.kind == "text":
        sentences = split_sentences(part.text)
        for end in range(len(sentences) - 1, 0, -1):
            yield replace(part, text="".join(sentences[:end]).rstrip())


def _fits(parts: Iterable[Part], answer: Answer, limit: int) -> bool:
    messages = render_html(replace(answer, parts=tuple(parts)))
    return len(messages) == 1 and len(messages[0]) <= limit
