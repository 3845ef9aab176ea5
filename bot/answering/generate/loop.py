"""The event loop that calls of language models run on, and what hands over what comes of them while they run."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

_Result = TypeVar("_Result")
Take = Callable[[str], None]

_GRACE_SECONDS = 1.0


class _Told:
    """What a call has said so far, handed from the loop's thread to the one that waits: the newest alone is kept."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._text: str | None = None
        self._is_over = False

    def put(self, text: str) -> None:
        with self._changed:
            self._text = text
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def take(self, seconds: float) -> str | None:
        """Return what was said last and not taken yet, waiting for it; None where nothing more comes."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self._text is not None, max(0.0, seconds))
            text, self._text = self._text, None
            return None if self._is_over else text


class _Loop:
    """An event loop on a thread of its own: what runs there can be broken off, which a thread's work cannot.

    There is one for the process, since the libraries share their connections among all models.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, _Result], seconds: float) -> _Result:
        """Return what `work` comes to within so many seconds, or raise what it raises or TimeoutError."""
        # The second limit is for what does not let itself be broken off.
        return self._begin(work, seconds).result(seconds + _GRACE_SECONDS)

    def follow(self, begin: Callable[[Take], Coroutine[Any, Any, _Result]], seconds: float, take: Take) -> _Result:
        """Return what a work comes to, as `run` does, and meanwhile give `take` what it tells, the newest alone."""
        told, limit = _Told(), time.monotonic() + seconds + _GRACE_SECONDS
        future = self._begin(begin(told.put), seconds)
        future.add_done_callback(lambda _: told.close())
        try:
            while (text := told.take(limit - time.monotonic())) is not None:
                take(text)
            return future.result(max(0.0, limit - time.monotonic()))
        finally:
            future.cancel()

    def _begin(self, work: Coroutine[Any, Any, _Result], seconds: float) -> Future[_Result]:
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), self._started())

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="language model", daemon=True).start()
            return self._loop


LOOP = _Loop()
