"""Telegram out of reach, busy or refusing; answers that are slow or fail; and what the log says of it all."""

import logging
import threading
import time
from collections.abc import Callable

import pytest

from bot.chat.webhook import Webhook
from bot.errors import IndexMissingError, SettingsError
from bot.language.phrases import phrase
from bot.records import Records, RecordsError
from bot.types import Answer, Language, Part
from tests.chat.scripted import RunningBot, Script, make_answer, make_webhook
from tests.telegram_server import Fault, TelegramServer

Start = Callable[[], RunningBot]


@pytest.fixture(autouse=True)
def fast_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.delivery.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("bot.chat.delivery._TYPING_AFTER", 0.0)


@pytest.fixture(params=["polling", "webhook"])
def webhook(request: pytest.FixtureRequest) -> Webhook | None:
    """Let every test here run both ways, but for those that are about one of them."""
    return make_webhook() if request.param == "webhook" else None


by_polling = pytest.mark.parametrize("webhook", [None], ids=["polling"])
by_webhook = pytest.mark.parametrize("webhook", ["webhook"], indirect=True)


def texts(server: TelegramServer) -> list[str]:
    return [message["text"] for message in server.sent]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", times=2, status=500),
        Fault("sendMessage", times=3, status=502),
        Fault("sendMessage", times=2, drop="before"),
        Fault("sendMessage", status=429, retry_after=1),
        Fault("sendMessage", delay=0.5),
        Fault("sendChatAction", times=9, status=500),
        Fault("sendChatAction", status=429, retry_after=30),
        Fault("sendChatAction", times=9, drop="before"),
        Fault("getUpdates", times=2, status=502),
        Fault("getUpdates", times=2, drop="before"),
        Fault("getUpdates", times=1, drop="after"),
        Fault("getUpdates", status=429, retry_after=1),
        Fault("webhook", times=2, drop="before"),
        Fault("webhook", times=3, drop="after"),
        Fault("setWebhook", times=2, status=502),
        Fault("setWebhook", status=429, retry_after=1),
        Fault("setWebhook", drop="after"),
        Fault("getMe", times=2, status=502),
        Fault("getMe", times=2, drop="before"),
        Fault("deleteWebhook", times=9, status=500),
        Fault("setMyCommands", times=9, status=500),
        Fault("setMyShortDescription", times=9, status=429, retry_after=30),
    ],
    ids=lambda fault: f"{fault.method}-{fault.status or fault.drop or 'slow'}",
)
def test_a_question_is_answered_once_whatever_fails_on_the_way(
    server: TelegramServer, start_bot: Start, fault: Fault
) -> None:
    server.faults.append(fault)
    server.text(1, "one")
    bot = start_bot()
    server.text(1, "two")
    server.wait_for_replies(2)
    server.wait_until_confirmed()
    bot.stop()
    assert texts(server) == ["You asked: one", "You asked: two"]


def test_a_retry_waits_as_long_as_telegram_asks(server: TelegramServer, start_bot: Start) -> None:
    server.faults.append(Fault("sendMessage", status=429, retry_after=1))
    start_bot()
    asked = time.monotonic()
    server.text(1, "one")
    server.wait_for_replies(1)
    assert time.monotonic() - asked >= 1


def test_a_hanging_typing_does_not_hold_the_answer_up(server: TelegramServer, start_bot: Start) -> None:
    server.faults.append(Fault("sendChatAction", delay=8))
    start_bot()
    server.text(1, "one")
    server.wait_for_replies(1, timeout=4)


def test_a_reply_whose_receipt_was_lost_is_sent_again(server: TelegramServer, start_bot: Start) -> None:
    # Nothing tells a reply that was lost from one whose receipt was: a second one is the lesser evil.
    server.faults.append(Fault("sendMessage", drop="after"))
    start_bot()
    server.text(1, "one")
    assert [message["text"] for message in server.wait_for_replies(2)] == ["You asked: one"] * 2


def test_a_chat_that_blocked_the_bot_holds_nothing_up(
    server: TelegramServer, start_bot: Start, records: Records
) -> None:
    server.blocked.add(1)
    bot = start_bot()
    blocked = server.text(1, "one")
    server.text(2, "two")
    server.wait_for_replies(1)
    bot.stop()
    assert texts(server) == ["You asked: two"]
    assert records.is_handled(blocked)


