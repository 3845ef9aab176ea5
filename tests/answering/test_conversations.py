"""Whole conversations, as data that anybody can extend: what leans on the turn before, and what does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answering.pipeline import Answerer
from bot.index.dense import DenseStore
from bot.index.encoder import Encoder
from bot.index.entries import entry_key
from bot.index.generations import Generations
from bot.index.publish import Ingest, publish
from bot.index.reader import IndexReader
from bot.index.static import STATIC
from bot.types import Answer
from tests.conftest import COURSES, FAQ, TODAY, write_table

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "conversations.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("folder")
    write_table(folder / "faq.csv", FAQ)
    write_table(folder / "courses.csv", COURSES)
    encoder, generations = Encoder("static", STATIC), Generations(folder / "var")
    publish(
        Ingest(
            folder,
            generations,
            DenseStore(),
            encoder,
            TODAY,
        )
    )
    reader = IndexReader(generations, DenseStore(), encoder)
    yield Answerer(reader, encoder, lambda: TODAY)
    reader.close()


def speak(answerer: Answerer, turn: dict[str, Any], previous: Answer | None) -> Answer:
    if "tap" in turn:
        answer = answerer.show(entry_key(turn["tap"]), turn.get("language", "en"))
        assert answer is not None
        return answer
    return answerer.answer(turn["say"], None, previous)


@pytest.mark.parametrize("case", [case for case in CASES if "folder" not in case], ids=lambda case: case["name"])
def test_a_conversation(answerer: Answerer, case: dict[str, Any]) -> None:
    converse(answerer, case)


def converse(answerer: Answerer, case: dict[str, Any]) -> None:
    """Say a case's turns, and look what comes of each."""
    previous: Answer | None = None
    for turn in case["turns"]:
        answer = speak(answerer, turn, previous)
        facts = [[part.label, part.text] for part in answer.parts if part.kind == "fact"]
        if "first" in turn:
            assert facts[0] == turn["first"], turn
        if "found" in turn:
            assert list(answer.sources) == turn["found"], turn
        if "title" in turn:
            assert answer.parts[0].text == turn["title"], turn
        previous = answer
