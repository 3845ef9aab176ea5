"""Many chats that ask at once: `python -m benchmarks.load` (`make load`).

The whole bot, as it is deployed, over the shipped folder, against a Bot API server on loopback. Prints how long the
replies of each round took, what went wrong, and the bot's memory.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.folder import read_questions
from bot.language.phrases import phrase
from bot.types import LANGUAGES
from tests.telegram_server import TelegramServer

_PATIENCE_SECONDS = 120.0


def main() -> None:
    """Run the rounds and print a line each."""
    parser = argparse.ArgumentParser(description="Measure many chats that ask at once.")
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, TelegramServer() as server:
        environment = os.environ | {
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "DATA_DIR": folder,
            "LOG_LEVEL": "ERROR",
        }
        subprocess.run([sys.executable, "ingest.py"], env=environment, check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen([sys.executable, "-m", "bot"], env=environment)
        try:
            ask(server, 1, 0)
            before = read_memory(process.pid)
            print(f"{arguments.chats} chats at once; {before:.0f} MB after the first answer", flush=True)
            for number in range(1, arguments.rounds + 1):
                seconds, errors = ask(server, arguments.chats, number)
                print(
                    f"round {number:>2}: p50 {statistics.median(seconds):.2f} s   "
                    f"p95 {statistics.quantiles(seconds, n=20)[-1]:.2f} s   max {max(seconds):.2f} s   "
                    f"errors {errors}   {read_memory(process.pid):.0f} MB",
                    flush=True,
                )
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def ask(server: TelegramServer, chats: int, seed: int) -> tuple[list[float], int]:
    """Let each chat ask one question at the same time; return how long each waited, and how many got no answer."""
    questions = read_questions()
    began, already = {}, len(server.sent)
    for chat in range(1, chats + 1):
        began[chat] = time.monotonic()
        server.text(chat, questions[(chat + seed * chats) % len(questions)])
    answered: dict[int, float] = {}
    trouble = {phrase(language, key) for language in LANGUAGES for key in ("trouble", "no_index", "one_by_one")}
    deadline, errors, read = time.monotonic() + _PATIENCE_SECONDS, 0, already
    while len(answered) < chats and time.monotonic() < deadline:
        with server.changed:
            server.changed.wait(0.01)
            new, read = server.sent[read:], len(server.sent)
            times = server.sent_at[read - len(new) : read]
        for message, moment in zip(new, times, strict=True):
            answered.setdefault(message["chat"]["id"], moment)
            errors += message["text"] in trouble
    waited = [answered[chat] - began[chat] for chat in answered]
    return waited, errors + chats - len(answered)


def read_memory(process: int) -> float:
    """Return how many megabytes of memory a process holds."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError("the system does not tell")


if __name__ == "__main__":
    main()
