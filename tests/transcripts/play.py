"""Plays a day's script against the real bot on a Bot API server, and writes down what everybody saw.

A script is a YAML file: who takes part (`staff`, `group` write in those chats, the others alone with the bot) and the
language of their phones, which language the staff's chat has chosen (`staff_reads`), then a step a line,
`NAME VERB: WORDS`. The verbs are `says`, `replies` (to the bot's last message there), `taps` (a button whose label has
the words), `speaks` (a voice message), `shows` (a photo with a caption) and `adds` (a file of `files/`).
"""

import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.answering.directory import Directory
from bot.answering.pipeline import Answerer
from bot.chat.services import Office
from bot.chat.telegram import Senses
from bot.chat.voice import Sound
from bot.index.dense import DenseStore
from bot.index.encoder import Encoder
from bot.index.generations import Generations
from bot.index.publish import Ingest, publish
from bot.index.reader import IndexReader
from bot.index.static import STATIC
from bot.operations.desk import Desk
from bot.records import Records
from tests.chat.scripted import DAY, NOON, RunningBot
from tests.telegram_server import Json, TelegramServer, read_html

HERE = Path(__file__).parent
_FOLDER = Path("tests/data/polytechnic")
_CHATS = {"staff": -1001, "group": -1002}
# What only sets direction is not seen.
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))
_SECONDS = 20.0
# Who reads it sees these as messages of a chat; the rest is typing, spinners and settings.
_SEEN = {"sendMessage", "editMessageText", "editMessageReplyMarkup", "copyMessage", "deleteMessage"}


def list_scripts() -> list[Path]:
    """Return the scripts, each named `WHO.LANGUAGE.yaml`."""
    return sorted(HERE.glob("*.*.yaml"))


@contextmanager
def prepare() -> Iterator[Path]:
    """Give a place with a published folder, for plays to copy."""
    with TemporaryDirectory() as name:
        place = Path(name)
        shutil.copytree(_FOLDER, place / "knowledge")
        publish(_make_ingest(place, Encoder("static", STATIC)))
        yield place


def play(script: Path, prepared: Path) -> str:
    """Play a script on a copy of what was prepared, and return its transcript."""
    day = yaml.safe_load(script.read_text("utf-8"))
    words = yaml.safe_load((HERE / "words.yaml").read_text("utf-8"))[script.suffixes[0].removeprefix(".")]
    people = {
        name: _Person(name, number, place, language)
        for number, (name, (place, language)) in enumerate(day["people"].items(), 1)
    }
    with TemporaryDirectory() as folder, TelegramServer() as server:
        place = Path(folder) / "place"
        shutil.copytree(prepared, place)
        # The bot is a member of its groups before anybody writes there.
        for chat_id in _CHATS.values():
            server.join(chat_id, "supergroup")
        with closing(Records(f"sqlite:///{place / 'records.sqlite'}", 30)) as records, _run_bot(server, records, place):
            records.set_language(_CHATS["staff"], day.get("staff_reads"))
            stage = _Stage(server, records, people, words)
            for step in day["steps"]:
                ((act, what),) = step.items()
                name, verb = act.rsplit(" ", 1)
                stage.act(name, verb, str(what or ""))
    return "\n\n".join([f"# {day['title']}", day["about"].strip(), words["legend"], "---", *stage.lines]) + "\n"


@contextmanager
def _run_bot(server: TelegramServer, records: Records, place: Path) -> Iterator[None]:
    encoder = Encoder("static", STATIC)
    ingest = _make_ingest(place, encoder)
    with closing(IndexReader(ingest.generations, ingest.dense, encoder)) as reader:
        answerer = Answerer(reader, encoder, lambda: DAY)
        desk = Desk(lambda progress: replace(ingest, progress=progress), records, lambda: NOON)
        bot = RunningBot(
            server,
            partial(_ask, answerer),
            answerer.show,
            records,
            stock=Directory(reader, lambda: DAY).stock,
            office=Office(_CHATS["staff"], desk),
            senses=Senses(_listen),
            find_contact=answerer.find_contact,
        )
        try:
            yield
        finally:
            bot.stop()
        assert bot.failure is None


def _ask(answerer: Answerer, *asked: Any, **_: Any) -> Any:  # noqa: ANN401  # handed on as it comes
    return answerer.answer(*asked)


async def _listen(sound: Sound) -> str:
    """Write down a voice that is its own words."""
    return sound.content.decode()


def _make_ingest(place: Path, encoder: Encoder) -> Ingest:
    return Ingest(place / "knowledge", Generations(place / "var"), DenseStore(), encoder, DAY)


@dataclass(frozen=True)
class _Person:
    name: str
    number: int
    place: str
    language: str

    @property
    def chat_id(self) -> int:
        return _CHATS.get(self.place, self.number)

    @property
    def writing(self) -> Json:
        """How the server is told who does something."""
        sender = {"id": self.number, "is_bot": False, "first_name": self.name, "language_code": self.language}
        return {"from": sender, "chat_type": "supergroup" if self.place in _CHATS else "private"}


