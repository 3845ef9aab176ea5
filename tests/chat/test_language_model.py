"""What the conversation owes to a language model behind it."""

from dataclasses import replace

import pytest

from bot.index.entries import entry_key
from bot.language.phrases import load_phrases, phrase
from bot.records import Records
from bot.types import LANGUAGES, Entry, Language, Part, Passage, Wording
from tests.chat.office import OfficeBot
from tests.chat.scripted import RunningBot, Script, make_answer
from tests.telegram_server import Json, TelegramServer


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_tells_where_words_go(
    server: TelegramServer, script: Script, records: Records, language: Language
) -> None:
    records.set_language(7, language)
    bot = RunningBot(server, script.ask, script.show, records, uses_llm=True)
    server.text(7, "/privacy")
    (told,) = server.wait_for_replies(1)
    bot.stop()
    assert phrase(language, "privacy_llm")[:12] in told["text"].translate(
        dict.fromkeys(map(ord, "\u200f\u2066\u2067\u2069"))
    )


def test_who_speaks_is_told_apart_without_their_number(server: TelegramServer, script: Script, bot: RunningBot) -> None:
    for chat in (7_000_001, 7_000_001, 7_000_002):
        server.text(chat, "fee?")
        server.wait_for_replies(len(script.speakers) + 1)
    first, again, other = script.speakers
    assert first == again != other
    assert first
    assert "7000001" not in first


def test_a_translation_offers_its_original_and_is_rated(
    server: TelegramServer, script: Script, bot: RunningBot
) -> None:
    entry = Entry("faq.csv#library", "faq", {"en": Wording("faq.csv#library", "faq.csv", "Books?", "4 books.")})
    parts = Part("text", "4本书。"), Part("choice", phrase("zh", "llm_original", language="英文"), entry_id=entry.id)
    shown = replace(make_answer(*parts, language="zh"), passages=(Passage(entry, "en", 1.0),))
    answer = replace(shown, trace={"translated": 1.0})
    script.rules["书"] = lambda question, language: answer
    server.text(7, "书")
    (told,) = server.wait_for_replies(1)
    rows = told["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows[:2]] == [1, 2]
    assert "查看英文原文" in rows[0][0]["text"]
    server.tap(told, "查看英文原文")
    server.wait_for_replies(2)
    assert script.shown == [(entry_key(entry.id), "zh")]
    assert script.told == []


def test_whatever_may_call_a_model_is_counted_to_the_person_who_asks(
    server: TelegramServer, script: Script, bot: RunningBot
) -> None:
    key = entry_key("faq.csv#library")
    group: Json = {"chat_type": "supergroup", "user_id": 7}

    def told(number: int) -> Json:
        return server.wait_for_replies(number)[-1]

    asked = server.text(7, "fee?")
    answer = told(1)
    server.text(-5, "@rahnuma_test_bot fee?", **group)
    told(2)
    server.text(7, f"/start c_{key}")
    told(3)
    for number, payload in enumerate((f"e:{key}:en", f"n:e:e.{key}", "q:1:en"), 4):
        server.tap_data(answer, payload)
        told(number)
    server.edit(asked, "fees?")
    server.wait_for_call("editMessageText")
    assert script.told == [(key, "en")] * 3
    assert len(script.speakers) == 7
    assert len(set(script.speakers)) == 1
    assert script.speakers[0]


def test_a_question_written_for_a_person_is_counted_to_who_wrote_it(office: OfficeBot, script: Script) -> None:
    office.say("fee?")
    office.say("/forget")
    office.say("/person")
    office.say("Is the hostel safe?")
    first, again = script.speakers
    assert first == again
    assert first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_button_fits_a_phone(language: Language) -> None:
    names = [load_phrases(language)[f"name_{content}"] for content in ("en", "ur", "zh")]
    assert all(len(phrase(language, "llm_original", language=name)) <= 30 for name in names)
