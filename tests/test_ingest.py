"""The command as staff and maintainers run it, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Editor

REPORT = {
    "published", "generation", "added", "changed", "removed", "unchanged", "entries", "chunks", "embedded", "problems",
    "coverage", "seconds",
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


def run(knowledge: Path, data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "ingest.py", "--knowledge", str(knowledge), "--data", str(data), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_publish_then_nothing_to_do(knowledge: Path, data: Path) -> None:
    first, second = run(knowledge, data, "--json"), run(knowledge, data)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    report = json.loads(first.stdout)
    assert set(report) == REPORT
    assert report["published"] is True
    assert (report["entries"], len(report["added"]), report["unchanged"]) == (6, 6, 0)
    assert report["coverage"] == {"en": 6, "ur": 6, "zh": 5}
    assert "Already up to date" in second.stdout


def test_errors_are_named_with_their_place_and_nothing_is_published(knowledge: Path, data: Path, edit: Editor) -> None:
    edit("courses.csv", "25000", "twenty")
    edit("faq.csv", "fee,money", ",money")
    failed = run(knowledge, data)
    assert failed.returncode == 1
    assert "courses.csv:3: " in failed.stdout
    assert "faq.csv:2: " in failed.stdout
    assert "Nothing was published" in failed.stdout
    kept = run(knowledge, data, "--keep-going", "--json")
    report = json.loads(kept.stdout)
    assert kept.returncode == 1
    assert report["published"] is True
    assert {(p["file"], p["line"], p["severity"]) for p in report["problems"] if p["severity"] == "error"} == {
        ("courses.csv", "3", "error"), ("faq.csv", "2", "error"),
    }  # fmt: skip


def test_check_dry_run_and_rollback(knowledge: Path, data: Path, edit: Editor) -> None:
    assert "Fit to publish" in run(knowledge, data, "--check").stdout
    assert "added: 6" in run(knowledge, data, "--dry-run").stdout
    assert not data.exists()
    nothing = run(knowledge, data, "--rollback")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "no earlier index" in nothing.stderr
    first = json.loads(run(knowledge, data, "--json").stdout)["generation"]
    edit("faq.csv", "1200", "1300")
    run(knowledge, data)
    back = run(knowledge, data, "--rollback", "--json")
    told = json.loads(back.stdout)
    assert (back.returncode, told["generation"], told["changed"]) == (0, first, ["faq.csv#fee"])
    assert {"published", "entries", "chunks", "problems", "coverage"} <= told.keys()


@pytest.mark.parametrize("options", [("--check", "--rollback"), ("--nonsense",), ("extra",)])
def test_misuse_is_2(knowledge: Path, data: Path, options: tuple[str, ...]) -> None:
    assert run(knowledge, data, *options).returncode == 2


def test_a_folder_that_is_not_there_is_2_with_a_remedy(tmp_path: Path, data: Path) -> None:
    failed = run(tmp_path / "nowhere", data)
    assert failed.returncode == 2
    assert "nowhere" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_data_folder_that_is_a_file_is_2_with_a_remedy(knowledge: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    failed = run(knowledge, tmp_path / "file")
    assert failed.returncode == 2
    assert "file" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_bad_setting_is_2(knowledge: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Nowhere")
    failed = run(knowledge, data)
    assert failed.returncode == 2
    assert "TIMEZONE" in failed.stderr


def test_rebuild_embeds_anew(knowledge: Path, data: Path) -> None:
    first = json.loads(run(knowledge, data, "--json").stdout)
    again = json.loads(run(knowledge, data, "--rebuild", "--json").stdout)
    assert again["published"] is True
    assert again["embedded"] == first["embedded"]
