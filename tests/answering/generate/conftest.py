"""A folder that is attacked, and writers whose model is a scripted server."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.generate import model
from bot.answering.generate.cache import Cache
from bot.answering.generate.counters import LlmCounters
from bot.answering.generate.model import ChatModel
from bot.answering.pipeline import PASSAGES, Answerer
from bot.app import App, build, describe_model, prepare_ingest
from bot.index.publish import publish
from bot.settings import Settings, load_settings
from bot.types import Answer, Language
from tests.llm_server import KEY, LlmServer, quote
from tests.telegram_server import TOKEN

FOLDER = Path("tests/data/attacked")
MakeApp = Callable[..., App]


class Remembering(Answerer):
    """Finds at once what it found before: hundreds of drafts answer the same few questions."""

    def __init__(self, app: App) -> None:
        super().__init__(app.reader, app.encoder, app.today)
        self._found: dict[tuple[str, Language | None, int], Answer] = {}

    def answer(
        self, question: str, language: Language | None = None, previous: Answer | None = None, top: int = PASSAGES
    ) -> Answer:
        if previous is not None:
            return super().answer(question, language, previous, top)
        key = (question, language, top)
        if key not in self._found:
            self._found[key] = super().answer(question, language, None, top)
        return self._found[key]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load_settings(
        knowledge_dir=FOLDER, data_dir=tmp_path_factory.mktemp("attacked"), encoder="static", telegram_bot_token=TOKEN
    )
    assert not publish(prepare_ingest(settings, lambda stage, done, total: None)).has_errors
    return settings


@pytest.fixture(scope="session")
def llm_server() -> Iterator[LlmServer]:
    with LlmServer() as server:
        yield server


@pytest.fixture
def llm(llm_server: LlmServer, shared_app: App) -> LlmServer:
    """The server, with nothing to say but its first passage."""
    llm_server.rule, llm_server.script = quote, []
    llm_server.seen.clear()
    llm_server.keys.clear()
    return llm_server


@pytest.fixture(scope="session")
def shared_app(published: Settings, llm_server: LlmServer) -> Iterator[App]:
    given = {"llm_model": "openai:scripted", "llm_base_url": llm_server.url, "llm_api_key": KEY}
    app = build(load_settings(**published.model_dump() | given | {"llm_tokens_a_day": 10**9}))
    # A short deadline is one only when the libraries are loaded.
    assert app.writer is not None
    app.writer.try_model(60.0)
    answerer = Remembering(app)
    yield replace(app, answerer=answerer, writer=replace(app.writer, answerer=answerer))
    app.close()


@pytest.fixture
def make_app(published: Settings, llm: LlmServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeApp]:
    """Build an app whose model is the scripted server, with other settings where they are given."""
    monkeypatch.setattr(model, "_FIRST_WAIT", 0.01)
    made: list[App] = []

    def make(**settings: object) -> App:
        given = {"llm_model": "openai:scripted", "llm_base_url": llm.url, "llm_api_key": KEY, **settings}
        made.append(build(load_settings(**published.model_dump() | given)))
        return made[-1]

    yield make
    for app in made:
        app.close()


@pytest.fixture
def app(make_app: MakeApp) -> App:
    return make_app()


@pytest.fixture
def quick_app(shared_app: App, llm: LlmServer) -> App:
    """An app that remembers nothing of other tests, and is built once for all of them."""
    assert shared_app.writer is not None
    counters = LlmCounters()
    return replace(shared_app, writer=replace(shared_app.writer, counters=counters, cache=Cache()))


@pytest.fixture
def deadline_app(quick_app: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """An app whose answers must be there within a second, and whose service is not yet known to fail."""
    monkeypatch.setattr(model, "_FIRST_WAIT", 0.01)
    writer = quick_app.writer
    assert writer is not None
    fresh = ChatModel(describe_model(quick_app.settings), writer.counters)
    return replace(quick_app, writer=replace(writer, seconds=1.0, model=fresh))
