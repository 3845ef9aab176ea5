"""Reminders before applications close: asked for on a course's card, kept in the records, sent once."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.answering.directory import Stock, entry_title
from bot.chat.browse import Page
from bot.chat.buttons import ENTRY, OPEN, Row, make_keyboard, page_button, pair_up
from bot.chat.delivery import UndeliveredError, deliver
from bot.chat.render import render_phrase
from bot.chat.services import Services
from bot.errors import RahnumaError
from bot.index.entries import entry_key
from bot.language.phrases import phrase, write_date
from bot.records import Reminder, Reminders
from bot.types import Entry, Language

_LOGGER = logging.getLogger(__name__)
# How many days before `apply_by` a reminder may come.
DAYS = (7, 3, 1)
_LOOK_SECONDS = 900.0
_MORNING, _NIGHT = 9, 21  # hours between which a phone may ring


# The pages. Paths: r.KEY asks, s.KEY.3 sets, x.KEY deletes, y lists.


@dataclass(frozen=True, slots=True)
class ReminderPages:
    """What the pages on reminders are made from, for one chat and in one language. May block."""

    stock: Stock
    reminders: Reminders
    chat_id: int
    language: Language

    def open(self, path: str) -> Page | None:
        """Return the page of a path, having done what it says; None where there is none, or none any more.

        Raises RecordsError.
        """
        match path.split("."):
            case ["r", key]:
                return self._ask(key)
            case ["s", key, days]:
                return self._set(key, days)
            case ["x", key]:
                return self._delete(key)
            case ["y"]:
                return self.list()
        return None

    def list(self) -> Page:
        """Return the chat's reminders, each a button that deletes it."""
        kept = self.reminders.of_chat(self.chat_id)
        rows = [[page_button(f"✕ {one.title}", f"x.{entry_key(one.entry_id)}", self.language)] for one in kept]
        return self._write(phrase(self.language, "reminders_list" if kept else "reminders_none"), rows)

    def _ask(self, key: str) -> Page | None:
        course = self.stock.course(key)
        if course is None:
            return None
        title, closing = entry_title(course, self.language), _closing(course)
        choices = [days for days in DAYS if closing and closing - timedelta(days) > self.stock.today]
        if not choices or closing is None:
            return self._write(phrase(self.language, "remind_closed", title=title), [], f"{ENTRY}{key}")
        text = phrase(self.language, "remind_question", title=title, date=write_date(self.language, closing))
        buttons = [page_button(_write_days(days, self.language), f"s.{key}.{days}", self.language) for days in choices]
        return self._write(text, pair_up(buttons), f"{ENTRY}{key}")

    def _set(self, key: str, text: str) -> Page | None:
        course = self.stock.course(key)
        days = next((days for days in DAYS if str(days) == text), None)
        if course is None or days is None:
            return None
        title, closing = entry_title(course, self.language), _closing(course)
        if closing is None or closing - timedelta(days) <= self.stock.today:
            return self._write(phrase(self.language, "remind_closed", title=title), [], f"{ENTRY}{key}")
        self.reminders.add(Reminder(self.chat_id, course.id, title, self.language, days))
        day = write_date(self.language, closing - timedelta(days))
        buttons = [
            page_button(phrase(self.language, "remind_cancel"), f"x.{key}", self.language),
            page_button(phrase(self.language, "menu_reminders"), "y", self.language),
        ]
        return self._write(
            phrase(self.language, "remind_set", date=day, title=title), pair_up(buttons), f"{ENTRY}{key}"
        )

    def _delete(self, key: str) -> Page | None:
        kept = next((one for one in self.reminders.of_chat(self.chat_id) if entry_key(one.entry_id) == key), None)
        if kept is None:
            return None
        self.reminders.remove(self.chat_id, kept.entry_id)
        buttons = [page_button(phrase(self.language, "menu_reminders"), "y", self.language)]
        return self._write(phrase(self.language, "remind_cancelled", title=kept.title), [buttons])

    def _write(self, text: str, rows: Sequence[Row], back: str = "") -> Page:
        ways_out = [page_button(phrase(self.language, "menu"), "m", self.language)]
        if back:
            ways_out.insert(0, page_button(phrase(self.language, "page_back"), back, self.language))
        return Page(tuple(render_phrase(text, self.language)), make_keyboard([*rows, ways_out], self.language))


