"""The composition root: builds every part from the settings and joins them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from bot.answering.directory import Directory
from bot.answering.pipeline import Answerer
from bot.index.dense import DenseStore
from bot.index.encoder import Encoder, find_encoder
from bot.index.generations import Generations
from bot.index.publish import Ingest, Progress
from bot.index.reader import IndexReader
from bot.operations.desk import Desk
from bot.records import Records
from bot.settings import Settings


@dataclass(frozen=True)
class App:
    """The parts of a running bot."""

    settings: Settings
    encoder: Encoder
    generations: Generations
    reader: IndexReader
    answerer: Answerer
    directory: Directory

    def now(self) -> datetime:
        """Return the time of now in the settings' zone."""
        return datetime.now(self.settings.zone)

    def today(self) -> date:
        """Return the day of now in the settings' zone."""
        return _today(self.settings)

    def open_records(self) -> Records:
        """Open what is remembered of chats, and let go of words that were kept long enough.

        Raises RecordsError where the database cannot be opened.
        """
        records = Records(self.settings.records_url, self.settings.retention_days)
        records.let_go(self.today())
        return records

    def open_desk(self, records: Records) -> Desk:
        """Return what staff do from their chat, with the encoder that is loaded already."""
        return Desk(self._prepare_ingest, records, partial(datetime.now, self.settings.zone))

    def _prepare_ingest(self, progress: Progress) -> Ingest:
        return replace(prepare_ingest(self.settings, progress), encoder=self.encoder)


def build(settings: Settings) -> App:
    """Return the parts that answer questions. Loads no model and opens no index until the first question."""
    encoder = find_encoder(settings.encoder)
    generations = Generations(settings.data_dir)
    reader = IndexReader(generations, DenseStore(settings.chroma_url), encoder)
    today = partial(_today, settings)
    return App(settings, encoder, generations, reader, Answerer(reader, encoder, today), Directory(reader, today))


def prepare_ingest(settings: Settings, progress: Progress) -> Ingest:
    """Return what an ingest of the settings' folder works with."""
    return Ingest(
        settings.knowledge_dir,
        Generations(settings.data_dir),
        DenseStore(settings.chroma_url),
        find_encoder(settings.encoder),
        _today(settings),
        progress,
    )


def _today(settings: Settings) -> date:
    return datetime.now(settings.zone).date()
