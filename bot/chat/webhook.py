"""Updates that Telegram posts to the bot, each kept before it is told that it came: else it posts again."""

import asyncio
import hashlib
import hmac
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from telegram import Bot
from telegram.error import BadRequest
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from bot.chat.delivery import insist
from bot.chat.intake import ALLOWED, Intake
from bot.chat.journal import Journal, RawUpdate
from bot.chat.pulse import Pulse
from bot.errors import SettingsError

_LOGGER = logging.getLogger(__name__)
# What passes TLS on to the bot runs on the same machine; nobody else has business here.
_ADDRESS = "127.0.0.1"
_MOST_BYTES = 1_000_000
_BODY_SECONDS = 10
_CONNECTIONS = 40
# Set again now and then: a program that polled with the same token meanwhile has taken it down.
_AGAIN_SECONDS = 600.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class Webhook:
    """Where Telegram posts updates to, on which port they arrive, and the secret that each of its calls carries."""

    url: str
    port: int
    secret: str = field(repr=False)


def derive_secret(token: str) -> str:
    """Return a secret that is the same at every start and tells nothing of the token."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


async def listen(
    webhook: Webhook, bot: Bot, journal: Journal, intake: Intake, pulse: Pulse, refused: asyncio.Event
) -> None:
    """Take every update in, those of an earlier run first, until cancelled or the bot is to stop.

    `refused` tells that the token may no longer hold, which polling would notice by itself.

    Raises SettingsError where the port is taken or Telegram refuses the address, InvalidToken where it refuses the
    token.
    """
    await intake.resume()
    async with _serve(webhook, journal, intake):
        while True:
            await insist(partial(_set, webhook, bot), journal.stopping)
            pulse.listen(is_listening=True)
            refused.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(refused.wait(), _AGAIN_SECONDS)


async def _set(webhook: Webhook, bot: Bot) -> None:
    try:
        await bot.set_webhook(
            webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED, max_connections=_CONNECTIONS
        )
    except BadRequest as error:
        raise SettingsError(
            f"Telegram refuses WEBHOOK_URL ({error.message}): give an https address of yours."
        ) from None


@asynccontextmanager
async def _serve(webhook: Webhook, journal: Journal, intake: Intake) -> AsyncIterator[None]:
    given = {"secret": webhook.secret, "journal": journal, "intake": intake}
    application = Application([(r"/.*", _Arrival, given)], log_function=lambda handler: None)
    server = HTTPServer(application, max_body_size=_MOST_BYTES, body_timeout=_BODY_SECONDS)
    try:
        door = socket.create_server((_ADDRESS, webhook.port))
    except OSError as error:
        raise SettingsError(f"WEBHOOK_PORT {webhook.port}: {error.strerror}. Give a port that is free.") from None
    door.setblocking(False)
    server.add_socket(door)
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()


class _Arrival(RequestHandler):
    """One call of Telegram's."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, secret: str, journal: Journal, intake: Intake) -> None:
        """Take what every call is given."""
        self._secret = secret
        self._journal = journal
        self._intake = intake

    async def post(self) -> None:
        """Keep an update, then say so."""
        given = self.request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(403)
        if self._journal.stopping.is_set() or self._journal.limits.is_full:
            raise HTTPError(503)
        await self._intake.take([_read(self.request.body)])

    def log_exception(self, *error: object) -> None:
        """Tell what went wrong without the address, which may be a person's, and without the update."""
        if not isinstance(error[1], HTTPError):
            _LOGGER.error("A call of the webhook failed: %s", type(error[1]).__name__)


def _read(body: bytes) -> RawUpdate:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPError(400) from None
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise HTTPError(400)
    return dict(raw)
