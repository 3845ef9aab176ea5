"""The staff's commands about the folder: what they show, and that nobody elsewhere can give them."""

import threading
from datetime import timedelta
from functools import partial

import pytest

from bot.chat.publishing import MOST_BYTES
from bot.errors import IndexMissingError, IngestBusyError, KnowledgeError, RahnumaError
from bot.index.publish import Changes, Progress, Report
from bot.language.phrases import phrase
from bot.operations.report import Cluster
from bot.records import Records
from bot.types import LANGUAGES, Language, Problem
from tests.chat.office import STAFF, STUDENT, OfficeBot, make_report, plain
from tests.chat.scripted import DAY
from tests.telegram_server import Json, TelegramServer

PERSON: Json = {"chat_type": "supergroup", "user_id": 99}


def test_a_staff_command_is_unknown_everywhere_else(office: OfficeBot, server: TelegramServer) -> None:
    for command in ("/gaps", "/today", "/check", "/publish", "/add", "/id"):
        assert office.say(command)["text"].startswith(phrase("en", "help"))
        server.text(-5, command, chat_type="supergroup", user_id=99)
    assert office.say("@rahnuma_test_bot fee?", -5, **PERSON)["text"] == "You asked: fee?"
    assert len(office.seen(-5)) == 1
    assert office.desk.done == []


def test_a_forged_payload_does_nothing(office: OfficeBot, server: TelegramServer) -> None:
    office.hand_off()
    messages = office.say("hi"), office.say("@rahnuma_test_bot fee?", -5, **PERSON)
    for payload in ("s:g:0", "s:u:20261124-1-ab", "s:p:1", "s:d:1", "k:1"):
        for message in messages:
            told = office.after(message["chat"]["id"], partial(server.tap_data, message, payload))
            assert told["text"] == phrase("en", "too_old")
    assert office.desk.done == []
    assert office.records.cases.count_open() == 1


def test_a_document_from_elsewhere_is_not_taken(office: OfficeBot, server: TelegramServer) -> None:
    send = partial(server.document, STUDENT, "faq.csv", b"id", "/add")
    assert office.after(STUDENT, send)["text"] == phrase("en", "input_file")
    server.document(-5, "faq.csv", b"id", "/add", **PERSON)
    office.say("hi")
    assert office.desk.done == []
    assert not [method for method, _ in server.calls if method == "getFile"]


def test_gaps_are_shown_by_pages(office: OfficeBot, server: TelegramServer) -> None:
    office.desk.gaps = [
        Cluster("ur", DAY - timedelta(days=number), (f"سوال {number}؟", *("a", "b", "c")), 7) for number in range(12)
    ]
    first = office.staff("/gaps")
    assert "سوال 0؟" in plain(first["text"])
    assert "اردو · 7 × · 24 November 2026" in plain(first["text"])
    assert phrase("en", "staff_more_wordings", number=1) in first["text"]
    server.tap(first, phrase("en", "page_next"))
    second = office.wait_until_edited(first, "سوال 5؟")
    server.tap(second, phrase("en", "page_next"))
    last = office.wait_until_edited(first, "سوال 11؟")
    assert [[button["text"] for button in row] for row in last["reply_markup"]["inline_keyboard"]] == [
        [phrase("en", "page_previous")]
    ]
    office.desk.gaps = []
    server.tap(last, phrase("en", "page_previous"))
    office.wait_until_edited(first, phrase("en", "staff_no_gaps"))


def test_today_counts_the_day_and_no_other(office: OfficeBot, records: Records) -> None:
    for outcome in ("answered", "answered", "clarify", "refused"):
        records.record_question("ur", outcome, DAY)
    records.record_question("zh", "answered", DAY - timedelta(days=1))
    records.record_feedback("a", DAY, is_good=True)
    records.record_feedback("b", DAY - timedelta(days=1), is_good=False)
    office.hand_off()
    text = plain(office.staff("/today")["text"])
    wanted = phrase("en", "staff_today", day="24 November 2026", asked=5, answered=3, clarified=1, refused=1,
                    languages="English 1 · اردو 4", good=1, bad=0, open=1)  # fmt: skip
    assert text == wanted


def test_check_lists_problems_with_file_and_line_in_whole_messages(office: OfficeBot, server: TelegramServer) -> None:
    problems = [Problem("error", "faq.csv", str(line), "x" * 90 + "; mend it") for line in range(100)]
    office.desk.report = make_report(*problems, Problem("warning", "a<b>.csv", "", "is empty"))
    server.text(STAFF, "/check", **PERSON)
    server.wait_until(lambda: any("41 more" in message["text"] for message in office.seen(STAFF)))
    text = "\n".join(message["text"] for message in office.seen(STAFF))
    assert "• faq.csv:17: xxx" in text
    assert phrase("en", "staff_errors", number=100) in text
    assert len(office.seen(STAFF)) > 1
    office.desk.report = make_report()
    assert office.staff("/check")["text"] == phrase("en", "staff_no_problems", entries=3)


def publish_slowly(office: OfficeBot, report: Report) -> threading.Event:
    let_go = threading.Event()

    def publish(progress: Progress) -> Report:
        progress("meaning", 500, 2000)
        assert let_go.wait(10)
        return report

    office.desk.publish_with = publish
    return let_go


