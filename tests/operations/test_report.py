import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.corpus import read_corpus
from bot.operations.report import StaffReport, build_report, cluster_gaps
from bot.operations.write import to_tables, to_text, write_page, write_tables
from bot.records import Blame, Count, Feedback, Gap, Note
from bot.types import Course, Entry, Language, Wording

TODAY = date(2026, 11, 24)


def encode(texts: list[str]) -> NDArray[np.float32]:
    """Texts of one first letter are alike."""
    vectors = np.zeros((len(texts), 200), dtype=np.float32)
    for row, text in enumerate(texts):
        vectors[row, ord(text[0]) % 200] = 1.0
    return vectors


def gap(question: str, language: Language = "en", day: int = 20) -> Gap:
    return Gap(date(2026, 11, day), language, question)


def make(key: str, *languages: str, **fields: object) -> Entry:
    wordings = {language: Wording(f"f.csv#{key}", "f.csv", key, "body") for language in languages}
    return Entry(f"f.csv#{key}", "faq", wordings, **fields)  # type: ignore[arg-type]


@pytest.fixture
def report() -> StaffReport:
    entries = [
        make("whole", "en", "ur", "zh"),
        make("half", "en", valid_until=date(2026, 12, 1)),
        make("later", "en", "ur", "zh", valid_until=date(2027, 12, 1)),
        make("course", "en", "ur", "zh", course=Course(apply_by=date(2026, 10, 1))),
    ]
    gaps = [gap("bus to campus"), gap("bus route?", day=23), gap("=HYPERLINK(1)"), gap("bus kab ati hai", "ur-Latn")]
    feedback = [Feedback("f.csv#half", 1, 3), Feedback("f.csv#whole", 4, 0)]
    return build_report(entries, gaps, feedback, [Count(TODAY, "en", "answered", 5)], encode, TODAY)


def test_questions_alike_are_one_cluster_a_language(report: StaffReport) -> None:
    found = [(cluster.language, set(cluster.questions), cluster.newest.day) for cluster in report.unanswered]
    assert found[0] == ("en", {"bus to campus", "bus route?"}, 23)
    assert sorted(language for language, _, _ in found) == ["en", "en", "ur-Latn"]


def test_what_the_folder_lacks(report: StaffReport) -> None:
    assert report.coverage == {"en": 4, "ur": 3, "zh": 3}
    assert report.untranslated == (("f.csv#half", ("ur", "zh")),)
    assert [(one.entry, one.what) for one in report.ending] == [
        ("f.csv#course", "apply_by"),
        ("f.csv#half", "valid_until"),
    ]
    assert [said.entry for said in report.poor] == ["f.csv#half"]


def test_the_unanswered_are_an_faq_table_once_answers_are_filled_in(report: StaffReport, tmp_path: Path) -> None:
    write_tables(report, tmp_path / "out")
    path = tmp_path / "out" / "unanswered.csv"
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    for row in rows:
        row |= {"question_en": row["question_en"] or "What is asked?", "answer_en": "The answer."}
    folder = tmp_path / "knowledge"
    folder.mkdir()
    with (folder / "new.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    corpus = read_corpus(folder, TODAY)
    assert not corpus.errors
    assert len(corpus.entries) == 3
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(to_tables(report))


def test_a_strangers_words_are_no_formula_and_no_markup(report: StaffReport, tmp_path: Path) -> None:
    write_tables(report, tmp_path)
    assert "'=HYPERLINK(1)" in (tmp_path / "unanswered.csv").read_text("utf-8-sig")
    bad = build_report([], [gap("<script>alert(1)</script>")], [], [], encode, TODAY)
    write_page(bad, tmp_path / "page.html")
    assert "<script>" not in (tmp_path / "page.html").read_text("utf-8")


def test_the_text_tells_every_part(report: StaffReport) -> None:
    text = to_text(report)
    assert "2 × en, newest 2026-11-23" in text
    assert "Answers that were found bad: 1" in text
    assert "questions: 5" in text


def test_what_was_said_of_answers_is_told(tmp_path: Path) -> None:
    note = Note(TODAY, "en", "f.csv#fee", "old", "=1500 now")
    told = build_report([], [], [], [], encode, TODAY, [Blame("f.csv#fee", "old", 3)], [note])
    assert "entry: f.csv#fee  reason: old  number: 3" in to_text(told)
    write_tables(told, tmp_path)
    assert "f.csv#fee,old,'=1500 now" in (tmp_path / "notes.csv").read_text("utf-8-sig")


def test_nothing_asked_is_no_cluster() -> None:
    assert cluster_gaps([], encode) == []
