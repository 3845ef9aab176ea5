"""An answer that is still being worded, shown in a private chat as far as it is checked.

By message drafts, which Telegram itself takes down when the answer is sent; where the server does not know them, by a
message whose text is replaced. Such a message is noted beside its update: whatever happens, the answer is written into
it, after a restart as well, so that no part of an answer stays for the whole. What is shown here is never insisted on.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from cachetools import TTLCache
from telegram import Bot, Update
from telegram.constants import ChatType
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.chat.delivery import seconds_of
from bot.chat.journal import Journal
from bot.chat.render import render_html
from bot.chat.reply import find_chat, find_thread
from bot.types import Answer, OnProgress

_LOGGER = logging.getLogger(__name__)
# Telegram's pace for one chat.
PAUSE_SECONDS = 1.0
# How long a draft on its way is waited for, so that it does not come after the answer.
_PATIENCE_SECONDS = 1.0
_MOST_CHATS, _REMEMBERED_SECONDS = 5_000, 3_600


def _remember_chats() -> MutableMapping[int, float]:
    return TTLCache(_MOST_CHATS, _REMEMBERED_SECONDS)


@dataclass
class Previews:
    """What the answers of all chats have in common: what the server can do, and when each chat may be written to."""

    has_drafts: bool = True
    next_at: MutableMapping[int, float] = field(default_factory=_remember_chats)

    @asynccontextmanager
    async def show(self, update: Update, bot: Bot, journal: Journal) -> AsyncIterator[OnProgress | None]:
        """Give what takes an answer on its way, None where none is shown: in groups, and over an older answer.

        At the end nothing that was shown is still on its way to Telegram.
        """
        chat = update.effective_chat
        if chat is None or chat.type != ChatType.PRIVATE or update.edited_message is not None:
            yield None
            return
        preview, is_broken_off = _Preview(self, update, bot, journal), False
        try:
            yield preview.take
        except asyncio.CancelledError:
            is_broken_off = True
            raise
        finally:
            await preview.close(is_broken_off=is_broken_off)


class _Preview:
    """One answer on its way."""

    def __init__(self, previews: Previews, update: Update, bot: Bot, journal: Journal) -> None:
        self._previews = previews
        self._bot = bot
        self._journal = journal
        self._update_id = update.update_id
        self._chat_id, self._thread_id = find_chat(update), find_thread(update)
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._html = ""
        self._is_over = False
        self._sending: asyncio.Future[None] | None = None
        self._task = asyncio.create_task(self._show_news())

    def take(self, answer: Answer) -> None:
        """Show an answer as far as it is worded, in place of what was shown of it. Thread-safe."""
        messages = render_html(answer)
        if len(messages) == 1:
            self._loop.call_soon_threadsafe(self._put, messages[0])

    async def close(self, *, is_broken_off: bool) -> None:
        """Show nothing more, and wait for what is on its way: it must not come after the answer.

        A draft is not worth a long wait. A message is: its number is needed, and a late edit would undo the answer.
        Where the update is broken off there is no answer, and nothing is waited for.
        """
        self._task.cancel()
        await asyncio.wait([self._task])
        if self._sending is None:
            return
        patience = _PATIENCE_SECONDS if self._uses_drafts else None
        try:
            await asyncio.wait([self._sending], timeout=0.0 if is_broken_off else patience)
        finally:
            self._sending.cancel()

    @property
    def _uses_drafts(self) -> bool:
        return self._previews.has_drafts and self._journal.find_begun(self._update_id) is None

    def _put(self, html: str) -> None:
        self._html = html
        self._news.set()

    async def _show_news(self) -> None:
        while not self._is_over:
            await self._news.wait()
            await asyncio.sleep(self._previews.next_at.get(self._chat_id, 0.0) - time.monotonic())
            self._news.clear()
            # Shielded: the end of the answer stops what waits, not what is on its way.
            self._sending = asyncio.ensure_future(self._try())
            await asyncio.shield(self._sending)

    async def _try(self) -> None:
        """Show what is newest; where Telegram asks to wait, that is dropped and what comes after the wait is shown."""
        pause, used_drafts = PAUSE_SECONDS, self._uses_drafts
        try:
            await self._send(used_drafts)
        except RetryAfter as error:
            pause = max(pause, seconds_of(error.retry_after))
        except InvalidToken as error:
            # The library takes a method that the server does not know for a token that it does not know.
            if used_drafts and "not found" in error.message.lower():
                _LOGGER.info("This Bot API server has no message drafts: answers are shown by edits")
                self._previews.has_drafts, pause = False, 0.0
                self._news.set()
            else:
                self._is_over = True
        except TelegramError as error:
            # After a restart the first part may stand there already.
            self._is_over = "not modified" not in error.message.lower()
            _LOGGER.debug("A part of an answer was not shown: %s", type(error).__name__)
        self._previews.next_at[self._chat_id] = time.monotonic() + pause

    async def _send(self, used_drafts: bool) -> None:
        html, chat_id = self._html, self._chat_id
        begun = self._journal.find_begun(self._update_id)
        if used_drafts:
            await self._bot.send_message_draft(chat_id, self._update_id, html, message_thread_id=self._thread_id)
        elif begun is not None:
            await self._bot.edit_message_text(html, chat_id=chat_id, message_id=begun)
        else:
            message = await self._bot.send_message(chat_id, html, message_thread_id=self._thread_id)
            await self._journal.note_begun(self._update_id, message.message_id)
