"""The doctor names what is wrong with each part and how to mend it, and never a key."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import KnowledgeError, ModelError
from bot.index.publish import Ingest, publish
from bot.index.reader import IndexReader
from bot.operations.doctor import Check, Finding, Parts, ask_telegram, examine, write_finding
from bot.settings import load_settings
from tests.conftest import TODAY
from tests.llm_server import KEY, LlmServer, Say
from tests.telegram_server import TOKEN, TelegramServer


@pytest.fixture
def parts(ingest: Ingest, reader: IndexReader, tmp_path: Path) -> Parts:
    settings = load_settings(knowledge_dir=ingest.knowledge, data_dir=tmp_path / "var", encoder="static")
    return Parts(settings, ingest.encoder, ingest.generations, reader, None, TODAY)


def states(parts: Parts) -> dict[str, str]:
    return {finding.part: finding.state for finding in examine(parts.list_checks())}


def test_a_sound_bot(parts: Parts, ingest: Ingest) -> None:
    publish(ingest)
    assert states(parts) == {
        "settings": "ok", "knowledge": "ok", "encoder": "ok", "index": "ok", "Chroma": "ok", "database": "ok",
        "Telegram": "not set", "language model": "not set",
    }  # fmt: skip


def test_what_is_wrong_comes_with_its_remedy(parts: Parts, knowledge: Path) -> None:
    (knowledge / "faq.csv").write_text("id,question_en,answer_en\n,What?,\n", encoding="utf-8")
    told = {finding.part: finding for finding in examine(parts.list_checks())}
    assert told["knowledge"].state == told["index"].state == told["Chroma"].state == "wrong"
    assert "python ingest.py --check" in told["knowledge"].told
    assert "python ingest.py" in told["index"].told


@pytest.mark.parametrize(
    ("reason", "remedy"), [("timeout", "LLM_SECONDS"), ("refused", "LLM_API_KEY"), ("broken", "LLM_BASE_URL")]
)
def test_a_model_that_fails(parts: Parts, reason: str, remedy: str) -> None:
    def call(seconds: float) -> int:
        raise ModelError(reason)

    (*_, finding) = examine(replace(parts, call_model=call).list_checks())
    assert (finding.part, finding.state) == ("language model", "wrong")
    assert remedy in finding.told


def test_telegram_is_asked_by_its_token_and_refuses_a_wrong_one() -> None:
    with TelegramServer() as server:
        assert ask_telegram(server.url, TOKEN) == "@rahnuma_test_bot"
        with pytest.raises(Exception, match="@BotFather") as refused:
            ask_telegram(server.url, "1:wrong-token")
        assert "wrong-token" not in str(refused.value)
    with pytest.raises(Exception, match="cannot be reached") as unreachable:
        ask_telegram("http://127.0.0.1:9", TOKEN)
    assert TOKEN not in str(unreachable.value)


def test_a_part_that_hangs_or_breaks_does_not_stop_the_others() -> None:
    over = threading.Event()

    def hang() -> str:
        over.wait(20)
        return ""

    def break_down() -> str:
        raise ZeroDivisionError(KEY)

    def miss() -> str:
        raise KnowledgeError("not there; put it there")

    checks: list[tuple[str, Callable[[], str]]] = [
        ("a", hang), ("b", break_down), ("c", miss), ("d", lambda: "fine")
    ]  # fmt: skip
    found = list(examine([Check(part, run, "do this") for part, run in checks], seconds=0.2))
    over.set()
    assert [finding.state for finding in found] == ["wrong", "wrong", "wrong", "ok"]
    assert found[1].told == "ZeroDivisionError; do this"
    assert write_finding(found[3]) == "ok       d: fine"
    assert write_finding(Finding("x", "not set", "")) == "not set  x"


def test_the_command_tries_the_real_parts(
    ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(ingest)
    with LlmServer(rule=lambda body: Say("ok")) as llm, TelegramServer() as telegram:
        given = {
            "KNOWLEDGE_DIR": ingest.knowledge, "DATA_DIR": tmp_path / "var", "ENCODER": "static",
            "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url,
            "LLM_MODEL": "openai:scripted", "LLM_BASE_URL": llm.url, "LLM_API_KEY": KEY,
        }  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(name, str(value))
        assert main(["doctor"]) == 0
        told = capsys.readouterr().out
        assert "ok       language model: openai:scripted answered, 120 tokens" in told
        assert "ok       Telegram: @rahnuma_test_bot" in told
        llm.rule = lambda body: Say(status=401, raw="{}")
        assert main(["doctor"]) == 1
        told = capsys.readouterr().out
    assert "WRONG    language model: it refuses the call; check LLM_API_KEY" in told
    assert KEY not in told
    assert TOKEN not in told


@pytest.mark.parametrize(
    ("model", "remedy"),
    [("anthropic:x", "pip install '.[anthropic]'"), ("nobody:x", "with LLM_BASE_URL"), ("openai:x", "LLM_API_KEY")],
)
def test_a_model_that_cannot_be_called_is_told_without_a_call(
    model: str, remedy: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if name == "langchain_openai" else None)
    monkeypatch.setenv("LLM_MODEL", model)
    assert main(["doctor"]) == 1
    assert remedy in capsys.readouterr().out
    assert main(["ask", "fee"]) == 2
    assert remedy in capsys.readouterr().err
