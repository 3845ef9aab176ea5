"""The same code against a Chroma server on loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.answering.pipeline import Answerer
from bot.index.dense import DenseStore
from bot.index.generations import KEPT
from bot.index.publish import Ingest, publish, roll_back
from bot.index.reader import IndexReader
from tests.conftest import TODAY, Editor


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    folder = str(tmp_path_factory.mktemp("chroma"))
    command = [str(chroma), "run", "--host", "127.0.0.1", "--port", str(port), "--path", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/api/v2/heartbeat").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the Chroma server did not start")


def test_a_server_serves_publishing_asking_and_rolling_back(ingest: Ingest, server: str, edit: Editor) -> None:
    ingest = replace(ingest, dense=DenseStore(server))
    reader = IndexReader(ingest.generations, ingest.dense, ingest.encoder)
    answerer = Answerer(reader, ingest.encoder, lambda: TODAY)

    def said() -> str:
        return " ".join(part.text for part in answerer.answer("fee of the diploma").parts)

    first = publish(ingest)
    assert first.embedded > 0
    assert "1200 rupees" in said()
    for fee in range(1201, 1201 + KEPT):
        edit("faq.csv", f"The fee is {fee - 1}", f"The fee is {fee}")
        report = publish(ingest)
        assert report.embedded == 1
        assert f"{fee} rupees" in said()
    roll_back(ingest.generations)
    assert f"{1200 + KEPT - 1} rupees" in said()
    reader.close()
    ingest.dense.close()
    url = f"{server}/api/v2/tenants/default_tenant/databases/default_database/collections"
    collections = httpx.get(url).json()
    assert len(collections) == KEPT
    assert f"rahnuma-{first.generation}" not in [collection["name"] for collection in collections]
