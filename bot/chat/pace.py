"""How fast Telegram is spoken to, and what came of each call."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter

from bot.chat.meter import Meter

_DRAFT = "sendMessageDraft"

Result = bool | dict[str, Any] | list[dict[str, Any]]


class Pace(AIORateLimiter):
    """Keeps to Telegram's pace in groups, and counts every call by its outcome.

    Private chats have no pace of their own here: each is one person's, answered one question at a time, and a crowd
    that asks at once must not stand in line for a rule that Telegram itself only applies to broadcasts. Where it asks
    to wait, the chat waits.
    """

    def __init__(self, meter: Meter) -> None:
        """Count in `meter`."""
        super().__init__(overall_max_rate=0)
        self._meter = meter
        # Set where Telegram refused the token in the middle of the work: nothing more will come in.
        self.refused = asyncio.Event()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,  # noqa: ANN401  # as the library hands it on
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Make a call when it may be made. Raises what the call raises."""
        outcome = "ok"
        try:
            return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
        except TelegramError as error:
            outcome = _name(error)
            # The library takes a method that the server does not know for a token that it does not know.
            if isinstance(error, InvalidToken) and endpoint != _DRAFT:
                self.refused.set()
            raise
        finally:
            self._meter.count_call(endpoint, outcome)


def _name(error: TelegramError) -> str:
    if isinstance(error, RetryAfter):
        return "wait"
    return "refused" if isinstance(error, (BadRequest, ChatMigrated, Forbidden)) else "unreachable"
