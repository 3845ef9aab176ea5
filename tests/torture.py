"""The bot under everything that goes wrong at once: `python -m tests.torture` (`make torture`) runs it at length.

Updates come while Telegram answers 429 and 502, drops connections before and after a call was carried out, is slow,
delivers twice, and the bot is killed at random moments. Nothing may be lost, each chat is answered in its order, and a
reply comes twice only where its receipt was lost or a kill fell between sending and noting: both are counted. Where
answers are shown on their way, a part of one that stays stands for a reply that came twice.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.chat.webhook import Webhook
from bot.records import Records
from tests.chat.scripted import make_webhook
from tests.telegram_server import Fault, Json, TelegramServer

_FAULTS = (
    Fault("", status=502), Fault("", status=429), Fault("", drop="before"), Fault("", drop="after"),
    Fault("", delay=0.05),
)  # fmt: skip
_METHODS = (
    "sendMessage",
    "sendMessageDraft",
    "editMessageText",
    "sendChatAction",
    "getUpdates",
    "webhook",
    "setWebhook",
    "getMe",
    "deleteWebhook",
)
_DRAFT = "sendMessageDraft"
_MORE = " …"
_CHATS = 40
# So few of a chat are on their way at once that nobody is told to slow down: each update is to have its own reply.
_ON_THE_WAY = 3 * _CHATS


@dataclass
class Outcome:
    """What came of it."""

    asked: int = 0
    lost: int = 0
    unsettled: int = 0
    out_of_order: int = 0
    repeated: int = 0
    receipts_lost: int = 0  # replies that arrived while the bot was told nothing
    unmarked: int = 0  # replies that were sent and not yet noted when the bot was killed
    redelivered: int = 0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def is_good(self) -> bool:
        """Whether all was kept that is promised."""
        return (
            not self.lost + self.unsettled + self.out_of_order and self.repeated <= self.receipts_lost + self.unmarked
        )

    def __str__(self) -> str:
        faults = ", ".join(f"{name} {number}" for name, number in sorted(self.faults.items()))
        return (
            f"{self.asked} updates, {self.kills} kills, {self.redelivered} delivered again: {self.lost} lost, "
            f"{self.unsettled} not settled, "
            f"{self.out_of_order} out of order, {self.repeated} replies twice "
            f"(receipt lost {self.receipts_lost}, killed before it was noted {self.unmarked}); faults: {faults}"
        )


class Torture:
    """One run, over records in `folder`."""

    def __init__(
        self, server: TelegramServer, folder: Path, seed: int, webhook: Webhook | None, stream: str = ""
    ) -> None:
        self._server = server
        self._stream = stream
        server.lacks = {_DRAFT} if stream == "edits" else set()
        self._chance = random.Random(seed)
        self._webhook = webhook
        self._log = folder / "log"
        self._file = folder / "records.sqlite"
        Records(self._database, 30).close()
        self._updates: dict[str, int] = {}
        self._handled: set[str] = set()
        self.outcome = Outcome()

    def run(self, updates: int, kills: int) -> Outcome:
        """Ask and kill, then wait until every update is settled."""
        self._server.chance = self._pick_fault
        moments = sorted(self._chance.sample(range(1, updates), kills))
        with self._launch() as process:
            for number in range(updates):
                if moments and number == moments[0]:
                    moments.pop(0)
                    self._kill(process[-1])
                    process.append(self._start())
                self._ask(number)
            with suppress(TimeoutError):  # what is open then is told as unsettled
                self._server.wait_until(self._is_settled, 120)
            self._server.chance = lambda method: None
        return self._judge()

    def _ask(self, number: int) -> None:
        self._server.wait_until(lambda: self._count_waiting() < _ON_THE_WAY, 120)
        chat = self._chance.randrange(1, _CHATS + 1) if number % 7 else number % _CHATS + 1
        while sum(1 for text in self._open() if text.startswith(f"{chat}.")) > 10:
            chat = chat % _CHATS + 1
        text = f"{chat}.{number}"
        self._updates[text] = self._server.text(chat, text)
        if self._chance.random() < 0.05 and self._updates:
            self._server.repeat(self._chance.choice(list(self._updates.values())))
            self.outcome.redelivered += 1

    def _open(self) -> list[str]:
        return [text for text in self._updates if text not in self._handled]

    def _count_waiting(self) -> int:
        handled = self._read_handled()
        self._handled |= {text for text in self._open() if self._updates[text] in handled}
        return len(self._updates) - len(self._handled)

    def _read_handled(self) -> set[int]:
        return self._read("SELECT update_id FROM handled")

    def _read(self, query: str) -> set[int]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as database:
            return {number for (number,) in database.execute(query)}

    @property
    def _database(self) -> str:
        return f"sqlite:///{self._file}"

    def _is_settled(self) -> bool:
        return self._count_waiting() == 0

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        time.sleep(0.1)  # what was on the wire arrives
        self.outcome.kills += 1
        said = {_find_question(message["text"]) for message in list(self._server.sent)}
        # An answer that is noted as begun is written over, however often the bot dies.
        noted = self._read_handled() | self._read("SELECT update_id FROM pending WHERE message_id IS NOT NULL")
        self.outcome.unmarked += sum(self._updates[text] not in noted for text in said)

    @contextmanager
    def _launch(self) -> Iterator[list[subprocess.Popen[bytes]]]:
        processes = [self._start()]
        try:
            yield processes
            processes[-1].terminate()
            processes[-1].wait(20)
        finally:
            for process in processes:
                process.kill()
                process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        door = [self._webhook.url, str(self._webhook.port), self._webhook.secret] if self._webhook else []
        command = [sys.executable, "-m", "tests.chat.bot_process", self._server.url, self._server.token]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [*command, self._database, "0", *door],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": ".", "FIRST_PAUSE": "0.05"}
                | ({"STREAM": self._stream} if self._stream else {}),
            )

    def _pick_fault(self, method: str) -> Fault | None:
        if method not in _METHODS or self._chance.random() > 0.12:
            return None
        fault = self._chance.choice(_FAULTS)
        self.outcome.faults[fault.drop and f"dropped {fault.drop}" or str(fault.status or "slow")] += 1
        self.outcome.receipts_lost += method == "sendMessage" and fault.drop == "after"
        return Fault(method, status=fault.status, drop=fault.drop, delay=fault.delay)

    def _now(self) -> list[Json]:
        """Return the bot's messages as they are by now."""
        return [self._server.messages[sent["chat"]["id"], sent["message_id"]] for sent in self._server.sent]

    def _judge(self) -> Outcome:
        # As they stand now, in the order in which they came.
        said = [_find_question(message["text"]) for message in self._server.sent]
        whole = {_find_question(message["text"]) for message in self._now() if not message["text"].endswith(_MORE)}
        first = list(dict.fromkeys(said))
        by_chat: dict[str, list[int]] = {}
        for text in first:
            chat, _, number = text.partition(".")
            by_chat.setdefault(chat, []).append(int(number))
        self.outcome.asked = len(self._updates)
        self.outcome.unsettled = len(self._open())
        self.outcome.lost = len(self._updates.keys() - whole)
        self.outcome.out_of_order = sum(numbers != sorted(numbers) for numbers in by_chat.values())
        self.outcome.repeated = len(said) - len(first)
        return self.outcome


