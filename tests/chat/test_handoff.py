"""Questions handed to people, from the student's tap to the last word, over faults and restarts."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.answering.directory import Stock
from bot.errors import IndexMissingError
from bot.language.phrases import phrase
from bot.records import Records
from bot.types import LANGUAGES, Entry, Language, Part, Wording
from tests.chat.office import STAFF, STUDENT, OfficeBot, plain
from tests.chat.scripted import CONTACT, DAY, RunningBot, Script, make_answer
from tests.telegram_server import BOT, Fault, Json, TelegramServer

QUESTIONS: dict[Language, str] = {
    "en": "Is the hostel safe for girls?",
    "ur": "کیا ہاسٹل لڑکیوں کے لیے محفوظ ہے؟",
    "ur-Latn": "kya hostel larkiyon ke liye mehfooz hai?",
    "zh": "女生宿舍安全吗？",
}


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.delivery.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("bot.chat.tending.TEND_SECONDS", 0.1)


def test_every_answer_has_a_way_to_a_person_as_its_last_row(office: OfficeBot, script: Script) -> None:
    script.rules["refuse"] = lambda question, language: make_answer(Part("text", "no"), outcome="refused")
    script.rules["which"] = lambda question, language: make_answer(
        Part("choice", "a", entry_id="a#1"), outcome="clarify", language=language
    )
    for question in ("fee?", "refuse", "which"):
        last = office.say(question)["reply_markup"]["inline_keyboard"][-1][-1:]
        assert last == [{"text": phrase("en", "ask_person"), "callback_data": "p:"}]


def test_without_a_staff_chat_the_offices_contact_is_given(
    server: TelegramServer, bot: RunningBot, records: Records
) -> None:
    server.text(STUDENT, "fee?")
    answer = server.wait_for_replies(1)[0]
    assert "p:" not in str(answer["reply_markup"])
    server.text(STUDENT, "/person", language_code="ur")
    assert CONTACT in server.wait_for_replies(2)[1]["text"]
    server.tap_data(answer, "p:")
    assert CONTACT in server.wait_for_replies(3)[2]["text"]
    assert records.cases.count_open() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_goes_to_staff_and_their_reply_comes_back_in_the_students_language(
    office: OfficeBot, server: TelegramServer, language: Language
) -> None:
    offer = office.offer(QUESTIONS[language])
    assert QUESTIONS[language] in plain(offer["text"])
    assert len(offer["reply_markup"]["inline_keyboard"]) == 3
    case = office.after(STAFF, lambda: office.choose(offer, ":n:"))
    shown = plain(case["text"])
    assert QUESTIONS[language] in shown
    assert phrase(language, "language_name") in shown
    assert f"You asked: {QUESTIONS[language]}" in shown
    assert "Ayesha" not in shown
    office.wait_until_edited(offer, phrase(language, "person_passed_on"))
    confirmed = office.staff("Yes, it has a <guard> & a warden.", reply_to=case)
    assert phrase("en", "staff_delivered") in confirmed["text"]
    reply = office.seen(STUDENT)[-1]
    assert phrase(language, "case_answer") in plain(reply["text"])
    assert "<guard> & a warden." in plain(reply["text"])
    assert plain(reply["reply_to_message"]["text"]) == QUESTIONS[language]


def test_a_name_goes_along_only_where_the_student_agrees(office: OfficeBot, server: TelegramServer) -> None:
    assert "Ayesha" not in office.hand_off()["text"]
    assert "Ayesha" in office.hand_off("And at night?", way=":y:")["text"]
    office.wait_until_edited(office.seen(STUDENT)[-1], phrase("en", "person_passed_on"))
    assert office.records.cases.find(2).name is None  # type: ignore[union-attr]


def test_nothing_is_sent_where_the_student_says_no(office: OfficeBot, server: TelegramServer) -> None:
    offer = office.offer()
    office.choose(offer, ":c:")
    office.wait_until_edited(offer, phrase("en", "person_cancelled"))
    assert office.seen(STAFF) == []
    assert office.records.cases.find(1) is None
    office.choose(offer, ":n:")
    server.wait_until(lambda: office.seen(STUDENT)[-1]["text"] == phrase("en", "too_old"))


def test_what_was_handed_on_is_not_offered_again(office: OfficeBot) -> None:
    office.hand_off()
    assert office.say("/person")["text"] == phrase("en", "person_write")
    offer = office.offer("And at night?")
    office.say("fee?")
    office.after(STAFF, lambda: office.choose(offer, ":n:"))
    office.wait_until_edited(offer, phrase("en", "person_passed_on"))
    assert office.say("/person")["text"] == phrase("en", "person_offer", question="fee?")


def test_what_was_sent_is_not_said_to_be_unsent(office: OfficeBot, server: TelegramServer) -> None:
    offer = office.offer()
    case = office.after(STAFF, lambda: office.choose(offer, ":n:"))
    office.wait_until_edited(offer, phrase("en", "person_passed_on"))
    office.choose(offer, ":c:")
    assert office.say("hi")["text"] == "You asked: hi"
    assert phrase("en", "person_passed_on") in office.now(offer)["text"]
    office.after(STAFF, lambda: office.choose(case, "k:"))
    assert office.after(STUDENT, lambda: office.choose(offer, ":c:"))["text"] == phrase("en", "too_old")


def test_where_no_question_is_remembered_the_next_message_is_it(office: OfficeBot, script: Script) -> None:
    asked = office.say("/person", language_code="zh")
    assert asked["text"] == phrase("zh", "person_write")
    offer = office.say("女生宿舍安全吗？")
    assert phrase("zh", "person_offer", question="女生宿舍安全吗？") == offer["text"]
    case = office.after(STAFF, lambda: office.choose(offer, ":n:"))
    assert "You asked: 女生宿舍安全吗？" in case["text"]
    assert office.say("学费？")["text"] == "You asked: 学费？"


@pytest.mark.parametrize("way", ["voice", "caption", "example", "edit"])
def test_the_question_that_was_asked_last_is_handed_on_whichever_way_it_was_asked(
    server: TelegramServer, start_office: Callable[..., OfficeBot], way: str
) -> None:
    office = start_office(hears=lambda sound: "the spoken question")
    typed = server.text(STUDENT, "the typed question")
    office.server.wait_until(lambda: len(office.seen(STUDENT)) == 1)
    if way == "voice":
        office.after(STUDENT, lambda: server.voice(STUDENT, b"sound"), 2)
        asked = "the spoken question"
    elif way == "caption":
        office.after(STUDENT, lambda: server.photo(STUDENT, "the captioned question"))
        asked = "the captioned question"
    elif way == "example":
        greeting = office.say("/start")
        asked = phrase("en", "example_2")
        office.after(STUDENT, lambda: server.tap(greeting, asked))
    else:
        server.edit(typed, "the mended question")
        asked = "the mended question"
        office.wait_until_edited(office.seen(STUDENT)[0], asked)
    offer = office.say("/person")
    assert offer["text"] == phrase("en", "person_offer", question=asked)
    case = office.after(STAFF, lambda: office.choose(offer, ":n:"))
    assert f"You asked: {asked}" in case["text"]
    assert "typed" not in case["text"]


def test_where_it_was_asked_back_staff_see_what_was_chosen(office: OfficeBot, script: Script) -> None:
    entry = Entry("faq.csv#a", "faq", {"en": Wording("faq.csv#a", "faq.csv", "Day?", "Monday.")})
    script.stock = Stock((entry,))
    asked_back = make_answer(Part("choice", "Day?", entry_id=entry.id), outcome="clarify")
    script.rules["which"] = lambda question, language: replace(asked_back, question=question, choices=(entry.id,))
    choices = office.say("which day?")
    office.after(STUDENT, lambda: office.choose(choices, "e:"))
    offer = office.say("/person")
    assert phrase("en", "person_offer", question="which day?") == offer["text"]
    assert "Monday." in office.after(STAFF, lambda: office.choose(offer, ":n:"))["text"]


def test_what_was_wrong_is_never_handed_on(office: OfficeBot, server: TelegramServer, script: Script) -> None:
    script.entry = Entry("faq.csv#a", "faq", {"en": Wording("faq.csv#a", "faq.csv", "Day?", "Monday.")})
    answer = office.say("which day?")
    blame = office.after(STUDENT, partial(server.tap_data, answer, "w:wrong:0123456789abcdef:en"))
    assert office.say("it is Tuesday", reply_to=blame)["text"] == phrase("en", "rated_good")
    assert office.say("/person")["text"] == phrase("en", "person_offer", question="which day?")
    # Nor where a question for a person is waited for.
    office.say("/forget")
    assert office.say("/person")["text"] == phrase("en", "person_write")
    assert office.say("it is Tuesday", reply_to=blame)["text"] == phrase("en", "rated_good")


@pytest.mark.parametrize("act", ["command", "tap"])
def test_whoever_does_something_else_writes_no_question_for_a_person(
    office: OfficeBot, server: TelegramServer, act: str
) -> None:
    menu = office.say("/menu")
    assert office.say("/person")["text"] == phrase("en", "person_write")
    if act == "command":
        office.say("/help")
    else:
        server.tap_data(menu, "b:e:l")
        office.wait_until_edited(menu, phrase("en", "language_question"))
    assert office.say("fee?")["text"] == "You asked: fee?"


@pytest.mark.parametrize("way", ["voice", "caption"])
def test_a_question_for_a_person_may_be_spoken_or_stand_under_a_picture(
    server: TelegramServer, start_office: Callable[..., OfficeBot], way: str
) -> None:
    office = start_office(hears=lambda sound: "Is it safe?")
    assert office.say("/person")["text"] == phrase("en", "person_write")
    if way == "voice":
        offer = office.after(STUDENT, lambda: server.voice(STUDENT, b"sound"), 2)
    else:
        offer = office.after(STUDENT, lambda: server.photo(STUDENT, "Is it safe?"))
    assert offer["text"] == phrase("en", "person_offer", question="Is it safe?")


def test_a_tap_in_a_group_is_told_to_write_privately(office: OfficeBot, server: TelegramServer) -> None:
    person: Json = {"chat_type": "supergroup", "user_id": 9}
    answer = office.say("@rahnuma_test_bot fee?", -5, **person)
    assert office.say("/person", -5, **person)["text"] == phrase("en", "person_private")
    server.tap_data(answer, "p:")
    server.wait_until(lambda: any(values.get("text") == phrase("en", "person_private") for _, values in server.calls
                                  if "callback_query_id" in values))  # fmt: skip
    assert office.seen(STAFF) == []


def test_a_forged_number_of_another_students_case_does_nothing(office: OfficeBot, server: TelegramServer) -> None:
    office.offer()
    theirs = office.say("hi", 8)
    server.tap_data(theirs, "p:c:1")
    for payload in ("p:n:1", "p:y:999"):
        office.after(8, partial(server.tap_data, theirs, payload))
    case = office.records.cases.find(1)
    assert case is not None
    assert case.state == "offered"
    assert office.seen(STAFF) == []


def test_a_question_of_4000_characters_arrives_whole_and_every_part_can_be_replied_to(office: OfficeBot) -> None:
    question = "کیا <b> & ہاسٹل؟ " * 220
    before = len(office.seen(STUDENT))
    office.server.text(STUDENT, question)
    office.server.wait_until(lambda: len(office.seen(STUDENT)) > before)
    offer_parts = len(office.seen(STUDENT))
    office.server.text(STUDENT, "/person")
    office.server.wait_until(lambda: "reply_markup" in office.seen(STUDENT)[-1]
                             and "p:n:" in str(office.seen(STUDENT)[-1]["reply_markup"]))  # fmt: skip
    assert len(office.seen(STUDENT)) > offer_parts
    office.choose(office.seen(STUDENT)[-1], ":n:")
    office.server.wait_until(lambda: any("reply_markup" in message for message in office.seen(STAFF)))
    parts = office.seen(STAFF)
    assert len(parts) > 1
    assert all(plain(part["text"]).startswith("#case1 · ") for part in parts)
    assert sum(plain(part["text"]).count("& ہاسٹل؟") for part in parts) >= 220
    assert phrase("en", "staff_delivered") in office.staff("جی", reply_to=parts[0])["text"]


# Both sides go on


def test_the_student_answers_back_and_a_closed_case_stays_closed(office: OfficeBot, server: TelegramServer) -> None:
    case = office.hand_off()
    office.staff("Which hostel?", reply_to=case)
    question = office.seen(STUDENT)[-1]
    more = office.after(STAFF, lambda: server.text(STUDENT, "The one in Multan", reply_to=question))
    server.wait_until(lambda: phrase("en", "case_more") in office.seen(STUDENT)[-1]["text"])
    assert "The one in Multan" in more["text"]
    assert more["reply_to_message"]["message_id"] == case["message_id"]
    office.staff("That one is safe.", reply_to=more)
    assert "That one is safe." in office.seen(STUDENT)[-1]["text"]
    closed = office.after(STAFF, lambda: office.choose(case, "k:"))
    assert phrase("en", "staff_closed") in closed["text"]
    assert phrase("en", "case_closed") in office.seen(STUDENT)[-1]["text"]
    assert "reply_markup" not in office.now(case)
    said = len(office.seen(STUDENT))
    assert phrase("en", "staff_over") in office.staff("One more thing", reply_to=case)["text"]
    assert len(office.seen(STUDENT)) == said
    assert phrase("en", "case_over") in office.say("thanks", reply_to=question)["text"]
    assert phrase("en", "staff_over") in office.after(STAFF, lambda: server.tap_data(case, "k:1"))["text"]


def test_a_case_that_is_closed_unanswered_names_the_offices_contact(office: OfficeBot) -> None:
    case = office.hand_off()
    office.after(STAFF, lambda: office.choose(case, "k:"))
    assert CONTACT in office.seen(STUDENT)[-1]["text"]


def test_without_an_index_a_case_is_passed_on_later_and_closed_all_the_same(
    server: TelegramServer, start_office: Callable[..., OfficeBot]
) -> None:
    def find_nothing(language: Language) -> str | None:
        raise IndexMissingError("none")

    office = start_office(find_contact=find_nothing)
    server.blocked.add(STAFF)
    offer = office.offer()
    office.choose(offer, ":n:")
    office.wait_until_edited(offer, phrase("en", "person_later"))
    case = office.after(STAFF, lambda: server.blocked.discard(STAFF))
    assert phrase("en", "staff_closed") in office.after(STAFF, lambda: office.choose(case, "k:"))["text"]
    assert plain(office.seen(STUDENT)[-1]["text"]) == f"#case1 · {phrase('en', 'case_closed')}"


def test_without_an_index_nor_an_office_the_contact_is_to_come(
    server: TelegramServer, script: Script, records: Records
) -> None:
    def find_nothing(language: Language) -> str | None:
        raise IndexMissingError("none")

    bot = RunningBot(server, script.ask, script.show, records, find_contact=find_nothing)
    server.text(STUDENT, "/person")
    assert server.wait_for_replies(1)[0]["text"] == phrase("en", "no_index")
    bot.stop()


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], "caption": "The <form>"},
        {"document": {"file_id": "f", "file_unique_id": "u"}},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], "caption": "x" * 1024},
    ],
    ids=["photo", "document", "voice", "long caption"],
)
def test_pictures_and_voice_are_carried_both_ways(office: OfficeBot, server: TelegramServer, content: Json) -> None:
    case = office.hand_off()
    number = 2 if len(content.get("caption", "")) > 1000 else 1
    kind = next(iter(content))
    staff: Json = {"chat_type": "supergroup", "user_id": 99, "reply_to": case}
    office.after(STAFF, lambda: server.message(STAFF, content, **staff))
    copy = office.seen(STUDENT)[-1]
    assert copy[kind] == content[kind]
    assert "#case1" in copy["caption"]
    back = office.after(STAFF, lambda: server.message(STUDENT, content, reply_to=copy), number)
    assert back[kind] == content[kind]
    texts = [plain(message.get("text", "") + message.get("caption", "")) for message in office.seen(STAFF)]
    assert any(content.get("caption", "") in text and "#case1" in text for text in texts)


def test_what_cannot_be_carried_is_told(office: OfficeBot, server: TelegramServer) -> None:
    case = office.hand_off()
    staff: Json = {"chat_type": "supergroup", "user_id": 99}
    place = {"location": {"latitude": 31.5, "longitude": 74.3}}
    told = office.after(STAFF, lambda: server.message(STAFF, place, reply_to=case, **staff))
    assert phrase("en", "staff_kind") in told["text"]
    reply = server.text(STAFF, "500 rupees", reply_to=case, **staff)
    server.wait_until(lambda: len(office.seen(STAFF)) == 3)
    told = office.after(STAFF, lambda: server.edit(reply, "600 rupees"))
    assert phrase("en", "staff_edited") in told["text"]
    assert "600" not in office.seen(STUDENT)[-1]["text"]
    answer = office.seen(STUDENT)[-1]
    assert phrase("en", "case_kind") in office.after(
        STUDENT, lambda: server.message(STUDENT, place, reply_to=answer)
    )["text"]  # fmt: skip


def test_a_reply_that_begins_like_a_command_is_carried_both_ways(office: OfficeBot, server: TelegramServer) -> None:
    case = office.hand_off()
    for text in ("/reminders shows you the day", "/today is the last day", "/salaam"):
        assert phrase("en", "staff_delivered") in office.staff(text, reply_to=case)["text"]
        assert text in office.seen(STUDENT)[-1]["text"]
    answer = office.seen(STUDENT)[-1]
    more = office.after(STAFF, lambda: server.text(STUDENT, "/salaam to you too", reply_to=answer))
    assert "/salaam to you too" in more["text"]
    # A command alone is one.
    assert phrase("en", "staff_no_gaps") in office.staff("/gaps", reply_to=case)["text"]
    assert office.staff("/help", reply_to=case)["text"].startswith(phrase("en", "help"))
    assert office.say("/help", reply_to=answer)["text"].startswith(phrase("en", "help"))


def test_what_staff_reply_to_no_case_is_no_students_question(
    office: OfficeBot, server: TelegramServer, script: Script
) -> None:
    gaps = office.staff("/gaps")
    told = phrase("en", "staff_no_case", name="@rahnuma_test_bot")
    assert office.staff("It is 500 rupees", reply_to=gaps)["text"] == told
    staff: Json = {"chat_type": "supergroup", "user_id": 99, "reply_to": gaps}
    assert office.after(STAFF, lambda: server.photo(STAFF, "this one", **staff))["text"] == told
    update = next(number for number, each in server.history.items() if "500" in str(each))
    server.edit(update, "It is 600 rupees")
    assert script.asked == []
    assert office.staff("@rahnuma_test_bot fee?", reply_to=gaps)["text"] == "You asked: fee?"
    assert len(script.asked) == 1


def test_staff_are_told_that_a_student_has_blocked_the_bot(office: OfficeBot, server: TelegramServer) -> None:
    case = office.hand_off()
    server.blocked.add(STUDENT)
    assert phrase("en", "staff_blocked") in office.staff("Hello?", reply_to=case)["text"]
    assert phrase("en", "staff_closed") in office.after(STAFF, lambda: office.choose(case, "k:"))["text"]


def test_staff_speak_the_language_that_their_chat_chose(office: OfficeBot) -> None:
    office.records.set_language(STAFF, "zh")
    case = office.hand_off()
    assert phrase("zh", "staff_case_how") in case["text"]
    assert phrase("zh", "staff_delivered") in office.staff("可以", reply_to=case)["text"]
    assert phrase("en", "case_answer") in office.seen(STUDENT)[-1]["text"]


def test_one_of_the_staff_chooses_the_language_for_all_of_them(office: OfficeBot, server: TelegramServer) -> None:
    asked = office.staff("/language")
    tapping = {"id": 99, "is_bot": False, "first_name": "Bilal", "language_code": "en"}
    server.tap(asked, "中文", **{"from": tapping})
    office.wait_until_edited(asked, phrase("zh", "language_of_staff", text=phrase("zh", "language_set")))
    assert phrase("zh", "staff_case_how") in office.hand_off()["text"]
    assert office.staff("/help", language_code="ur")["text"].startswith(phrase("zh", "help"))
    server.tap_data(asked, "l:", **{"from": tapping})
    office.wait_until_edited(asked, phrase("zh", "language_of_staff_open", text=phrase("zh", "language_follows")))
    assert office.staff("/gaps")["text"] == phrase("en", "staff_no_gaps")
    assert office.records.language_of(99) is None


def test_the_greeting_in_the_staffs_chat_chooses_for_all_of_them_too(office: OfficeBot, server: TelegramServer) -> None:
    office.records.set_language(99, "ur")
    greeting = office.staff("/start")
    assert phrase("en", "hello") in greeting["text"]
    server.tap_data(greeting, "h:zh", **{"from": {"id": 99, "is_bot": False, "first_name": "Bilal"}})
    office.wait_until_edited(greeting, phrase("zh", "hello"))
    assert office.staff("/gaps")["text"] == phrase("zh", "staff_no_gaps")
    assert office.records.language_of(99) == "ur"


def test_so_many_questions_wait_and_no_more(office: OfficeBot) -> None:
    for number in range(3):
        office.hand_off(f"question {number}?")
    assert office.offer("one more?")["text"] == phrase("en", "person_too_many")


# Silence


def test_an_hour_of_silence_is_told_once_over_restarts(
    office: OfficeBot, server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.cases.SILENCE_SECONDS", 1000.0)
    answered = office.hand_off("kya hostel mehfooz hai?", 8)
    office.staff("Haan", reply_to=answered)
    office.hand_off("女生宿舍安全吗？")
    office.stop()
    monkeypatch.setattr("bot.chat.cases.time", SimpleNamespace(time=lambda: 9_999_999_999.0))
    waiting = office.after(STUDENT, office.start)
    assert phrase("zh", "case_waiting") in waiting["text"]
    office.stop()
    office.start()
    office.say("hi")
    assert sum(phrase("zh", "case_waiting") in message["text"] for message in office.seen(STUDENT)) == 1
    assert not [message for message in office.seen(8) if phrase("ur-Latn", "case_waiting") in message["text"]]


# Faults and restarts


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", times=2, status=502),
        Fault("sendMessage", times=2, drop="before"),
        Fault("sendMessage", status=429, retry_after=1),
        Fault("editMessageText", times=2, status=502),
    ],
    ids=lambda fault: f"{fault.method}-{fault.status or fault.drop}",
)
def test_a_question_is_passed_on_once_whatever_fails(office: OfficeBot, server: TelegramServer, fault: Fault) -> None:
    offer = office.offer()
    server.faults.append(fault)
    case = office.after(STAFF, lambda: office.choose(offer, ":n:"))
    office.wait_until_edited(offer, phrase("en", "person_passed_on"))
    server.faults.append(Fault("sendMessage", times=2, status=502))
    office.staff("Yes.", reply_to=case)
    office.stop()
    office.start()
    office.say("hi")
    assert [message["text"].count("hostel") > 0 for message in office.seen(STAFF)] == [True, False]
    assert sum("Yes." in message["text"] for message in office.seen(STUDENT)) == 1


def test_a_start_passes_on_what_was_stored_and_not_sent(office: OfficeBot, server: TelegramServer) -> None:
    office.offer()
    office.stop()
    office.records.cases.open(1, "Ayesha Bibi", DAY)
    case = office.after(STAFF, office.start)
    assert "Ayesha Bibi" in case["text"]
    office.stop()
    office.start()
    office.say("hi")
    assert len(office.seen(STAFF)) == 1


def test_a_confirmed_tap_is_taken_up_by_the_next_start(office: OfficeBot, server: TelegramServer) -> None:
    offer = office.offer()
    server.faults.append(Fault("sendMessage", times=1000, status=502))
    office.choose(offer, ":n:")
    server.wait_until(lambda: office.records.cases.count_open() == 1)
    office.stop()
    assert office.seen(STAFF) == []
    server.faults.clear()
    case = office.after(STAFF, office.start)
    office.wait_until_edited(offer, phrase("en", "person_passed_on"))
    office.say("hi")
    assert [message["message_id"] for message in office.seen(STAFF)] == [case["message_id"]]


def test_a_reply_that_was_carried_is_not_carried_again_where_its_update_comes_again(
    office: OfficeBot, server: TelegramServer
) -> None:
    case = office.hand_off()
    office.staff("Yes.", reply_to=case)
    update = next(update for update in server.history.values() if update.get("message", {}).get("text") == "Yes.")
    # As a death after the sending and before the mark leaves it.
    office.after(STAFF, lambda: server.inject({"message": update["message"]}))
    assert sum("Yes." in message["text"] for message in office.seen(STUDENT)) == 1


def test_a_staff_chat_that_is_closed_is_told_and_gets_the_case_later(
    office: OfficeBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.blocked.add(STAFF)
    offer = office.offer()
    office.choose(offer, ":n:")
    assert CONTACT in office.wait_until_edited(offer, phrase("en", "person_later"))["text"]
    assert "STAFF_CHAT_ID" in caplog.text
    assert "hostel" not in caplog.text
    assert office.after(STAFF, lambda: server.blocked.discard(STAFF))["text"].count("hostel") > 0


def test_a_group_that_becomes_a_supergroup_is_followed(
    office: OfficeBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    case = office.hand_off()
    moved = -100999
    server.join(moved, "supergroup")
    server.migrated[STAFF] = moved
    office.offer("And at night?")
    shown = office.after(moved, lambda: office.choose(office.seen(STUDENT)[-1], ":n:"))
    server.wait_until(lambda: f"STAFF_CHAT_ID={moved}" in caplog.text)
    staff: Json = {"chat_type": "supergroup", "user_id": 99}
    told = office.after(moved, lambda: server.text(moved, "Yes.", reply_to=shown, **staff))
    assert phrase("en", "staff_delivered") in told["text"]
    # A message from before the move still belongs to its case.
    old = {**case, "chat": shown["chat"]}
    told = office.after(moved, lambda: server.text(moved, "Also yes.", reply_to=old, **staff))
    assert phrase("en", "staff_delivered") in told["text"]


@pytest.mark.parametrize("place", ["the old group", "the supergroup", "neither"])
def test_the_message_that_tells_of_a_move_is_enough_and_the_language_goes_along(
    office: OfficeBot, server: TelegramServer, place: str
) -> None:
    moved = -100999
    server.join(moved, "supergroup")
    office.records.set_language(STAFF, "zh")
    if place == "the old group":
        server.message(STAFF, {"migrate_to_chat_id": moved}, chat_type="group", user_id=99)
    elif place == "the supergroup":
        server.message(moved, {"migrate_from_chat_id": STAFF}, chat_type="supergroup", user_id=99)
    else:
        server.migrated[STAFF] = moved
    server.wait_until_confirmed()
    offer = office.offer()
    case = office.after(moved, lambda: office.choose(offer, ":n:"))
    office.wait_until_edited(offer, phrase("en", "person_passed_on"))
    staff: Json = {"chat_type": "supergroup", "user_id": 99, "reply_to": case}
    told = office.after(moved, lambda: server.text(moved, "可以", **staff))
    assert phrase("zh", "staff_delivered") in told["text"]
    assert office.records.language_of(STAFF) is None


# Nothing is left


def forget(office: OfficeBot) -> None:
    office.server.text(STUDENT, "/forget")
    office.server.wait_until(lambda: office.seen(STUDENT)[-1]["text"] == phrase("en", "forgotten"))


def test_forget_takes_the_question_out_of_the_records_and_of_the_staffs_chat(
    office: OfficeBot, server: TelegramServer
) -> None:
    case = office.hand_off("Will my wedding matter?")
    office.staff("No.", reply_to=case)
    answer = office.seen(STUDENT)[-1]
    more = office.after(STAFF, lambda: server.text(STUDENT, "Thanks", reply_to=answer))
    forget(office)
    office.wait_until_edited(case, phrase("en", "staff_withdrawn"))
    assert (STAFF, more["message_id"]) not in server.messages
    assert office.records.cases.find(1) is None
    assert phrase("en", "staff_over") in office.staff("Anything else?", reply_to=case)["text"]


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "open"])
def test_forget_in_a_group_takes_back_what_was_asked_in_private_and_nobody_elses(
    office: OfficeBot, server: TelegramServer, *, is_closed: bool
) -> None:
    group = -5
    theirs, mine = office.hand_off("Is it quiet?", 8), office.hand_off("Will my wedding matter?")
    if is_closed:
        office.after(STAFF, lambda: office.choose(mine, "k:"))
    office.say("fee?", 8)
    office.say("@rahnuma_test_bot and in the group?", group, chat_type="group", user_id=8)
    office.say("/forget", group, chat_type="group", user_id=STUDENT)
    assert "wedding" not in office.now(mine)["text"]
    assert office.records.cases.of_chat(STUDENT) == []
    assert office.say("/person")["text"] == phrase("en", "person_write")
    assert "quiet" in office.now(theirs)["text"]
    office.say("@rahnuma_test_bot how much?", group, chat_type="group", user_id=8)
    last = office.script.leaned_on[-1]
    assert last is not None
    assert last.question == "and in the group?"
    assert office.say("/person", 8)["text"] == phrase("en", "person_offer", question="fee?")


@pytest.mark.parametrize(
    "fault", [{"status": 502, "times": 2}, {"status": 429, "retry_after": 1}, {"drop": "before"}], ids=str
)
@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
def test_what_is_forgotten_is_taken_back_whatever_fails(
    office: OfficeBot, server: TelegramServer, method: str, fault: Json
) -> None:
    case = office.hand_off("Will my wedding matter?")
    office.staff("No.", reply_to=case)
    answer = office.seen(STUDENT)[-1]
    more = office.after(STAFF, lambda: server.text(STUDENT, "Thanks", reply_to=answer))
    server.faults.append(Fault(method, **fault))
    forget(office)
    assert phrase("en", "staff_withdrawn") in office.now(case)["text"]
    assert (STAFF, more["message_id"]) not in server.messages


def test_forget_that_is_broken_off_is_taken_up_by_the_next_start(office: OfficeBot, server: TelegramServer) -> None:
    case = office.hand_off("Will my wedding matter?")
    server.faults.append(Fault("editMessageText", times=1000, status=502))
    server.text(STUDENT, "/forget")
    server.wait_until(lambda: server.faults[0].times < 1000)
    office.stop()
    server.faults.clear()
    assert "wedding" in office.now(case)["text"]
    assert office.after(STUDENT, office.start)["text"] == phrase("en", "forgotten")
    assert phrase("en", "staff_withdrawn") in office.now(case)["text"]


def test_what_is_too_old_to_be_deleted_is_written_over(office: OfficeBot, server: TelegramServer) -> None:
    case = office.hand_off()
    office.staff("Which hostel?", reply_to=case)
    question = office.seen(STUDENT)[-1]
    more = office.after(STAFF, lambda: server.text(STUDENT, "The pink one", reply_to=question))
    shown = office.after(STAFF, lambda: server.photo(STUDENT, "This pink one", reply_to=question))
    server.keeps_all = True
    forget(office)
    assert phrase("en", "staff_withdrawn") in office.now(more)["text"]
    assert phrase("en", "staff_withdrawn") in office.now(shown)["caption"]


def test_what_is_out_of_reach_since_the_chat_was_moved_is_not_mistaken_for_what_has_its_number_now(
    office: OfficeBot, server: TelegramServer
) -> None:
    old = office.hand_off("Will my wedding matter?")
    moved = -100999
    server.join(moved, "supergroup")
    server.messages[moved, old["message_id"]] = {**old, "chat": {"id": moved, "type": "supergroup"}, "text": "another"}
    office.staff("No.", reply_to=old)
    server.migrated[STAFF] = moved
    answer = office.seen(STUDENT)[-1]
    more = office.after(moved, lambda: server.text(STUDENT, "Thanks", reply_to=answer))
    assert "reply_to_message" not in more
    forget(office)
    assert server.messages[moved, old["message_id"]]["text"] == "another"
    assert (moved, more["message_id"]) not in server.messages


def test_what_was_wrong_is_forgotten_too(office: OfficeBot, server: TelegramServer, script: Script) -> None:
    script.entry = Entry("faq.csv#a", "faq", {"en": Wording("faq.csv#a", "faq.csv", "Day?", "Monday.")})
    for student, words in ((STUDENT, "my uncle Bashir paid less"), (8, "it is Tuesday")):
        answer = office.say("which day?", student)
        blame = office.after(student, partial(server.tap_data, answer, "w:wrong:0123456789abcdef:en"))
        office.say(words, student, reply_to=blame)
    assert len(office.records.remarks.list_notes()) == 2
    office.say("/forget")
    assert [note.words for note in office.records.remarks.list_notes()] == ["it is Tuesday"]


def test_after_forget_no_word_and_no_id_is_left_in_the_records_or_the_log(
    office: OfficeBot, server: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    student = 987654321
    case = office.hand_off("Will my wedding matter?", student, way=":y:")
    office.staff("No.", reply_to=case)
    office.say("/forget", student)

    def is_clean() -> bool:
        held = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
        return all(word not in held for word in (b"wedding", b"Ayesha", b"987654321", student.to_bytes(4)))

    server.wait_until(is_clean)
    assert not any(word in caplog.text for word in ("wedding", "Ayesha", "987654321"))


def test_kills_at_any_time_lose_no_question_and_repeat_at_most_one_each(
    server: TelegramServer, records: Records, tmp_path: Path
) -> None:
    kills, asked = 2, 9
    server.join(STAFF, "supergroup")
    for student in range(1, asked + 1):
        server.join(student, "private")
        number = records.cases.offer(student, None, "en", f"question {student}?", "", DAY)
        message = {"message_id": 1, "date": 1, "chat": {"id": student, "type": "private"}, "from": BOT, "text": "?"}
        server.tap_data(message, f"p:n:{number}")

    def seen() -> list[str]:
        return [message["text"].split("\n")[3] for message in server.sent if message["chat"]["id"] == STAFF]

    database = f"sqlite:///{tmp_path / 'records.sqlite'}"
    command = [sys.executable, "-m", "tests.chat.bot_process", server.url, server.token, database, "0", str(STAFF)]
    for kill in range(kills + 1):
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": "."}, stderr=subprocess.DEVNULL)
        try:
            if kill < kills:
                server.wait_until(partial(lambda least: len(set(seen())) >= least, 3 * (kill + 1)), 20)
            else:
                server.wait_until(lambda: records.cases.count_open() == asked and not records.cases.find_unsent(), 20)
        finally:
            process.kill()
            process.wait()
    assert set(seen()) == {f"question {student}?" for student in range(1, asked + 1)}
    assert len(seen()) <= asked + kills


def test_privacy_tells_of_cases_where_there_is_an_office(office: OfficeBot) -> None:
    told = office.say("/privacy")["text"]
    assert phrase("en", "privacy_person") in told
    assert phrase("en", "privacy_person_time", days=30) in told


def test_the_chats_id_is_told_only_until_the_staffs_chat_is_set(
    server: TelegramServer, bot: RunningBot, records: Records
) -> None:
    server.text(-55, "/id", chat_type="group", user_id=9)
    assert "-55" in server.wait_for_replies(1)[0]["text"]
