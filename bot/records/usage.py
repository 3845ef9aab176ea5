"""How many tokens of a language model each day took, so that a restart does not begin the day's budget anew."""

from datetime import date
from functools import cached_property

from bot.records.database import Database
from bot.records.schema import llm_usage


class Usage:
    """The count of each day. Thread-safe; opened when it is first needed."""

    def __init__(self, database_url: str) -> None:
        self._address = database_url

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
        """Let go of the database, where it was opened."""
        if "_database" in self.__dict__:
            self._database.close()

    @cached_property
    def _database(self) -> Database:
        return Database(self._address)