def _find_question(text: str) -> str:
    return text.removeprefix("You asked: ").removesuffix(_MORE)


def torture(updates: int, kills: int, seed: int, webhook: Webhook | None, stream: str = "") -> Outcome:
    """Run once, with a server and records of its own; `stream` is how answers are shown on their way, if at all."""
    with tempfile.TemporaryDirectory() as folder, TelegramServer() as server:
        return Torture(server, Path(folder), seed, webhook, stream).run(updates, kills)


def main() -> int:
    """Run every way at length; 1 where something was lost or repeated without need."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=2200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    sys.stdout.write(f"seed {options.seed}\n")
    status = 0
    for name, webhook, stream in (
        ("polling", None, ""), ("webhook", make_webhook(), ""),
        ("answers shown by drafts", None, "drafts"), ("answers shown by edits", make_webhook(), "edits"),
    ):  # fmt: skip
        began = time.monotonic()
        outcome = torture(options.updates, options.kills, options.seed, webhook, stream)
        verdict = "" if outcome.is_good else "  FAILED"
        sys.stdout.write(f"{name}: {outcome}; {time.monotonic() - began:.0f} s{verdict}\n")
        sys.stdout.flush()
        status |= not outcome.is_good
    return status


if __name__ == "__main__":
    sys.exit(main())
