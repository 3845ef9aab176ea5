"""Reminders are sent once, on the day that the folder gives now, whatever happened to the course or the chat."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from bot.answering.directory import Stock
from bot.chat.reminders import find_due, send_due, write_reminder
from bot.chat.services import Services
from bot.errors import IndexMissingError
from bot.language.direction import remove_controls
from bot.language.phrases import phrase, write_date
from bot.records import Records, Reminder, Reminders
from bot.types import Course, Entry, Language, Wording
from tests.chat.scripted import DAY, RunningBot, Script
from tests.telegram_server import Fault, TelegramServer

ENTRY = "courses.csv#welding"
REMINDER = Reminder(7, ENTRY, "Welding", "en", 3)


def stock_of(apply_by: date | None, today: date = DAY) -> Stock:
    wording = Wording(ENTRY, "courses.csv", "Welding", "")
    return Stock((Entry(ENTRY, "course", {"en": wording}, course=Course(apply_by=apply_by)),), today)


@pytest.mark.parametrize(
    ("apply_by", "is_due", "key"),
    [
        (DAY + timedelta(4), False, "reminder_due"),
        (DAY + timedelta(3), True, "reminder_due"),
        (DAY, True, "reminder_due"),
        (DAY - timedelta(1), True, "reminder_late"),
        (None, True, "reminder_gone"),
    ],
)
def test_a_reminder_is_due_by_the_date_that_the_folder_gives_now(apply_by: date | None, is_due: bool, key: str) -> None:
    stock = stock_of(apply_by)
    assert find_due([REMINDER], stock) == ([REMINDER] if is_due else [])
    written = {} if apply_by is None else {"date": write_date("en", apply_by)}
    text, buttons = write_reminder(REMINDER, stock)
    assert text == phrase("en", key, title="Welding", **written)
    assert buttons is not None


@pytest.mark.parametrize("language", ["en", "ur", "ur-Latn", "zh"])
def test_a_course_that_is_gone_is_told_so_by_its_name(language: Language) -> None:
    reminder = replace(REMINDER, language=language)
    assert find_due([reminder], Stock((), DAY)) == [reminder]
    text, buttons = write_reminder(reminder, Stock((), DAY))
    assert "Welding" in text
    assert buttons is None


@pytest.fixture
def reminders(records: Records) -> Reminders:
    reminders = records.reminders
    reminders.add(REMINDER)
    return reminders


@pytest.fixture
def due(server: TelegramServer, script: Script) -> str:
    """Let the chat be known to Telegram and the reminder due; return what it says."""
    server.text(7, "hi")
    script.stock = stock_of(DAY + timedelta(2))
    return phrase("en", "reminder_due", title="Welding", date=write_date("en", DAY + timedelta(2)))


def texts(server: TelegramServer) -> list[str]:
    return [remove_controls(message["text"]) for message in server.sent if "asked" not in message["text"]]


def test_what_is_due_is_sent_once_after_a_restart(
    server: TelegramServer, reminders: Reminders, due: str, start_bot: Callable[[], RunningBot]
) -> None:
    bot = start_bot()
    server.wait_until(lambda: due in texts(server) and not reminders.all())
    bot.stop()
    start_bot()
    server.text(7, "hello")
    server.wait_until(lambda: len(server.sent) == 3)
    assert texts(server) == [due]


def test_a_death_after_sending_repeats_it_once_at_most(
    server: TelegramServer, reminders: Reminders, due: str, start_bot: Callable[[], RunningBot]
) -> None:
    for _ in range(2):
        assert reminders.begin(REMINDER)
    start_bot()
    server.wait_until(lambda: not reminders.all())
    assert texts(server) == []


@pytest.mark.parametrize("fault", [Fault("sendMessage", status=502), Fault("sendMessage", drop="before")])
def test_a_network_that_fails_delays_it_only(
    server: TelegramServer, reminders: Reminders, due: str, start_bot: Callable[[], RunningBot], fault: Fault
) -> None:
    server.faults.append(fault)
    start_bot()
    server.wait_until(lambda: due in texts(server) and not reminders.all())
    assert texts(server) == [due]


def test_a_chat_that_blocked_the_bot_loses_its_reminders(
    server: TelegramServer, reminders: Reminders, due: str, start_bot: Callable[[], RunningBot]
) -> None:
    reminders.add(replace(REMINDER, entry_id="courses.csv#later"))
    server.blocked.add(7)
    start_bot()
    server.wait_until(lambda: not reminders.all())
    assert texts(server) == []


def test_a_chat_that_is_gone_keeps_no_reminder(
    server: TelegramServer, script: Script, reminders: Reminders, start_bot: Callable[[], RunningBot]
) -> None:
    script.stock = stock_of(DAY)
    start_bot()
    server.wait_until(lambda: not reminders.all())


def test_nothing_rings_at_night(
    server: TelegramServer, records: Records, reminders: Reminders, due: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.chat.scripted.NOON", datetime(2026, 11, 24, 4))
    script = Script(stock=stock_of(DAY))
    bot = RunningBot(server, script.ask, script.show, records, stock=lambda: script.stock)
    server.wait_for_replies(1)
    bot.stop()
    assert reminders.all() == [REMINDER]
    assert texts(server) == []


def has_failed_twice(fault: Fault, before: int) -> bool:
    """Tell whether the answer and the reminder were both refused."""
    return fault.times <= before - 2


def test_a_stop_before_telegram_takes_it_counts_as_not_begun(
    server: TelegramServer, script: Script, records: Records, reminders: Reminders, due: str
) -> None:
    server.faults.append(Fault("sendMessage", status=502, times=99))
    for _ in range(4):
        bot = RunningBot(server, script.ask, script.show, records, stock=lambda: script.stock)
        server.wait_until(partial(has_failed_twice, server.faults[0], server.faults[0].times))
        bot.stop()
    assert reminders.all() == [REMINDER]
    assert reminders.begin(REMINDER)


def test_one_that_cannot_be_sent_does_not_hold_up_the_others(
    server: TelegramServer, reminders: Reminders, due: str, start_bot: Callable[[], RunningBot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    reminders.add(replace(REMINDER, entry_id="a deadly one"))
    written = write_reminder

    def write(reminder: Reminder, stock: Stock) -> object:
        return written(reminder, stock) if reminder.entry_id == ENTRY else None

    monkeypatch.setattr("bot.chat.reminders.write_reminder", write)
    start_bot()
    server.wait_until(lambda: due in texts(server))
    server.wait_until(lambda: [one.entry_id for one in reminders.all()] == ["a deadly one"])


def test_a_chat_that_became_a_supergroup_is_followed(
    server: TelegramServer, reminders: Reminders, due: str, start_bot: Callable[[], RunningBot]
) -> None:
    server.join(-1007, "supergroup")
    server.migrated[7] = -1007
    start_bot()
    assert server.wait_for_replies(1)[0]["chat"]["id"] == -1007
    server.wait_until(lambda: reminders.all() == [])


def test_without_an_index_reminders_wait(records: Records, reminders: Reminders) -> None:
    def no_stock() -> Stock:
        raise IndexMissingError("none")

    script = Script()
    services = Services(script.ask, script.show, records, lambda: DAY, no_stock)
    with pytest.raises(IndexMissingError):
        asyncio.run(send_due(None, services, reminders, asyncio.Event()))  # type: ignore[arg-type]  # never reached
    assert reminders.all() == [REMINDER]
