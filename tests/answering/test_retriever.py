"""The folder as a langchain retriever, and the lines of README that show it."""

import re
from pathlib import Path

import pytest

from bot.answering.pipeline import Answerer
from bot.answering.retriever import FolderRetriever
from bot.index.publish import Ingest, publish

EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_documents_are_the_entries_in_the_askers_language(ingest: Ingest, answerer: Answerer) -> None:
    publish(ingest)
    documents = FolderRetriever(answerer=answerer, top=2).invoke("ڈپلومہ کی فیس کتنی ہے")
    assert len(documents) == 2
    assert documents[0].page_content == "ڈپلومہ کی فیس کتنی ہے؟\n\nفیس 1200 روپے ہے۔"
    assert documents[0].metadata | {"score": 0} == {
        "id": "faq.csv#fee", "title": "ڈپلومہ کی فیس کتنی ہے؟", "language": "ur", "source": "https://example.org/fee",
        "score": 0, "outcome": "answered",
    }  # fmt: skip


async def test_it_works_in_a_chain_and_off_the_loop(ingest: Ingest, answerer: Answerer) -> None:
    publish(ingest)
    chain = FolderRetriever(answerer=answerer) | (lambda documents: documents[0].metadata["id"])
    assert await chain.ainvoke("文凭课程学费多少") == "faq.csv#fee"


def test_the_lines_of_readme_run(
    ingest: Ingest, knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(ingest)
    for name, value in (("KNOWLEDGE_DIR", knowledge), ("DATA_DIR", tmp_path / "var"), ("ENCODER", "static")):
        monkeypatch.setenv(name, str(value))
    (lines,) = EXAMPLE.findall(Path("README.md").read_text("utf-8"))
    assert len(lines.strip().splitlines()) <= 10
    told: dict[str, object] = {}
    exec(lines, told)
    told["retriever"].answerer._reader.close()  # type: ignore[attr-defined]
    assert "faq.csv#fee https://example.org/fee" in capsys.readouterr().out