# Sending them


def find_due(reminders: Sequence[Reminder], stock: Stock) -> list[Reminder]:
    """Return the reminders whose day has come, as the folder says it now; a course without a date is due at once."""
    by_id = {entry.id: entry for entry in stock.entries}
    return [one for one in reminders if _is_due(one, by_id.get(one.entry_id), stock.today)]


def write_reminder(reminder: Reminder, stock: Stock) -> tuple[str, InlineKeyboardMarkup | None]:
    """Return what a reminder says, and the button that opens the course's card where there is one."""
    course = next((entry for entry in stock.entries if entry.id == reminder.entry_id and entry.course), None)
    language, closing = reminder.language, _closing(course)
    title = entry_title(course, language) if course else reminder.title
    if closing is None:
        text = phrase(language, "reminder_gone", title=title)
    else:
        key = "reminder_due" if closing >= stock.today else "reminder_late"
        text = phrase(language, key, title=title, date=write_date(language, closing))
    if course is None:
        return text, None
    return text, make_keyboard([[page_button(title, f"{ENTRY}{entry_key(course.id)}", language, OPEN)]], language)


async def remind(bot: Bot, services: Services, stopping: asyncio.Event) -> None:
    """Send what is due, now and every quarter of an hour in the daytime, until the bot is to stop."""
    reminders = services.records.reminders
    while not stopping.is_set():
        try:
            if _MORNING <= services.now().hour < _NIGHT:
                await send_due(bot, services, reminders, stopping)
        except UndeliveredError:
            return
        except RahnumaError as error:
            _LOGGER.error("Reminders wait: %s", error)
        except InvalidToken:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _LOOK_SECONDS)


async def send_due(bot: Bot, services: Services, reminders: Reminders, stopping: asyncio.Event) -> None:
    """Send every reminder whose day has come.

    One is noted before it is sent and deleted afterwards: a death in between repeats it once. Raises RecordsError,
    IndexUnavailableError, InvalidToken, and UndeliveredError where the bot is to stop.
    """
    kept = await asyncio.to_thread(reminders.all)
    if not kept:
        return
    stock = await asyncio.to_thread(services.stock)
    for reminder in find_due(kept, stock):
        if not await asyncio.to_thread(reminders.begin, reminder):
            continue
        try:
            await _send(bot, reminder, stock, reminders, stopping)
        except (InvalidToken, RahnumaError, UndeliveredError):
            raise
        except Exception as error:  # noqa: BLE001  # one that cannot be sent must not hold up the others
            _LOGGER.error("A reminder could not be sent: %s", type(error).__name__)


async def _send(bot: Bot, reminder: Reminder, stock: Stock, reminders: Reminders, stopping: asyncio.Event) -> None:
    text, buttons = write_reminder(reminder, stock)
    (message,) = render_phrase(text, reminder.language)
    try:
        await deliver(reminder.chat_id, partial(bot.send_message, text=message, reply_markup=buttons), stopping)
    except Forbidden:
        await asyncio.to_thread(reminders.remove_chat, reminder.chat_id)
    except BadRequest as error:
        _LOGGER.info("A reminder's chat is gone: %s", type(error).__name__)
    except (InvalidToken, UndeliveredError):
        await asyncio.to_thread(reminders.take_back, reminder)
        raise
    await asyncio.to_thread(reminders.remove, reminder.chat_id, reminder.entry_id)


def _is_due(reminder: Reminder, entry: Entry | None, today: date) -> bool:
    closing = _closing(entry)
    return closing is None or closing - timedelta(reminder.days) <= today


def _closing(entry: Entry | None) -> date | None:
    return entry.course.apply_by if entry is not None and entry.course is not None else None


def _write_days(days: int, language: Language) -> str:
    return phrase(language, "remind_one") if days == 1 else phrase(language, "remind_many", number=days)
