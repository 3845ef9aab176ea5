"""The folder as staff change it from their chat: real files, real generations."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.answering.pipeline import Answerer
from bot.corpus import read_corpus
from bot.errors import IngestBusyError
from bot.index.publish import Ingest
from bot.operations.desk import Desk
from bot.operations.drafts import clean_name
from bot.records import Records
from tests.conftest import TODAY, Editor

NEW = b"id,question_en,answer_en\nbus,Is there a bus?,Yes every morning.\n"


@pytest.fixture
def desk(ingest: Ingest, records: Records) -> Desk:
    return Desk(lambda progress: replace(ingest, progress=progress), records, lambda: datetime(2026, 11, 24, 9, 30))


def stay_quiet(stage: str, done: int, total: int) -> None:
    """Pass over the progress."""


def test_gaps_alike_are_one_and_the_last_asked_come_first(desk: Desk, records: Records) -> None:
    for question, day in (("Is there a bus to Gwadar?", 20), ("Is there a bus to Gwadar?", 21), ("moon camp", 23)):
        records.record_gap(question, "en", date(2026, 11, day))
    found = [(cluster.questions, cluster.asked, cluster.newest.day) for cluster in desk.list_gaps()]
    assert found == [(("moon camp",), 1, 23), (("Is there a bus to Gwadar?",), 2, 21)]


def test_publish_and_undo_beside_a_running_reader(desk: Desk, answerer: Answerer, edit: Editor) -> None:
    desk.publish(stay_quiet)
    assert "1200" in str(answerer.answer("What is the fee of the diploma?").parts)
    edit("faq.csv", "The fee is 1200 rupees.", "The fee is 1300 rupees.")
    generation = desk.publish(stay_quiet).generation
    assert generation is not None
    assert "1300" in str(answerer.answer("What is the fee of the diploma?").parts)
    assert desk.undo(generation)
    assert "1200" in str(answerer.answer("What is the fee of the diploma?").parts)
    assert not desk.undo(generation)


def test_a_second_publishing_is_refused(desk: Desk, ingest: Ingest) -> None:
    with ingest.generations.lock(), pytest.raises(IngestBusyError):
        desk.publish(stay_quiet)


def test_a_new_file_is_kept_aside_until_it_is_placed(desk: Desk, knowledge: Path, answerer: Answerer) -> None:
    desk.publish(stay_quiet)
    draft = desk.receive("17", "bus.csv", "", NEW)
    assert (draft.file, draft.replaces, draft.added, draft.removed) == ("bus.csv", False, 1, 0)
    assert [entry.id for entry in draft.entries] == ["bus.csv#bus"]
    assert not desk.publish(stay_quiet).published
    assert desk.place("17") == "bus.csv"
    assert (knowledge / "bus.csv").read_bytes() == NEW
    assert desk.publish(stay_quiet).changes.added == ("bus.csv#bus",)
    assert desk.place("17") == "bus.csv"
    assert not desk.publish(stay_quiet).published
    assert [desk.discard("17"), desk.discard("17")] == [True, False]
    assert desk.place("17") is None


def test_a_file_takes_the_place_of_the_one_of_its_name_which_is_kept(desk: Desk, knowledge: Path) -> None:
    (knowledge / "faq").mkdir()
    (knowledge / "faq.csv").rename(knowledge / "faq" / "FAQ.csv")
    before = (knowledge / "faq" / "FAQ.csv").read_bytes()
    desk.publish(stay_quiet)
    draft = desk.receive("18", "faq.csv", "", NEW)
    assert (draft.file, draft.replaces, draft.added, draft.removed) == ("faq/FAQ.csv", True, 1, 4)
    desk.place("18")
    assert (knowledge / "faq" / "FAQ.csv").read_bytes() == NEW
    assert (knowledge / "_drafts" / "replaced" / "20261124-093000-FAQ.csv").read_bytes() == before


def test_errors_of_the_file_are_told_and_those_that_were_there_before_are_not(desk: Desk, knowledge: Path) -> None:
    (knowledge / "old.csv").write_text("id,question_en,answer_en\n,Why?,Because.\n", encoding="utf-8")
    draft = desk.receive("19", "bus.csv", "", NEW + b"bus,Another?,No.\n")
    errors = [problem for problem in draft.problems if problem.severity == "error"]
    assert [(problem.file, problem.line) for problem in errors] == [("bus.csv", "3")]
    assert draft.has_errors
    assert draft.is_kept


def test_what_it_does_to_its_translations_is_told(desk: Desk, knowledge: Path) -> None:
    (knowledge / "pages").mkdir()
    for language in ("en", "ur"):
        (knowledge / "pages" / f"visa.{language}.md").write_text("# Visa\n\n## Papers\n\nBring them.\n")
    draft = desk.receive("20", "visa.zh.md", "pages", "# 签证\n\n## 材料\n\n带上。\n\n## 费用\n\n未公布。\n".encode())
    assert draft.file == "pages/visa.zh.md"
    assert any("same headings" in problem.message for problem in draft.problems)


@pytest.mark.parametrize(
    ("name", "folder", "remedy"),
    [
        ("virus.exe", "", "send one of .csv"),
        ("", "", "send one of .csv"),
        ("README.md", "", "another"),
        ("bus.csv", "nowhere", "is for a folder that is not there"),
        ("bus.csv", "../..", "is for a folder that is not there"),
        ("bus.csv", "_drafts", "is for a folder that is not there"),
    ],
)
def test_what_cannot_stand_in_the_folder_is_not_kept(
    desk: Desk, knowledge: Path, name: str, folder: str, remedy: str
) -> None:
    draft = desk.receive("21", name, folder, NEW)
    assert not draft.is_kept
    assert remedy in draft.problems[0].message
    assert not (knowledge / "_drafts" / "21").exists()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("faq.csv", "faq.csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\a\\بس کا وقت.xlsx", "بس کا وقت.xlsx"),
        ("_hidden.csv", "hidden.csv"),
        ("..\u202evsc.csv", "vsc.csv"),
        ("a\n\x00b.csv", "a-b.csv"),
        ("x" * 300 + ".csv", "x" * 60 + ".csv"),
        ("学费?.csv", "学费-.csv"),
    ],
)
def test_a_name_from_outside_is_no_path(name: str, plain: str) -> None:
    assert clean_name(name) == plain


@pytest.mark.parametrize("key", ["../1", "1/2", "", "replaced", "１"])
def test_a_key_from_outside_is_no_path(desk: Desk, key: str) -> None:
    with pytest.raises(ValueError, match="number"):
        desk.place(key)


def test_drafts_are_left_alone_by_the_folders_reader(desk: Desk, knowledge: Path) -> None:
    before = read_corpus(knowledge, TODAY)
    desk.receive("22", "bus.csv", "", b"id,question_en\n,\n\xff")
    assert read_corpus(knowledge, TODAY) == before


def test_checking_leaves_nothing_behind(desk: Desk, knowledge: Path) -> None:
    desk.receive("23", "bus.csv", "", NEW)
    assert [path.name for path in (knowledge / "_drafts").iterdir()] == ["23"]