@by_polling
def test_a_webhook_that_was_left_is_taken_down(server: TelegramServer, start_bot: Start) -> None:
    server.webhook = "https://example.org/old"
    server.text(1, "one")
    start_bot()
    server.wait_for_replies(1)


def test_an_update_of_an_unknown_form_is_passed_over(
    server: TelegramServer, start_bot: Start, records: Records
) -> None:
    strange = [
        server.inject({"message": {"text": "no number, no chat"}}),
        server.inject({"message": "not even an object"}),
        server.inject({"message": None}),
    ]
    bot = start_bot()
    server.text(1, "one")
    server.wait_for_replies(1)
    bot.stop()
    assert all(records.is_handled(update_id) for update_id in strange)


def test_updates_are_asked_for_by_name(server: TelegramServer, start_bot: Start, webhook: Webhook | None) -> None:
    start_bot()
    call = server.wait_for_call("setWebhook" if webhook else "getUpdates")
    assert call["allowed_updates"] == [
        "message", "edited_message", "callback_query", "inline_query", "my_chat_member"
    ]  # fmt: skip


def test_the_menu_is_set_in_each_language_of_a_phone(server: TelegramServer, start_bot: Start) -> None:
    start_bot()
    server.wait_until(lambda: sum(method == "setMyShortDescription" for method, _ in server.calls) == 3)
    menus = {
        values.get("language_code"): values["commands"] for method, values in server.calls if method == "setMyCommands"
    }
    assert menus.keys() == {None, "ur", "zh"}
    assert {"command": "language", "description": phrase("ur", "command_language")} in menus["ur"]
    server.wait_until(lambda: sum(method == "setMyDescription" for method, _ in server.calls) == 3)


# Slow answers, and the order in a chat


def test_a_slow_answer_in_one_chat_does_not_hold_up_another(
    server: TelegramServer, start_bot: Start, script: Script
) -> None:
    let_go = threading.Event()

    def wait(question: str, language: Language) -> Answer:
        assert let_go.wait(10)
        return make_answer(Part("text", "slow"))

    script.rules["slow"] = wait
    start_bot()
    server.text(1, "slow")
    server.text(1, "after it")
    for chat in range(2, 12):
        server.text(chat, "quick")
    server.wait_for_replies(10)
    assert texts(server) == ["You asked: quick"] * 10
    let_go.set()
    server.wait_for_replies(12)
    assert texts(server)[10:] == ["slow", "You asked: after it"]


def test_a_chat_is_answered_in_the_order_it_asked(server: TelegramServer, start_bot: Start, script: Script) -> None:
    def dawdle(question: str, language: Language) -> Answer:
        time.sleep(0.05 if int(question) % 2 else 0.0)
        return make_answer(Part("text", question))

    script.rules[""] = dawdle
    for number in range(12):
        server.text(1, str(number))
    start_bot()
    server.wait_for_replies(12)
    assert texts(server) == [str(number) for number in range(12)]


