"""A folder that a test fills and reads; whatever is wrong in it must be told in the way of the house."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.corpus import read_corpus
from bot.corpus.characters import UNSAFE
from bot.types import Corpus, Severity

TODAY = date(2026, 11, 24)

Read = Callable[[Mapping[str, str | bytes]], Corpus]


def list_problems(corpus: Corpus, severity: Severity = "error") -> list[str]:
    """Return the problems of one severity as they are printed."""
    return [str(problem) for problem in corpus.problems if problem.severity == severity]


def check_manners(corpus: Corpus) -> None:
    """Hold every problem to `what is wrong; what to do`, short and with nothing raw in it."""
    for problem in corpus.problems:
        assert "; " in problem.message, problem
        assert len(problem.message) < 300, problem
        assert not UNSAFE.search(str(problem)), problem


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_read(files: Mapping[str, str | bytes]) -> Corpus:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        corpus = read_corpus(tmp_path, TODAY)
        check_manners(corpus)
        return corpus

    return write_and_read
