"""A scripted answerer, and the real application run on a thread of the test's process."""

import asyncio
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.answering.compose import choose_language, compose_answer
from bot.answering.directory import Stock
from bot.chat.services import Ask, FindContact, Office, Services, Show, Tell
from bot.chat.telegram import ChatApplication, Senses, build_application, serve, stop
from bot.chat.webhook import Webhook
from bot.language.identify import identify
from bot.records import Records
from bot.types import Answer, Entry, Language, OnProgress, Outcome, Part, Passage
from tests.telegram_server import TOKEN, TelegramServer

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12)
CONTACT = "042-1234567"


def make_answer(*parts: Part, question: str = "", language: Language = "en", outcome: Outcome = "answered") -> Answer:
    return Answer(question=question, language=language, outcome=outcome, parts=parts, confidence=1.0)


def show_entry(stock: Stock, key: str, language: Language) -> Answer | None:
    """Return the answer that an entry of a stock gives by itself."""
    entry = stock.by_key.get(key)
    if entry is None:
        return None
    passage = Passage(entry, choose_language(entry, language), 1.0)
    parts = compose_answer(passage, "", language, stock.today)
    return replace(make_answer(*parts, language=language), passages=(passage,))


@dataclass
class Script:
    """Answers by its rules, each a word of the question and what to do; else says the question back."""

    rules: dict[str, Callable[[str, Language], Answer]] = field(default_factory=dict)
    # What is worded before the answer is there, by a word of the question.
    streams: dict[str, Callable[[OnProgress], None]] = field(default_factory=dict)
    asked: list[tuple[str, Language | None]] = field(default_factory=list)
    leaned_on: list[Answer | None] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)
    shown: list[tuple[str, Language]] = field(default_factory=list)
    told: list[tuple[str, Language]] = field(default_factory=list)  # of what is shown, what somebody wanted to read
    entry: Entry | None = None  # what any key shows
    stock: Stock = field(default_factory=Stock)

    def ask(
        self,
        question: str,
        language: Language | None = None,
        previous: Answer | None = None,
        *,
        speaker: str = "",
        on_progress: OnProgress | None = None,
    ) -> Answer:
        self.speakers.append(speaker)
        self.asked.append((question, language))
        self.leaned_on.append(previous)
        spoken = language or identify(question)
        for word, stream in self.streams.items():
            if word in question and on_progress is not None:
                stream(on_progress)
        for word, rule in self.rules.items():
            if word in question:
                return rule(question, spoken)
        return make_answer(Part("text", f"You asked: {question}"), question=question, language=spoken)

    def tell(
        self, key: str, language: Language, *, speaker: str = "", on_progress: OnProgress | None = None
    ) -> Answer | None:
        self.speakers.append(speaker)
        self.told.append((key, language))
        return self.show(key, language)

    def show(self, key: str, language: Language) -> Answer | None:
        self.shown.append((key, language))
        if key in self.stock.by_key:
            return show_entry(self.stock, key, language)
        if key == "0" * 16:
            return None
        shown = make_answer(Part("title", f"Entry {key}"), language=language)
        return replace(shown, passages=(Passage(self.entry, "en", 1.0),)) if self.entry else shown


def make_webhook() -> Webhook:
    """Return a webhook on a port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Webhook(f"http://127.0.0.1:{port}/updates", port, "a-secret_of-tests")


class RunningBot:
    """The application on its own thread. `stop` is what a signal does."""

    def __init__(
        self,
        server: TelegramServer,
        ask: Ask,
        show: Show,
        records: Records,
        token: str = TOKEN,
        stock: Callable[[], Stock] = Stock,
        office: Office | None = None,
        *,
        uses_llm: bool = False,
        webhook: Webhook | None = None,
        senses: Senses | None = None,
        find_contact: FindContact = lambda language: CONTACT,
        tell: Tell | None = None,
    ) -> None:
        services = Services(
            ask=ask,
            show=show,
            records=records,
            today=lambda: DAY,
            stock=stock,
            now=lambda: NOON,
            find_contact=find_contact,
            office=office,
            uses_llm=uses_llm,
            tell=tell,
        )
        self.application: ChatApplication = build_application(
            token=token, api_url=server.url, services=services, webhook=webhook, senses=senses
        )
        self.failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._started.wait(20)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(stop, self.application)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the bot did not stop"

    def wait(self) -> None:
        """Wait for it to end by itself."""
        self._thread.join(20)
        assert not self._thread.is_alive(), "the bot did not end"

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:  # noqa: BLE001  # the test looks at it
            self.failure = error

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._started.set()
        await serve(self.application)
