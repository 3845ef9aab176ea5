"""Whether to answer, to ask back, or to refuse: by a calibrated probability, never by one raw similarity.

The probability that the first entry answers is a logistic regression over what the retriever knows: how near the entry
is by all its wordings, the share of the question's words that it holds, its margin over the next entry, how far its
nearness stands above that of those further down, the share of words that the folder has never seen, and how many words
there are. Its weights (`calibration.json`) are fitted by `python -m training.calibrate` on four folders' tuning cases.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.answering.retrieve import Hit, Retrieved
from bot.language.countries import countries_in
from bot.types import Entry, Outcome

MOST_CHOICES = 4
CLOSE = 0.25  # in score
AS_MUCH = 0.05  # in coverage
OWN_WORDS = 0.95
WIDEST_MARGIN = 0.8
LONG = 12  # words; two words that fit may be chance, twelve are not
FEATURES = ("agreement", "coverage", "margin", "lift", "unknown", "length")
DEFAULT_ENCODER = "shipped"
_CALIBRATION = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of the regression, and the probabilities from which to answer and to ask back."""

    intercept: float
    weights: dict[str, float]
    answer_from: float
    clarify_from: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a question, and how sure it is that the first entry answers (0 to 1)."""

    outcome: Outcome
    confidence: float


@lru_cache(maxsize=4)
def load_calibration(encoder: str) -> Calibration:
    """Return the shipped calibration for an encoder by its name; one that has none takes the default encoder's."""
    fitted = json.loads(_CALIBRATION.read_text("utf-8"))
    return Calibration(**fitted.get(encoder, fitted[DEFAULT_ENCODER]))


def measure(retrieved: Retrieved) -> dict[str, float]:
    """Return the features of a result that has hits, by name."""
    hits = retrieved.hits
    first = hits[0]
    second = hits[1].score if len(hits) > 1 else 0.0
    others = [hit.agreement for hit in hits[MOST_CHOICES:]] or [0.0]
    return {
        "agreement": first.agreement,
        "coverage": first.coverage,
        "margin": min(first.score - second, WIDEST_MARGIN),
        "lift": first.agreement - sum(others) / len(others),
        "unknown": retrieved.unknown,
        "length": min(retrieved.units, LONG) / LONG,
    }


def is_close(hits: Sequence[Hit]) -> bool:
    """Tell whether a second entry holds as much of the question as the first and is hardly further from it.

    "Fee of the graphic design course" fits three courses with three fees: none of them is the answer. A question that
    is an entry's own, nearly to the word, is that entry's.
    """
    if len(hits) < 2 or hits[0].cosine >= OWN_WORDS:
        return False
    first, second = hits[0], hits[1]
    return first.score - second.score < CLOSE and second.coverage >= first.coverage - AS_MUCH


def is_elsewhere(question: str, entry: Entry) -> bool:
    """Tell whether a question names a country that an entry does not: what holds for China says nothing of Turkey."""
    named = countries_in(question)
    texts = (text for wording in entry.wordings.values() for text in (wording.title, wording.body, wording.entry))
    return bool(named) and not named <= countries_in("\n".join((*texts, *entry.also_asked)))


def decide(retrieved: Retrieved, calibration: Calibration) -> Decision:
    """Return what to do with a question."""
    hits = retrieved.hits
    if not hits:
        return Decision("refused", 0.0)
    features = measure(retrieved)
    weighted = sum(calibration.weights[name] * value for name, value in features.items())
    confidence = 1 / (1 + math.exp(-(calibration.intercept + weighted)))
    if confidence >= calibration.answer_from:
        return Decision("clarify" if is_close(hits) else "answered", confidence)
    if confidence >= calibration.clarify_from and len(hits) > 1:
        return Decision("clarify", confidence)
    return Decision("refused", confidence)
