"""The whole bot as it is deployed: folder, index and answers in a process of its own, Telegram on loopback."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.chat.webhook import derive_secret
from tests.chat.scripted import make_webhook
from tests.telegram_server import TOKEN, TelegramServer

QUESTIONS = {
    "What is the fee of the diploma?": "The fee is 1200 rupees.",
    "ڈپلومہ کی فیس کتنی ہے": "روپے ہے۔",
    "diploma ki fees kitni hai": "روپے ہے۔",
    "文凭课程学费多少": "学费1200卢比。",
}


@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_four_writings_are_answered_and_the_bot_stops_when_told(knowledge: Path, tmp_path: Path, way: str) -> None:
    door, figures = make_webhook(), make_webhook().port
    with TelegramServer() as server:
        surroundings = os.environ | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": server.url,
            "KNOWLEDGE_DIR": str(knowledge),
            "DATA_DIR": str(tmp_path / "var"),
            "LOG_LEVEL": "DEBUG",
            "METRICS_PORT": str(figures),
        }
        if way == "webhook":
            surroundings |= {"WEBHOOK_URL": door.url, "WEBHOOK_PORT": str(door.port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            for chat, question in enumerate(QUESTIONS, 1):
                server.text(chat, question)
            replies = server.wait_for_replies(len(QUESTIONS), 60)
            health = urlopen(f"http://127.0.0.1:{figures}/health").read()
            metrics = urlopen(f"http://127.0.0.1:{figures}/metrics").read().decode()
            process.send_signal(signal.SIGTERM)
            log, _ = process.communicate(timeout=20)
        finally:
            process.kill()
        said = {reply["chat"]["id"]: reply["text"] for reply in replies}
        assert process.returncode == 0
        assert health == b"ok\n"
        assert 'rahnuma_answers_total{language="zh",outcome="answered"} 1.0' in metrics
        assert 'rahnuma_telegram_calls_total{method="sendMessage",outcome="ok"}' in metrics
        assert server.secret_token == (derive_secret(TOKEN) if way == "webhook" else "")
        for chat, (question, answer) in enumerate(QUESTIONS.items(), 1):
            assert answer in said[chat]
            assert question not in log
        assert TOKEN not in log