@dataclass
class _Stage:
    """What goes on between people and the bot, and what was written down of it."""

    server: TelegramServer
    records: Records
    people: dict[str, _Person]
    words: dict[str, str]
    lines: list[str] = field(default_factory=list)
    _read: int = 0

    def act(self, name: str, verb: str, what: str) -> None:
        """Let a person do something, and write down that and what the bot does about it."""
        person = self.people[name]
        acts: dict[str, Callable[[_Person, str], tuple[int, str]]] = {
            "says": self._say, "replies": self._reply, "taps": self._tap,
            "speaks": self._speak, "shows": self._show, "adds": self._add,
        }  # fmt: skip
        self._read = len(self.server.calls)
        update, seen = acts[verb](person, what)
        self._wait(update)
        where = self.words["where"].format(self.words[person.place]) if self._is_elsewhere(person) else ""
        colon = self.words["colon"]
        self.lines.append(f"**{name}**{where}{colon}{seen}")
        said = [line for call in self.server.calls[self._read :] for line in self._write(person, *call)]
        self.lines += said or [f"**{self.words['bot']}**{colon}–"]

    # What people do: each returns the update's number and how it looks

    def _say(self, person: _Person, text: str) -> tuple[int, str]:
        return self.server.text(person.chat_id, text, **person.writing), _lay_out(text)

    def _reply(self, person: _Person, text: str) -> tuple[int, str]:
        last = self._messages_of_bot(person.chat_id)[-1]
        return self.server.text(person.chat_id, text, reply_to=last, **person.writing), f"↩️ {_lay_out(text)}"

    def _tap(self, person: _Person, label: str) -> tuple[int, str]:
        for message in reversed(self._messages_of_bot(person.chat_id)):
            shown = [button["text"].translate(_MARKS) for row in _rows(message) for button in row]
            found = [each for each in shown if label in each]
            if found:
                target = next(b for row in _rows(message) for b in row if b["text"].translate(_MARKS) == found[0])
                return self.server.tap_data(message, target["callback_data"], **person.writing), f"👆 `[{found[0]}]`"
        raise LookupError(f"{person.name} sees no button with {label!r}")

    def _speak(self, person: _Person, words: str) -> tuple[int, str]:
        return self.server.voice(person.chat_id, words.encode(), **person.writing), f"🎤 *{words}*"

    def _show(self, person: _Person, caption: str) -> tuple[int, str]:
        return self.server.photo(person.chat_id, caption, **person.writing), f"📷 {caption}".rstrip()

    def _add(self, person: _Person, name: str) -> tuple[int, str]:
        content = (HERE / "files" / name).read_bytes()
        update = self.server.document(person.chat_id, name, content, "/add", **person.writing)
        return update, f"📎 `{name}` /add"

    # What the bot does

    def _wait(self, update: int) -> None:
        """Wait until an update is settled, which it is after the last of its calls."""
        deadline = time.monotonic() + _SECONDS
        while not self.records.is_handled(update):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not settled after {_SECONDS} s: {self.lines[-1:]}")
            time.sleep(0.005)

    def _messages_of_bot(self, chat_id: int) -> list[Json]:
        """Return the bot's messages in a chat as they are now, oldest first."""
        kept = self.server.messages.items()
        return [message for (chat, _), message in kept if chat == chat_id and message["from"]["is_bot"]]

    def _write(self, person: _Person, method: str, values: Json) -> Iterator[str]:
        """Return what is seen of a call of the bot."""
        bot, colon = f"**{self.words['bot']}**", self.words["colon"]
        if method == "answerCallbackQuery" and values.get("text"):
            yield f"{bot}{colon}💬 {values['text'].translate(_MARKS)}"
        if method not in _SEEN:
            return
        sign = "✏️" if method.startswith("edit") else "🗑" if method.startswith("delete") else ""
        there = (
            f" {self.words['arrow']} {self._name_chat(values['chat_id'])}"
            if values["chat_id"] != person.chat_id
            else ""
        )
        quote = self._quote(values, method == "copyMessage")
        gone = " `[ ]`" if method == "editMessageReplyMarkup" else ""
        yield f"{bot}{there}{colon}{sign}".rstrip() + (f"\n\n{quote}" if quote else gone)

    def _quote(self, values: Json, is_copy: bool) -> str:
        html = values.get("text") or values.get("caption") or ""
        text = read_html(html).translate(_MARKS)
        rows = [[button["text"].translate(_MARKS) for button in row] for row in _rows(values)]
        # Urdu's rows are written down as they are read; the last one is in the bot's own words.
        if rows and _is_right_to_left("".join(rows[-1])):
            rows = [row[::-1] for row in rows]
        blocks = [text] if text else []
        blocks += ["\n".join(" ".join(f"`[{label}]`" for label in row) for row in rows)] if rows else []
        return "\n>\n".join(
            "\n".join(f"> {line}" if line else ">" for line in _lay_out(block).split("\n")) for block in blocks
        )

    def _name_chat(self, chat_id: int) -> str:
        person = next(person for person in self.people.values() if person.chat_id == chat_id)
        return self.words[person.place] if person.place in _CHATS else person.name

    def _is_elsewhere(self, person: _Person) -> bool:
        """Tell whether a person writes in another chat than the one whose day it is."""
        return person.place != next(iter(self.people.values())).place


def _rows(message: Json) -> list[list[Json]]:
    return list(message.get("reply_markup", {}).get("inline_keyboard", []))


def _is_right_to_left(text: str) -> bool:
    """Tell a text's direction by its first letter, as a page that shows it does."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def _lay_out(text: str) -> str:
    """Return a text whose lines stay lines in Markdown, which joins those that do not end in two spaces."""
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "  \n", text)
