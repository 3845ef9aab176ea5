"""Tries each part of the bot by itself, and says what is wrong with it and how to mend it."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from queue import Empty, SimpleQueue
from typing import Literal

import httpx

from bot.corpus.reading import read_corpus
from bot.errors import IndexMissingError, KnowledgeError, ModelError, RahnumaError, TelegramError
from bot.index.encoder import Encoder
from bot.index.generations import Generations
from bot.index.reader import IndexReader
from bot.records import Records
from bot.settings import Settings

_SECONDS = 30.0
_TELEGRAM = "https://api.telegram.org"
_MODEL_HINTS = {
    "timeout": "it did not answer in time; check LLM_BASE_URL and the network, or raise LLM_SECONDS",
    "refused": "it refuses the call; check LLM_API_KEY, and the model's name in LLM_MODEL",
    "broken": "it cannot be reached or gives no sense; check LLM_BASE_URL and the network",
}

State = Literal["ok", "wrong", "not set"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of trying one part."""

    part: str
    state: State
    told: str


@dataclass(frozen=True, slots=True)
class Check:
    """A part, and how it is tried: `run` returns what is good about it, or raises RahnumaError with the remedy."""

    part: str
    run: Callable[[], str] | None  # None where it is not set
    remedy: str = ""  # for what nobody thought of


def examine(checks: Sequence[Check], seconds: float = _SECONDS) -> Iterator[Finding]:
    """Yield what became of each check, none of which takes longer than `seconds`."""
    for check in checks:
        yield Finding(check.part, "not set", "") if check.run is None else _try(check, check.run, seconds)


def _try(check: Check, run: Callable[[], str], seconds: float) -> Finding:
    findings: SimpleQueue[Finding] = SimpleQueue()

    def work() -> None:
        try:
            findings.put(Finding(check.part, "ok", run()))
        except RahnumaError as error:
            findings.put(Finding(check.part, "wrong", str(error)))
        # Its text could hold a key, so its kind is told alone.
        except Exception as error:
            findings.put(Finding(check.part, "wrong", f"{type(error).__name__}; {check.remedy}"))

    threading.Thread(target=work, daemon=True).start()
    try:
        return findings.get(timeout=seconds)
    except Empty:
        return Finding(check.part, "wrong", f"no answer within {seconds:g} seconds")


def write_finding(finding: Finding) -> str:
    """Return a finding as a line."""
    sign = {"ok": "ok     ", "wrong": "WRONG  ", "not set": "not set"}[finding.state]
    return f"{sign}  {finding.part}" + (f": {finding.told}" if finding.told else "")


@dataclass(frozen=True)
class Parts:
    """A bot's parts; `call_model` makes one tiny call and returns its tokens, within so many seconds."""

    settings: Settings
    encoder: Encoder
    generations: Generations
    reader: IndexReader
    call_model: Callable[[float], int] | None
    today: date

    def list_checks(self) -> list[Check]:
        """Return how each part is tried."""
        return [
            Check("settings", lambda: "read"),
            Check("knowledge", self._check_knowledge, "check KNOWLEDGE_DIR"),
            Check("encoder", self._check_encoder, "check ENCODER"),
            Check("index", self._check_index, "run: python ingest.py --rebuild"),
            Check("Chroma", self._check_chroma, "check CHROMA_URL, or run: python ingest.py --rebuild"),
            Check("database", self._check_database, "check DATABASE_URL"),
            Check("Telegram", self._check_telegram() if self.settings.telegram_bot_token else None),
            Check("language model", self._check_model(self.call_model) if self.call_model else None),
        ]

    def _check_knowledge(self) -> str:
        corpus = read_corpus(self.settings.knowledge_dir, self.today)
        if corpus.errors:
            raise KnowledgeError(f"{len(corpus.errors)} errors. Run: python ingest.py --check")
        return f"{len(corpus.entries)} entries in {self.settings.knowledge_dir}"

    def _check_encoder(self) -> str:
        return f"{self.encoder.name}, {self.encoder.encode_question('fee').shape[0]} dimensions"

    def _check_index(self) -> str:
        current = self.generations.current()
        if current is None:
            raise IndexMissingError("nothing is published yet. Run: python ingest.py")
        return f"{self.generations.manifest(current).entries} entries, generation {current}"

    def _check_chroma(self) -> str:
        with self.reader.use() as index:
            found = index.dense.search(self.encoder.encode_question("fee"), 1)
        place = "a server" if self.settings.chroma_url else "embedded"
        return f"{place}, searched" if found else f"{place}, empty"

    def _check_database(self) -> str:
        Records(self.settings.records_url, self.settings.retention_days).close()
        return self.settings.records_url.partition(":")[0]

    def _check_telegram(self) -> Callable[[], str]:
        key = self.settings.telegram_bot_token
        token = key.get_secret_value() if key else ""
        return lambda: ask_telegram(self.settings.telegram_api_url or _TELEGRAM, token)

    def _check_model(self, call: Callable[[float], int]) -> Callable[[], str]:
        def check() -> str:
            try:
                return f"{self.settings.llm_model} answered, {call(self.settings.llm_seconds)} tokens"
            except ModelError as error:
                raise ModelError(_MODEL_HINTS.get(str(error), str(error))) from None

        return check


def ask_telegram(api_url: str, token: str) -> str:
    """Return the name of the bot that a token belongs to. Raises TelegramError, which never shows the token."""
    # Its log shows addresses, and this one holds the token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        reply = httpx.get(f"{api_url}/bot{token}/getMe", timeout=_SECONDS / 2)
        told = reply.json()
    except (httpx.HTTPError, ValueError) as error:
        raise TelegramError(
            f"cannot be reached ({type(error).__name__}); check the network, and TELEGRAM_API_URL if it is set"
        ) from None
    if not told.get("ok"):
        raise TelegramError("refuses TELEGRAM_BOT_TOKEN; copy it anew from @BotFather")
    return f"@{told['result']['username']}"
