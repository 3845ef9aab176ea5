import math

import numpy as np
import pytest

from bot.answering.decide import FEATURES, Calibration, decide, is_elsewhere, load_calibration, measure
from bot.answering.retrieve import Hit, Retrieved
from bot.types import Entry, Wording

EVEN = Calibration(0.0, dict.fromkeys(FEATURES, 0.0) | {"agreement": 1.0}, answer_from=0.7, clarify_from=0.6)


def hit(entry: str = "a", cosine: float = 0.0, coverage: float = 0.0, bm25: float = 0.0) -> Hit:
    return Hit(entry, cosine, cosine, coverage, bm25, 0.0)


def found(*hits: Hit) -> Retrieved:
    return Retrieved(list(hits), units=3, unknown=0.5, vector=np.zeros(1, dtype=np.float32))


@pytest.mark.parametrize(
    ("cosine", "outcome"), [(0.9, "answered"), (math.log(7 / 3), "answered"), (0.6, "clarify"), (0.1, "refused")]
)
def test_outcome_follows_the_probability(cosine: float, outcome: str) -> None:
    decision = decide(found(hit(cosine=cosine, coverage=1.0), hit("b")), EVEN)
    assert decision.outcome == outcome
    assert decision.confidence == pytest.approx(1 / (1 + math.exp(-cosine)))


def test_two_entries_that_fit_alike_are_asked_about() -> None:
    first, near = hit("a", 0.9, 1.0), hit("b", 0.85, 1.0)
    assert decide(found(first, near), EVEN).outcome == "clarify"
    assert decide(found(first, hit("b", 0.7, 1.0)), EVEN).outcome == "answered"
    assert decide(found(first, hit("b", 0.9, 0.5)), EVEN).outcome == "answered"
    assert decide(found(hit("a", 0.99, 1.0), hit("b", 0.97, 1.0)), EVEN).outcome == "answered"


def test_nothing_found_is_refused() -> None:
    assert decide(found(), EVEN).outcome == "refused"


def test_one_entry_alone_is_no_choice() -> None:
    assert decide(found(hit(cosine=0.6)), EVEN).outcome == "refused"


def test_features_tell_margin_and_lift() -> None:
    features = measure(found(hit("a", 0.8, 0.5), hit("b", 0.6, 0.5), *(hit(str(n), 0.2) for n in range(4))))
    assert features["margin"] == pytest.approx(0.4)  # of the best chunk and of all of them
    assert features["lift"] == pytest.approx(0.6)
    assert measure(found(hit("a", 0.8)))["margin"] == 0.8
    assert (features["unknown"], features["length"]) == (0.5, 0.25)


def test_the_shipped_calibration_knows_every_feature() -> None:
    calibration = load_calibration("shipped")
    assert set(calibration.weights) == set(FEATURES)
    assert 0 < calibration.clarify_from < calibration.answer_from < 1
    assert calibration.weights["agreement"] > 0
    assert calibration.weights["coverage"] > 0


@pytest.mark.parametrize(
    ("question", "is_other"),
    [
        ("last date of the scholarship", False),
        ("last date of the Turkish scholarship", True),
        ("土耳其奖学金的截止日期", True),
        ("qatar ya saudia ki scholarship", True),
        ("saudi scholarship ki last date", False),
    ],
)
def test_what_holds_for_one_country_is_not_told_of_another(question: str, is_other: bool) -> None:
    wording = Wording("faq.csv#date", "faq.csv", "When is the last date?", "30 June, also for Saudi Arabia.")
    assert is_elsewhere(question, Entry("faq.csv#date", "faq", {"en": wording})) is is_other
