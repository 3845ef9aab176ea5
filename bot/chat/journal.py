"""Which updates are in hand: kept before Telegram is told that they came, let go when they are answered.

Telegram forgets an update as soon as the next batch is asked for, long before a slow answer is sent; a process that
dies in between would lose it. So each is written to the records first, and taken up again at the next start. Only a
death between a reply's sending and its mark repeats that reply, once. Inline queries alone are not kept: a moment later
their answer is worth nothing.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, cast
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.chat.addressing import find_person
from bot.chat.limits import Excess, Limits
from bot.chat.meter import Meter, NoMeter
from bot.records import Records, RecordsError

_LOGGER = logging.getLogger(__name__)
# The library's own bound, out of the way of ours: an update of a busy chat waits for its turn inside this number.
_MOST_TASKS = 100_000
_SUSPECT_SECONDS = 5.0

RawUpdate = dict[str, Any]


class Journal(BaseUpdateProcessor):
    """Keeps updates until they are answered, one chat's in order and different chats' side by side."""

    def __init__(self, records: Records, meter: Meter | None = None) -> None:
        """Keep updates in `records`."""
        super().__init__(_MOST_TASKS)
        self.stopping = asyncio.Event()
        self.limits = Limits()
        self.meter = meter or NoMeter()
        self._records = records
        self._turns: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()
        self._left: set[int] = set()
        self._wiping: set[int] = set()
        # Updates whose answer was begun to be shown, with the number of the message that shows it.
        self._begun: dict[int, int] = {}
        self._resumed: set[int] = set()
        # What was in hand at more than one death is begun alone, so that those beside it are not taken for the cause.
        self._suspects: set[int] = set()
        self._suspecting = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def keep(self, batch: Sequence[RawUpdate]) -> list[RawUpdate]:
        """Keep a batch that came from Telegram, and return what of it is new."""
        kept = [raw for raw in batch if not is_fleeting(raw)]
        rows = [(raw["update_id"], json.dumps(raw, ensure_ascii=False, sort_keys=True)) for raw in kept]
        try:
            new = await asyncio.to_thread(self._records.keep, rows) if rows else set()
        except RecordsError as error:
            _LOGGER.error("Updates are answered without being kept: %s", error)
            return list(batch)
        return [raw for raw in batch if is_fleeting(raw) or raw["update_id"] in new]

    async def resume(self) -> list[RawUpdate]:
        """Return what an earlier run left unanswered, oldest first."""
        try:
            left = [json.loads(body) for body in await asyncio.to_thread(self._records.take_kept)]
            self._suspects = await asyncio.to_thread(self._records.list_suspects)
            self._begun |= await asyncio.to_thread(self._records.list_begun)
        except RecordsError as error:
            _LOGGER.error("Updates of the last run cannot be taken up: %s", error)
            return []
        if left:
            _LOGGER.info("%d updates of the last run are taken up; at most as many replies come twice", len(left))
        self.meter.count_resumed(len(left))
        self._resumed = {raw["update_id"] for raw in left}
        return left

    def leave(self, update_id: int) -> None:
        """Leave an update that could not be answered now for the next start."""
        self._left.add(update_id)

    def wipe_after(self, update_id: int) -> None:
        """Leave no trace of what was deleted, once an update is let go: it holds a chat's id itself until then."""
        self._wiping.add(update_id)

    def find_begun(self, update_id: int) -> int | None:
        """Return the number of the message that shows a part of an update's answer, None where there is none."""
        return self._begun.get(update_id)

    async def note_begun(self, update_id: int, message_id: int) -> None:
        """Note that a message shows a part of an update's answer, so that the answer goes there after a restart too."""
        self._begun[update_id] = message_id
        try:
            await asyncio.to_thread(self._records.note_begun, update_id, message_id)
        except RecordsError as error:
            _LOGGER.error("An answer that is begun could not be marked: %s", error)

    async def settle(self, update_id: int) -> None:
        """Let an update go: it was answered, or nobody can answer it."""
        self._begun.pop(update_id, None)
        try:
            await asyncio.to_thread(self._records.mark_handled, update_id)
            if update_id in self._wiping:
                self._wiping.discard(update_id)
                await asyncio.to_thread(self._records.wipe)
        except RecordsError as error:
            _LOGGER.error("An answered update could not be marked: %s", error)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle an update when it is its chat's turn; what has not begun when the bot is to stop stays kept."""
        # The intake puts nothing else into the queue, and the application passes its own coroutine.
        item, work = cast(Update | Excess, update), cast(Coroutine[Any, Any, None], coroutine)
        began = time.monotonic()
        self._note_task()
        try:
            async with self._turn(item):
                if self.stopping.is_set():
                    work.close()
                    return
                await self._process(item, work)
                self.meter.time_reply(time.monotonic() - began)
        finally:
            if isinstance(item, Update):
                self.limits.release(item)
            self.meter.set_in_hand(self.limits.in_hand)

    async def finish(self, seconds: float) -> None:
        """Give what is in hand so long to be answered, then break it off: it stays kept."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            _LOGGER.warning("%d updates were not answered in time and are kept for the next start", len(late))
            await asyncio.wait(late)

    async def initialize(self) -> None:
        """Do nothing: the records are open."""

    async def shutdown(self) -> None:
        """Do nothing: whoever opened the records closes them."""

    async def _process(self, item: Update | Excess, work: Coroutine[Any, Any, None]) -> None:
        if isinstance(item, Excess):
            self.limits.close(item)
            self.meter.count_excess(len(item.numbers))
            await self._handle(work, item.numbers)
        elif item.inline_query is not None:
            await work
        elif item.update_id in self._suspects:
            await self._handle_alone(work, item.update_id)
        else:
            await self._note_start(item.update_id)
            await self._handle(work, [item.update_id])

    async def _handle(self, work: Coroutine[Any, Any, None], numbers: Sequence[int]) -> None:
        await work
        for number in numbers:
            if number not in self._left:
                await self.settle(number)

    async def _handle_alone(self, work: Coroutine[Any, Any, None], number: int) -> None:
        """Handle an update while no other suspect is handled, for as long as it would take to kill the process."""
        async with self._suspecting:
            await self._note_start(number)
            handling = asyncio.ensure_future(self._handle(work, [number]))
            await asyncio.wait([handling], timeout=_SUSPECT_SECONDS)
        await handling

    async def _note_start(self, update_id: int) -> None:
        """Note that an update of an earlier run is begun."""
        if update_id not in self._resumed:
            return
        self._resumed.discard(update_id)
        try:
            await asyncio.to_thread(self._records.note_start, update_id)
        except RecordsError as error:
            _LOGGER.error("An update that is begun again could not be marked: %s", error)

    def _note_task(self) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _turn(self, item: Update | Excess) -> asyncio.Lock:
        """Return what lets one update at a time through: of a chat, or of a person who asks inline."""
        update = item.first if isinstance(item, Excess) else item
        chat = update.effective_chat
        place = ("chat", chat.id) if chat else ("person", find_person(update))
        return self._turns.setdefault(place, asyncio.Lock())


def is_fleeting(raw: RawUpdate) -> bool:
    """Tell whether an update is worth nothing once the process has died."""
    return "inline_query" in raw
