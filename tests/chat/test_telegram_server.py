"""The server refuses what Telegram refuses: a bot that passes here has nothing to fear there."""

import http.client
import json
import subprocess
import sys
from typing import Any

import pytest

from tests.telegram_server import METHODS, TOKEN, Fault, TelegramServer

BUTTON = {"text": "A", "callback_data": "a"}


def call(server: TelegramServer, method: str, /, token: str = TOKEN, **values: Any) -> tuple[int, Any]:  # noqa: ANN401
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    connection.request("POST", f"/bot{token}/{method}", json.dumps(values), {"Content-Type": "application/json"})
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    return response.status, body["result"] if body["ok"] else body["description"]


def keyboard(*buttons: dict[str, str]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


@pytest.fixture
def chat(server: TelegramServer) -> int:
    server.text(5, "hi")
    return 5


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({}, "empty"),
        ({"text": " \n"}, "empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "empty"),
        ({"text": "x" * 4097}, "too long"),
        ({"text": "😀" * 2049}, "too long"),
        ({"text": "<u2>x</u2>", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "<b><i>x</b></i>", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "x</b>", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "a & b", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "a &nbsp; b", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "a < b", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "<a>x</a>", "parse_mode": "HTML"}, "parse entities"),
        ({"text": "x", "colour": "red"}, "unknown parameter"),
        ({"text": "x", "disable_notification": "maybe"}, "disable_notification"),
        ({"text": "x", "message_thread_id": "one"}, "message_thread_id"),
        ({"text": "x", "reply_markup": keyboard({"text": "", "callback_data": "a"})}, "text"),
        ({"text": "x", "reply_markup": keyboard({"callback_data": "a", "url": "b"})}, "text"),
        ({"text": "x", "reply_markup": keyboard({"text": "A"})}, "BUTTON_TYPE_INVALID"),
        ({"text": "x", "reply_markup": keyboard({"text": "A", "callback_data": ""})}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard({"text": "A", "callback_data": "ا" * 33})}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_parameters": {"message_id": 1}}, "to be replied not found"),
        ({"text": "x", "chat_id": 6}, "chat not found"),
    ],
)
def test_bad_messages_are_refused(server: TelegramServer, chat: int, values: dict[str, Any], refusal: str) -> None:
    status, description = call(server, "sendMessage", **{"chat_id": chat, **values})
    assert (status, refusal in description) == (400, True), description
    assert server.sent == []


def test_good_messages_are_taken(server: TelegramServer, chat: int) -> None:
    assert call(server, "sendMessage", chat_id=chat, text="😀" * 2048)[0] == 200
    html = {"chat_id": str(chat), "text": "<b>a</b> &lt; <i>b</i>", "parse_mode": "HTML"}
    status, message = call(server, "sendMessage", **html, reply_markup=keyboard(BUTTON))
    assert (status, message["text"]) == (200, "a < b")


def test_a_stranger_and_an_unknown_method_are_refused(server: TelegramServer) -> None:
    assert call(server, "getMe", token="4242:other")[0] == 401
    assert call(server, "makeTea")[0] == 404
    assert call(server, "getMe")[1]["is_bot"] is True


def test_updates_come_again_until_they_are_confirmed(server: TelegramServer) -> None:
    first, second = server.text(5, "one"), server.text(5, "two")
    numbers = [[update["update_id"] for update in call(server, "getUpdates", limit=n)[1]] for n in (1, 100, 100)]
    assert numbers == [[first], [first, second], [first, second]]
    assert [update["update_id"] for update in call(server, "getUpdates", offset=second)[1]] == [second]
    assert call(server, "getUpdates", offset=second + 1)[1] == []


def test_updates_that_are_not_allowed_do_not_come(server: TelegramServer) -> None:
    call(server, "getUpdates", allowed_updates=["callback_query"])
    server.text(5, "one")
    assert call(server, "getUpdates")[1] == []


