"""Figures of the running bot for Prometheus, and whether it is alive: numbers alone, no words and no ids.

They are served from threads of their own, so that they can be read while everything else hangs.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot.errors import SettingsError
from bot.types import Answer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_LOGGER = logging.getLogger(__name__)
_ADDRESS = "127.0.0.1"
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


class Metrics:
    """Counts what the bot does. Thread-safe; fits the conversation's `Meter`."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.registry = CollectorRegistry()
        of = self.registry
        self._updates = Counter("rahnuma_updates", "Updates that came in", ["kind"], registry=of)
        self._resumed = Counter("rahnuma_updates_resumed", "Updates of an earlier run, taken up again", registry=of)
        self._excess = Counter(
            "rahnuma_updates_excess", "Updates answered by one notice, being too many at once", registry=of
        )
        self._in_hand = Gauge("rahnuma_updates_in_hand", "Updates that wait for their reply", registry=of)
        self._replies = Histogram(
            "rahnuma_reply_seconds", "From an update's coming to its reply", buckets=_SECONDS, registry=of
        )
        self._answers = Counter("rahnuma_answers", "Answers to questions", ["language", "outcome"], registry=of)
        self._finding = Histogram("rahnuma_answer_seconds", "Finding an answer", buckets=_SECONDS, registry=of)
        self._calls = Counter("rahnuma_telegram_calls", "Calls of the Bot API", ["method", "outcome"], registry=of)

    def count_update(self, kind: str) -> None:
        """Count an update that came in."""
        self._updates.labels(kind).inc()

    def count_resumed(self, number: int) -> None:
        """Count updates that an earlier run left."""
        self._resumed.inc(number)

    def count_excess(self, number: int) -> None:
        """Count updates that were answered by one notice."""
        self._excess.inc(number)

    def count_call(self, method: str, outcome: str) -> None:
        """Count a call of the Bot API: `ok`, `wait`, `unreachable` or `refused`."""
        self._calls.labels(method, outcome).inc()

    def time_reply(self, seconds: float) -> None:
        """Note how long an update was in hand."""
        self._replies.observe(seconds)

    def set_in_hand(self, number: int) -> None:
        """Note how many updates are in hand."""
        self._in_hand.set(number)

    def count_answer(self, answer: Answer) -> Answer:
        """Count an answer by its language and outcome, and return it."""
        self._answers.labels(answer.language, answer.outcome).inc()
        self._finding.observe(answer.seconds)
        return answer

    def show(self, counts: Callable[[], dict[str, float]]) -> None:
        """Show figures that something else counts, by their names, as they are when they are read."""
        self.registry.register(_Counted(counts))


class _Counted(Collector):
    def __init__(self, counts: Callable[[], dict[str, float]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Yield one counter whose label is what was counted."""
        family = CounterMetricFamily("rahnuma_model", "What came of a language model's answers", labels=["what"])
        for name, number in self._counts().items():
            family.add_metric([name], number)
        yield family


@contextmanager
def serve_metrics(port: int, metrics: Metrics, is_alive: Callable[[], bool]) -> Iterator[int]:
    """Serve `/metrics` and `/health` on this machine alone, and give the port (any free one for 0).

    Raises SettingsError where the port is taken.
    """
    try:
        server = make_server(_ADDRESS, port, _route(metrics, is_alive), ThreadingWSGIServer, _Quiet)
    except OSError as error:
        raise SettingsError(f"METRICS_PORT {port}: {error.strerror}. Give a port that is free.") from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _route(metrics: Metrics, is_alive: Callable[[], bool]) -> "WSGIApplication":
    show_metrics = make_wsgi_app(metrics.registry)

    def respond(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/metrics":
                shown: Iterable[bytes] = show_metrics(environ, start_response)
                return shown
            case "/health":
                status, text = ("200 OK", "ok") if is_alive() else ("503 Service Unavailable", "no updates come in")
            case _:
                status, text = "404 Not Found", "/metrics or /health"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [f"{text}\n".encode()]

    return respond


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the library names it
        """Keep quiet: a request a few seconds is no news."""
