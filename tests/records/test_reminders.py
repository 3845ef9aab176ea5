"""Reminders outlive the process, come at most once too often, and leave nothing of whom they were for."""

from datetime import date
from pathlib import Path

import pytest

from bot.records import Blame, Note, Records, Reminder, Reminders
from bot.records.reminders import MOST_STARTS
from tests.records.conftest import Place

WELDING = Reminder(987654321, "courses.csv#welding", "Welding", "ur", 3)
DESIGN = Reminder(987654321, "courses.csv#design", "Graphic Design", "ur", 7)
OTHER = Reminder(-100555, "courses.csv#welding", "焊接", "zh", 1)
DAY = date(2026, 11, 24)


@pytest.fixture
def reminders(records: Records) -> Reminders:
    return records.reminders


def test_reminders_outlive_the_process(records: Records, reminders: Reminders, place: Place) -> None:
    for reminder in (WELDING, DESIGN, OTHER):
        reminders.add(reminder)
    records.close()
    again = place.open()
    kept = again.reminders
    assert kept.of_chat(987654321) == [DESIGN, WELDING]
    assert kept.all() == [OTHER, DESIGN, WELDING]
    again.close()


def test_a_second_reminder_of_a_course_takes_the_firsts_place(reminders: Reminders) -> None:
    reminders.add(WELDING)
    reminders.add(Reminder(987654321, "courses.csv#welding", "Welding", "en", 1))
    assert [(reminder.language, reminder.days) for reminder in reminders.all()] == [("en", 1)]


def test_a_reminder_is_begun_twice_at_most(reminders: Reminders) -> None:
    reminders.add(WELDING)
    assert [reminders.begin(WELDING) for _ in range(MOST_STARTS + 1)] == [True] * MOST_STARTS + [False]
    assert reminders.all() == []


def test_a_reminder_that_was_not_sent_counts_as_not_begun(reminders: Reminders) -> None:
    reminders.add(WELDING)
    for _ in range(5):
        assert reminders.begin(WELDING)
        reminders.take_back(WELDING)


def test_a_chat_that_is_gone_loses_its_own_alone(reminders: Reminders) -> None:
    for reminder in (WELDING, DESIGN, OTHER):
        reminders.add(reminder)
    reminders.remove(987654321, WELDING.entry_id)
    assert reminders.all() == [OTHER, DESIGN]
    reminders.remove_chat(987654321)
    assert reminders.all() == [OTHER]


def test_after_forget_and_wipe_no_file_holds_the_chat(file_records: Records, path: Path) -> None:
    records, reminders = file_records, file_records.reminders
    reminders.add(OTHER)
    reminders.add(Reminder(8_111_222_333_444, "courses.csv#welding", "Unmistakable", "en", 1))
    before = b"".join(file.read_bytes() for file in path.parent.iterdir())
    stored = (8_111_222_333_444).to_bytes(6, "big")
    assert b"Unmistakable" in before
    assert stored in before
    records.forget(8_111_222_333_444)
    records.wipe()
    after = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"Unmistakable" not in after
    assert stored not in after
    assert reminders.all() == [OTHER]


def test_reasons_are_counted_and_words_kept_for_a_while(records: Records) -> None:
    remarks = records.remarks
    for reason in ("old", "wrong", "old"):
        remarks.count("faq.csv#fee", reason, DAY)
    note = Note(DAY, "ur-Latn", "faq.csv#fee", "old", "fees barh gayi hai")
    remarks.write(note)
    assert remarks.list_blames() == [Blame("faq.csv#fee", "old", 2), Blame("faq.csv#fee", "wrong", 1)]
    assert remarks.list_notes() == [note]
    records.let_go(date(2026, 12, 24))
    assert remarks.list_notes() == [note]
    records.let_go(date(2026, 12, 25))
    assert remarks.list_notes() == []
    assert len(remarks.list_blames()) == 2
