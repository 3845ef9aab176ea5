"""How many tokens of a language model each day took, so that a restart does not begin the day's budget anew."""

from datetime import date
from functools import cached_property

from bot.records.database import Database
from bot.records.schema import llm_usage


class Usage:
    """The count of each day. Thread-safe; kept in the database that it shares, else in one opened when it is needed."""

    def __init__(self, database_url: str) -> None:
        self._address = database_url
        self._shared: Database | None = None

    def share(self, database: Database) -> None:
        """Count in a database of the same address that is open already."""
        self._shared = database

    def used(self, day: date) -> int:
        """Return the tokens of a day. Raises RecordsError."""
        with self._database.transaction() as connection:
            found = connection.execute(llm_usage.select().where(llm_usage.c.day == day)).first()
        return found.tokens if found else 0

    def add(self, day: date, tokens: int) -> None:
        """Add tokens to a day. Raises RecordsError."""
        changed = llm_usage.update().where(llm_usage.c.day == day).values(tokens=llm_usage.c.tokens + tokens)
        with self._database.transaction() as connection:
            if connection.execute(changed).rowcount == 0:
                connection.execute(llm_usage.insert().values(day=day, tokens=tokens))

    def close(self) -> None:
        """Let go of the database, where it was opened for this alone."""
        if "_own" in self.__dict__:
            self._own.close()

    @property
    def _database(self) -> Database:
        return self._shared or self._own

    @cached_property
    def _own(self) -> Database:
        return Database(self._address)
