"""A Bot API server, records and a running bot for each test."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from bot.chat.webhook import Webhook
from bot.records import Records
from tests.chat.office import STAFF, OfficeBot
from tests.chat.scripted import RunningBot, Script
from tests.telegram_server import TelegramServer


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def webhook() -> Webhook | None:
    """Where updates are posted to: nowhere, but for the tests that choose it or run both ways."""
    return None


@pytest.fixture
def start_bot(
    server: TelegramServer, script: Script, records: Records, webhook: Webhook | None
) -> Iterator[Callable[[], RunningBot]]:
    """Start the bot, more than once where a test restarts it."""
    running: list[RunningBot] = []

    def start() -> RunningBot:
        stock = partial(getattr, script, "stock")
        running.append(
            RunningBot(server, script.ask, script.show, records, stock=stock, webhook=webhook, tell=script.tell)
        )
        return running[-1]

    yield start
    for bot in running:
        bot.stop()


@pytest.fixture
def bot(start_bot: Callable[[], RunningBot]) -> RunningBot:
    return start_bot()


@pytest.fixture
def start_office(server: TelegramServer, script: Script, records: Records) -> Iterator[Callable[..., OfficeBot]]:
    """Start the bot with an office, and with other services where a test gives them."""
    server.join(STAFF, "supergroup")
    running: list[OfficeBot] = []

    def start(**services: Any) -> OfficeBot:  # noqa: ANN401
        office = OfficeBot(server, script, records, **services)
        office.start()
        running.append(office)
        return office

    yield start
    for office in running:
        office.stop()


@pytest.fixture
def office(start_office: Callable[..., OfficeBot]) -> OfficeBot:
    return start_office()
