"""A spoken question, written down by a service on loopback."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.app import build
from bot.chat.telegram import Senses
from bot.chat.voice import Transcriber
from bot.connect import count_calls
from bot.language.phrases import phrase
from bot.records import Records
from bot.settings import load_settings
from tests.chat.scripted import RunningBot, Script
from tests.telegram_server import TelegramServer


class Service(ThreadingHTTPServer):
    """Answers with `status` and `text`, and remembers what it was sent."""

    status = 200
    text: object = "welding course ki fees kitni hai"
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, str, bytes]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, self.headers.get("Authorization", ""), body))
        payload = json.dumps({"text": self.server.text}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield service
        service.shutdown()
        thread.join()


@pytest.fixture
def hearing(server: TelegramServer, script: Script, records: Records, service: Service) -> Iterator[RunningBot]:
    transcriber = Transcriber(f"http://127.0.0.1:{service.server_port}/v1", "whisper-1", "sk-of-tests")
    bot = RunningBot(server, script.ask, script.show, records, senses=Senses(transcriber))
    yield bot
    bot.stop()


@pytest.mark.usefixtures("hearing")
def test_a_voice_is_written_down_shown_and_answered(server: TelegramServer, service: Service) -> None:
    server.voice(7, b"OggS-the-sound", language_code="ur")
    heard, answer = server.wait_for_replies(2)
    assert service.text in heard["text"]
    assert heard["text"].startswith("🎤")
    assert answer["text"] == f"You asked: {service.text}"
    path, key, body = service.requests[0]
    assert (path, key) == ("/v1/audio/transcriptions", "Bearer sk-of-tests")
    assert b"OggS-the-sound" in body
    assert b"whisper-1" in body
    assert b'filename="question.ogg"' in body


@pytest.mark.usefixtures("hearing")
@pytest.mark.parametrize(
    ("status", "text", "key"),
    [
        (500, "x", "voice_failed"),
        (401, "x", "voice_failed"),
        (200, None, "voice_failed"),
        (200, " … ", "voice_unclear"),
    ],
)
def test_what_cannot_be_heard_is_said_kindly(
    server: TelegramServer, service: Service, script: Script, status: int, text: object, key: str
) -> None:
    service.status, service.text = status, text
    server.voice(7, b"sound", language_code="zh")
    assert server.wait_for_replies(1)[0]["text"] == phrase("zh", key)
    assert script.asked == []


@pytest.mark.usefixtures("hearing")
@pytest.mark.parametrize("size", [{"duration": 121}, {"file_size": 6_000_000}])
def test_a_recording_that_is_too_long_is_not_fetched(
    server: TelegramServer, service: Service, size: dict[str, int]
) -> None:
    server.message(7, {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1} | size})
    assert server.wait_for_replies(1)[0]["text"] == phrase("en", "voice_long")
    assert service.requests == []


@pytest.mark.usefixtures("hearing")
def test_a_recording_that_is_gone_is_said_kindly(server: TelegramServer) -> None:
    server.message(7, {"voice": {"file_id": "gone", "file_unique_id": "u", "duration": 1}})
    assert server.wait_for_replies(1)[0]["text"] == phrase("en", "voice_failed")


@pytest.mark.usefixtures("hearing")
@pytest.mark.parametrize("way", ["named in the caption", "a reply"])
def test_a_voice_among_others_is_heard_and_answered(server: TelegramServer, service: Service, way: str) -> None:
    said = {"chat_type": "supergroup", "user_id": 9}
    server.text(-5, "@rahnuma_test_bot hi", **said)
    (answer,) = server.wait_for_replies(1)
    server.files["f"] = b"sound"
    voice: dict[str, object] = {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}}
    server.message(-5, voice, **said)
    if way == "a reply":
        server.message(-5, voice, reply_to=answer, **said)
    else:
        server.message(-5, voice | {"caption": "@rahnuma_test_bot"}, **said)
    _, heard, answer = server.wait_for_replies(3)
    assert heard["text"].startswith("🎤")
    assert answer["text"] == f"You asked: {service.text}"
    assert len(service.requests) == 1


@pytest.mark.usefixtures("hearing")
def test_no_word_of_it_is_logged(server: TelegramServer, service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service.text = "the wedding of Ayesha"
    server.voice(7, b"sound")
    server.wait_for_replies(2)
    service.status = 500
    server.voice(7, b"sound")
    server.wait_for_replies(3)
    written = "\n".join(record.getMessage() for record in caplog.records)
    assert "A voice was not written down" in written
    assert [word for word in ("wedding", "Ayesha", "sk-of-tests", "AAtest") if word in written] == []


def test_voices_are_counted_to_whoever_speaks(
    server: TelegramServer, script: Script, records: Records, service: Service
) -> None:
    transcriber = Transcriber(f"http://127.0.0.1:{service.server_port}/v1", "whisper-1", "sk-of-tests")
    counted: list[str] = []

    def allows(speaker: str) -> bool:
        counted.append(speaker)
        return counted.count(speaker) <= 1

    bot = RunningBot(server, script.ask, script.show, records, senses=Senses(transcriber, allows))
    for speaker, number in ((7, 2), (7, 3), (8, 5)):
        server.voice(speaker, b"sound")
        server.wait_for_replies(number)
    bot.stop()
    to_first = [message["text"] for message in server.sent if message["chat"]["id"] == 7]
    assert to_first[2:] == [phrase("en", "voice_too_many")]
    assert len(service.requests) == 2
    assert counted[0] == counted[1] == script.speakers[0] != counted[2]


@pytest.mark.parametrize("model", [{}, {"LLM_MODEL": "openai:m", "LLM_BASE_URL": "http://127.0.0.1:9"}], ids=str)
def test_voices_and_answers_have_one_hour_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model: dict[str, str]
) -> None:
    given = {"DATA_DIR": str(tmp_path), "LLM_CALLS_AN_HOUR": "2", "LLM_API_KEY": "k", "ENCODER": "static", **model}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    app = build(load_settings())
    allows = count_calls(app)
    if app.writer is not None:
        assert app.writer.budget.allows_speaker("a")
    else:
        assert allows("a")
    assert [allows(speaker) for speaker in ("a", "a", "b")] == [True, False, True]
    app.close()
