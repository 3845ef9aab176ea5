"""After a day, a restart and /forget no file under DATA_DIR and no line of the log tells who it was or what they said.

The whole bot, as it is deployed, with its own records and index.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.language.phrases import phrase
from tests.chat.office import plain
from tests.telegram_server import TOKEN, TelegramServer

PERSON, STAFF = 7316549820, -100200300
SAID = (
    "What is the fee of the diploma?",
    "and for my cousin Zubaida Parveen?",
    "کیا لڑکیوں کے لیے ہاسٹل ہے؟",
    "Will it rain in Kehkashan tomorrow?",
    "月球上有没有拖拉机驾驶课程",
    "/language",
    "🙂",
)
# Words that only the person wrote: what the folder says itself is in the index.
WORDS = ("Zubaida", "Parveen", "Kehkashan", "拖拉机驾驶", "Bashir")


def test_nothing_of_a_person_is_left_after_a_restart_and_forget(knowledge: Path, tmp_path: Path) -> None:
    data = tmp_path / "var"
    log = ""
    with TelegramServer() as server:
        server.join(STAFF, "supergroup")
        surroundings = os.environ | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": server.url,
            "KNOWLEDGE_DIR": str(knowledge),
            "DATA_DIR": str(data),
            "ENCODER": "static",
            "LOG_LEVEL": "DEBUG",
            "STAFF_CHAT_ID": str(STAFF),
        }
        with run_bot(surroundings) as process:
            for number, text in enumerate(SAID, 1):
                server.text(PERSON, text)
                server.wait_for_replies(number, 60)
            languages = server.sent[SAID.index("/language")]
            server.tap(languages, "Roman Urdu")
            server.wait_for_call("editMessageText")
            server.voice(PERSON, b"sound")
            server.wait_for_replies(len(SAID) + 1)
            blame(server)
            server.text(STAFF, "/gaps", chat_type="supergroup", user_id=99)
            server.wait_until(lambda: any("Kehkashan" in text for text in list_texts(server, STAFF)))
            server.wait_until_confirmed()
            log += end(process)
        assert find_traces(data)
        with run_bot(surroundings) as process:
            server.text(PERSON, "/forget")
            server.wait_until(lambda: phrase("ur-Latn", "forgotten") in map(plain, list_texts(server, PERSON)), 60)
            server.wait_until_confirmed()
            # The last update's own words go when it is marked, a moment after its reply.
            server.wait_until(lambda: not find_traces(data))
            log += end(process)
        assert not [word for word in WORDS if word in "".join(list_texts(server, STAFF))]
    assert find_traces(data) == []
    assert [word for word in (*WORDS, str(PERSON), "Ayesha", "diploma") if word in log] == []


@contextmanager
def run_bot(surroundings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the whole bot, as it is deployed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def end(process: subprocess.Popen[str]) -> str:
    """Stop a bot as a deployment does, and return its log."""
    process.send_signal(signal.SIGTERM)
    log, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    return log


def blame(server: TelegramServer) -> None:
    """Say that an answer was wrong, and in a word why."""
    answer = next(message for message in server.sent if "👎" in str(message.get("reply_markup")))
    server.tap(answer, "👎")
    server.wait_until(lambda: "w:wrong:" in str(server.messages[PERSON, answer["message_id"]]))
    server.tap(server.messages[PERSON, answer["message_id"]], phrase("ur-Latn", "reason_wrong"))
    server.wait_until(lambda: plain(list_texts(server, PERSON)[-1]) == phrase("ur-Latn", "blame_word"))
    asked = server.sent[-1]
    before = len(server.sent)
    server.text(PERSON, "My uncle Bashir paid less", reply_to=asked)
    server.wait_until(lambda: len(server.sent) > before)


def list_texts(server: TelegramServer, chat_id: int) -> list[str]:
    """Return what the bot's messages in a chat say by now."""
    return [message.get("text", "") for (chat, _), message in server.messages.items() if chat == chat_id]


def find_traces(data: Path) -> list[str]:
    """Return each file that holds the person's id or words, with what it holds."""
    return [
        f"{path.name}: {trace}"
        for path in data.rglob("*")
        if path.is_file()
        for trace in (*WORDS, str(PERSON))
        if trace.encode() in path.read_bytes()
    ]
