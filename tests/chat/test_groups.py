"""Among others: silent unless meant, short, and each in their own language."""

from dataclasses import replace

import pytest

from bot.chat.brief import GROUP_LENGTH, shorten
from bot.chat.buttons import LANGUAGE
from bot.chat.render import render_html
from bot.language.direction import remove_controls
from bot.language.phrases import phrase
from bot.records import Records
from bot.types import LANGUAGES, Entry, Language, Part, Passage, Wording
from tests.chat.scripted import Script, make_answer
from tests.telegram_server import Json, TelegramServer

GROUP = -100123
PERSON: Json = {"chat_type": "supergroup", "user_id": 9}
ASKED = "@rahnuma_test_bot"


@pytest.mark.usefixtures("bot")
def test_an_answer_is_short_whole_and_leads_to_the_private_chat(server: TelegramServer, script: Script) -> None:
    script.rules["fee"] = lambda question, language: make_answer(
        Part("title", "Diploma"),
        Part("text", "It is long. " * 200),
        Part("fact", "1200", label="Fee"),
        Part("source", "https://example.org/fee"),
        language=language,
    )
    server.text(GROUP, f"{ASKED} fee?", **PERSON)
    answer = server.wait_for_replies(1)[0]
    assert len(answer["text"]) <= GROUP_LENGTH
    assert answer["text"].startswith("Diploma\n\nIt is long.")
    assert "Fee: 1200" in answer["text"]
    assert "example.org" in answer["text"]
    assert phrase("en", "brief_more") in answer["text"]
    assert answer["reply_to_message"]["text"] == f"{ASKED} fee?"
    button = answer["reply_markup"]["inline_keyboard"][-1][0]
    assert button["url"].startswith("https://t.me/rahnuma_test_bot?start=")
    assert [method for method, _ in server.calls].count("sendChatAction") == 0


@pytest.mark.parametrize(("is_asked", "label"), [(False, "inline_more"), (True, "brief_button")])
@pytest.mark.usefixtures("bot")
def test_the_whole_answer_is_promised_only_where_there_is_more(
    server: TelegramServer, script: Script, is_asked: bool, label: str
) -> None:
    fact = Part("fact", "1200", label="Fee", is_asked=is_asked)
    entry = Entry("courses.csv#diploma", "course", {"en": Wording("courses.csv#diploma", "courses.csv", "Diploma", "")})
    answer = replace(make_answer(Part("title", "Diploma"), fact), passages=(Passage(entry, "en", 1.0),))
    script.rules["fee"] = lambda question, language: answer
    server.text(GROUP, f"{ASKED} fee?", **PERSON)
    button = server.wait_for_replies(1)[0]["reply_markup"]["inline_keyboard"][-1][0]
    assert button["text"] == phrase("en", label)


@pytest.mark.usefixtures("bot")
def test_choices_are_offered_in_a_group_too(server: TelegramServer, script: Script) -> None:
    choices = [Part("choice", name, entry_id=name) for name in "ab"]
    script.rules["course"] = lambda question, language: make_answer(Part("text", "?"), *choices, outcome="clarify")
    server.text(GROUP, f"{ASKED} course", **PERSON)
    rows = server.wait_for_replies(1)[0]["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [["1", "2"], [phrase("en", "inline_more")]]
    assert "url" in rows[-1][0]
    server.tap(server.sent[0], "2")
    assert server.wait_for_replies(2)[1]["text"].startswith("Entry ")


@pytest.mark.usefixtures("bot")
def test_each_person_has_their_language_in_a_group_and_elsewhere(
    server: TelegramServer, script: Script, records: Records
) -> None:
    records.set_language(9, "ur")
    server.text(GROUP, f"{ASKED} one", **PERSON)
    server.wait_for_replies(1)
    server.text(GROUP, f"{ASKED} two", **PERSON | {"user_id": 10})
    server.wait_for_replies(2)
    server.text(GROUP, f"/forget{ASKED}", **PERSON)
    server.wait_for_replies(3)
    server.text(GROUP, f"{ASKED} three", **PERSON)
    server.wait_for_replies(4)
    assert script.asked == [("one", "ur"), ("two", None), ("three", None)]


@pytest.mark.usefixtures("bot")
def test_a_choice_of_language_says_whose_it_is(server: TelegramServer) -> None:
    server.text(GROUP, f"/language{ASKED}", **PERSON)
    menu = server.wait_for_replies(1)[0]
    server.tap_data(menu, f"{LANGUAGE}zh", **{"from": {"id": 9, "is_bot": False, "first_name": "Ali"}})
    told = remove_controls(server.wait_for_call("editMessageText")["text"])
    assert told == phrase("zh", "language_of_one", name="Ali", text=phrase("zh", "language_set"))


@pytest.mark.usefixtures("bot")
def test_a_group_that_speaks_as_itself_has_a_language_of_its_own(
    server: TelegramServer, script: Script, records: Records
) -> None:
    records.set_language(GROUP, "zh")
    itself = {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "Class"}}
    server.text(GROUP, f"{ASKED} one", **PERSON, **itself)
    server.wait_for_replies(1)
    assert script.asked == [("one", "zh")]


@pytest.mark.usefixtures("bot")
def test_an_unknown_command_is_answered_where_it_names_the_bot(server: TelegramServer) -> None:
    server.text(GROUP, "/fees", **PERSON)
    server.text(GROUP, "/fees@other_bot", **PERSON)
    server.text(GROUP, f"/fees{ASKED}", **PERSON)
    server.text(GROUP, f"/help{ASKED}", **PERSON)
    server.wait_for_replies(2)
    assert server.sent[0]["text"] == phrase("en", "group_hello", name=ASKED)
    assert server.sent[1]["text"].startswith(phrase("en", "help"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("limit", [250, 400, 900])
def test_nothing_is_cut_within_a_fact_or_a_source(language: Language, limit: int) -> None:
    facts = [Part("fact", f"value {number} <&>", label=f"Label {number}") for number in range(30)]
    text = "Pehla jumla. دوسرا جملہ۔ 第三句。\nA line & more\n" * 20
    parts = (Part("title", "T"), Part("text", text), *facts, Part("source", "https://example.org/a?b=1"))
    short = shorten(make_answer(*parts, language=language), limit)
    kept = [part for part in short.parts if part.kind == "fact"]
    assert set(kept) <= set(facts)
    assert short.parts[-1].text == phrase(language, "brief_more")
    assert parts[-1] in short.parts
    messages = render_html(short)
    assert len(messages) == 1
    assert len(messages[0]) <= limit


def test_a_short_answer_stays_as_it_is() -> None:
    answer = make_answer(Part("title", "T"), Part("text", "Short."))
    assert shorten(answer) is answer
