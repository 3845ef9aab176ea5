"""A follow-up that a model completes leans on what was spoken of last, or on nothing."""

from typing import Any

import pytest
import yaml

from bot.app import App
from tests.answering.generate.test_attacks import CASES
from tests.llm_server import LlmServer, Say

LEANING = yaml.safe_load((CASES / "leaning.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", LEANING, ids=lambda case: f"{case['writing']} {case['completed']}"[:60])
def test_a_completed_question_names_what_is_spoken_of(quick_app: App, llm: LlmServer, case: dict[str, Any]) -> None:
    before = quick_app.answerer.answer(case["before"], case["writing"])
    by_rules = quick_app.answerer.answer(case["next"], case["writing"], before)
    llm.script = [Say(case["completed"])]
    answer = quick_app.ask(case["next"], case["writing"], before)
    assert answer.standalone == (case["completed"] if case["asked"] else "")
    if not case["asked"]:
        assert [passage.entry.id for passage in answer.passages] == [passage.entry.id for passage in by_rules.passages]
        assert answer.outcome == by_rules.outcome
