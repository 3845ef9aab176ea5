"""Which messages show staff refused questions, and whose, so that they can be taken back with them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select

from bot.records.database import Database
from bot.records.schema import gap_pages, gaps

# Stands for whoever wrote what is on a page, where that is known of none of it or not of all.
_ANYBODY = ""


class Pages:
    """The pages of refused questions in the staff's chat. Thread-safe; every method may wait for the disk.

    Each raises RecordsError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, chat_id: int, numbers: Iterable[int], questions: Sequence[str], today: date) -> None:
        """Note messages of a chat that show questions, with whoever wrote them; what they showed before counts still.

        A page is as old as the oldest question on it.
        """
        chat = self._database.hash_chat(chat_id)
        oldest = select(gaps.c.asker, func.min(gaps.c.day)).where(gaps.c.question.in_(questions))
        with self._database.transaction() as connection:
            days = {row[0] or _ANYBODY: row[1] for row in connection.execute(oldest.group_by(gaps.c.asker))}
            days[_ANYBODY] = min(days.values(), default=today)
            for number in numbers:
                page = (gap_pages.c.chat == chat) & (gap_pages.c.message_id == number)
                known = set(connection.scalars(select(gap_pages.c.asker).where(page)))
                for asker in days.keys() - known:
                    row = {"chat": chat, "message_id": number, "asker": asker, "day": days[asker]}
                    connection.execute(gap_pages.insert().values(row))

    def of_asker(self, asker: int, chat_id: int) -> list[int]:
        """Return the messages of a chat that show what a person wrote, oldest first."""
        return self._list(gap_pages.c.asker == self._database.hash_chat(asker), chat_id)

    def older_than(self, day: date, chat_id: int) -> list[int]:
        """Return the messages of a chat that show what was written before `day`, oldest first."""
        return self._list(gap_pages.c.day < day, chat_id)

    def remove(self, chat_id: int, numbers: Sequence[int]) -> None:
        """Delete what is known of messages that were taken back."""
        page = (gap_pages.c.chat == self._database.hash_chat(chat_id)) & gap_pages.c.message_id.in_(numbers)
        with self._database.transaction() as connection:
            connection.execute(gap_pages.delete().where(page))

    def delete_older_than(self, day: date) -> None:
        """Delete what is known of pages with words from before `day`, wherever they are."""
        with self._database.transaction() as connection:
            connection.execute(gap_pages.delete().where(gap_pages.c.day < day))

    def _list(self, condition: ColumnElement[bool], chat_id: int) -> list[int]:
        here = condition & (gap_pages.c.chat == self._database.hash_chat(chat_id))
        query = select(gap_pages.c.message_id).where(here).distinct().order_by(gap_pages.c.message_id)
        with self._database.transaction() as connection:
            return list(connection.scalars(query))