def test_typing_is_kept_up_while_an_answer_takes_long(
    server: TelegramServer, start_bot: Start, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.delivery._TYPING_SECONDS", 0.1)

    def dawdle(question: str, language: Language) -> Answer:
        time.sleep(0.6)
        return make_answer(Part("text", "at last"))

    script.rules["slow"] = dawdle
    start_bot()
    server.text(1, "slow")
    server.wait_for_replies(1)
    assert sum(method == "sendChatAction" for method, _ in server.calls) >= 3


# Faults of our own


@pytest.mark.parametrize(
    ("question", "language"),
    [("What is it?", "en"), ("فیس کتنی ہے؟", "ur"), ("fees kitni hai", "ur-Latn"), ("学费多少", "zh")],
)
@pytest.mark.parametrize(("error", "key"), [(IndexMissingError("none"), "no_index"), (ZeroDivisionError(), "trouble")])
def test_an_error_is_answered_in_the_askers_language(
    server: TelegramServer,
    start_bot: Start,
    script: Script,
    question: str,
    language: Language,
    error: Exception,
    key: str,
) -> None:
    def fail(question: str, language: Language) -> Answer:
        raise error

    script.rules[""] = fail
    start_bot()
    server.text(1, question, language_code="en")
    assert server.wait_for_replies(1)[0]["text"] == phrase(language, key)


def test_an_answer_without_words_is_an_error(server: TelegramServer, start_bot: Start, script: Script) -> None:
    script.rules[""] = lambda question, language: make_answer()
    start_bot()
    server.text(1, "hello?")
    assert server.wait_for_replies(1)[0]["text"] == phrase("en", "trouble")


def test_records_that_fail_cost_no_answer(
    server: TelegramServer, start_bot: Start, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RecordsError("The disk is full.")

    for name in ("keep", "take_kept", "mark_handled", "language_of", "record_question", "record_gap"):
        monkeypatch.setattr(records, name, fail)
    start_bot()
    server.text(1, "one")
    server.text(1, "two")
    server.wait_for_replies(2)
    server.wait_until_confirmed()
    assert texts(server) == ["You asked: one", "You asked: two"]


def test_a_choice_of_language_that_cannot_be_kept_is_told_so(
    server: TelegramServer, start_bot: Start, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RecordsError("The disk is full.")

    monkeypatch.setattr(records, "set_language", fail)
    start_bot()
    server.text(1, "/language")
    server.tap(server.wait_for_replies(1)[0], "English")
    assert server.wait_for_replies(2)[1]["text"] == phrase("en", "trouble")


# Starting and stopping


def test_a_refused_token_ends_the_bot_with_a_remedy(
    server: TelegramServer, records: Records, script: Script, webhook: Webhook | None
) -> None:
    bot = RunningBot(server, script.ask, script.show, records, token="4242:mistyped", webhook=webhook)
    bot.wait()
    assert isinstance(bot.failure, SettingsError)
    assert "@BotFather" in str(bot.failure)
    assert "mistyped" not in str(bot.failure)


def test_a_token_that_is_revoked_while_running_ends_the_bot(server: TelegramServer, start_bot: Start) -> None:
    bot = start_bot()
    server.text(1, "one")
    server.wait_for_replies(1)
    server.token = "4242:revoked"
    server.text(1, "two")
    bot.wait()
    assert isinstance(bot.failure, SettingsError)
    assert "@BotFather" in str(bot.failure)
    assert "4242" not in str(bot.failure)


@pytest.mark.parametrize("method", ["getMe", "fetch", "sendMessage"])
def test_a_stop_is_heeded_while_telegram_is_out_of_reach(
    server: TelegramServer,
    start_bot: Start,
    records: Records,
    method: str,
    monkeypatch: pytest.MonkeyPatch,
    webhook: Webhook | None,
) -> None:
    monkeypatch.setattr("bot.chat.delivery.FIRST_PAUSE", 30.0)
    fetch = "setWebhook" if webhook else "getUpdates"
    server.faults.append(Fault(fetch if method == "fetch" else method, times=99, status=502))
    update_id = server.text(1, "one")
    bot = start_bot()
    server.wait_until(lambda: server.faults[0].times < 99)
    bot.stop()
    assert not records.is_handled(update_id)
    server.faults.clear()
    start_bot()
    assert [message["text"] for message in server.wait_for_replies(1)] == ["You asked: one"]


# The log


SECRETS = ("wedding", "شادی", "987654321", "AAtest", "Ayesha")


def test_the_log_holds_no_words_no_ids_and_no_token(
    server: TelegramServer, start_bot: Start, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def fail(question: str, language: Language) -> Answer:
        raise ValueError(f"cannot understand {question}")

    script.rules["wedding"] = fail
    script.rules["شادی"] = lambda question, language: make_answer(Part("text", question), outcome="refused")
    for fault in (
        Fault("getMe", drop="before"), Fault("getUpdates", status=502), Fault("sendMessage", status=500),
        Fault("sendMessage", drop="before"), Fault("sendChatAction", drop="before"), Fault("setMyCommands", status=502),
    ):  # fmt: skip
        server.faults.append(fault)
    server.blocked.add(987654322)
    server.inject({"message": {"text": "wedding of 987654321"}})
    server.text(987654321, "a wedding course")
    server.text(987654321, "شادی کا کورس")
    server.text(987654322, "wedding")
    bot = start_bot()
    server.wait_for_replies(2)
    server.token = "4242:AAtest-revoked"
    server.text(987654321, "wedding")
    bot.wait()
    written = "\n".join(logging.Formatter("%(name)s %(message)s").format(record) for record in caplog.records)
    assert "An update failed: ValueError at" in written
    assert [secret for secret in SECRETS if secret in written] == []
