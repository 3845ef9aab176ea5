"""What was wrong with an answer, as those say who found it bad, without their names."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from bot.records.database import Database
from bot.records.schema import notes, reasons
from bot.types import Language


@dataclass(frozen=True, slots=True)
class Blame:
    """How often an entry's answer was found bad for a reason."""

    entry: str
    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about an answer that they found bad."""

    day: date
    language: Language
    entry: str
    reason: str
    words: str


class Remarks:
    """Reasons and words against answers. Thread-safe; every method may wait for the disk and raises RecordsError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, entry_id: str, reason: str, day: date) -> None:
        """Count that an entry's answer was found bad for a reason."""
        row = (reasons.c.day == day) & (reasons.c.entry == entry_id) & (reasons.c.reason == reason)
        with self._database.transaction() as connection:
            if connection.execute(reasons.update().where(row).values(number=reasons.c.number + 1)).rowcount == 0:
                connection.execute(reasons.insert().values(day=day, entry=entry_id, reason=reason, number=1))

    def write(self, note: Note, asker: int | None = None) -> None:
        """Keep what somebody wrote about an answer, under the keyed hash of whoever did, who may have it forgotten."""
        values = asdict(note) | {"asker": self._database.hash_person(asker)}
        with self._database.transaction() as connection:
            connection.execute(notes.insert().values(values))

    def list_blames(self) -> list[Blame]:
        """Return how often each entry was found bad for each reason, the most often first."""
        number = func.sum(reasons.c.number)
        query = select(reasons.c.entry, reasons.c.reason, number).group_by(reasons.c.entry, reasons.c.reason)
        with self._database.transaction() as connection:
            rows = connection.execute(query.order_by(number.desc(), reasons.c.entry, reasons.c.reason)).all()
        return [Blame(row[0], row[1], int(row[2])) for row in rows]

    def list_notes(self) -> list[Note]:
        """Return what was written, newest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(notes).order_by(notes.c.day.desc())).all()
        return [Note(row.day, row.language, row.entry, row.reason, row.words) for row in rows]

    def delete_older_than(self, day: date) -> None:
        """Delete what was written on the days before `day`."""
        with self._database.transaction() as connection:
            connection.execute(notes.delete().where(notes.c.day < day))
