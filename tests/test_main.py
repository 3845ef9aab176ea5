"""The bot's commands, each in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.llm_server import KEY, LlmServer, Say, draft, quote

Run = Callable[..., subprocess.CompletedProcess[str]]

LINE = {
    "question", "language", "outcome", "answer", "confidence", "passages", "sources", "choices", "generation",
    "seconds",
}  # fmt: skip


@pytest.fixture
def run(knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(knowledge))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))

    def command(*options: str, words: str = "") -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-m", "bot", *options]
        return subprocess.run(arguments, input=words, capture_output=True, text=True, check=False, timeout=120)

    return command


def test_ask_builds_the_index_first_and_answers(run: Run) -> None:
    asked = run("ask", "ڈپلومہ کی فیس کتنی ہے؟")
    assert asked.returncode == 0, asked.stderr
    assert "فیس 1200 روپے ہے۔" in asked.stdout
    assert "https://example.org/fee" in asked.stdout
    assert asked.stderr == ""


def test_ask_reads_a_question_a_line_and_prints_an_object_a_line(run: Run) -> None:
    questions = ["What is the fee of the diploma?", "welding course kitne mahine ka hai", "谁赢了板球比赛"]
    asked = run("ask", "--json", "--top", "2", words="\n".join([*questions, "", ""]))
    lines = [json.loads(line) for line in asked.stdout.splitlines()]
    assert [line["question"] for line in lines] == questions
    assert [line["language"] for line in lines] == ["en", "ur-Latn", "zh"]
    assert all(set(line) == LINE for line in lines)
    first = lines[0]
    assert (first["outcome"], first["sources"], first["choices"]) == ("answered", ["faq.csv#fee"], [])
    assert first["passages"][0] == {
        "id": "faq.csv#fee", "file": "faq.csv", "title": "What is the fee of the diploma?", "language": "en",
        "score": first["passages"][0]["score"],
    }  # fmt: skip
    assert "The fee is 1200 rupees." in first["answer"]
    assert all(len(line["passages"]) == 2 and 0 <= line["confidence"] <= 1 for line in lines)
    assert len({line["generation"] for line in lines}) == 1
    assert lines[2]["outcome"] != "answered"


def test_the_language_of_the_reply_can_be_chosen(run: Run) -> None:
    asked = json.loads(run("ask", "fee of the diploma", "--language", "zh", "--json").stdout)
    assert asked["language"] == "zh"
    assert "学费1200卢比。" in asked["answer"]


@pytest.mark.parametrize("options", [("ask", "fee", "--language", "fr"), ("ask", "fee", "--top", "0"), ("dance",)])
def test_misuse_is_2(run: Run, options: tuple[str, ...]) -> None:
    assert run(*options).returncode == 2


def test_without_a_terminal_each_writing_is_shown_and_how_to_connect(run: Run) -> None:
    shown = run()
    assert shown.returncode == 0, shown.stderr
    assert "TELEGRAM_BOT_TOKEN" in shown.stdout
    assert "@BotFather" in shown.stdout


def test_a_folder_with_errors_and_no_index_says_what_to_mend(run: Run, knowledge: Path) -> None:
    (knowledge / "bad.csv").write_text("id,question_en,answer_en\n,Why?,Because.\n", encoding="utf-8")
    asked = run("ask", "fee")
    assert asked.returncode == 2
    assert "bad.csv:2" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_evaluate_prints_a_table_and_fails_under_its_floors(run: Run, tmp_path: Path) -> None:
    cases = tmp_path / "cases.yaml"
    good = '- {question: fee of the diploma, language: en, writing: en, kind: faq, expect: ["faq.csv#fee"]}\n'
    cases.write_text(good, encoding="utf-8")
    passed = run("evaluate", str(cases))
    assert passed.returncode == 0, passed.stdout
    assert "recall@1" in passed.stdout
    cases.write_text(good.replace("faq.csv#fee", "faq.csv#nowhere"), encoding="utf-8")
    failed = run("evaluate", str(cases), "--json")
    assert failed.returncode == 1
    assert any("writing en" in fault for fault in json.loads(failed.stdout)["faults"])


def test_evaluate_counts_what_the_guards_hold_back(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = tmp_path / "cases.yaml"
    cases.write_text(
        '- {question: fee of the diploma, language: en, writing: en, kind: faq, expect: ["faq.csv#fee"]}\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("ENCODER", "static")
    assert main(["evaluate", str(cases), "--llm"]) == 2
    assert "LLM_MODEL" in capsys.readouterr().err
    with LlmServer(rule=lambda body: Say(draft("The fee of the diploma is 1300 rupees."))) as server:
        for name, value in (("LLM_MODEL", "openai:x"), ("LLM_BASE_URL", server.url), ("LLM_API_KEY", KEY)):
            monkeypatch.setenv(name, value)
        assert main(["evaluate", str(cases), "--llm", "--json"]) == 0
        counted = json.loads(capsys.readouterr().out)["llm"]
        assert main(["evaluate", str(cases), "--llm"]) == 0
        assert "guard.claim: 2" in capsys.readouterr().out
        server.rule = quote
        assert main(["ask", "fee of the diploma"]) == 0
        assert "The fee is 1200 rupees." in capsys.readouterr().out
        assert len(server.seen) == 5
    assert (counted["calls"], counted["quoted"], counted["guard.claim"]) == (2, 1, 2)


def test_cases_that_cannot_be_read_are_named(run: Run, tmp_path: Path) -> None:
    cases = tmp_path / "cases.yaml"
    cases.write_text("- {question: fee}\n", encoding="utf-8")
    failed = run("evaluate", str(cases))
    assert failed.returncode == 2
    assert "item 1" in failed.stderr


def test_report_tells_staff_and_writes_tables(run: Run, tmp_path: Path) -> None:
    assert "Entries by language: 3" in run("report").stdout
    assert run("report", "--csv", str(tmp_path / "out"), "--html", str(tmp_path / "page.html")).returncode == 0
    assert (tmp_path / "out" / "unanswered.csv").read_text("utf-8-sig").startswith("id,topic,question_en")
    assert "<h2>" in (tmp_path / "page.html").read_text("utf-8")
