"""The records themselves: one database, short transactions, no chat's id and no word of an answered question."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from bot.records.cases import Cases
from bot.records.database import Database
from bot.records.pages import Pages
from bot.records.remarks import Remarks
from bot.records.reminders import Reminders
from bot.records.schema import chats, counts, feedback, gap_pages, gaps, handled, notes, pending
from bot.types import LANGUAGES, Language, Outcome

_LOGGER = logging.getLogger(__name__)
# Telegram redelivers for a day at most; this is far more than a day of an alliance's questions in hand.
HANDLED_KEPT = 10_000
# An update that was begun anew and at once died with the process so many times is taken to be what kills it.
MOST_STARTS = 5
_SUSPECT_STARTS = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was refused."""

    day: date
    language: Language
    question: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions of a day in a language had an outcome."""

    day: date
    language: Language
    outcome: Outcome
    number: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """How often an entry's answers were found good and bad."""

    entry: str
    good: int
    bad: int


class Records:
    """What is remembered between updates. Thread-safe; every method may wait for the disk."""

    def __init__(self, database_url: str, retention_days: int) -> None:
        """Open the database; words are kept for `retention_days`.

        Raises RecordsError where it cannot be opened.
        """
        self.database = Database(database_url)
        self.cases = Cases(self.database)
        self.reminders = Reminders(self.database)
        self.remarks = Remarks(self.database)
        self.pages = Pages(self.database)
        self.retention_days = retention_days
        self._cleaned: date | None = None

    def language_of(self, chat_id: int) -> Language | None:
        """Return the language that a chat chose, None where it follows the question."""
        with self.database.transaction() as connection:
            found = connection.scalar(select(chats.c.language).where(chats.c.chat == self.database.hash_chat(chat_id)))
        return next((language for language in LANGUAGES if language == found), None)

    def set_language(self, chat_id: int, language: Language | None) -> None:
        """Remember the language that a chat chose."""
        chat = self.database.hash_chat(chat_id)
        with self.database.transaction() as connection:
            connection.execute(chats.delete().where(chats.c.chat == chat))
            if language is not None:
                connection.execute(chats.insert().values(chat=chat, language=language))

    def move(self, old: int, new: int) -> None:
        """Go on with what is kept of a group under the id that it has as a supergroup."""
        language = self.language_of(old)
        if language is not None:
            self.set_language(new, language)
            self.set_language(old, None)
        self.reminders.move(old, new)

    def forget(self, chat_id: int) -> None:
        """Delete all that is kept about a chat, and what a person of that id wrote anywhere."""
        self.set_language(chat_id, None)
        self.cases.forget(chat_id)
        self.reminders.remove_chat(chat_id)
        asker = self.database.hash_chat(chat_id)
        with self.database.transaction() as connection:
            for table in (gaps, notes, gap_pages):
                connection.execute(table.delete().where(table.c.asker == asker))

    def keep(self, updates: Iterable[tuple[int, str]]) -> set[int]:
        """Keep updates until they are handled, and return the ids of those that are new: neither handled nor kept.

        A number that comes again with another body is another update: a new bot or server counts from anywhere.
        """
        with self.database.transaction() as connection:
            return {update_id for update_id, body in updates if self._keep(connection, update_id, body)}

    def take_kept(self) -> list[str]:
        """Return what an earlier run kept and did not handle, oldest first, without what killed it again and again."""
        with self.database.transaction() as connection:
            given_up = connection.execute(pending.delete().where(pending.c.starts >= MOST_STARTS)).rowcount
            if given_up:
                _LOGGER.error("%d updates were given up: each was in hand when the bot died, again and again", given_up)
            return list(connection.scalars(select(pending.c.body).order_by(pending.c.update_id)))

    def list_suspects(self) -> set[int]:
        """Return the updates that were in hand at more than one death of the process."""
        with self.database.transaction() as connection:
            return set(connection.scalars(select(pending.c.update_id).where(pending.c.starts >= _SUSPECT_STARTS)))

    def note_start(self, update_id: int) -> None:
        """Note that an update of an earlier run is begun again: should the process die now, it may be what kills it.

        Those that only wait for their turn are not counted, or a few quick restarts would lose them all.
        """
        with self.database.transaction() as connection:
            begun = pending.update().where(pending.c.update_id == update_id)
            connection.execute(begun.values(starts=pending.c.starts + 1))

    def note_begun(self, update_id: int, message_id: int) -> None:
        """Note which message shows a part of an update's answer."""
        with self.database.transaction() as connection:
            row = pending.update().where(pending.c.update_id == update_id)
            connection.execute(row.values(message_id=message_id))

    def list_begun(self) -> dict[int, int]:
        """Return the updates of which a part of the answer is shown, each with the number of the message."""
        with self.database.transaction() as connection:
            rows = connection.execute(
                select(pending.c.update_id, pending.c.message_id).where(pending.c.message_id.is_not(None))
            ).all()
        return {row.update_id: row.message_id for row in rows}

    def is_handled(self, update_id: int) -> bool:
        """Tell whether an update was answered."""
        with self.database.transaction() as connection:
            return connection.scalar(select(handled.c.at).where(handled.c.update_id == update_id)) is not None

    def mark_handled(self, update_id: int) -> None:
        """Remember that an update was answered, and delete its words."""
        with self.database.transaction() as connection:
            digest = connection.scalar(select(pending.c.digest).where(pending.c.update_id == update_id)) or ""
            connection.execute(pending.delete().where(pending.c.update_id == update_id))
            connection.execute(handled.delete().where(handled.c.update_id == update_id))
            connection.execute(handled.insert().values(update_id=update_id, digest=digest, at=time.time()))
            oldest_kept = select(handled.c.at).order_by(handled.c.at.desc()).offset(HANDLED_KEPT - 1).limit(1)
            connection.execute(handled.delete().where(handled.c.at < oldest_kept.scalar_subquery()))

    def record_question(self, language: Language, outcome: Outcome, day: date) -> None:
        """Count a question; the first of a day also lets go of words that were kept long enough."""
        self.let_go(day)
        row = (counts.c.day == day) & (counts.c.language == language) & (counts.c.outcome == outcome)
        with self.database.transaction() as connection:
            if connection.execute(counts.update().where(row).values(number=counts.c.number + 1)).rowcount == 0:
                connection.execute(counts.insert().values(day=day, language=language, outcome=outcome, number=1))

    def record_gap(self, question: str, language: Language, day: date, asker: int | None = None) -> None:
        """Keep a question that was refused, under the keyed hash of whoever asked, who may have it forgotten."""
        values = {"question": question, "language": language, "day": day, "asker": self.database.hash_person(asker)}
        with self.database.transaction() as connection:
            connection.execute(gaps.insert().values(values))

    def record_feedback(self, entry_id: str, day: date, *, is_good: bool) -> None:
        """Count that an entry's answer was found good or bad."""
        column = feedback.c.good if is_good else feedback.c.bad
        row = (feedback.c.day == day) & (feedback.c.entry == entry_id)
        with self.database.transaction() as connection:
            if connection.execute(feedback.update().where(row).values({column: column + 1})).rowcount == 0:
                counted = {"good": int(is_good), "bad": int(not is_good)}
                connection.execute(feedback.insert().values(day=day, entry=entry_id, **counted))

    def list_gaps(self) -> list[Gap]:
        """Return the refused questions that are kept, newest first."""
        with self.database.transaction() as connection:
            rows = connection.execute(select(gaps).order_by(gaps.c.day.desc())).all()
        return [Gap(row.day, row.language, row.question) for row in rows]

    def list_counts(self) -> list[Count]:
        """Return how many questions were asked by day, language and outcome, newest first."""
        order = (counts.c.day.desc(), counts.c.language, counts.c.outcome)
        with self.database.transaction() as connection:
            rows = connection.execute(select(counts).order_by(*order)).all()
        return [Count(row.day, row.language, row.outcome, row.number) for row in rows]

    def list_feedback(self, day: date | None = None) -> list[Feedback]:
        """Return what was said of each entry's answers, on one day or ever, the most often found bad first."""
        good, bad = func.sum(feedback.c.good), func.sum(feedback.c.bad)
        query = select(feedback.c.entry, good, bad).group_by(feedback.c.entry).order_by(bad.desc(), feedback.c.entry)
        query = query.where(feedback.c.day == day) if day is not None else query
        with self.database.transaction() as connection:
            return [Feedback(*row) for row in connection.execute(query).all()]

    def let_go(self, today: date) -> None:
        """Delete words that were kept long enough, once a day however often it is called."""
        if today != self._cleaned:
            self.delete_older_than(self.find_oldest(today))
            self._cleaned = today

    def find_oldest(self, today: date) -> date:
        """Return the oldest day whose words are still kept."""
        return today - timedelta(days=self.retention_days)

    def delete_older_than(self, day: date) -> None:
        """Delete the words of the days before `day`: refused questions and what was said of answers.

        What staff were shown in their chat is taken back there first: the chat's own job deletes that.
        """
        with self.database.transaction() as connection:
            connection.execute(gaps.delete().where(gaps.c.day < day))
        self.remarks.delete_older_than(day)

    def wipe(self) -> None:
        """Leave nothing of what was deleted in the database's own journal."""
        self.database.wipe()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _keep(self, connection: Connection, update_id: int, body: str) -> bool:
        digest = self.database.hash(body)
        for table in (handled, pending):
            known = connection.scalar(select(table.c.digest).where(table.c.update_id == update_id))
            if known in ("", digest):
                return False
            connection.execute(table.delete().where(table.c.update_id == update_id))
        connection.execute(pending.insert().values(update_id=update_id, digest=digest, body=body, starts=0))
        return True
