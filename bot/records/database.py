"""The database under the records: opened, migrated, and used in short transactions that take turns."""

import hashlib
import hmac
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import RecordsError
from bot.records.key import load_key_file, make_key
from bot.records.schema import migrate, secrets

_BUSY_MS = 10_000
_TURN = 0x7261686E  # any number that no other program of the database locks
_KEY_NAME = "chat key"


class Database:
    """One open database. Thread-safe; a transaction may wait for the disk."""

    def __init__(self, address: str) -> None:
        """Open the database of a SQLAlchemy address, making or migrating its tables.

        Raises RecordsError where it cannot be opened.
        """
        # One process writes; its threads take turns, so no statement needs to be an upsert of one dialect.
        self._lock = threading.Lock()
        try:
            url = make_url(address)
            self._engine = _open(url)
            self._key = self._prepare(url)
        except ImportError as error:
            raise RecordsError(f"{error.name} is missing. Install it with: pip install '.[postgres]'") from None
        except (OSError, SQLAlchemyError, ValueError) as error:
            raise RecordsError(f"The records cannot be opened ({type(error).__name__}): check DATABASE_URL.") from None

    def _prepare(self, url: URL) -> bytes:
        """Make or migrate the tables, and return the key."""
        try:
            with self.transaction() as connection:
                migrate(connection)
                return _load_key(url, connection)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection whose statements are kept together or not at all. Raises RecordsError."""
        try:
            with self._lock, self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            # The library's message shows the statement's values, which may be a student's words.
            raise RecordsError(f"The records cannot be used: {type(error).__name__}.") from None

    def hash(self, text: str) -> str:
        """Return a keyed hash: the same for the same text, and telling nothing of it without the key."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def hash_chat(self, chat_id: int) -> str:
        """Return what stands for a chat where its id is not kept."""
        return self.hash(str(chat_id))

    def hash_person(self, person: int | None) -> str | None:
        """Return what stands for a person; None is nobody who could ask for anything to be forgotten."""
        return None if person is None else self.hash_chat(person)

    def wipe(self) -> None:
        """Leave nothing of what was deleted beside the database: SQLite's journal holds pages as they were before.

        Another database clears its journal by itself. Raises RecordsError.
        """
        if self._engine.dialect.name != "sqlite":
            return
        try:
            # Outside of a transaction, which would keep the journal from being emptied.
            with self._lock, closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise RecordsError(f"The records cannot be used: {type(error).__name__}.") from None

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _open(url: URL) -> Engine:
    engine = create_engine(url)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        # The driver's own BEGIN comes too late to make a migration or a read before a write one step.
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    elif url.get_backend_name() == "postgresql":
        # Processes take turns here too: between a look and a write nobody else writes.
        lock = f"SELECT pg_advisory_xact_lock({_TURN})"
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(lock))
    return engine


def _load_key(url: URL, connection: Connection) -> bytes:
    """Return the key from beside a SQLite file; another database keeps its own, its access being guarded."""
    if url.get_backend_name() == "sqlite":
        return load_key_file(Path(url.database or "").with_name("records.key"))
    found: str | None = connection.scalar(select(secrets.c.value).where(secrets.c.name == _KEY_NAME))
    if found is None:
        found = make_key().hex()
        connection.execute(secrets.insert().values(name=_KEY_NAME, value=found))
    return bytes.fromhex(found)


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # Deleted words are overwritten, not only let go.
    for pragma in (f"busy_timeout = {_BUSY_MS}", "journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
