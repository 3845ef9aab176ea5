"""After a day and /forget no file under DATA_DIR and no line of the log tells who it was or what they said.

The whole bot, as it is deployed, with its own records and index.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.telegram_server import TOKEN, TelegramServer

PERSON = 7316549820
SAID = (
    "What is the fee of the diploma?",
    "and for my cousin Zubaida Parveen?",
    "کیا لڑکیوں کے لیے ہاسٹل ہے؟",
    "Kehkashan nebula welding on the moon",
    "月球上有没有拖拉机驾驶课程",
    "/language",
    "🙂",
)
# Words that only the person wrote: what the folder says itself is in the index.
WORDS = ("Zubaida", "Parveen", "Kehkashan", "nebula", "拖拉机驾驶")


def test_nothing_of_a_person_is_left_after_forget(knowledge: Path, tmp_path: Path) -> None:
    data = tmp_path / "var"
    with TelegramServer() as server:
        surroundings = os.environ | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": server.url,
            "KNOWLEDGE_DIR": str(knowledge),
            "DATA_DIR": str(data),
            "ENCODER": "static",
            "LOG_LEVEL": "DEBUG",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            for number, text in enumerate(SAID, 1):
                server.text(PERSON, text)
                server.wait_for_replies(number, 60)
            languages = server.sent[SAID.index("/language")]
            server.tap(languages, "Urdu")
            server.wait_for_call("editMessageText")
            server.voice(PERSON, b"sound")
            server.wait_for_replies(len(SAID) + 1)
            server.text(PERSON, "/forget")
            server.wait_for_replies(len(SAID) + 2)
            server.wait_until_confirmed()
            # The last update's own words go when it is marked, a moment after its reply.
            server.wait_until(lambda: not find_traces(data))
            process.send_signal(signal.SIGTERM)
            log, _ = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert find_traces(data) == []
    assert [word for word in (*WORDS, str(PERSON), "Ayesha", "diploma") if word in log] == []


def find_traces(data: Path) -> list[str]:
    """Return each file that holds the person's id or words, with what it holds."""
    return [
        f"{path.name}: {trace}"
        for path in data.rglob("*")
        if path.is_file()
        for trace in (*WORDS, str(PERSON))
        if trace.encode() in path.read_bytes()
    ]
