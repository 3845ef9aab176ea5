"""What a model is asked to return: sentences that each name what they rest on, as one JSON object and nothing else."""

import re

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

# Far more than an answer is; what is longer is not even read.
MOST_BYTES = 20_000

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_OPENING = re.compile(r"\A\s*```(?:json)?\s*\n")
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)


class Sentence(BaseModel):
    """A sentence and the numbers of the passages that it rests on."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(min_length=1)
    cites: tuple[str | int, ...] = ()

    @property
    def cited(self) -> tuple[str, ...]:
        """The numbers as text: models write them either way."""
        return tuple(str(cite).strip() for cite in self.cites)


class Draft(BaseModel):
    """An answer as a model returned it; nothing of it is checked yet but its form."""

    model_config = ConfigDict(frozen=True)

    found: bool
    sentences: tuple[Sentence, ...] = ()


class FormError(ValueError):
    """What came back is no draft."""


def read_draft(text: str) -> Draft:
    """Return the draft in a model's reply: the object alone, in a code fence, or after its thoughts.

    Raises FormError where it is anything else: a part of an object is never completed.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise FormError("the reply is far too long")
    plain = _THOUGHT.sub("", text)
    fenced = _FENCE.match(plain)
    try:
        return Draft.model_validate_json(fenced[1] if fenced else plain)
    except ValidationError:
        raise FormError("the reply is not the one JSON object that was asked for") from None


def read_begun(text: str) -> Draft | None:
    """Return the whole sentences of a reply that is still coming, None where there is none that claims to answer.

    What comes after the last object that is closed is left out: a part of a sentence is never completed.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return None
    plain = _OPENING.sub("", _THOUGHT.sub("", text))
    try:
        draft = Draft.model_validate(from_json(plain[: plain.rfind("}") + 1], allow_partial=True))
    except ValueError:
        return None
    return draft if draft.found and draft.sentences else None
