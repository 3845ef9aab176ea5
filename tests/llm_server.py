"""An OpenAI-compatible chat server on loopback that says what a test tells it to, well or badly.

For tests it runs in threads of their own process; `python tests/llm_server.py --port 8090` runs one to try the bot by
hand: it answers each question with the first passage, word for word.
"""

import argparse
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
KEY = "sk-test-key-of-nobody-0123456789"
_END = re.compile(r"(?<=[.!?۔؟])\s+|(?<=[。！？])|\n")


@dataclass
class Say:
    """One reply: its text, or how it goes wrong.

    `status` answers so; `stall` keeps the line open and silent; `half` breaks it off in the middle of the reply;
    `drip` sends a byte now and then and never comes to an end; `raw` is the whole body as it is.
    """

    text: str = ""
    status: int = 200
    stall: bool = False
    half: bool = False
    drip: bool = False
    raw: str | None = None
    tokens: int = 120


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
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _next(self, body: Json) -> Say:
        self.seen.append(body)
        return self.script.pop(0) if self.script else self.rule(body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.keys.append(self.headers.get("Authorization", ""))
                say = server._next(body)
                if say.stall:
                    server._over.wait(30)
                    self.close_connection = True
                    return
                self._send(say, say.raw if say.raw is not None else _complete(say))

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
                    self._drip()
                    return
                self.wfile.write(data)

            def _drip(self) -> None:
                while not server._over.wait(0.05):
                    try:
                        self.wfile.write(b" ")
                    except OSError:
                        break
                self.close_connection = True

        return Handler


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    with LlmServer(port=parser.parse_args().port) as server:
        print(f"LLM_MODEL=openai:scripted LLM_BASE_URL={server.url}")
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