def test_edits_and_taps_are_checked(server: TelegramServer, chat: int) -> None:
    message = call(server, "sendMessage", chat_id=chat, text="x", reply_markup=keyboard(BUTTON))[1]
    same = {"chat_id": chat, "message_id": message["message_id"], "text": "x", "reply_markup": keyboard(BUTTON)}
    assert "not modified" in call(server, "editMessageText", **same)[1]
    assert call(server, "editMessageText", **same | {"text": "y"})[0] == 200
    assert "to edit not found" in call(server, "editMessageText", **same | {"message_id": 1})[1]
    update = server.history[server.tap(message, "A")]
    query = update["callback_query"]["id"]
    assert call(server, "answerCallbackQuery", callback_query_id=query)[0] == 200
    assert "too old" in call(server, "answerCallbackQuery", callback_query_id=query)[1]


@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("sendChatAction", {"chat_id": 5, "action": "dancing"}),
        ("sendChatAction", {"chat_id": 5}),
        ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}),
        ("setMyCommands", {"commands": [{"command": "start", "description": ""}]}),
        ("setMyShortDescription", {"short_description": "x" * 121}),
    ],
)
def test_other_bad_calls_are_refused(server: TelegramServer, chat: int, method: str, values: dict[str, Any]) -> None:
    assert call(server, method, **values)[0] == 400


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({}, "draft_id is required"),
        ({"draft_id": 0}, "non-zero"),
        ({"draft_id": "one"}, "draft_id"),
        ({"draft_id": 1.5}, "draft_id"),
        ({"draft_id": 1, "chat_id": "@rahnuma"}, "chat_id"),
        ({"draft_id": 1, "chat_id": -5}, "private"),
        ({"draft_id": 1, "chat_id": 6}, "chat not found"),
        ({"draft_id": 1, "text": "<b>x", "parse_mode": "HTML"}, "parse entities"),
        ({"draft_id": 1, "text": "x" * 4097}, "too long"),
        ({"draft_id": 1, "text": 5}, "text"),
        ({"draft_id": 1, "text": "x", "reply_markup": keyboard(BUTTON)}, "unknown parameter"),
        ({"draft_id": 1, "text": "x", "link_preview_options": {"is_disabled": True}}, "unknown parameter"),
    ],
)
def test_drafts_are_checked(server: TelegramServer, chat: int, values: dict[str, Any], refusal: str) -> None:
    server.join(-5, "supergroup")
    status, description = call(server, "sendMessageDraft", **{"chat_id": chat, "text": "x", **values})
    assert (status, refusal in description) == (400, True), description
    assert server.shown == []


def test_a_draft_is_shown_and_kept_nowhere(server: TelegramServer, chat: int) -> None:
    assert call(server, "sendMessageDraft", chat_id=chat, draft_id=-3, text="x") == (200, True)
    assert call(server, "sendMessageDraft", chat_id=chat, draft_id=-3) == (200, True)
    assert server.shown == [("sendMessageDraft", chat, "x")]
    assert server.sent == []
    server.lacks.add("sendMessageDraft")
    assert call(server, "sendMessageDraft", chat_id=chat, draft_id=3, text="x")[0] == 404


def test_faults_come_as_often_as_told(server: TelegramServer) -> None:
    server.faults.append(Fault("getMe", times=2, status=429, retry_after=3))
    assert [call(server, "getMe")[0] for _ in range(3)] == [429, 429, 200]


def test_every_method_has_its_answer() -> None:
    assert all(hasattr(TelegramServer, f"_{method}") for method in METHODS)


def test_it_runs_by_hand() -> None:
    run = subprocess.run(
        [sys.executable, "tests/telegram_server.py", "--port", "0", "--seconds", "5"],
        input="hello\n", capture_output=True, text=True, timeout=20, check=True,
    )  # fmt: skip
    assert run.stdout.startswith("TELEGRAM_API_URL=http://127.0.0.1:")
