"""The door that Telegram posts to: who may come in, what is answered, and what a stop does."""

import json
import socket
import time
from collections.abc import Callable

import pytest

from bot.chat import limits
from bot.chat.pulse import Pulse
from bot.chat.telegram import Senses
from bot.chat.webhook import Webhook, derive_secret
from bot.errors import SettingsError
from bot.records import Records
from tests.chat.scripted import RunningBot, Script, make_webhook
from tests.telegram_server import Fault, TelegramServer, post_update

Start = Callable[[], RunningBot]


@pytest.fixture
def webhook() -> Webhook:
    return make_webhook()


def update(number: int, text: str) -> dict[str, object]:
    sender = {"id": 7, "is_bot": False, "first_name": "A"}
    chat = {"id": 7, "type": "private"}
    return {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text}}


@pytest.mark.parametrize("secret", ["", "wrong", "a-secret_of-test", "ä"])
def test_a_call_without_the_secret_is_refused_and_nothing_of_it_kept(
    server: TelegramServer, start_bot: Start, webhook: Webhook, records: Records, secret: str
) -> None:
    start_bot()
    server.wait_for_call("setWebhook")
    assert post_update(webhook.url, update(1, "let me in"), secret) == 403
    server.text(8, "one")
    server.wait_for_replies(1)
    assert [message["text"] for message in server.sent] == ["You asked: one"]
    server.wait_until(lambda: records.take_kept() == [])


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_body_that_is_no_update_is_refused(
    server: TelegramServer, start_bot: Start, webhook: Webhook, body: bytes
) -> None:
    start_bot()
    server.wait_for_call("setWebhook")
    assert post_update(webhook.url, body, webhook.secret) == 400


def test_a_body_that_is_too_large_is_refused_and_the_next_taken(
    server: TelegramServer, start_bot: Start, webhook: Webhook
) -> None:
    start_bot()
    server.wait_for_call("setWebhook")
    assert post_update(webhook.url, json.dumps(update(1, "x" * 1_100_000)).encode(), webhook.secret) in (0, 400, 413)
    server.text(7, "one")
    assert server.wait_for_replies(1)[0]["text"] == "You asked: one"


def test_an_update_is_kept_when_its_post_is_answered(
    server: TelegramServer, start_bot: Start, webhook: Webhook, records: Records
) -> None:
    server.faults.append(Fault("sendMessage", times=99, status=502))
    server.text(7, "hi")
    start_bot()
    server.wait_until(lambda: 200 in server.posted)
    assert len(records.take_kept()) == 1


def test_telegram_keeps_what_comes_when_all_hands_are_full(
    server: TelegramServer, start_bot: Start, webhook: Webhook, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_ALL_IN_HAND", 3)
    monkeypatch.setattr("bot.chat.delivery.FIRST_PAUSE", 0.2)
    server.faults.append(Fault("sendMessage", times=6, status=502))
    for chat in range(1, 9):
        server.text(chat, "hi")
    start_bot()
    server.wait_for_replies(8, 20)
    server.wait_until_confirmed()
    assert 503 in server.posted
    assert len(server.sent) == 8


def test_the_secret_goes_to_telegram_and_into_no_text(
    server: TelegramServer, start_bot: Start, webhook: Webhook
) -> None:
    start_bot()
    assert server.wait_for_call("setWebhook")["secret_token"] == webhook.secret
    assert webhook.secret not in repr(webhook)
    assert derive_secret("1:a") == derive_secret("1:a") != derive_secret("1:b")


def test_a_port_that_is_taken_is_told(server: TelegramServer, script: Script, records: Records) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        door = Webhook(f"http://127.0.0.1:{port}", port, "s")
        bot = RunningBot(server, script.ask, script.show, records, webhook=door)
        bot.wait()
    assert isinstance(bot.failure, SettingsError)
    assert "WEBHOOK_PORT" in str(bot.failure)


def test_an_address_that_telegram_refuses_is_told(server: TelegramServer, script: Script, records: Records) -> None:
    door = Webhook("ftp://nowhere", make_webhook().port, "s")
    bot = RunningBot(server, script.ask, script.show, records, webhook=door)
    bot.wait()
    assert isinstance(bot.failure, SettingsError)
    assert "WEBHOOK_URL" in str(bot.failure)


# Polling that stalls


def test_polling_that_stalls_is_noticed_and_begins_anew(
    server: TelegramServer, script: Script, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.polling._STALL_SECONDS", 0.3)
    monkeypatch.setattr("bot.chat.polling._POLL_SECONDS", 0)
    monkeypatch.setattr("bot.chat.delivery.FIRST_PAUSE", 0.05)
    pulse = Pulse()
    # A connection that is accepted and never answered.
    server.faults.append(Fault("getUpdates", times=2, delay=60))
    server.text(7, "hi")
    bot = RunningBot(server, script.ask, script.show, records, senses=Senses(pulse=pulse))
    assert not pulse.is_alive()
    assert server.wait_for_replies(1)[0]["text"] == "You asked: hi"
    assert pulse.is_alive()
    monkeypatch.setattr("bot.chat.pulse._PATIENCE_SECONDS", -1.0)
    assert not pulse.is_alive()
    bot.stop()


def test_a_stop_breaks_off_what_takes_too_long_and_keeps_it(
    server: TelegramServer, start_bot: Start, script: Script, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.telegram._GRACE_SECONDS", 0.3)
    server.faults.append(Fault("sendMessage", delay=5))
    number = server.text(7, "hi")
    bot = start_bot()
    server.wait_until(lambda: server.faults[0].times == 0)
    began = time.monotonic()
    bot.stop()
    assert time.monotonic() - began < 5
    assert not records.is_handled(number)
    assert len(records.take_kept()) == 1
