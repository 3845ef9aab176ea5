"""The composition root: builds every part from the settings and joins them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.answering.directory import Directory
from bot.answering.pipeline import PASSAGES, Answerer
from bot.index.dense import DenseStore
from bot.index.encoder import Encoder, find_encoder
from bot.index.generations import Generations
from bot.index.publish import Ingest, Progress
from bot.index.reader import IndexReader
from bot.operations.desk import Desk
from bot.records import Records, Usage
from bot.settings import Settings
from bot.types import Answer, Language, OnProgress

if TYPE_CHECKING:
    from bot.answering.generate.budget import Limits
    from bot.answering.generate.model import ModelSpec
    from bot.answering.generate.writer import Writer


@dataclass(frozen=True)
class App:
    """The parts of a running bot."""

    settings: Settings
    encoder: Encoder
    generations: Generations
    reader: IndexReader
    answerer: Answerer
    directory: Directory
    usage: Usage
    writer: "Writer | None" = None  # where LLM_MODEL is set

    def ask(
        self,
        question: str,
        language: Language | None = None,
        previous: Answer | None = None,
        top: int = PASSAGES,
        *,
        speaker: str = "",
        on_progress: OnProgress | None = None,
    ) -> Answer:
        """Return the answer to a question: in its own words where a language model is set, else quoted.

        `on_progress` is shown what is worded and checked so far, where it is worded anew.

        Raises IndexUnavailableError where there is no index that could answer.
        """
        if self.writer is None:
            return self.answerer.answer(question, language, previous, top)
        return self.writer.answer(question, language, previous, top, speaker, on_progress)

    def show(
        self, key: str, language: Language, *, speaker: str = "", on_progress: OnProgress | None = None
    ) -> Answer | None:
        """Return what an entry answers by itself, by its short name: translated where it must be and a model can.

        None where it is gone. Raises IndexUnavailableError where there is no index.
        """
        shown = self.answerer.show(key, language)
        return self.writer.translate(shown, speaker, on_progress) if self.writer and shown else shown

    def close(self) -> None:
        """Let go of the index, and of what a language model is counted in."""
        self.reader.close()
        if self.writer is not None:
            self.writer.close()

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
        self.usage.share(records.database)
        return records

    def open_desk(self, records: Records) -> Desk:
        """Return what staff do from their chat, with the encoder that is loaded already."""
        return Desk(self._prepare_ingest, records, partial(datetime.now, self.settings.zone))

    def _prepare_ingest(self, progress: Progress) -> Ingest:
        return replace(prepare_ingest(self.settings, progress), encoder=self.encoder)


def build(settings: Settings) -> App:
    """Return the parts that answer questions. Loads no model and opens no index until the first question.

    Raises SettingsError where the language model that is set could not be called.
    """
    encoder = find_encoder(settings.encoder)
    generations = Generations(settings.data_dir)
    reader = IndexReader(generations, DenseStore(settings.chroma_url), encoder)
    today = partial(_today, settings)
    answerer = Answerer(reader, encoder, today)
    usage = Usage(settings.records_url)
    writer = _build_writer(settings, answerer, reader, encoder, usage) if settings.llm_model else None
    return App(settings, encoder, generations, reader, answerer, Directory(reader, today), usage, writer)


def _build_writer(
    settings: Settings, answerer: Answerer, reader: IndexReader, encoder: Encoder, usage: Usage
) -> "Writer":
    # Without LLM_MODEL none of this is even loaded.
    from bot.answering.generate.build import build_writer

    return build_writer(
        answerer, reader, encoder, describe_model(settings), read_limits(settings), usage,
        settings.list_secrets(), partial(_today, settings),
    )  # fmt: skip


def read_limits(settings: Settings) -> "Limits":
    """Return what models may cost."""
    from bot.answering.generate.budget import Limits

    return Limits(settings.llm_seconds, settings.llm_tokens_a_day, settings.llm_calls_an_hour)


def describe_model(settings: Settings) -> "ModelSpec":
    """Return the language model that is set."""
    from bot.answering.generate.model import ModelSpec

    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    return ModelSpec(settings.llm_model or "", settings.llm_base_url or "", key)


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
