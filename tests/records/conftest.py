"""Records in SQLite, and in PostgreSQL where a server is installed: the same tests for both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy

from bot.records import Records
from tests.postgres import find_postgres, run_postgres

POSTGRES = find_postgres()


@dataclass(frozen=True)
class Place:
    """Where records are kept."""

    address: str

    def open(self) -> Records:
        return Records(self.address, 30)

    def read(self, query: str) -> list[tuple[object, ...]]:
        """Return what a query finds, days as text."""
        engine = sqlalchemy.create_engine(self.address)
        with engine.begin() as connection:
            result = connection.execute(sqlalchemy.text(query))
            rows = result.all() if result.returns_rows else []
        engine.dispose()
        return [tuple(str(value) if isinstance(value, date) else value for value in row) for row in rows]

    def columns(self) -> dict[str, list[str]]:
        """Return the columns of each table."""
        engine = sqlalchemy.create_engine(self.address)
        inspector = sqlalchemy.inspect(engine)
        found = {name: [each["name"] for each in inspector.get_columns(name)] for name in inspector.get_table_names()}
        engine.dispose()
        return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Run one server for all tests."""
    assert POSTGRES is not None
    with pytest.MonkeyPatch.context() as surroundings:
        # It must start on a machine that names a language which was never installed there.
        surroundings.setenv("LANG", "xx_YY.UTF-8")
        with run_postgres(POSTGRES) as address:
            yield address


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "records.sqlite"


@pytest.fixture
def in_file(path: Path) -> Place:
    """Give a place in a file alone, for what concerns files."""
    return Place(f"sqlite:///{path}")


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def place(request: pytest.FixtureRequest, in_file: Place) -> Place:
    if request.param == "sqlite":
        return in_file
    server = Place(request.getfixturevalue("postgres"))
    server.read("DROP SCHEMA public CASCADE")
    server.read("CREATE SCHEMA public")
    return server


@pytest.fixture
def records(place: Place) -> Iterator[Records]:
    records = place.open()
    yield records
    records.close()


@pytest.fixture
def file_records(in_file: Place) -> Iterator[Records]:
    records = in_file.open()
    yield records
    records.close()
