"""An answer on its way, as students see it: drafts, or one message that is written over, and then one answer."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest

from bot.chat.preview import PAUSE_SECONDS
from bot.language.phrases import phrase
from bot.records import Records
from bot.types import Answer, Language, OnProgress, Part
from tests.chat.scripted import RunningBot, Script, make_answer
from tests.telegram_server import Fault, Json, TelegramServer

DRAFT, EDIT, SEND = "sendMessageDraft", "editMessageText", "sendMessage"
Start = Callable[[], RunningBot]


def begun(number: int) -> Answer:
    """Return an answer of which so many sentences are worded."""
    return make_answer(Part("text", f"{say(number)} …"), Part("source", "Source: the guide"))


def say(number: int) -> str:
    return " ".join(f"Sentence {place}." for place in range(1, number + 1))


def text(number: int) -> str:
    return f"{say(number)} …\n\nSource: the guide"


class Wording:
    """A model that words a sentence whenever it is told to."""

    def __init__(self, script: Script, answer: Answer | Exception) -> None:
        self._tell: threading.Semaphore = threading.Semaphore(0)
        self._end = threading.Event()
        self._answer = answer
        script.streams["fee"] = self._stream
        script.rules["fee"] = self._finish

    def word(self, number: int = 1) -> None:
        self._tell.release(number)

    def end(self) -> None:
        self._end.set()
        self._tell.release()

    def _stream(self, on_progress: OnProgress) -> None:
        number = 0
        while self._tell.acquire(timeout=20) and not self._end.is_set():
            number += 1
            on_progress(begun(number))

    def _finish(self, question: str, language: Language) -> Answer:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.preview.PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("bot.chat.delivery.FIRST_PAUSE", 0.05)


@pytest.fixture
def wording(script: Script) -> Any:  # noqa: ANN401
    wording = Wording(script, make_answer(Part("text", "The whole answer."), Part("source", "Source: the guide")))
    yield wording
    wording.end()


@pytest.fixture
def start(server: TelegramServer, script: Script, records: Records) -> Any:  # noqa: ANN401
    running: list[RunningBot] = []

    def begin() -> RunningBot:
        running.append(RunningBot(server, script.ask, script.show, records, uses_llm=True, tell=script.tell))
        return running[-1]

    yield begin
    for bot in running:
        bot.stop()


@pytest.fixture(params=["drafts", "edits"])
def way(request: pytest.FixtureRequest, server: TelegramServer) -> str:
    """Show by drafts, and on a server that has none."""
    if request.param == "edits":
        server.lacks.add(DRAFT)
    return str(request.param)


def shown(server: TelegramServer, chat: int = 7) -> list[tuple[str, str]]:
    return [(method, seen) for method, place, seen in server.shown if place == chat]


def standing(server: TelegramServer, chat: int = 7) -> list[Json]:
    """Return what stands in a chat at the end."""
    return [message for (place, _), message in server.messages.items() if place == chat and message["from"]["is_bot"]]


def wait_for(server: TelegramServer, seen: str) -> None:
    server.wait_until(lambda: any(text == seen for _, _, text in server.shown))


def word(server: TelegramServer, wording: Wording, upto: int) -> None:
    """Word sentences one after another, each when the one before can be read."""
    for number in range(1, upto + 1):
        wording.word()
        wait_for(server, text(number))


WHOLE = "The whole answer.\n\nSource: the guide"


def test_an_answer_is_shown_as_it_is_worded_and_then_stands_once(
    server: TelegramServer, start: Start, wording: Wording, way: str
) -> None:
    start()
    server.text(7, "fee?")
    word(server, wording, 3)
    wording.end()
    wait_for(server, WHOLE)
    first, then = (DRAFT, DRAFT) if way == "drafts" else (SEND, EDIT)
    last = SEND if way == "drafts" else EDIT
    assert shown(server) == [(first, text(1)), (then, text(2)), (then, text(3)), (last, WHOLE)]
    (message,) = standing(server)
    assert message["text"] == WHOLE
    assert "inline_keyboard" in message["reply_markup"]
    drafts = [values["draft_id"] for name, values in server.calls if name == DRAFT]
    assert len(set(drafts)) == (way == "drafts")


def test_a_server_without_drafts_is_asked_once(server: TelegramServer, start: Start, wording: Wording) -> None:
    server.lacks.add(DRAFT)
    asked: list[str] = []
    server.chance = lambda method: asked.append(method)
    bot = start()
    server.text(7, "fee?")
    word(server, wording, 2)
    wording.end()
    wait_for(server, WHOLE)
    server.text(7, "another")
    server.wait_for_replies(2)
    assert asked.count(DRAFT) == 1
    assert not bot.failure


def test_a_method_that_is_not_known_is_not_taken_for_a_refused_token(
    server: TelegramServer, start: Start, wording: Wording
) -> None:
    server.lacks.add(DRAFT)
    bot = start()
    server.text(7, "fee?")
    word(server, wording, 1)
    assert not bot.application.bot.rate_limiter.refused.is_set()
    wording.end()
    wait_for(server, WHOLE)


def test_where_telegram_asks_to_wait_what_is_worded_meanwhile_is_dropped(
    server: TelegramServer, start: Start, wording: Wording
) -> None:
    server.faults.append(Fault(DRAFT, status=429, retry_after=1))
    start()
    server.text(7, "fee?")
    wording.word()
    server.wait_until(lambda: server.faults[0].times == 0)
    wording.word(2)
    wait_for(server, text(3))
    wording.end()
    wait_for(server, WHOLE)
    assert (DRAFT, text(1)) not in shown(server)
    assert shown(server)[-2:] == [(DRAFT, text(3)), (SEND, WHOLE)]


def test_a_wait_that_telegram_asks_for_does_not_hold_the_answer_up(
    server: TelegramServer, start: Start, wording: Wording
) -> None:
    server.faults.append(Fault(DRAFT, status=429, retry_after=60))
    start()
    server.text(7, "fee?")
    wording.word()
    server.wait_until(lambda: server.faults[0].times == 0)
    wording.end()
    wait_for(server, WHOLE)
    assert shown(server) == [(SEND, WHOLE)]


def test_a_chat_is_written_to_at_telegrams_pace(
    server: TelegramServer, start: Start, wording: Wording, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PAUSE_SECONDS >= 1.0
    monkeypatch.setattr("bot.chat.preview.PAUSE_SECONDS", 60.0)
    start()
    server.text(7, "fee?")
    word(server, wording, 1)
    wording.word(5)
    wording.end()
    wait_for(server, WHOLE)
    assert [seen for _, seen in shown(server)] == [text(1), WHOLE]


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": "before"}, {"drop": "after"}, {"delay": 1.5}], ids=str)
def test_a_draft_that_fails_costs_nobody_their_answer(
    server: TelegramServer, start: Start, wording: Wording, fault: dict[str, Any]
) -> None:
    server.faults.append(Fault(DRAFT, **fault))
    start()
    server.text(7, "fee?")
    wording.word()
    server.wait_until(lambda: server.faults[0].times == 0)
    wording.end()
    wait_for(server, WHOLE)
    assert [message["text"] for message in standing(server)] == [WHOLE]


@pytest.mark.parametrize("fault", [{"status": 502}, {"status": 429, "retry_after": 1}, {"drop": "after"}], ids=str)
def test_an_edit_that_fails_costs_nobody_their_answer(
    server: TelegramServer, start: Start, wording: Wording, fault: dict[str, Any]
) -> None:
    server.lacks.add(DRAFT)
    start()
    server.text(7, "fee?")
    word(server, wording, 1)
    server.faults.append(Fault(EDIT, **fault))
    wording.word()
    server.wait_until(lambda: server.faults[0].times == 0)
    wording.end()
    wait_for(server, WHOLE)
    assert [message["text"] for message in standing(server)] == [WHOLE]


def test_a_slow_edit_does_not_undo_the_answer(server: TelegramServer, start: Start, wording: Wording) -> None:
    server.lacks.add(DRAFT)
    start()
    server.text(7, "fee?")
    word(server, wording, 1)
    server.faults.append(Fault(EDIT, delay=1.5))
    wording.word()
    server.wait_until(lambda: server.faults[0].times == 0)
    wording.end()
    wait_for(server, WHOLE)
    assert [seen for _, seen in shown(server)] == [text(1), text(2), WHOLE]


def test_a_first_part_whose_receipt_was_lost_stays_above_the_answer_and_tells_that_it_is_one(
    server: TelegramServer, start: Start, wording: Wording
) -> None:
    # As with any message: nothing tells one that was lost from one whose receipt was.
    server.lacks.add(DRAFT)
    server.faults.append(Fault(SEND, drop="after"))
    start()
    server.text(7, "fee?")
    wording.word()
    wait_for(server, text(1))
    wording.end()
    wait_for(server, WHOLE)
    assert [message["text"] for message in standing(server)] == [text(1), WHOLE]


def test_a_message_that_the_student_deleted_is_sent_anew(
    server: TelegramServer, start: Start, wording: Wording
) -> None:
    server.lacks.add(DRAFT)
    start()
    server.text(7, "fee?")
    word(server, wording, 1)
    del server.messages[7, server.sent[0]["message_id"]]
    wording.end()
    wait_for(server, WHOLE)
    assert [message["text"] for message in standing(server)] == [WHOLE]


def test_an_error_after_a_part_was_shown_is_said_in_its_place(
    server: TelegramServer, start: Start, script: Script, way: str
) -> None:
    wording = Wording(script, ZeroDivisionError())
    start()
    server.text(7, "fee?")
    word(server, wording, 2)
    wording.end()
    wait_for(server, phrase("en", "trouble"))
    assert [message["text"] for message in standing(server)] == [phrase("en", "trouble")]


def test_an_answer_of_several_messages_begins_in_the_one_that_showed_it(
    server: TelegramServer, start: Start, script: Script, way: str
) -> None:
    wording = Wording(script, make_answer(Part("text", "word " * 1500)))
    start()
    server.text(7, "fee?")
    word(server, wording, 1)
    wording.end()
    server.wait_until(lambda: len(standing(server)) == 2 and "reply_markup" in standing(server)[1])
    first, second = standing(server)
    assert "Sentence" not in first["text"]
    assert "reply_markup" not in first


def test_groups_and_edited_questions_see_the_answer_alone(
    server: TelegramServer, start: Start, wording: Wording
) -> None:
    wording.word(3)
    wording.end()
    start()
    server.text(-5, "@rahnuma_test_bot fee?", chat_type="supergroup", user_id=7)
    server.wait_for_replies(1)
    update = server.text(7, "another?")
    server.wait_for_replies(2)
    server.edit(update, "fee?")
    server.wait_for_call(EDIT)
    assert {method for method, _, _ in server.shown} == {SEND, EDIT}
    assert not [seen for _, _, seen in server.shown if "…" in seen]


def test_without_a_language_model_nothing_is_shown_on_the_way(
    server: TelegramServer, bot: RunningBot, wording: Wording
) -> None:
    server.text(7, "fee?")
    server.wait_for_replies(1)
    assert shown(server) == [(SEND, WHOLE)]


# Stops and restarts


def test_after_a_restart_the_answer_goes_where_a_part_of_it_was_shown(
    server: TelegramServer, start: Start, script: Script, wording: Wording, records: Records,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("bot.chat.telegram._GRACE_SECONDS", 0.1)
    server.lacks.add(DRAFT)
    bot = start()
    update = server.text(7, "fee?")
    word(server, wording, 1)
    stopping = threading.Thread(target=bot.stop)
    stopping.start()
    server.wait_until(lambda: records.list_begun() == {update: server.sent[0]["message_id"]})
    server.wait_until(lambda: "not answered in time" in caplog.text)
    wording.end()
    stopping.join()
    assert not records.is_handled(update)
    again = Wording(script, make_answer(Part("text", "The answer of the second run.")))
    again.word()
    start()
    # The same part as stands there already, then more.
    server.wait_for_call(EDIT)
    again.word()
    wait_for(server, text(2))
    again.end()
    wait_for(server, "The answer of the second run.")
    server.wait_until(lambda: records.is_handled(update))
    assert [message["text"] for message in standing(server)] == ["The answer of the second run."]
    assert len(server.sent) == 1
    assert records.list_begun() == {}


def test_the_log_holds_no_words_of_what_is_shown(
    server: TelegramServer, start: Start, wording: Wording, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults.append(Fault(EDIT, status=502))
    server.faults.append(Fault(DRAFT, drop="before"))
    start()
    server.text(7, "fee?")
    wording.word(2)
    wording.end()
    wait_for(server, WHOLE)
    assert "Sentence" not in caplog.text
