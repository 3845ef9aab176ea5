"""Folders, indexes and encoders that tests share. Nothing here reaches a network."""

import csv
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.answering.pipeline import Answerer
from bot.index.dense import DenseStore
from bot.index.encoder import Encoder
from bot.index.generations import Generations
from bot.index.publish import Ingest
from bot.index.reader import IndexReader
from bot.index.static import STATIC
from bot.index.vectors import Vectors
from bot.records import Records

TODAY = date(2026, 11, 24)
SETTINGS = ("TELEGRAM_", "KNOWLEDGE_DIR", "DATA_DIR", "ENCODER", "CHROMA_URL", "DATABASE_URL", "TIMEZONE", "LOG_LEVEL",
            "RETENTION_DAYS", "STAFF_CHAT_ID", "WEBHOOK_", "LLM_", "TRANSCRIBE_MODEL", "METRICS_PORT", "LANGSMITH_",
            "LANGCHAIN_", "OPENAI_")  # fmt: skip


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own settings out, and refuse every connection that is not to this machine."""
    for name in list(os.environ):
        if name.startswith(SETTINGS):
            monkeypatch.delenv(name)
    connect = socket.socket.connect

    def connect_at_home(self: socket.socket, address: Any) -> None:  # noqa: ANN401
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            pytest.fail(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_at_home)


def write_table(path: Path, rows: list[Mapping[str, object]]) -> None:
    """Write a CSV whose columns are those of all rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)


FAQ: list[Mapping[str, object]] = [
    {
        "id": "fee",
        "topic": "money",
        "question_en": "What is the fee of the diploma?",
        "question_ur": "ڈپلومہ کی فیس کتنی ہے؟",
        "question_zh": "文凭课程的学费是多少？",
        "answer_en": "The fee is 1200 rupees.",
        "answer_ur": "فیس 1200 روپے ہے۔",
        "answer_zh": "学费1200卢比。",
        "source": "https://example.org/fee",
        "as_of": "2026-01-31",
    },
    {
        "id": "hostel",
        "topic": "hostel",
        "question_en": "Is there a hostel for girls?",
        "question_ur": "کیا لڑکیوں کے لیے ہاسٹل ہے؟",
        "question_zh": "有女生宿舍吗？",
        "answer_en": "Yes, in Lahore.",
        "answer_ur": "جی ہاں، لاہور میں۔",
        "answer_zh": "有，在拉合尔。",
    },
    {
        "id": "visa",
        "topic": "china",
        "question_en": "Which visa do I need for China?",
        "question_ur": "چین کے لیے کون سا ویزا چاہیے؟",
        "answer_en": "An X1 visa for more than 180 days.",
        "answer_ur": "180 دن سے زیادہ کے لیے X1 ویزا۔",
    },
    {
        "id": "office",
        "topic": "Contact",
        "question_en": "How do I reach a person?",
        "answer_en": "Call 042-1234567.",
        "question_ur": "کسی شخص سے کیسے بات کروں؟",
        "answer_ur": "042-1234567 پر فون کریں۔",
        "question_zh": "怎么联系工作人员？",
        "answer_zh": "请拨打042-1234567。",
    },
]
COURSES: list[Mapping[str, object]] = [
    {
        "id": "welding",
        "title_en": "Welding",
        "title_ur": "ویلڈنگ",
        "title_zh": "焊接",
        "summary_en": "Joining steel safely.",
        "summary_ur": "لوہے کو محفوظ طریقے سے جوڑنا۔",
        "summary_zh": "安全地焊接钢材。",
        "city_en": "Multan",
        "city_ur": "ملتان",
        "city_zh": "木尔坦",
        "duration_months": "6",
        "fee_pkr": "0",
        "apply_by": "2026-10-31",
        "mode": "on site",
    },
    {
        "id": "design",
        "title_en": "Graphic Design",
        "title_ur": "گرافک ڈیزائن",
        "title_zh": "平面设计",
        "duration_months": "3",
        "fee_pkr": "25000",
    },
]


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A small folder: four FAQ rows, two courses, a glossary."""
    folder = tmp_path / "knowledge"
    write_table(folder / "faq.csv", FAQ)
    write_table(folder / "courses.csv", COURSES)
    write_table(folder / "glossary.csv", [{"en": "welding", "ur": "ویلڈنگ", "roman_ur": "welding", "zh": "焊接"}])
    return folder


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    records = Records(f"sqlite:///{tmp_path / 'records.sqlite'}", 30)
    yield records
    records.close()


@dataclass(frozen=True)
class CountingEncoder(Encoder):
    """The shipped encoder, with a list of how many passages it was asked for at a time."""

    calls: list[int] = field(default_factory=list)

    def encode_passages(self, texts: list[str]) -> Vectors:
        self.calls.append(len(texts))
        return super().encode_passages(texts)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder("static", STATIC)


@pytest.fixture
def ingest(knowledge: Path, tmp_path: Path, encoder: CountingEncoder) -> Ingest:
    return Ingest(knowledge, Generations(tmp_path / "var"), DenseStore(), encoder, TODAY)


@pytest.fixture
def reader(ingest: Ingest) -> Iterator[IndexReader]:
    reader = IndexReader(ingest.generations, ingest.dense, ingest.encoder)
    yield reader
    reader.close()


@pytest.fixture
def answerer(reader: IndexReader, ingest: Ingest) -> Answerer:
    return Answerer(reader, ingest.encoder, lambda: TODAY)


Editor = Callable[[str, str, str], None]


@pytest.fixture
def edit(knowledge: Path) -> Editor:
    """Replace text in a file of the folder, as staff would."""

    def replace(name: str, before: str, after: str) -> None:
        path = knowledge / name
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    return replace
