"""Who wants to hear before applications for a course close: the one place where a chat's id is kept as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, select

from bot.records.database import Database
from bot.records.schema import reminders
from bot.types import LANGUAGES, Language

# A reminder that was about to be sent this often is let go: it came at most one time too many.
MOST_STARTS = 2


@dataclass(frozen=True, slots=True)
class Reminder:
    """A chat that is told `days` before a course's `apply_by`. The title names a course that may be gone by then."""

    chat_id: int
    entry_id: str
    title: str
    language: Language
    days: int


class Reminders:
    """The reminders that wait to be sent. Thread-safe; every method may wait for the disk and raises RecordsError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, reminder: Reminder) -> None:
        """Keep a reminder in place of the one that the chat had for the same course."""
        self.remove(reminder.chat_id, reminder.entry_id)
        with self._database.transaction() as connection:
            connection.execute(
                reminders.insert().values(
                    chat=reminder.chat_id,
                    entry=reminder.entry_id,
                    title=reminder.title,
                    language=reminder.language,
                    days=reminder.days,
                    starts=0,
                )
            )

    def of_chat(self, chat_id: int) -> list[Reminder]:
        """Return a chat's reminders by the course's name."""
        query = select(reminders).where(reminders.c.chat == chat_id).order_by(reminders.c.title, reminders.c.entry)
        with self._database.transaction() as connection:
            return _read(connection.execute(query).all())

    def all(self) -> list[Reminder]:
        """Return every reminder."""
        with self._database.transaction() as connection:
            return _read(connection.execute(select(reminders).order_by(reminders.c.chat, reminders.c.entry)).all())

    def begin(self, reminder: Reminder) -> bool:
        """Note that a reminder is about to be sent; False, and it is let go, where that was noted often enough."""
        row = _row(reminder.chat_id, reminder.entry_id)
        with self._database.transaction() as connection:
            connection.execute(reminders.delete().where(row & (reminders.c.starts >= MOST_STARTS)))
            return connection.execute(reminders.update().where(row).values(starts=reminders.c.starts + 1)).rowcount > 0

    def take_back(self, reminder: Reminder) -> None:
        """Note that a reminder was not sent after all."""
        row = _row(reminder.chat_id, reminder.entry_id)
        with self._database.transaction() as connection:
            connection.execute(reminders.update().where(row).values(starts=reminders.c.starts - 1))

    def remove(self, chat_id: int, entry_id: str) -> None:
        """Delete a reminder: it was sent, or is not wanted any more."""
        with self._database.transaction() as connection:
            connection.execute(reminders.delete().where(_row(chat_id, entry_id)))

    def move(self, old: int, new: int) -> None:
        """Let a chat's reminders be sent to another, where it has none for the same course."""
        known = select(reminders.c.entry).where(reminders.c.chat == new)
        with self._database.transaction() as connection:
            there = list(connection.scalars(known))
            moved = (reminders.c.chat == old) & reminders.c.entry.not_in(there)
            connection.execute(reminders.update().where(moved).values(chat=new))
            connection.execute(reminders.delete().where(reminders.c.chat == old))

    def remove_chat(self, chat_id: int) -> None:
        """Delete all reminders of a chat that is to be forgotten, or cannot be reached any more."""
        with self._database.transaction() as connection:
            connection.execute(reminders.delete().where(reminders.c.chat == chat_id))


def _row(chat_id: int, entry_id: str) -> ColumnElement[bool]:
    return (reminders.c.chat == chat_id) & (reminders.c.entry == entry_id)


def _read(rows: Sequence[Row[*tuple[object, ...]]]) -> list[Reminder]:
    return [
        Reminder(row.chat, row.entry, row.title, language, row.days)
        for row in rows
        for language in LANGUAGES
        if language == row.language
    ]
