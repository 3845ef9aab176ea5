"""The bot on Telegram: built from its parts, run until it is told to stop."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import InvalidToken
from telegram.ext import Application, Defaults
from telegram.request import HTTPXRequest

from bot.chat.addressing import find_person
from bot.chat.cases import CaseDesk
from bot.chat.conversation import Conversation
from bot.chat.delivery import UndeliveredError, insist
from bot.chat.excess import Notices
from bot.chat.forgetting import Forgetting
from bot.chat.handoff import Handoff
from bot.chat.inline import Inline
from bot.chat.inputs import Inputs
from bot.chat.intake import Intake
from bot.chat.journal import Journal
from bot.chat.menu import introduce
from bot.chat.meter import Meter, NoMeter
from bot.chat.moving import Moves
from bot.chat.office import StaffChat
from bot.chat.pace import Pace
from bot.chat.pages import GapPages
from bot.chat.polling import PollingBot, poll
from bot.chat.publishing import Publishing
from bot.chat.pulse import Pulse
from bot.chat.reminders import remind
from bot.chat.services import Services
from bot.chat.speaking import Speaker, on_command
from bot.chat.staff import Staff, tell_id
from bot.chat.tending import Tending
from bot.chat.voice import Transcribe
from bot.chat.webhook import Webhook, listen
from bot.errors import SettingsError

_LOGGER = logging.getLogger(__name__)
_TELEGRAM = "https://api.telegram.org"
_CONNECT_SECONDS = 10.0
# A slow network must not be taken for a lost message, which would be sent again.
_RESPONSE_SECONDS = 30.0
# Threads wait more than they work: for the disk, for a language model.
_THREADS = 32
_SERVICES = "services"
_TENDING = "tending"
_RECEIVE = "receive"
# The library looks at every connection whenever it needs one: many more of them and a crowd waits for that alone.
_CONNECTIONS = 16
# What is in hand at a signal has so long to be answered; whatever hangs then, the process is gone soon after.
_GRACE_SECONDS, _END_SECONDS = 7.0, 9.5

ChatApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True)
class Senses:
    """What the bot may be given beside its services: ears, and what counts and watches it.

    `allows` counts a call of a model to whoever a text stands for, and tells whether their hour has room for it.
    """

    transcribe: Transcribe | None = None
    allows: Callable[[str], bool] = lambda speaker: True
    meter: Meter = field(default_factory=NoMeter)
    pulse: Pulse = field(default_factory=Pulse)


def build_application(
    *,
    token: str,
    api_url: str | None,
    services: Services,
    webhook: Webhook | None = None,
    senses: Senses | None = None,
) -> ChatApplication:
    """Return the application that answers on Telegram, or on the Bot API server at `api_url`. Connects to nothing.

    Without a webhook it polls.
    """
    _silence_libraries()
    senses = senses or Senses()
    journal = Journal(services.records, senses.meter)
    pace = Pace(senses.meter)
    bot = _build_bot(token, api_url or _TELEGRAM, pace)
    application = Application.builder().bot(bot).updater(None).concurrent_updates(journal).build()
    application.bot_data[_SERVICES] = services
    office = services.office
    staff = StaffChat(office.chat_id, services.records, journal) if office else None
    speaker = Speaker(services.records, journal, staff.find_listener if staff else find_person)
    conversation = Conversation(services, speaker, journal)
    inputs = Inputs(speaker, journal, senses.transcribe, senses.allows)
    application.add_handlers(Notices(speaker, journal).handlers())
    application.add_handlers(Inline(services, speaker).handlers())
    # What belongs to a case is passed on, whatever it is, before it is heard or answered.
    desk = CaseDesk(services, journal, staff) if staff else None
    _join_office(application, conversation, desk)
    application.add_handlers(inputs.handlers())
    application.add_handlers(conversation.handlers())
    application.add_handlers(Staff(desk).fallbacks() if desk else [])
    application.add_handlers(inputs.fallbacks())
    application.add_error_handler(conversation.report_error)
    application.bot_data[_RECEIVE] = partial(_receive, application, webhook, senses.pulse, pace.refused)
    return application


def _join_office(application: ChatApplication, conversation: Conversation, desk: CaseDesk | None) -> None:
    """Add what hands questions to people and what staff do in their chat, and the job that tends it."""
    services, speaker, journal = conversation.services, conversation.speaker, conversation.journal
    pages = None
    application.add_handlers(Moves(services.records, desk.staff if desk else None).handlers())
    if services.office is not None and desk is not None:
        # What is replied to a case is for its student, even where it begins like a command.
        application.add_handlers(Staff(desk).handlers())
        pages = GapPages(services.records, desk.staff)
        application.add_handlers(Publishing(services, services.office.desk, desk.staff, journal, pages).handlers())
    else:
        application.add_handler(on_command("id", partial(tell_id, speaker)))
    handoff = Handoff(services, speaker, desk, conversation.memory)
    application.add_handlers(Forgetting(services, speaker, journal, conversation.memory, desk, pages).handlers())
    application.add_handlers(handoff.observers(), group=-1)
    application.add_handlers(handoff.handlers())
    application.bot_data[_TENDING] = Tending(services, journal, desk, pages)


def run(application: ChatApplication) -> None:
    """Answer until SIGTERM or SIGINT; what is in hand then is finished first.

    Raises SettingsError where Telegram refuses the token.
    """
    asyncio.run(_serve_until_signal(application))


async def serve(application: ChatApplication) -> None:
    """Answer until `stop`; what is in hand then is finished first.

    Raises SettingsError where Telegram refuses the token.
    """
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS))
    try:
        await insist(application.initialize, _journal(application).stopping)
        await _answer_updates(application)
    except UndeliveredError:
        _LOGGER.info("Stopped before Telegram was reached")
    except InvalidToken:
        raise SettingsError(
            "Telegram refuses TELEGRAM_BOT_TOKEN: copy it anew from @BotFather; check TELEGRAM_API_URL if it is set."
        ) from None
    finally:
        await application.shutdown()
        # An application that never got through its start closes nothing by itself.
        await application.bot.shutdown()


def stop(application: ChatApplication) -> None:
    """Let `serve` come to its end. Call it from the thread of its event loop."""
    _journal(application).stopping.set()


async def _serve_until_signal(application: ChatApplication) -> None:
    # Windows has no such handlers; there Ctrl+C ends the loop by itself.
    with suppress(NotImplementedError):
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _stop_in_time, application)
    await serve(application)


def _stop_in_time(application: ChatApplication) -> None:
    """Stop, and end the process whatever hangs: a thread in a call that does not return would hold it for ever."""
    stop(application)
    end = threading.Timer(_END_SECONDS, _end)
    end.daemon = True
    end.start()


def _end() -> None:
    _LOGGER.warning("What has not come to its end is broken off; what was not answered is kept for the next start")
    logging.shutdown()
    os._exit(0)


async def _answer_updates(application: ChatApplication) -> None:
    journal = _journal(application)
    await application.start()
    introducing = asyncio.create_task(introduce(application.bot))
    tending = asyncio.create_task(application.bot_data[_TENDING].run(application.bot))
    reminding = asyncio.create_task(remind(application.bot, application.bot_data[_SERVICES], journal.stopping))
    arriving = asyncio.create_task(application.bot_data[_RECEIVE]())
    stopping = asyncio.create_task(journal.stopping.wait())
    _LOGGER.info("Answering on Telegram")
    try:
        await asyncio.wait((arriving, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        journal.stopping.set()
        for task in (introducing, arriving, stopping):
            task.cancel()
        await asyncio.wait((introducing, arriving, stopping))
        # What these two have sent is noted first, else it would be sent again.
        await asyncio.gather(journal.finish(_GRACE_SECONDS), asyncio.wait((tending, reminding), timeout=_GRACE_SECONDS))
        tending.cancel()
        reminding.cancel()
        await asyncio.wait((tending, reminding))
        await application.stop()
    if not arriving.cancelled():
        arriving.result()


async def _receive(application: ChatApplication, webhook: Webhook | None, pulse: Pulse, refused: asyncio.Event) -> None:
    """Take updates in, by the way that the settings choose."""
    journal = _journal(application)
    intake = Intake(application.bot, journal, application.update_queue)
    if webhook is None:
        await poll(application.bot, journal, intake, pulse)
    else:
        await listen(webhook, application.bot, journal, intake, pulse, refused)


def _journal(application: ChatApplication) -> Journal:
    return cast(Journal, application.update_processor)


def _build_bot(token: str, api_url: str, pace: Pace) -> PollingBot:
    return PollingBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=_build_request(_CONNECTIONS),
        get_updates_request=_build_request(1),
        defaults=Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)),
        rate_limiter=pace,
    )


def _build_request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_RESPONSE_SECONDS,
        write_timeout=_RESPONSE_SECONDS,
        pool_timeout=_RESPONSE_SECONDS,
    )


def _silence_libraries() -> None:
    """Keep the token and students' words out of the log: the libraries write addresses and whole updates into it."""
    # Asked for by the library: a time in an error is then a timedelta, as it will be in its next version.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    for name in ("telegram", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
