"""A generation's entries and glossary in a SQLite file that is written once and then only read."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from bot.types import Entry, Kind, Term

_ENTRY = TypeAdapter(Entry)
_TERM = TypeAdapter(Term)
_SCHEMA = """
CREATE TABLE entry (id TEXT PRIMARY KEY, key TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL,
    topic TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX entry_key ON entry (key);
CREATE INDEX entry_topic ON entry (topic);
CREATE INDEX entry_kind ON entry (kind);
CREATE TABLE term (body BLOB NOT NULL);
"""


def entry_key(entry_id: str) -> str:
    """Return the short name that stands for an entry where space is scarce: 16 hexadecimal digits."""
    return hashlib.sha256(entry_id.encode()).hexdigest()[:16]


def hash_entry(entry: Entry) -> str:
    """Return a hash over everything that an entry says."""
    return hashlib.sha256(_ENTRY.dump_json(entry)).hexdigest()[:16]


def hash_terms(terms: Iterable[Term]) -> str:
    """Return a hash over a glossary."""
    return hashlib.sha256(b"\n".join(_TERM.dump_json(term) for term in terms)).hexdigest()[:16]


def write_entries(path: Path, entries: Sequence[Entry], terms: Sequence[Term]) -> None:
    """Write a new file."""
    with sqlite3.connect(path) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            ((e.id, entry_key(e.id), hash_entry(e), e.kind, e.topic.lower(), _ENTRY.dump_json(e)) for e in entries),
        )
        connection.executemany("INSERT INTO term VALUES (?)", ((_TERM.dump_json(term),) for term in terms))
    connection.close()


class EntryStore:
    """Reads a generation's entries. Thread-safe."""

    def __init__(self, path: Path) -> None:
        # `immutable` keeps SQLite from leaving lock files beside a file that never changes.
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def get(self, ids: Sequence[str]) -> dict[str, Entry]:
        """Return those of the entries that are there, by id."""
        marks = ",".join("?" * len(ids))
        return {row[0]: _ENTRY.validate_json(row[1]) for row in self._rows("id, body", f"WHERE id IN ({marks})", ids)}

    def find(self, key: str) -> Entry | None:
        """Return the entry of a short name (`entry_key`)."""
        rows = self._rows("body", "WHERE key = ?", [key])
        return _ENTRY.validate_json(rows[0][0]) if rows else None

    def on_topic(self, topic: str) -> list[Entry]:
        """Return the entries whose topic is `topic`, whatever its case."""
        return [_ENTRY.validate_json(body) for (body,) in self._rows("body", "WHERE topic = ?", [topic.lower()])]

    def ids_of_kind(self, kind: Kind) -> list[str]:
        """Return the ids of the entries of a kind."""
        return [row[0] for row in self._rows("id", "WHERE kind = ?", [kind])]

    def all(self) -> list[Entry]:
        """Return every entry, in the folder's order."""
        return [_ENTRY.validate_json(row[0]) for row in self._rows("body", "ORDER BY rowid")]

    def of_kind(self, kind: Kind) -> list[Entry]:
        """Return the entries of a kind, in the folder's order."""
        return [_ENTRY.validate_json(row[0]) for row in self._rows("body", "WHERE kind = ? ORDER BY rowid", [kind])]

    def hashes(self) -> dict[str, str]:
        """Return every entry's hash by its id."""
        return {row[0]: row[1] for row in self._rows("id, hash")}

    def terms(self) -> list[Term]:
        """Return the glossary."""
        with self._lock:
            return [_TERM.validate_json(body) for (body,) in self._connection.execute("SELECT body FROM term")]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _rows(self, columns: str, condition: str = "", values: Sequence[str] = ()) -> list[tuple[str, ...]]:
        with self._lock:
            return self._connection.execute(f"SELECT {columns} FROM entry {condition}", list(values)).fetchall()
