"""What the bot itself proposes to ask is answered from the shipped folder, by the shipped encoder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build, prepare_ingest
from bot.index.publish import publish
from bot.language.phrases import phrase
from bot.settings import load_settings
from bot.types import LANGUAGES, Language
from tests.answering.test_conversations import CASES, converse


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    settings = load_settings(knowledge_dir=Path("knowledge"), data_dir=tmp_path_factory.mktemp("var"))
    publish(prepare_ingest(settings, lambda stage, done, total: None))
    app = build(settings)
    yield app
    app.reader.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["example_1", "example_2", "example_3", "example_4"])
def test_every_example_is_answered_in_its_own_writing(app: App, language: Language, key: str) -> None:
    answer = app.answerer.answer(phrase(language, key))
    assert answer.outcome == "answered", [passage.entry.id for passage in answer.passages]
    assert answer.language == language


@pytest.mark.parametrize("case", [case for case in CASES if "folder" in case], ids=lambda case: case["name"])
def test_a_conversation_about_the_shipped_folder(app: App, case: dict[str, Any]) -> None:
    converse(app.answerer, case)
