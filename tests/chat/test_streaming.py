"""The whole bot with a model that streams: no unverified sentence is ever read, and each question has one answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answering.generate import model
from bot.app import App, build, prepare_ingest
from bot.chat import preview
from bot.chat.render import render_html
from bot.index.publish import publish
from bot.records import Records
from bot.settings import load_settings
from tests.answering.generate.streamed import STREAMED, Streamed
from tests.chat.scripted import RunningBot
from tests.llm_server import KEY, Json, LlmServer, Say
from tests.telegram_server import TOKEN, TelegramServer, read_html

SEND = "sendMessage"


def mark(case: Streamed) -> str:
    """Return a case's question so that the model's server knows it again."""
    return case.question + "!" * (STREAMED.index(case) + 1)


def reply_to(body: Json) -> Say:
    question = json.loads(body["messages"][1]["content"])["question"]
    return STREAMED[len(question) - len(question.rstrip("!")) - 1].say


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch, LlmServer(reply_to) as llm:
        # All ask at once, and many of them in vain.
        patch.setattr(model, "_FAILURES", 1_000)
        patch.setattr(model, "_MOST_AT_ONCE", 1_000)
        patch.setattr(model, "_FIRST_WAIT", 0.01)
        settings = load_settings(
            knowledge_dir=Path("tests/data/attacked"), data_dir=tmp_path_factory.mktemp("streamed"), encoder="static",
            telegram_bot_token=TOKEN, llm_model="openai:scripted", llm_base_url=llm.url, llm_api_key=KEY,
            llm_seconds=3.0, llm_tokens_a_day=10**9,
        )  # fmt: skip
        publish(prepare_ingest(settings, lambda stage, done, total: None))
        app = build(settings)
        yield app
        app.close()


@dataclass(frozen=True)
class Played:
    """What each case's student could read, in order, and what stands in their chat at the end."""

    shown: dict[int, list[tuple[str, str]]]
    standing: dict[int, list[Json]]
    counts: dict[str, float]


def play(app: App, folder: Path, lacks: set[str]) -> Played:
    """Let all students ask at once: chat n asks case n."""
    records = Records(f"sqlite:///{folder / 'records.sqlite'}", 30)
    assert app.writer is not None
    with TelegramServer() as server:
        server.lacks = lacks
        bot = RunningBot(server, app.ask, app.answerer.show, records, uses_llm=True, tell=app.show)
        updates = [server.text(chat, mark(case)) for chat, case in enumerate(STREAMED, 1)]
        server.wait_until(lambda: all(records.is_handled(update) for update in updates), 60)
        bot.stop()
        shown: dict[int, list[tuple[str, str]]] = {}
        for method, chat, text in server.shown:
            shown.setdefault(chat, []).append((method, text))
        standing: dict[int, list[Json]] = {}
        for (chat, _), message in server.messages.items():
            if message["from"]["is_bot"]:
                standing.setdefault(chat, []).append(message)
    records.close()
    return Played(shown, standing, app.writer.counters.snapshot())


@pytest.fixture(scope="module", params=["drafts", "edits"])
def played(request: pytest.FixtureRequest, app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preview, "PAUSE_SECONDS", 0.0)
        yield play(app, tmp_path_factory.mktemp("played"), {"sendMessageDraft"} if request.param == "edits" else set())


def quote(app: App, case: Streamed) -> str:
    (html,) = render_html(app.answerer.answer(mark(case), None))
    return read_html(html)


@pytest.mark.parametrize("case", STREAMED, ids=str)
def test_no_unverified_sentence_is_read_and_one_quoted_answer_stands(played: Played, app: App, case: Streamed) -> None:
    chat = STREAMED.index(case) + 1
    *before, (method, last) = played.shown[chat]
    assert last == quote(app, case)
    (message,) = played.standing[chat]
    assert message["text"] == last
    assert "inline_keyboard" in message["reply_markup"]
    plain = [text.translate(dict.fromkeys(map(ord, "\u200f\u2066\u2067\u2069"))) for _, text in before]
    for text in plain:
        assert any(f"\n{case.join(number)} …\n" in text for number in range(1, case.shown + 1)), text
    assert [method for method, _ in played.shown[chat]].count(SEND) == 1


def test_students_did_read_answers_on_their_way(played: Played) -> None:
    assert [chat for chat, shown in played.shown.items() if len(shown) > 1]
    assert played.counts["streamed"]
