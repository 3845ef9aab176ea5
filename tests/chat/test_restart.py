"""No update is lost and none answered twice, whenever the process ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.chat import telegram
from bot.records import Records
from tests.chat.scripted import RunningBot, make_webhook
from tests.telegram_server import TelegramServer
from tests.torture import torture

Process = subprocess.Popen[bytes]
Launch = Callable[..., Process]


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture
def launch(server: TelegramServer, database: str, tmp_path: Path) -> Iterator[Launch]:
    """Start the bot as a process whose answers take `delay` seconds."""
    processes: list[Process] = []

    def start(delay: float, *webhook: str) -> Process:
        command = [sys.executable, "-m", "tests.chat.bot_process", server.url, server.token, database, str(delay)]
        command += webhook
        with (tmp_path / "log").open("ab") as log:
            processes.append(subprocess.Popen(command, stderr=log, stdout=log, env={**os.environ, "PYTHONPATH": "."}))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def texts(server: TelegramServer) -> list[str]:
    return [message["text"] for message in server.sent]


def test_updates_of_before_the_start_are_answered(server: TelegramServer, start_bot: Callable[[], RunningBot]) -> None:
    for number in range(5):
        server.text(number + 1, f"q{number}")
    start_bot()
    server.wait_for_replies(5)
    assert sorted(texts(server)) == [f"You asked: q{number}" for number in range(5)]
    assert not [values for method, values in server.calls if values.get("drop_pending_updates")]


def test_what_is_answered_is_not_answered_again_after_a_restart(
    server: TelegramServer, start_bot: Callable[[], RunningBot]
) -> None:
    first = start_bot()
    server.text(1, "one")
    server.wait_for_replies(1)
    first.stop()
    server.text(1, "two")
    start_bot()
    server.wait_for_replies(2)
    server.wait_until_confirmed()
    assert texts(server) == ["You asked: one", "You asked: two"]


def test_an_update_that_is_redelivered_after_its_answer_is_passed_over(
    server: TelegramServer, start_bot: Callable[[], RunningBot], records: Records
) -> None:
    update_id = server.text(1, "one")
    body = json.dumps(server.history[update_id], ensure_ascii=False, sort_keys=True)
    records.keep([(update_id, body)])
    records.mark_handled(update_id)
    server.text(1, "two")
    start_bot()
    server.wait_for_replies(1)
    assert texts(server) == ["You asked: two"]


def test_the_same_number_from_another_bot_is_another_update(
    server: TelegramServer, start_bot: Callable[[], RunningBot], records: Records
) -> None:
    records.keep([(server.text(1, "one"), '{"another": "update"}')])
    records.mark_handled(next(iter(server.history)))
    start_bot()
    server.wait_for_replies(1)


def test_a_stop_finishes_what_is_in_hand(server: TelegramServer, launch: Launch) -> None:
    process = launch(2.0)
    server.text(1, "one")
    server.wait_for_call("sendChatAction", 20)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert texts(server) == ["You asked: one"]


def test_an_interrupt_ends_an_idle_bot_cleanly(server: TelegramServer, launch: Launch, tmp_path: Path) -> None:
    process = launch(0.0)
    server.wait_for_call("getUpdates", 20)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert (tmp_path / "log").read_text() == ""


def test_nothing_is_lost_by_a_kill_while_answers_are_in_hand(server: TelegramServer, launch: Launch) -> None:
    process = launch(60.0)
    for number in range(8):
        server.text(number % 4 + 1, f"q{number}")
    # Confirmed to Telegram, and not one answered: only the records know of them now.
    server.wait_until_confirmed(20)
    process.kill()
    process.wait()
    assert server.sent == []
    server.text(1, "q8")
    launch(0.0)
    server.wait_for_replies(9, 20)
    assert sorted(texts(server)) == [f"You asked: q{number}" for number in range(9)]
    in_first_chat = [message["text"] for message in server.sent if message["chat"]["id"] == 1]
    assert in_first_chat == ["You asked: q0", "You asked: q4", "You asked: q8"]


def test_what_kills_the_bot_again_and_again_is_given_up_and_what_stands_beside_it_is_not(
    server: TelegramServer, start_bot: Callable[[], RunningBot], records: Records
) -> None:
    updates = [server.text(chat, f"q{chat}") for chat in (1, 2, 3)]
    bodies = [json.dumps(server.history[number], ensure_ascii=False, sort_keys=True) for number in updates]
    records.keep(zip(updates, bodies, strict=True))
    for number, deaths in zip(updates, (5, 4, 0), strict=True):
        for _ in range(deaths):
            records.note_start(number)
    start_bot()
    server.wait_for_replies(2)
    server.wait_until_confirmed()
    assert sorted(texts(server)) == ["You asked: q2", "You asked: q3"]


@pytest.mark.parametrize(("way", "stream"), [("polling", ""), ("webhook", ""), ("polling", "edits")])
def test_nothing_is_lost_under_faults_and_kills_and_only_what_was_not_noted_comes_twice(way: str, stream: str) -> None:
    webhook = make_webhook() if way == "webhook" else None
    outcome = torture(updates=200, kills=2, seed=20261124, webhook=webhook, stream=stream)
    assert outcome.is_good, outcome


@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_a_stop_comes_to_its_end_within_ten_seconds_whatever_hangs(
    server: TelegramServer, launch: Launch, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert telegram._GRACE_SECONDS < telegram._END_SECONDS < 10
    monkeypatch.setenv("END_SECONDS", "2")
    door = make_webhook()
    process = launch(60.0, *([door.url, str(door.port), door.secret] if way == "webhook" else []))
    server.text(1, "one")
    server.wait_for_call("sendChatAction", 20)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert server.sent == []
    launch(0.0)
    assert server.wait_for_replies(1, 20)[0]["text"] == "You asked: one"
