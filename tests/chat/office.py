"""The staff's chat in tests: a desk that is scripted, and what people see and do there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.chat.services import FindContact, Office
from bot.chat.telegram import Senses
from bot.chat.voice import Sound
from bot.index.publish import Changes, Progress, Report
from bot.operations.report import Cluster
from bot.records import Records
from bot.types import Problem, Submission
from tests.chat.scripted import CONTACT, RunningBot, Script
from tests.telegram_server import Json, TelegramServer

STAFF = -100200300
STUDENT = 7
QUESTION = "Is the hostel safe for girls?"


def plain(text: str) -> str:
    return text.translate({ord(control): None for control in "\u200f\u2066\u2067\u2069"})


def make_report(*problems: Problem, published: bool = False, changes: Changes | None = None) -> Report:
    coverage = {"en": 3, "ur": 3, "zh": 3}
    return Report(published, "20261124-1-ab", changes or Changes(), 3, 9, 0, problems, coverage, 0.1)


@dataclass
class ScriptedDesk:
    """Does what it was told, and remembers what it was asked."""

    gaps: list[Cluster] = field(default_factory=list)
    report: Report = field(default_factory=make_report)
    publish_with: Callable[[Progress], Report] | None = None
    current: str = "20261124-1-ab"
    done: list[tuple[str, ...]] = field(default_factory=list)

    def list_gaps(self) -> list[Cluster]:
        self.done.append(("gaps",))
        return self.gaps

    def check(self) -> Report:
        self.done.append(("check",))
        return self.report

    def publish(self, progress: Progress) -> Report:
        self.done.append(("publish",))
        return self.publish_with(progress) if self.publish_with else self.report

    def undo(self, generation: str) -> bool:
        self.done.append(("undo", generation))
        return generation == self.current

    def receive(self, key: str, name: str, folder: str, content: bytes) -> Submission:
        self.done.append(("receive", name, folder, content.decode()))
        return Submission(name, replaces=False, is_kept=True)

    def place(self, key: str) -> str | None:
        self.done.append(("place", key))
        return "faq.csv"

    def discard(self, key: str) -> bool:
        self.done.append(("discard", key))
        return True


@dataclass
class OfficeBot:
    """A running bot with a staff's chat, and the people who write to it."""

    server: TelegramServer
    script: Script
    records: Records
    desk: ScriptedDesk = field(default_factory=ScriptedDesk)
    bots: list[RunningBot] = field(default_factory=list)
    hears: Callable[[Sound], str] | None = None
    find_contact: FindContact = lambda language: CONTACT

    def start(self) -> None:
        office = Office(STAFF, self.desk)
        senses = Senses(self._listen) if self.hears else None
        bot = RunningBot(
            self.server, self.script.ask, self.script.show, self.records, office=office, senses=senses,
            find_contact=self.find_contact,
        )  # fmt: skip
        self.bots.append(bot)

    async def _listen(self, sound: Sound) -> str:
        assert self.hears is not None
        return self.hears(sound)

    def stop(self) -> None:
        while self.bots:
            self.bots.pop().stop()

    def say(self, text: str, chat_id: int = STUDENT, **person: Any) -> Json:  # noqa: ANN401
        """Send a student's text and return the bot's reply to them."""
        return self.after(chat_id, lambda: self.server.text(chat_id, text, **person))

    def staff(self, text: str, **person: Any) -> Json:  # noqa: ANN401
        """Send a text into the staff's chat and return what the bot says there."""
        return self.after(STAFF, lambda: self.server.text(STAFF, text, chat_type="supergroup", user_id=99, **person))

    def after(self, chat_id: int, act: Callable[[], object], number: int = 1) -> Json:
        """Act, and return the last of so many new messages of the bot in a chat."""
        before = len(self.seen(chat_id))
        act()
        self.server.wait_until(lambda: len(self.seen(chat_id)) >= before + number)
        return self.seen(chat_id)[before + number - 1]

    def seen(self, chat_id: int) -> list[Json]:
        """Return the bot's messages in a chat, as they were sent."""
        return [message for message in self.server.sent if message["chat"]["id"] == chat_id]

    def now(self, message: Json) -> Json:
        """Return a message as it is by now."""
        return self.server.messages[message["chat"]["id"], message["message_id"]]

    def offer(self, question: str = QUESTION, chat_id: int = STUDENT) -> Json:
        """Ask, be answered, and be shown what would be sent."""
        self.say(question, chat_id)
        return self.say("/person", chat_id)

    def hand_off(self, question: str = QUESTION, chat_id: int = STUDENT, way: str = ":n:") -> Json:
        """Hand a question to the staff without a name, and return what they see."""
        offer = self.offer(question, chat_id)
        case = self.after(STAFF, lambda: self.choose(offer, way))
        # Noted by then, and not only sent.
        self.server.wait_until(lambda: "#case" in self.now(offer)["text"])
        return case

    def choose(self, message: Json, payload: str) -> None:
        """Tap the button whose payload holds `payload`."""
        buttons = [each for row in message["reply_markup"]["inline_keyboard"] for each in row]
        self.server.tap_data(message, next(b["callback_data"] for b in buttons if payload in b["callback_data"]))

    def wait_until_edited(self, message: Json, words: str) -> Json:
        """Return a message once it shows words."""
        self.server.wait_until(lambda: words in plain(self.now(message).get("text", "")))
        return self.now(message)
