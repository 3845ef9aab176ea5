"""Questions handed to people: never lost, never twice, and gone when they are to go."""

import sqlite3
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.records import Cases, Copies, Records
from bot.records.cases import MOST_OPEN, OFFERED_SECONDS

DAY = date(2026, 11, 24)
STAFF = -1001234567890123


@pytest.fixture
def cases(records: Records) -> Cases:
    return records.cases


def offer(cases: Cases, chat_id: int = 7, question: str = "Is the hostel safe?") -> int:
    number = cases.offer(chat_id, 70, "ur", question, "I do not know.", DAY)
    assert number is not None
    return number


def open_case(cases: Cases, chat_id: int = 7, name: str | None = None) -> int:
    number = offer(cases, chat_id)
    cases.open(number, name, DAY)
    return number


def test_a_case_is_offered_opened_sent_answered_and_closed(cases: Cases) -> None:
    number = offer(cases)
    offered = cases.find(number)
    assert offered is not None
    assert (offered.state, offered.question, offered.language) == ("offered", "Is the hostel safe?", "ur")
    assert cases.find_unsent() == []
    cases.open(number, "Ayesha", DAY)
    assert [(case.number, case.name, case.answer) for case in cases.find_unsent()] == [
        (number, "Ayesha", "I do not know.")
    ]
    cases.note_sent(cases.find_unsent()[0], Copies(STAFF, [499, 500]), time.time() + 3600, DAY)
    sent = cases.find(number)
    assert sent is not None
    assert (sent.staff_message_id, sent.name, sent.answer, cases.find_unsent()) == (500, None, "", [])
    cases.note_passed_on(number, STAFF, 501, Copies(7, [71]), DAY, by_staff=True)
    answered = cases.find(number)
    assert answered is not None
    assert answered.is_answered
    assert cases.count_open() == 1
    assert [cases.close(number, DAY), cases.close(number, DAY)] == [True, False]
    assert cases.count_open() == 0


def test_a_closed_case_is_not_opened_again(cases: Cases) -> None:
    number = open_case(cases)
    cases.close(number, DAY)
    cases.open(number, None, DAY)
    found = cases.find(number)
    assert found is not None
    assert found.state == "closed"


def test_a_new_offer_takes_the_place_of_the_one_before(cases: Cases) -> None:
    first, other = offer(cases), offer(cases, chat_id=8)
    second = offer(cases)
    assert cases.find(first) is None
    assert cases.find(other) is not None
    assert cases.find(second) is not None


def test_a_student_has_so_many_open_cases_and_no_more(cases: Cases) -> None:
    for _ in range(MOST_OPEN):
        open_case(cases)
    assert cases.offer(7, None, "en", "one more", "", DAY) is None
    assert offer(cases, chat_id=8)


def test_a_number_is_never_given_twice(cases: Cases) -> None:
    last = open_case(cases)
    cases.forget(7)
    assert open_case(cases) == last + 1


def test_silence_is_due_once_and_ends_with_an_answer(cases: Cases) -> None:
    quiet, answered = open_case(cases), open_case(cases)
    for case in cases.find_unsent():
        cases.note_sent(case, Copies(STAFF, [500 + case.number]), 1000.0, DAY)
    assert cases.find_silent(999.0) == []
    cases.note_passed_on(answered, STAFF, 900, Copies(7, [71]), DAY, by_staff=True)
    assert [case.number for case in cases.find_silent(1000.0)] == [quiet]
    cases.note_waiting(quiet)
    assert cases.find_silent(2000.0) == []


def test_a_message_is_passed_on_once_and_known_by_its_chat(cases: Cases) -> None:
    number = open_case(cases)
    cases.note_passed_on(number, 7, 72, Copies(STAFF, [502, 503]), DAY, by_staff=False)
    assert cases.is_passed_on(7, 72)
    assert not cases.is_passed_on(8, 72)
    assert cases.list_copies(number, STAFF) == [502, 503]
    # Where the chat is moved, its messages are numbered anew.
    assert cases.list_copies(number, STAFF - 1) == []
    found = cases.find(number)
    assert found is not None
    assert not found.is_answered


def test_only_an_offer_can_be_dropped(cases: Cases) -> None:
    offered = offer(cases, chat_id=8)
    opened = open_case(cases)
    for number in (offered, opened):
        cases.drop(number)
    assert cases.find(offered) is None
    assert cases.find(opened) is not None


def test_an_offer_that_was_left_is_let_go(cases: Cases) -> None:
    offered, opened = offer(cases, chat_id=8), open_case(cases)
    cases.let_go(time.time())
    assert cases.find(offered) is not None
    cases.let_go(time.time() + OFFERED_SECONDS + 1)
    assert cases.find(offered) is None
    assert cases.find(opened) is not None


def test_retention_deletes_what_has_rested_whether_closed_or_not(records: Records) -> None:
    closed, resting, lively = (open_case(records.cases, chat_id) for chat_id in (7, 8, 9))
    records.cases.close(closed, DAY)
    late = DAY + timedelta(days=20)
    records.cases.note_passed_on(lively, 9, 90, Copies(STAFF, [505]), late, by_staff=False)
    records.cases.delete_older_than(records.find_oldest(DAY + timedelta(days=30)))
    assert records.cases.find(resting) is not None
    oldest = records.find_oldest(DAY + timedelta(days=31))
    assert [case.number for case in records.cases.older_than(oldest)] == [closed, resting]
    records.cases.delete_older_than(oldest)
    assert records.cases.find(closed) is None
    assert records.cases.find(resting) is None
    assert records.cases.find(lively) is not None


def test_forget_leaves_no_word_and_no_id_in_the_files_of_an_open_database(file_records: Records, path: Path) -> None:
    records = file_records
    number = offer(records.cases, 987654321, "Will my wedding matter?" * 200)
    records.cases.open(number, "Ayesha Bibi", DAY)
    records.cases.note_passed_on(number, 987654321, 987650000, Copies(STAFF, [502]), DAY, by_staff=False)
    other = open_case(records.cases, 8)
    records.forget(987654321)
    records.wipe()
    connection = sqlite3.connect(path)
    assert [row[0] for row in connection.execute("SELECT number FROM cases")] == [other]
    assert connection.execute("SELECT * FROM case_messages").fetchall() == []
    assert connection.execute("SELECT * FROM cases WHERE chat_id = 987654321").fetchall() == []
    connection.close()
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert all(word not in held for word in (b"wedding", b"Ayesha", b"987654321", (987654321).to_bytes(4)))
