"""A kill at any instant leaves the old or the new index, never neither, never a blend."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.answering.pipeline import Answerer
from bot.index.publish import Ingest, publish
from tests.conftest import Editor

# Counts what touches the disk and dies at the step whose number is given, counted from the start or, with "pointer",
# from the moment at which the pointer is about to be replaced.
DRIVER = """
import os, signal, sys
from datetime import date
from pathlib import Path
from bot.index.dense import DenseStore
from bot.index.encoder import find_encoder
from bot.index.generations import Generations
from bot.index.publish import Ingest, publish
import bm25s, chromadb, model2vec, bot.corpus
knowledge, data, origin, last = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
steps, since = 0, origin == "start"
def count(event, arguments):
    global steps, since
    if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "shutil.copytree"):
        since = since or (event == "os.rename" and str(arguments[1]).endswith("current"))
        steps += since
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
ingest = Ingest(Path(knowledge), Generations(Path(data)), DenseStore(), find_encoder("static"), date(2026, 11, 24))
sys.addaudithook(count)
publish(ingest)
print(steps)
"""
PARTS = 10


def run(knowledge: Path, data: Path, origin: str, last: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", DRIVER, str(knowledge), str(data), origin, str(last)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_kill_at_any_step_leaves_old_or_new(
    ingest: Ingest, answerer: Answerer, knowledge: Path, tmp_path: Path, edit: Editor
) -> None:
    publish(ingest)
    data = tmp_path / "var"
    edit("faq.csv", "1200 rupees", "1201 rupees")
    steps = int(run(knowledge, data, "start", -1).stdout)
    kills = [("start", 1 + part * steps // PARTS) for part in range(PARTS)]
    kills += [("pointer", step) for step in (1, 2, 3)]
    outcomes = []
    for origin, last in kills:
        fee = current_fee(answerer)
        edit("faq.csv", f"{staff_fee(knowledge)} rupees", f"{fee + 1} rupees")
        killed = run(knowledge, data, origin, last)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert current_fee(answerer) in (fee, fee + 1)
        outcomes.append(current_fee(answerer) - fee)
    # Nothing is new until the pointer is replaced (the event comes before the deed), and all is at once after it.
    assert outcomes == [0] * (PARTS + 1) + [1, 1]
    publish(ingest)
    assert current_fee(answerer) == staff_fee(knowledge)


def current_fee(answerer: Answerer) -> int:
    answer = answerer.answer("fee of the diploma")
    assert answer.sources == ("faq.csv#fee",)
    english = answer.passages[0].entry.wordings["en"].body
    assert english in [part.text for part in answer.parts]
    return int(english.removeprefix("The fee is ").removesuffix(" rupees."))


def staff_fee(knowledge: Path) -> int:
    text = (knowledge / "faq.csv").read_text("utf-8")
    return int(text.split("The fee is ")[1].split(" rupees")[0])
