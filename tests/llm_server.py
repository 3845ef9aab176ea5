"""An OpenAI-compatible chat server on loopback that says what a test tells it to, well or badly, whole or streamed.

For tests it runs in threads of their own process; `python tests/llm_server.py --port 8090` runs one to try the bot by
hand: it answers each question with the first passage, word for word and slowly.
"""

import argparse
import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
KEY = "sk-test-key-of-nobody-0123456789"
_END = re.compile(r"(?<=[.!?۔؟])\s+|(?<=[。！？])|\n")


@dataclass
class Say:
    """One reply: its text, or how it goes wrong.

    `status` answers so; `stall` keeps the line open and silent; `half` breaks it off in the middle of the reply;
    `hang` falls silent there; `drip` sends a byte now and then and never comes to an end; `raw` is the whole body as it
    is, also where a stream was asked for. A streamed reply comes in `pieces` of so many characters, with a `pause`.
    """

    text: str = ""
    status: int = 200
    stall: bool = False
    half: bool = False
    hang: bool = False
    drip: bool = False
    raw: str | None = None
    tokens: int = 120
    pieces: int = 12
    pause: float = 0.0

    @property
    def whole(self) -> str:
        """The body of the reply where it is not streamed."""
        return _complete(self)


Rule = Callable[[Json], Say]  # from a request's body


def draft(*sentences: str, cites: list[str] | None = None, found: bool = True) -> str:
    """Return a reply in the form that the bot asks for."""
    cited = ["1"] if cites is None else cites
    return json.dumps(
        {"found": found, "sentences": [{"text": text, "cites": cited} for text in sentences]}, ensure_ascii=False
    )


def quote(body: Json) -> Say:
    """Answer with the first passage, word for word; repeat a question that might be completed; else say ok."""
    if len(body["messages"]) == 1:
        return Say("ok")
    data = json.loads(body["messages"][1]["content"])
    if "next" in data:
        return Say(data["next"])
    first = data["passages"][0]
    sentences = [part.strip() for part in _END.split(first["text"]) if part.strip()]
    return Say(draft(*sentences[:8], cites=[first["id"]]))


@dataclass
class LlmServer:
    """The server. `script` is used up reply by reply, then `rule` answers; `seen` holds every request's body."""

    rule: Rule = quote
    script: list[Say] = field(default_factory=list)
    seen: list[Json] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> "LlmServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def start(self) -> None:
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), type("Handler", (_Handler,), {"llm": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def next(self, body: Json) -> Say:
        self.seen.append(body)
        return self.script.pop(0) if self.script else self.rule(body)


class _Handler(BaseHTTPRequestHandler):
    llm: LlmServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.llm.keys.append(self.headers.get("Authorization", ""))
        say = self.llm.next(body)
        if say.stall:
            self.llm.over.wait(30)
            self.close_connection = True
            return
        if body.get("stream") and say.status == 200 and say.raw is None:
            self._stream(say)
        else:
            self._send(say, say.whole if say.raw is None else say.raw)

    def _stream(self, say: Say) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        stops = say.half or say.hang or say.drip
        text = say.text[: len(say.text) // 2] if stops else say.text
        for start in range(0, len(text), say.pieces):
            self._send_event(_piece(text[start : start + say.pieces]))
            self.llm.over.wait(say.pause)
        if say.hang:
            self.llm.over.wait(30)
        if say.drip:
            self._drip(b"1\r\n:\r\n1\r\n\n\r\n")
        if stops:
            self.close_connection = True
            return
        self._send_event(_piece("", "stop"))
        self._send_event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _send_event(self, data: str) -> None:
        event = f"data: {data}\n\n".encode("utf-8", "surrogatepass")
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        self.wfile.flush()

    def _send(self, say: Say, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self.send_response(say.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data) * (2 if say.half else 1)))
        self.end_headers()
        if say.half:
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return
        if say.drip:
            self._drip(b" ")
            return
        self.wfile.write(data)

    def _drip(self, drop: bytes) -> None:
        while not self.llm.over.wait(0.05):
            try:
                self.wfile.write(drop)
            except OSError:
                break
        self.close_connection = True

    def handle(self) -> None:
        with suppress(OSError):  # whoever asked has hung up
            super().handle()


def _complete(say: Say) -> str:
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "scripted",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": say.text}}],
            "usage": {"prompt_tokens": 100, "completion_tokens": say.tokens - 100, "total_tokens": say.tokens},
        }
    )


def _piece(text: str, finish: str | None = None) -> str:
    delta = {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return json.dumps(
        {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    rule: Rule = lambda body: replace(quote(body), pause=0.1)  # noqa: E731
    with LlmServer(rule, port=parser.parse_args().port) as server:
        print(f"LLM_MODEL=openai:scripted LLM_BASE_URL={server.url}")
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
