"""Whether updates still come in: polling can die silently while the process looks alive."""

import threading
import time

# Twice as long as one request for updates may take, and some more for a busy machine.
_PATIENCE_SECONDS = 90.0


class Pulse:
    """Beats whenever Telegram has answered a request for updates. Thread-safe."""

    def __init__(self) -> None:
        """Begin before the first beat: not alive."""
        self._lock = threading.Lock()
        self._last: float | None = None
        self._is_listening = False

    def beat(self) -> None:
        """Note that Telegram has answered now."""
        with self._lock:
            self._last = time.monotonic()

    def listen(self, *, is_listening: bool) -> None:
        """Note that Telegram's calls are waited for: where none come, there is nothing to answer."""
        with self._lock:
            self._is_listening = is_listening

    def is_alive(self) -> bool:
        """Tell whether an update that is sent now would be heard."""
        with self._lock:
            recent = self._last is not None and time.monotonic() - self._last < _PATIENCE_SECONDS
            return recent or self._is_listening
