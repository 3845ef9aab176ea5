"""What staff were shown of refused questions goes from their chat with the questions themselves."""

from datetime import timedelta
from functools import partial

import pytest

from bot.language.phrases import phrase
from bot.operations.report import Cluster
from tests.chat.office import STAFF, STUDENT, OfficeBot, plain
from tests.chat.scripted import DAY
from tests.telegram_server import Fault, Json, TelegramServer

MINE, THEIRS = "May Zubaida weld on the moon?", "Is there a swimming pool?"
GONE = phrase("en", "staff_gaps_gone")


def ask_in_vain(office: OfficeBot, *questions: tuple[str, int]) -> None:
    """Have people's questions refused, and listed to staff one to a cluster."""
    for question, student in questions:
        office.records.record_gap(question, "en", DAY, student)
    office.desk.gaps = [Cluster("en", DAY, (question,), 1) for question, _ in questions]


def forget(office: OfficeBot) -> None:
    office.after(STUDENT, partial(office.server.text, STUDENT, "/forget"))
    office.desk.gaps = [gap for gap in office.desk.gaps if MINE not in gap.questions]


def held(office: OfficeBot) -> str:
    """Return all that stands in the staff's chat by now."""
    messages = office.server.messages.items()
    return "\n".join(plain(message.get("text", "")) for (chat_id, _), message in messages if chat_id == STAFF)


def test_forget_takes_back_every_page_with_a_persons_words_and_no_other(
    office: OfficeBot, server: TelegramServer
) -> None:
    ask_in_vain(office, *((f"{THEIRS} {number}", 8) for number in range(5)), (MINE, STUDENT))
    untouched = office.staff("/gaps")
    turned = office.staff("/gaps")
    server.tap(turned, phrase("en", "page_next"))
    turned = office.wait_until_edited(turned, MINE)
    ask_in_vain(office, (MINE, STUDENT), (THEIRS, 8))
    first = office.staff("/gaps")
    forget(office)
    assert "Zubaida" not in held(office)
    assert [plain(office.now(page)["text"]) for page in (turned, first)] == [GONE, GONE]
    assert "reply_markup" not in office.now(turned)
    assert THEIRS in plain(office.now(untouched)["text"])
    assert THEIRS in plain(office.staff("/gaps")["text"])


def test_pages_are_found_after_a_restart_too(office: OfficeBot) -> None:
    ask_in_vain(office, (MINE, STUDENT))
    page = office.staff("/gaps")
    office.stop()
    office.start()
    forget(office)
    assert plain(office.now(page)["text"]) == GONE
    assert office.records.list_gaps() == []


@pytest.mark.parametrize("fault", [{"status": 502, "times": 2}, {"status": 429, "retry_after": 1}], ids=str)
def test_a_page_is_taken_back_whatever_fails(office: OfficeBot, server: TelegramServer, fault: Json) -> None:
    ask_in_vain(office, (MINE, STUDENT))
    page = office.staff("/gaps")
    server.faults.append(Fault("editMessageText", **fault))
    forget(office)
    assert plain(office.now(page)["text"]) == GONE


def test_a_list_without_questions_is_no_page(office: OfficeBot) -> None:
    page = office.staff("/gaps")
    ask_in_vain(office, (MINE, STUDENT))
    forget(office)
    assert office.now(page)["text"] == phrase("en", "staff_no_gaps")


def test_what_was_kept_long_enough_goes_from_the_staffs_chat_too(office: OfficeBot, server: TelegramServer) -> None:
    records, late = office.records, DAY - timedelta(days=1)
    records.record_gap(MINE, "en", late, STUDENT)
    office.desk.gaps = [Cluster("en", late, (MINE,), 1)]
    page = office.staff("/gaps")
    office.desk.gaps = []
    case = office.hand_off("Will my wedding matter?")
    lively = office.hand_off("Is it quiet?", 8)
    records.cases.close(1, late)
    office.stop()
    records.retention_days = 0
    office.start()
    office.wait_until_edited(case, phrase("en", "staff_expired"))
    office.wait_until_edited(page, GONE)
    assert "wedding" not in held(office)
    assert "Is it quiet?" in plain(office.now(lively)["text"])
    server.wait_until(lambda: records.cases.find(1) is None and not records.pages.older_than(DAY, STAFF))
