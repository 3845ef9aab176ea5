"""Questions handed to people: who waits for an answer, where it stands, and what was passed on already.

A case is offered (shown to the student, nothing sent), open or closed. Its row is written before anything is sent, and
what was sent is noted after, so that a start can take up what a crash left in between.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, select

from bot.records.database import Database
from bot.records.schema import case_messages, case_numbers, cases
from bot.types import LANGUAGES, Language

# How many questions of one student wait at a time: the staff's chat is not to be flooded.
MOST_OPEN = 3
# A question that was shown to its student and neither sent nor taken back is let go after this many seconds.
OFFERED_SECONDS = 3600.0

State = Literal["offered", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question for a person. The chat's id stands here alone: a reply must reach somebody."""

    number: int
    state: State
    chat_id: int
    message_id: int | None  # the student's own message
    language: Language
    question: str
    answer: str  # what the bot would have said; empty once passed on
    name: str | None  # only where the student agreed, and only until passed on
    staff_message_id: int | None  # None until passed on
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """The messages as which something was passed on, and the chat that numbers them."""

    chat_id: int
    numbers: Sequence[int]


class Cases:
    """The cases of one database. Thread-safe; every method may wait for the disk and raise RecordsError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def offer(
        self, chat_id: int, message_id: int | None, language: Language, question: str, answer: str, today: date
    ) -> int | None:
        """Keep a question until its student says whether to send it, and return its number.

        An offer before it is dropped. None where as many as can wait do already.
        """
        with self._database.transaction() as connection:
            self._delete(connection, (cases.c.chat_id == chat_id) & (cases.c.state == "offered"))
            waiting = (cases.c.chat_id == chat_id) & (cases.c.state == "open")
            if (connection.scalar(select(func.count()).select_from(cases).where(waiting)) or 0) >= MOST_OPEN:
                return None
            number = _next_number(connection)
            connection.execute(
                cases.insert().values(
                    number=number, state="offered", chat_id=chat_id, message_id=message_id, language=language,
                    question=question, answer=answer, is_answered=0, day=today, at=time.time(),
                )
            )  # fmt: skip
        return number

    def find(self, number: int) -> Case | None:
        """Return a case, None where it is none or was let go."""
        found = self._list(cases.c.number == number)
        return found[0] if found else None

    def of_chat(self, chat_id: int) -> list[Case]:
        """Return a student's cases, wherever they stand, oldest first."""
        return self._list(cases.c.chat_id == chat_id)

    def find_unsent(self) -> list[Case]:
        """Return the open cases that staff have not been shown, oldest first."""
        return self._list((cases.c.state == "open") & cases.c.staff_message_id.is_(None))

    def find_silent(self, now: float) -> list[Case]:
        """Return the open cases whose students are to hear by `now` that an answer takes longer."""
        return self._list((cases.c.state == "open") & (cases.c.silent_at <= now))

    def count_open(self) -> int:
        """Return how many cases are open."""
        with self._database.transaction() as connection:
            return connection.scalar(select(func.count()).select_from(cases).where(cases.c.state == "open")) or 0

    def open(self, number: int, name: str | None, today: date) -> None:
        """Take an offered question for one to be passed on, with its student's name where they agreed."""
        self._update(number, "offered", state="open", name=name, day=today)

    def note_sent(self, case: Case, copies: Copies, silent_at: float, today: date) -> None:
        """Note the messages that showed a case to staff; after `silent_at` its student hears that it takes longer.

        Staff reply to the last of them.
        """
        self._note_copies(case.number, case.chat_id, case.message_id or 0, copies, by_staff=False)
        values = {
            "staff_message_id": copies.numbers[-1],
            "silent_at": silent_at,
            "name": None,
            "answer": "",
            "day": today,
        }
        self._update(case.number, "open", **values)

    def note_waiting(self, number: int) -> None:
        """Note that the student heard that an answer takes longer."""
        self._update(number, "open", silent_at=None)

    def close(self, number: int, today: date) -> bool:
        """Close a case for good, and tell whether it was open."""
        return self._update(number, "open", state="closed", silent_at=None, day=today)

    def is_passed_on(self, chat_id: int, message_id: int) -> bool:
        """Tell whether a message of either side was passed on to the other."""
        row = (case_messages.c.chat == self._database.hash_chat(chat_id)) & (case_messages.c.message_id == message_id)
        with self._database.transaction() as connection:
            return connection.scalar(select(case_messages.c.number).where(row)) is not None

    def note_passed_on(
        self, number: int, chat_id: int, message_id: int, copies: Copies, today: date, *, by_staff: bool
    ) -> None:
        """Note that a message was passed on to the other side, as the messages `copies` there."""
        self._note_copies(number, chat_id, message_id, copies, by_staff=by_staff)
        changed: dict[str, object] = {"silent_at": None, "is_answered": 1} if by_staff else {}
        self._update(number, "open", day=today, **changed)

    def list_copies(self, number: int, chat_id: int) -> list[int]:
        """Return the messages of the staff's chat by which they were shown the words of a case's student, in order.

        What they were shown before the chat was moved is out of reach.
        """
        column = case_messages.c.copied_to
        is_here = (column == self._database.hash_chat(chat_id)) | column.is_(None)
        row = (case_messages.c.number == number) & (case_messages.c.by_staff == 0) & is_here
        with self._database.transaction() as connection:
            query = select(case_messages.c.copy_id).where(row).order_by(case_messages.c.copy_id)
            return list(connection.scalars(query))

    def drop(self, number: int) -> None:
        """Delete an offered question that its student does not want sent."""
        with self._database.transaction() as connection:
            self._delete(connection, (cases.c.number == number) & (cases.c.state == "offered"))

    def forget(self, chat_id: int) -> None:
        """Delete every case of a chat."""
        with self._database.transaction() as connection:
            self._delete(connection, cases.c.chat_id == chat_id)

    def let_go(self, now: float) -> None:
        """Delete the offers that were left where they stood."""
        with self._database.transaction() as connection:
            self._delete(connection, (cases.c.state == "offered") & (cases.c.at < now - OFFERED_SECONDS))

    def older_than(self, day: date) -> list[Case]:
        """Return the cases that nobody has written in since before `day`, closed or not, oldest first."""
        return self._list(cases.c.day < day)

    def delete_older_than(self, day: date) -> None:
        """Delete the cases that nobody has written in since before `day`, closed or not."""
        with self._database.transaction() as connection:
            self._delete(connection, cases.c.day < day)

    def _list(self, condition: ColumnElement[bool]) -> list[Case]:
        query = select(cases).where(condition).order_by(cases.c.number)
        with self._database.transaction() as connection:
            rows = connection.execute(query).all()
        return [
            Case(
                row.number, row.state, row.chat_id, row.message_id, _read_language(row.language), row.question,
                row.answer, row.name, row.staff_message_id, bool(row.is_answered),
            )
            for row in rows
        ]  # fmt: skip

    def _note_copies(self, number: int, chat_id: int, message_id: int, copies: Copies, *, by_staff: bool) -> None:
        hash_chat = self._database.hash_chat
        row = {"chat": hash_chat(chat_id), "message_id": message_id, "number": number, "by_staff": int(by_staff)}
        rows = [{**row, "copy_id": copy_id, "copied_to": hash_chat(copies.chat_id)} for copy_id in copies.numbers]
        with self._database.transaction() as connection:
            connection.execute(case_messages.insert(), rows)

    def _update(self, number: int, stands: State, /, **values: object) -> bool:
        """Change a case that stands there, and tell whether it did."""
        row = (cases.c.number == number) & (cases.c.state == stands)
        with self._database.transaction() as connection:
            return connection.execute(cases.update().where(row).values(**values)).rowcount > 0

    @staticmethod
    def _delete(connection: Connection, condition: ColumnElement[bool]) -> None:
        gone = select(cases.c.number).where(condition)
        connection.execute(case_messages.delete().where(case_messages.c.number.in_(gone)))
        connection.execute(cases.delete().where(condition))


def _next_number(connection: Connection) -> int:
    """Return a number that no case ever had: staff may reply to the message of one that was deleted."""
    last: int | None = connection.scalar(select(case_numbers.c.last))
    if last is None:
        connection.execute(case_numbers.insert().values(last=1))
        return 1
    connection.execute(case_numbers.update().values(last=last + 1))
    return last + 1


def _read_language(name: str) -> Language:
    return next((language for language in LANGUAGES if language == name), "en")
