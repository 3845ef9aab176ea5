"""The menus on Telegram: one message whose pages are turned, cards by link, and taps that somebody forged."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answering.compose import compose_answer
from bot.answering.directory import Stock
from bot.chat.buttons import share_link
from bot.corpus import read_corpus
from bot.index.entries import entry_key
from bot.language.direction import remove_controls
from bot.language.phrases import phrase, write_date
from bot.records import Records, Reminder
from bot.types import Course, Entry, Passage, Wording
from tests.chat.scripted import DAY, Script, make_answer
from tests.telegram_server import Json, TelegramServer

pytestmark = pytest.mark.usefixtures("bot")

CLOSING = DAY + timedelta(10)


def course(name: str, urdu: str) -> Entry:
    return Entry(
        f"courses.csv#{name}",
        "course",
        {
            "en": Wording(f"courses.csv#{name}", "courses.csv", name, ""),
            "ur": Wording(f"courses.csv#{name}", "courses.csv", urdu, ""),
        },
        course=Course(apply_by=CLOSING, fee_pkr=0),
    )


WELDING = course("Welding", "ویلڈنگ")
KEY = entry_key(WELDING.id)


@pytest.fixture(autouse=True)
def stock(script: Script) -> Stock:
    """Two courses, and the questions of a real folder."""
    questions = [entry for entry in read_corpus(Path("tests/data/library"), DAY).entries if entry.course is None]
    script.stock = Stock((WELDING, course("Driving", "ڈرائیونگ"), *questions), DAY)
    return script.stock


def say(server: TelegramServer, text: str, chat_id: int = 7, **person: object) -> Json:
    before = len(server.sent)
    server.text(chat_id, text, **person)
    return server.wait_for_replies(before + 1)[before]


def now(server: TelegramServer, message: Json) -> Json:
    return server.messages[message["chat"]["id"], message["message_id"]]


def tap(server: TelegramServer, message: Json, label: str) -> str:
    """Tap a button of a message as it is now and return what the message says then."""
    before = now(server, message)
    buttons = [each for row in before["reply_markup"]["inline_keyboard"] for each in row]
    server.tap_data(before, next(b["callback_data"] for b in buttons if label in remove_controls(b["text"])))
    server.wait_until(lambda: now(server, message) is not before)
    return remove_controls(now(server, message)["text"])


def test_the_menus_are_one_message_whose_pages_are_turned(server: TelegramServer) -> None:
    menu = say(server, "/menu")
    assert menu["text"] == phrase("en", "menu_text")
    assert tap(server, menu, phrase("en", "menu_courses")).startswith(phrase("en", "menu_courses"))
    assert tap(server, menu, phrase("en", "facet_all")).startswith("Courses › All courses (2)")
    assert tap(server, menu, "Welding").startswith("Welding\n\nFee: free")
    assert tap(server, menu, phrase("en", "page_back")).startswith("Courses › All courses (2)")
    assert tap(server, menu, phrase("en", "menu")) == phrase("en", "menu_text")
    assert len(server.sent) == 1


def test_a_menu_keeps_the_language_it_was_opened_in(server: TelegramServer, records: Records) -> None:
    menu = say(server, "/courses", language_code="ur")
    assert "تمام کورس" in tap(server, menu, phrase("ur", "facet_all"))
    records.set_language(7, "zh")
    assert tap(server, menu, phrase("ur", "menu")) == phrase("zh", "menu_text")


def test_the_menus_work_in_a_group(server: TelegramServer) -> None:
    menu = say(server, "/menu@rahnuma_test_bot", -100, chat_type="supergroup", user_id=9)
    assert tap(server, menu, phrase("en", "menu_courses"))
    assert len(server.sent) == 1


def test_a_course_that_is_compared(server: TelegramServer) -> None:
    menu = say(server, "/courses")
    tap(server, menu, phrase("en", "facet_all"))
    tap(server, menu, "Welding")
    assert tap(server, menu, phrase("en", "card_compare")).startswith("Which course shall I set beside “Welding”?")
    text = tap(server, menu, "Driving")
    assert text.startswith("Welding – Driving")
    assert "Fee: Both are the same here: free" in text
    assert tap(server, menu, "2. Driving").startswith("Driving")


def test_the_whole_card_takes_the_place_of_what_was_asked_of_it(server: TelegramServer, script: Script) -> None:
    passage = Passage(WELDING, "en", 1.0)
    script.rules["fee"] = lambda question, language: replace(
        make_answer(*compose_answer(passage, question, language, DAY), language=language), passages=(passage,)
    )
    answer = say(server, "fee?")
    assert "Place: " not in answer["text"]
    assert "Place: not published" in tap(server, answer, phrase("en", "card_whole"))
    buttons = [each["text"] for row in now(server, answer)["reply_markup"]["inline_keyboard"] for each in row]
    assert phrase("en", "card_whole") not in buttons


def test_a_course_that_was_opened_is_what_is_spoken_of(server: TelegramServer, script: Script) -> None:
    menu = say(server, "/courses")
    tap(server, menu, phrase("en", "facet_all"))
    tap(server, menu, "Welding")
    say(server, "fee?")
    assert script.leaned_on[-1] is not None
    assert script.leaned_on[-1].passages[0].entry == WELDING


def test_asking_about_a_course_says_how(server: TelegramServer, script: Script) -> None:
    server.tap_data(say(server, "hi"), f"n:e:a.{KEY}")
    assert server.wait_for_replies(2)[1]["text"] == phrase("en", "ask_about", title="Welding")
    say(server, "fee?")
    assert script.leaned_on[-1] is not None
    assert script.leaned_on[-1].passages[0].entry == WELDING


@pytest.mark.parametrize(("language_code", "title"), [("en", "Welding"), ("ur", "ویلڈنگ")])
def test_a_shared_link_opens_the_card_in_its_openers_language(
    server: TelegramServer, language_code: str, title: str
) -> None:
    parameter = share_link("rahnuma_test_bot", WELDING).partition("?start=")[2]
    card = say(server, f"/start {parameter}", language_code=language_code)
    assert remove_controls(card["text"]).startswith(title)
    assert any("share/url" in each.get("url", "") for row in card["reply_markup"]["inline_keyboard"] for each in row)


def test_a_link_to_a_course_that_is_gone_is_told_so(server: TelegramServer) -> None:
    assert say(server, f"/start c_{'0' * 16}")["text"] == phrase("en", "too_old")


@pytest.mark.parametrize("parameter", ["x" * 4000, "c_" + "g" * 16, "<b>&amp;", "چین " * 1000])
def test_any_other_start_parameter_only_greets(server: TelegramServer, parameter: str) -> None:
    assert say(server, f"/start {parameter}")["text"].startswith(phrase("en", "hello"))


def test_a_start_parameter_of_10_kb_only_greets(server: TelegramServer) -> None:
    assert say(server, "/start " + "A" * 10_000)["text"].startswith(phrase("en", "hello"))


FORGED = [
    "b:", "n:", "b:e", "b:e:", "b:q:m", "b:e:zz", "b:e:c.trade.zzzzzzzz.1", "b:e:q.00000000.1", "b:e:a.", "h:x", "l:x",
    "b:e:e.0000000000000000", f"b:e:v.{KEY}.x", f"b:e:w.{KEY}.{KEY}", f"b:e:s.{KEY}.5", f"b:e:s.{KEY}.-1",
    "b:e:x.0000000000000000", "q:9:en", "q:1:xx", "w:rude:0000000000000000", "w:old:nonsense", "\x00", "ب" * 32,
    "b:e:" + "." * 60,
]  # fmt: skip


def test_forged_taps_are_told_that_they_are_too_old(server: TelegramServer, records: Records) -> None:
    message = say(server, "hi")
    for number, payload in enumerate(FORGED, 2):
        server.tap_data(message, payload)
        server.wait_for_replies(number)
    texts = [reply["text"] for reply in server.sent[1:]]
    assert texts == [phrase("en", "too_old")] * len(FORGED)
    assert records.reminders.all() == []
    assert records.language_of(7) is None


# Reminders


def test_a_reminder_is_stored_only_once_it_is_said_what_is_stored(server: TelegramServer, records: Records) -> None:
    reminders = records.reminders
    menu = say(server, "/courses", language_code="en")
    tap(server, menu, phrase("en", "facet_all"))
    tap(server, menu, "Welding")
    asked = tap(server, menu, phrase("en", "card_remind"))
    assert asked == phrase("en", "remind_question", title="Welding", date=write_date("en", CLOSING))
    assert reminders.all() == []
    done = tap(server, menu, phrase("en", "remind_many", number=3))
    assert write_date("en", CLOSING - timedelta(3)) in done
    assert reminders.all() == [Reminder(7, WELDING.id, "Welding", "en", 3)]
    assert tap(server, menu, phrase("en", "menu_reminders")) == phrase("en", "reminders_list")
    assert tap(server, menu, "✕ Welding") == phrase("en", "remind_cancelled", title="Welding")
    assert reminders.all() == []
    assert say(server, "/reminders")["text"] == phrase("en", "reminders_none")


def test_a_reminder_of_another_chat_cannot_be_deleted(server: TelegramServer, records: Records) -> None:
    other = Reminder(8, WELDING.id, "Welding", "en", 3)
    records.reminders.add(other)
    server.tap_data(say(server, "hi"), f"b:e:x.{KEY}")
    assert server.wait_for_replies(2)[1]["text"] == phrase("en", "too_old")
    assert records.reminders.all() == [other]


def test_after_forget_no_file_holds_a_trace_of_the_chat(
    server: TelegramServer, records: Records, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chat = 8_111_222_333_444
    records.set_language(chat, "ur")
    records.reminders.add(Reminder(chat, WELDING.id, "Welding", "en", 3))
    say(server, "unmistakable words", chat)
    server.tap_data(server.sent[-1], f"n:e:r.{KEY}")
    server.wait_for_replies(2)
    traces = (str(chat).encode(), chat.to_bytes(6, "big"), b"unmistakable", b"Ayesha")
    assert any(trace in file.read_bytes() for file in tmp_path.iterdir() for trace in traces)
    say(server, "/forget", chat)
    server.wait_until(lambda: not any(trace in file.read_bytes() for file in tmp_path.iterdir() for trace in traces))
    assert not any(trace.decode("latin-1") in caplog.text for trace in traces)
    assert records.reminders.all() == []
