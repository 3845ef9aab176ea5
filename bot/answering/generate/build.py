"""Joins the parts of a writer."""

from collections.abc import Callable, Iterable
from datetime import date

from bot.answering.generate.budget import Budget, Limits, Meter
from bot.answering.generate.counters import LlmCounters
from bot.answering.generate.model import ChatModel, ModelSpec, check_spec
from bot.answering.generate.names import NameBook
from bot.answering.generate.prompts import ANSWERING, REWRITING, TRANSLATING
from bot.answering.generate.sense import Sense
from bot.answering.generate.support import Support
from bot.answering.generate.verify import Guards
from bot.answering.generate.writer import Writer
from bot.answering.pipeline import Answerer
from bot.index.encoder import Encoder
from bot.index.reader import IndexReader


def build_writer(
    answerer: Answerer,
    reader: IndexReader,
    encoder: Encoder,
    spec: ModelSpec,
    limits: Limits,
    meter: Meter,
    secrets: Iterable[str],
    today: Callable[[], date],
) -> Writer:
    """Return what answers in its own words; `secrets` are what it must never say. Calls nothing.

    Raises SettingsError where the model could not be called.
    """
    check_spec(spec)
    counters, names = LlmCounters(), NameBook(reader)
    guards = Guards(names, Support(encoder), Sense(encoder), secrets, "\n".join((ANSWERING, TRANSLATING, REWRITING)))
    model = ChatModel(spec, counters)
    return Writer(answerer, model, guards, names, Budget(meter, limits, today), counters, today, limits.seconds)
