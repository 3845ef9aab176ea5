"""An answer cut to the length that a group bears: whole facts and its source, never half of one."""

from collections.abc import Iterable, Iterator, Mapping
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
    kept = {place: part for place, part in enumerate(answer.parts) if part.kind in _ESSENTIAL}
    rest = [place for place in range(len(answer.parts)) if place not in kept]
    # Facts first: they are what was asked for, a text is what surrounds them.
    for place in sorted(rest, key=lambda place: answer.parts[place].kind != "fact"):
        for cut in _cuts(answer.parts[place]):
            tried = kept | {place: cut}
            if _fits((*_in_order(tried), note), answer, limit):
                kept = tried
                break
    return replace(answer, parts=(*_in_order(kept), note))


def _in_order(parts: Mapping[int, Part]) -> list[Part]:
    return [parts[place] for place in sorted(parts)]


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
