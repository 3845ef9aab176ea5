from collections import Counter

import numpy as np

from bot.answering.gate import FEATURES
from training.gate import Example, Question, fit, measure, read_written


def test_each_written_group_is_told_in_every_writing() -> None:
    groups = Counter(question.group for question in read_written())
    assert set(groups.values()) == {4}
    assert {question.wants_courses for question in read_written()} == {True, False}


def test_a_fit_learns_what_tells_the_wishes() -> None:
    examples = [
        Example(
            Question(f"{number}", f"{number}", wants_courses=number % 2 == 0, weight=1.0),
            [float(number % 2 == 0), *([0.0] * (len(FEATURES) - 1))],
            np.zeros(3, dtype=np.float32),
        )
        for number in range(40)
    ]
    weights = fit(examples, with_meaning=False)["weights"]
    assert isinstance(weights, dict)
    assert weights[FEATURES[0]] > 1.0
    assert measure(examples, 1, with_meaning=True).startswith("area under the curve 1.000")