@pytest.mark.parametrize("language", LANGUAGES)
def test_publish_shows_progress_what_changed_and_a_way_back(
    office: OfficeBot, server: TelegramServer, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setattr("bot.chat.publishing.PROGRESS_SECONDS", 0.05)
    office.records.set_language(STAFF, language)
    changes = Changes(tuple(f"faq.csv#n{number}" for number in range(12)), ("faq.csv#fee",), ())
    let_go = publish_slowly(office, make_report(published=True, changes=changes))
    shown = office.staff("/publish")
    assert plain(shown["text"]) == phrase(language, "staff_publishing")
    office.wait_until_edited(shown, phrase(language, "staff_progress", done="500", total="2,000"))
    # A student is answered meanwhile.
    assert office.say("fee?")["text"] == "You asked: fee?"
    let_go.set()
    done = office.wait_until_edited(
        shown, phrase(language, "staff_published", added=12, changed=1, removed=0, entries=3)
    )  # fmt: skip
    assert "± faq.csv#fee" in plain(done["text"])
    assert "+ … 4" in plain(done["text"])
    server.tap(done, phrase(language, "staff_undo"))
    server.wait_until(lambda: len(office.seen(STAFF)) == 2)
    assert plain(office.seen(STAFF)[-1]["text"]) == phrase(language, "staff_undone")
    assert "reply_markup" not in office.now(shown)


def test_an_undo_that_comes_too_late_does_nothing(office: OfficeBot) -> None:
    office.desk.report = make_report(published=True)
    done = office.wait_until_edited(office.staff("/publish"), "Added: 0")
    office.desk.current = "a later one"
    assert office.after(STAFF, lambda: office.choose(done, "s:u:"))["text"] == phrase("en", "staff_undo_late")


def test_a_folder_with_errors_is_not_published(office: OfficeBot) -> None:
    office.desk.report = make_report(Problem("error", "faq.csv", "7", "has no id; give it one"))
    shown = office.wait_until_edited(office.staff("/publish"), "faq.csv:7: has no id")
    assert phrase("en", "staff_not_published") in shown["text"]
    assert "reply_markup" not in shown


def test_another_publishing_is_told(office: OfficeBot) -> None:
    def be_busy(progress: Progress) -> Report:
        raise IngestBusyError("busy")

    office.desk.publish_with = be_busy
    office.wait_until_edited(office.staff("/publish"), phrase("en", "staff_busy"))


def test_a_stop_does_not_wait_for_a_publishing_and_the_next_start_takes_it_up(
    office: OfficeBot, server: TelegramServer
) -> None:
    begun = threading.Event()

    def publish(progress: Progress) -> Report:
        begun.set()
        while True:
            progress("meaning", 1, 1_000_000)
            threading.Event().wait(0.01)

    office.desk.publish_with = publish
    office.staff("/publish")
    assert begun.wait(5)
    office.stop()
    office.desk.publish_with = None
    office.after(STAFF, office.start)
    office.wait_until_edited(office.seen(STAFF)[-1], phrase("en", "staff_up_to_date", entries=3))


def test_a_file_is_added_checked_shown_and_published(office: OfficeBot, server: TelegramServer) -> None:
    send = partial(server.document, STAFF, "faq.csv", "id,السلام".encode(), "/add faq", **PERSON)
    shown = office.after(STAFF, send)
    assert office.desk.done == [("receive", "faq.csv", "faq", "id,السلام")]
    assert phrase("en", "staff_draft_new", file="faq.csv") in shown["text"]
    office.desk.report = make_report(published=True)
    published = office.after(STAFF, lambda: server.tap(shown, phrase("en", "staff_publish")))
    office.wait_until_edited(published, "Added: 0")
    server.wait_until(lambda: "discard" in [what for what, *_ in office.desk.done])
    assert [what for what, *_ in office.desk.done] == ["receive", "place", "publish", "discard"]
    assert "reply_markup" not in office.now(shown)


def test_a_file_is_discarded(office: OfficeBot, server: TelegramServer) -> None:
    shown = office.after(STAFF, partial(server.document, STAFF, "faq.csv", b"id", "/add@rahnuma_test_bot", **PERSON))
    told = office.after(STAFF, lambda: server.tap(shown, phrase("en", "staff_discard")))
    assert told["text"] == phrase("en", "staff_discarded")


def test_the_staffs_buttons_stand_in_the_direction_of_their_language(
    office: OfficeBot, server: TelegramServer, records: Records
) -> None:
    records.set_language(STAFF, "ur")
    shown = office.after(STAFF, partial(server.document, STAFF, "faq.csv", b"id", "/add", **PERSON))
    (row,) = shown["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == [phrase("ur", "staff_discard"), phrase("ur", "staff_publish")]


def test_a_file_that_is_too_large_is_not_asked_for(office: OfficeBot, server: TelegramServer) -> None:
    document = {"file_id": "f", "file_unique_id": "f", "file_name": "a.pdf", "file_size": MOST_BYTES + 1}
    told = office.after(STAFF, partial(server.message, STAFF, {"document": document, "caption": "/add"}, **PERSON))
    assert told["text"] == phrase("en", "staff_too_large", megabytes=20)
    assert office.desk.done == []


def test_staff_are_told_how_a_file_is_added(office: OfficeBot) -> None:
    assert office.staff("/add")["text"] == phrase("en", "staff_add_how")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "key"),
    [
        (KnowledgeError("/srv/knowledge: the knowledge folder does not exist; create it"), "staff_no_folder"),
        (IndexMissingError("The index 2026 cannot be read. Run: python ingest.py"), "staff_no_index"),
        (RahnumaError("The new index has 3 of 4 texts"), "staff_broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("command", ["/check", "/publish"])
def test_what_fails_is_told_in_the_staffs_language(
    office: OfficeBot, monkeypatch: pytest.MonkeyPatch, language: Language, error: RahnumaError, key: str, command: str
) -> None:
    def fail(*_: object) -> Report:
        raise error

    monkeypatch.setattr(office.desk, command.removeprefix("/"), fail)
    office.records.set_language(STAFF, language)
    told = office.wait_until_edited(office.staff(command), phrase(language, key))
    assert plain(told["text"]) == phrase(language, "staff_failed", reason=phrase(language, key))
