"""What Telegram is asked to do: insisted on where an answer hangs on it, tried once where none does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TypeVar

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

_LOGGER = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# Most answers are there before a "typing" could be seen; saying so first would only make them later.
_TYPING_AFTER = 1.0
# Telegram takes "typing" down after five seconds.
_TYPING_SECONDS = 4.0
# How long an answer that is ready waits for its "typing" to have been shown, so that the two stay in order.
_TYPING_PATIENCE = 1.0

T = TypeVar("T")


class UndeliveredError(Exception):
    """The bot was told to stop before Telegram took a message: its update stays kept for the next start."""


async def insist(call: Callable[[], Awaitable[T]], stopping: asyncio.Event) -> T:
    """Return what `call` returns, repeating it for as long as Telegram is out of reach or asks to wait.

    A request whose response was lost is repeated too: a reply that comes twice is better than none. What repeating
    cannot mend is raised: BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken. Raises UndeliveredError where
    the bot is to stop.
    """
    for pause in _double_pauses():
        try:
            return await call()
        except (BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken):
            raise
        except RetryAfter as error:
            _LOGGER.info("Telegram asks to wait")
            await wait(seconds_of(error.retry_after), stopping)
        except TelegramError as error:
            # The error's text may hold the address, and with it the token.
            _LOGGER.warning("Telegram could not be reached: %s; trying again in %g s", type(error).__name__, pause)
            await wait(pause, stopping)
    raise AssertionError("pauses never end")


async def deliver(chat_id: int, call: Callable[[int], Awaitable[T]], stopping: asyncio.Event) -> tuple[T, int]:
    """Return what `call` returns for a chat, and the chat's id by then: a supergroup's where the group has become one.

    Raises what `insist` raises, but for ChatMigrated.
    """
    try:
        return await insist(partial(call, chat_id), stopping), chat_id
    except ChatMigrated as error:
        moved = error.new_chat_id
        return await insist(partial(call, moved), stopping), moved


async def attempt(call: Callable[[], Awaitable[object]]) -> None:
    """Do what no answer hangs on, and let it fail."""
    try:
        await call()
    except TelegramError as error:
        _LOGGER.debug("An optional call failed: %s", type(error).__name__)


async def wait(seconds: float, stopping: asyncio.Event) -> None:
    """Pause. Raises UndeliveredError where the bot is to stop meanwhile."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
    if stopping.is_set():
        raise UndeliveredError


async def type_while(work: Awaitable[T], bot: Bot, chat_id: int, thread_id: int | None) -> T:
    """Return what `work` returns, and show "typing" in the chat where it takes long.

    Not in a group, where every call counts towards the few that Telegram allows a minute.
    """
    if chat_id < 0:
        return await work
    begun, shown = asyncio.Event(), asyncio.Event()
    typing = asyncio.create_task(_keep_typing(bot, chat_id, thread_id, begun, shown))
    try:
        result = await work
        if begun.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(shown.wait(), _TYPING_PATIENCE)
        return result
    finally:
        typing.cancel()


async def _keep_typing(
    bot: Bot, chat_id: int, thread_id: int | None, begun: asyncio.Event, shown: asyncio.Event
) -> None:
    await asyncio.sleep(_TYPING_AFTER)
    begun.set()
    while True:
        await attempt(lambda: bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=thread_id))
        shown.set()
        await asyncio.sleep(_TYPING_SECONDS)


def _double_pauses() -> Iterator[float]:
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)


def seconds_of(period: int | timedelta) -> float:
    """Return a time that Telegram asks for as seconds, whichever way the library gives it."""
    return period.total_seconds() if isinstance(period, timedelta) else float(period)
