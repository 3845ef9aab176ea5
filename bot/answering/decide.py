"""Whether to answer, to ask back, or to refuse: by a calibrated probability, never by one raw similarity.

The probability that the first entry answers is a logistic regression over what the retriever knows: the cosine, the
share of the question's words that the entry holds, its margin over the next entry, and how far its cosine stands above
those further down. Its
weights (`calibration.json`) are fitted by `python -m training.calibrate` on the tuning half of `tests/cases/`.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.answering.retrieve import Hit
from bot.types import Outcome

MOST_CHOICES = 4
CLOSE = 0.1
OWN_WORDS = 0.95
FEATURES = ("cosine", "coverage", "margin", "lift")
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


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """Return the shipped calibration."""
    return Calibration(**json.loads(_CALIBRATION.read_text("utf-8")))


def measure(hits: Sequence[Hit]) -> dict[str, float]:
    """Return the features of a result, by name."""
    first = hits[0]
    second = hits[1].score if len(hits) > 1 else 0.0
    others = [hit.cosine for hit in hits[MOST_CHOICES:]] or [0.0]
    return {
        "cosine": first.cosine,
        "coverage": first.coverage,
        "margin": min(first.score - second, 0.5),
        "lift": first.cosine - sum(others) / len(others),
    }


def is_close(hits: Sequence[Hit]) -> bool:
    """Tell whether a second entry holds as much of the question as the first and is hardly further from it.

    "Fee of the graphic design course" fits three courses with three fees: none of them is the answer. A question that
    is an entry's own, nearly to the word, is that entry's.
    """
    if len(hits) < 2 or hits[0].cosine >= OWN_WORDS:
        return False
    first, second = hits[0], hits[1]
    return first.score - second.score < CLOSE and second.coverage >= first.coverage - CLOSE / 2


def decide(hits: Sequence[Hit], calibration: Calibration) -> Decision:
    """Return what to do with a question that found `hits`, best first."""
    if not hits:
        return Decision("refused", 0.0)
    features = measure(hits)
    weighted = sum(calibration.weights[name] * value for name, value in features.items())
    confidence = 1 / (1 + math.exp(-(calibration.intercept + weighted)))
    if confidence >= calibration.answer_from:
        return Decision("clarify" if is_close(hits) else "answered", confidence)
    if confidence >= calibration.clarify_from and len(hits) > 1:
        return Decision("clarify", confidence)
    return Decision("refused", confidence)
