"""What Prometheus and a health check read."""

import socket
import urllib.error
import urllib.request

import pytest

from bot.errors import SettingsError
from bot.operations.metrics import Metrics, serve_metrics
from bot.types import Answer


def read(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_figures_and_no_words_are_served() -> None:
    metrics = Metrics()
    answer = Answer("the wedding", "ur", "refused", (), 0.1, seconds=0.02)
    assert metrics.count_answer(answer) is answer
    metrics.count_update("message")
    metrics.count_resumed(2)
    metrics.count_excess(3)
    metrics.count_call("sendMessage", "wait")
    metrics.time_reply(0.2)
    metrics.set_in_hand(4)
    with serve_metrics(0, metrics, lambda: True) as port:
        status, text = read(port, "/metrics")
    assert status == 200
    assert "wedding" not in text
    for line in (
        'rahnuma_answers_total{language="ur",outcome="refused"} 1.0',
        'rahnuma_updates_total{kind="message"} 1.0',
        "rahnuma_updates_resumed_total 2.0",
        "rahnuma_updates_excess_total 3.0",
        'rahnuma_telegram_calls_total{method="sendMessage",outcome="wait"} 1.0',
        'rahnuma_reply_seconds_bucket{le="0.3"} 1.0',
        'rahnuma_answer_seconds_bucket{le="0.03"} 1.0',
        "rahnuma_updates_in_hand 4.0",
    ):
        assert line in text


@pytest.mark.parametrize(("is_alive", "status"), [(True, 200), (False, 503)])
def test_health_tells_whether_updates_come_in(is_alive: bool, status: int) -> None:
    with serve_metrics(0, Metrics(), lambda: is_alive) as port:
        assert read(port, "/health")[0] == status
        assert read(port, "/elsewhere")[0] == 404


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="METRICS_PORT"), serve_metrics(taken.getsockname()[1], Metrics(), bool):
            pytest.fail("it was served")
