"""Whether a question wants courses listed where no rule of `consult` is sure of it: learned, and not by words alone.

"Broke and stuck in Islamabad, what is there that ends in a term" has conditions and no word that asks for a list. The
probability that one is wanted is a logistic regression over a few things that are known of a question by then and over
its vector. Its weights (`gate.json`) are fitted by `python -m training.gate`; an encoder that is not shipped goes by
the former alone.
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.answering.retrieve import Retrieved
from bot.types import Wish

FEATURES = ("place", "order", "listing", "plural", "procedure", "bare", "cosine", "named")
WITHOUT_MEANING = "other"
_WEIGHTS = Path(__file__).with_name("gate.json")


@dataclass(frozen=True, slots=True)
class Gate:
    """The weights of the regression, those of the question's vector among them."""

    intercept: float
    weights: dict[str, float]
    meaning: tuple[float, ...]

    def wants_courses(self, wish: Wish, found: Retrieved, named: float) -> float:
        """Return the probability that a list is wanted; `named` is how surely a course is named by the subject."""
        features = measure(wish, found, named)
        weighted = self.intercept + sum(self.weights[name] * value for name, value in features.items())
        if self.meaning:
            weighted += float(np.dot(found.vector, np.array(self.meaning, dtype=np.float32)))
        return 1 / (1 + math.exp(-weighted))


def measure(wish: Wish, found: Retrieved, named: float) -> dict[str, float]:
    """Return what the regression goes by besides the question's vector, by name."""
    return {
        "place": float(any(one.kind == "place" for one in wish.conditions)),
        "order": float(wish.order is not None),
        "listing": float(wish.is_listing),
        "plural": float(wish.is_plural),
        "procedure": float(wish.is_procedure),
        "bare": float(not wish.subject),
        "cosine": found.hits[0].cosine if found.hits else 0.0,
        "named": named,
    }


@lru_cache(maxsize=4)
def load_gate(encoder: str) -> Gate:
    """Return the shipped weights for an encoder by its name."""
    fitted = json.loads(_WEIGHTS.read_text("utf-8"))
    weights = fitted.get(encoder, fitted[WITHOUT_MEANING])
    return Gate(weights["intercept"], weights["weights"], tuple(weights["meaning"]))
