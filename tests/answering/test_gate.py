from dataclasses import replace

import numpy as np
import pytest

from bot.answering.gate import FEATURES, WITHOUT_MEANING, Gate, load_gate, measure
from bot.answering.retrieve import Hit, Retrieved
from bot.index.encoder import Encoder
from bot.index.static import STATIC
from bot.language.wishes import known_places, read_wish

ENCODER = Encoder("static", STATIC)
FOUND = Retrieved([Hit("a", 0.5, 0.4, 0.3, 0.2, 0.0)], units=3, unknown=0.0, vector=np.zeros(2, dtype=np.float32))


def test_the_gate_weighs_what_is_known_of_a_question_and_its_vector() -> None:
    wish = read_wish("something in Lahore", known_places())
    gate = Gate(0.0, dict.fromkeys(FEATURES, 0.0) | {"place": 2.0}, (1.0, -1.0))
    assert gate.wants_courses(wish, FOUND, 0.0) == pytest.approx(1 / (1 + np.exp(-2.0)))
    nearer = replace(FOUND, vector=np.array([0.0, 2.0], dtype=np.float32))
    assert gate.wants_courses(wish, nearer, 0.0) == pytest.approx(0.5)


def test_what_is_measured_has_a_weight_for_every_encoder() -> None:
    measured = measure(read_wish("free", {}), FOUND, 0.0)
    assert set(measured) == set(FEATURES)
    for name in ("shipped", "static", WITHOUT_MEANING):
        assert set(load_gate(name).weights) == set(FEATURES)
    assert load_gate("a model of the hub").meaning == ()


@pytest.mark.parametrize(
    ("wish", "other"),
    [
        (
            "shop got burnt, free and around multan, whatever teaches hands a trade",
            "is it free to get my paper stamped at the multan office",
        ),
        ("ملتان میں رہتا ہوں، مفت میں کچھ سیکھا دیں", "ملتان کے دفتر میں مہر مفت لگتی ہے؟"),
        ("multan ka hun, muft me koi kaam sikha den", "multan office me mohar muft lagti hai?"),
        ("我在木尔坦，想免费学门手艺", "在木尔坦办事处盖章免费吗"),
    ],
)
def test_a_wish_for_courses_is_likelier_than_a_question_with_the_same_words(wish: str, other: str) -> None:
    def likely(question: str) -> float:
        found = replace(FOUND, vector=ENCODER.encode_question(question))
        return load_gate("static").wants_courses(read_wish(question, known_places()), found, 0.0)

    assert likely(wish) > 2 * likely(other)
