"""What the bot says on Telegram, through the real application and a Bot API server."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.index.entries import entry_key
from bot.language.phrases import phrase
from bot.records import Blame, Count, Feedback, Gap, Note, Records
from bot.types import LANGUAGES, Answer, Entry, Language, Part, Passage, Wording
from tests.chat.scripted import DAY, RunningBot, Script, make_answer
from tests.telegram_server import Json, TelegramServer

pytestmark = pytest.mark.usefixtures("bot")


def say(server: TelegramServer, text: str, chat_id: int = 7, language_code: str = "en", **person: Any) -> Json:  # noqa: ANN401
    """Send a text and return the bot's reply."""
    before = len(server.sent)
    server.text(chat_id, text, language_code=language_code, **person)
    return server.wait_for_replies(before + 1)[before]


@pytest.mark.parametrize(
    ("language_code", "language"), [("ur", "ur"), ("zh-hans", "zh"), ("zh-TW", "zh"), ("en", "en"), ("en-GB", "en")]
)
def test_start_greets_in_the_phones_language(server: TelegramServer, language_code: str, language: Language) -> None:
    greeting = say(server, "/start", language_code=language_code)
    assert plain(greeting["text"]).startswith(phrase(language, "hello"))
    labels = [plain(button["text"]) for button in buttons_of(greeting)]
    assert [phrase(language, f"example_{number}") for number in (1, 2, 3, 4)] == labels[:4]
    assert {phrase(each, "language_name") for each in LANGUAGES} <= set(labels)
    assert phrase(language, "menu") in labels


def buttons_of(message: Json) -> list[Json]:
    return [button for row in message["reply_markup"]["inline_keyboard"] for button in row]


def plain(text: str) -> str:
    return text.translate({ord(control): None for control in "\u200f\u2066\u2067\u2069"})


def test_start_greets_everybody_where_the_phone_speaks_another_language(server: TelegramServer) -> None:
    greeting = say(server, "/start", language_code="pa")
    assert [plain(line) for line in greeting["text"].split("\n")] == [
        phrase(each, "hello") for each in ("en", "ur", "zh")
    ]
    examples = [plain(button["text"]) for button in buttons_of(greeting)[:4]]
    assert examples == [phrase(each, f"example_{number}") for number, each in enumerate(LANGUAGES, 1)]


def test_help_is_in_the_chosen_language(server: TelegramServer, records: Records) -> None:
    records.set_language(7, "zh")
    text = say(server, "/help", language_code="ur")["text"]
    assert text.startswith(phrase("zh", "help"))
    assert "/privacy" in text


def test_an_unknown_command_gets_the_help(server: TelegramServer, script: Script) -> None:
    assert say(server, "/fees")["text"].startswith(phrase("en", "help"))
    assert script.asked == []


def test_a_language_is_chosen_by_a_tap_and_kept(server: TelegramServer, script: Script, records: Records) -> None:
    menu = say(server, "/language", language_code="ur")
    assert plain(menu["text"]) == phrase("ur", "language_question")
    server.tap(menu, "Roman Urdu")
    assert server.wait_for_call("answerCallbackQuery")
    edited = server.wait_for_call("editMessageText")
    assert edited["text"] == phrase("ur-Latn", "language_set")
    assert records.language_of(7) == "ur-Latn"
    say(server, "What is the fee?")
    assert script.asked == [("What is the fee?", "ur-Latn")]


def test_the_language_follows_the_question_again_after_a_tap(server: TelegramServer, records: Records) -> None:
    records.set_language(7, "zh")
    server.tap(say(server, "/language"), phrase("zh", "language_automatic"))
    assert server.wait_for_call("editMessageText")["text"] == phrase("zh", "language_follows")
    assert records.language_of(7) is None


def test_a_second_tap_on_the_same_language_is_harmless(server: TelegramServer) -> None:
    menu = say(server, "/language")
    server.tap(menu, "中文")
    server.tap(menu, "中文")
    server.wait_until_confirmed()
    assert say(server, "hello")["text"] == "You asked: hello"
    assert len(server.sent) == 2


def test_a_command_that_is_edited_is_not_carried_out_again(server: TelegramServer, records: Records) -> None:
    records.set_language(7, "ur")
    server.wait_until_confirmed()
    updates = [server.text(7, text) for text in ("/help", "/menu", "/halp")]
    server.wait_for_replies(3)
    for update, text in zip(updates, ("/help me", "/forget", "/language"), strict=True):
        server.edit(update, text)
    assert "fee?" in say(server, "fee?")["text"]
    assert records.language_of(7) == "ur"


def test_privacy_tells_and_forget_deletes(server: TelegramServer, records: Records) -> None:
    records.set_language(7, "ur")
    told = plain(say(server, "/privacy")["text"])
    assert phrase("ur", "privacy_times", days=30) in told
    headings = [phrase("ur", f"privacy_{name}") for name in ("what", "how_long", "why", "delete")]
    assert [block for block in told.split("\n\n") if block in headings] == headings
    assert plain(say(server, "/forget")["text"]) == phrase("ur", "forgotten")
    assert records.language_of(7) is None


def test_a_slow_question_is_answered_with_typing_first(
    server: TelegramServer, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.delivery._TYPING_AFTER", 0.0)
    assert say(server, "What is the fee?")["text"] == "You asked: What is the fee?"
    assert script.asked == [("What is the fee?", None)]
    order = [method for method, _ in server.calls if method in ("sendChatAction", "sendMessage")]
    assert order == ["sendChatAction", "sendMessage"]


def test_a_private_reply_quotes_nothing(server: TelegramServer) -> None:
    assert "reply_to_message" not in say(server, "hi")


@pytest.mark.parametrize("text", [" ", "\n\n"])
def test_an_empty_question_is_told_so(server: TelegramServer, script: Script, text: str) -> None:
    assert say(server, text, language_code="zh")["text"] == phrase("zh", "empty_question")
    assert script.asked == []


def test_a_question_of_4096_characters_is_read_whole(server: TelegramServer, script: Script) -> None:
    script.rules["long"] = lambda question, language: make_answer(Part("text", str(len(question))))
    assert say(server, "long" + "x" * 4092)["text"] == "4096"


def test_a_service_message_is_passed_over(server: TelegramServer) -> None:
    server.message(7, {"new_chat_title": "Class of 2026"})
    assert say(server, "hi")["text"] == "You asked: hi"


def test_an_edited_question_gets_its_answer_edited(server: TelegramServer, script: Script) -> None:
    say(server, "graphic design")
    update_id = server.text(7, "fee of wleding?")
    first = server.wait_for_replies(2)[1]
    server.edit(update_id, "fee of welding?")
    server.wait_until(lambda: shown(server, first)["text"] == "You asked: fee of welding?")
    assert len(server.sent) == 2
    # The question leans on what came before it, not on its own first answer.
    assert [previous.question if previous else None for previous in script.leaned_on] == [
        None,
        "graphic design",
        "graphic design",
    ]


def shown(server: TelegramServer, message: Json) -> Json:
    """Return a message of the bot's as it is now."""
    return server.messages[message["chat"]["id"], message["message_id"]]


def test_an_edit_that_changes_nothing_is_harmless(server: TelegramServer) -> None:
    update_id = server.text(7, "fee?")
    server.wait_for_replies(1)
    server.edit(update_id, "fee?")
    server.wait_for_call("editMessageText")
    assert say(server, "hello")["text"] == "You asked: hello"
    assert len(server.sent) == 2


def test_an_edited_question_is_answered_anew_where_its_answer_no_longer_fits(
    server: TelegramServer, script: Script
) -> None:
    script.rules["long"] = lambda question, language: make_answer(Part("text", "word " * 1000))
    update_id = server.text(7, "fee?")
    server.wait_for_replies(1)
    server.edit(update_id, "a long one")
    server.wait_for_replies(3)
    server.edit(update_id, "short again")
    assert server.wait_for_replies(4)[3]["text"] == "You asked: short again"


def test_an_edited_question_is_answered_anew_where_its_answer_was_deleted(server: TelegramServer) -> None:
    update_id = server.text(7, "fee?")
    first = server.wait_for_replies(1)[0]
    del server.messages[7, first["message_id"]]
    server.edit(update_id, "fee of welding?")
    assert server.wait_for_replies(2)[1]["text"] == "You asked: fee of welding?"


def test_an_edited_question_is_answered_anew_after_a_restart(
    server: TelegramServer, bot: RunningBot, start_bot: Callable[[], RunningBot]
) -> None:
    update_id = server.text(7, "fee?")
    server.wait_for_replies(1)
    bot.stop()
    start_bot()
    server.edit(update_id, "fee of welding?")
    assert server.wait_for_replies(2)[1]["text"] == "You asked: fee of welding?"


GROUP = -100123


def test_a_group_is_answered_only_where_the_bot_is_meant(server: TelegramServer, script: Script) -> None:
    person: Json = {"chat_type": "supergroup", "user_id": 9}
    server.text(GROUP, "anyone for tea?", **person)
    server.photo(GROUP, **person)
    answer = say(server, "@Rahnuma_Test_Bot what is the fee?", GROUP, **person)
    assert answer["text"] == "You asked: what is the fee?"
    assert answer["reply_to_message"]["text"].startswith("@Rahnuma")
    server.text(GROUP, "@rahnuma_test_bot2 not you", **person)
    assert say(server, "and the stipend?", GROUP, reply_to=answer, **person)["text"] == "You asked: and the stipend?"
    assert say(server, "/help@rahnuma_test_bot", GROUP, **person)["text"].startswith(phrase("en", "help"))
    server.text(GROUP, "/help@other_bot", **person)
    server.text(GROUP, "/unknown", **person)
    assert say(server, "@rahnuma_test_bot", GROUP, **person)["text"] == phrase("en", "empty_question")
    assert len(server.sent) == 4
    assert [question for question, _ in script.asked] == ["what is the fee?", "and the stipend?"]


def offer(question: str, language: Language) -> Answer:
    choices = (Part("choice", f"{name} <{'x' * 80}>", entry_id=f"faq/{name * 60}.csv#id") for name in "ab")
    return make_answer(Part("text", "Which?"), *choices, language=language, outcome="clarify")


def test_a_tapped_choice_is_answered_in_the_questions_language(server: TelegramServer, script: Script) -> None:
    script.rules["کورس"] = offer
    message = say(server, "کورس کی فیس؟")
    answer_before = len(server.sent)
    server.tap(message, "2")
    answer = server.wait_for_replies(answer_before + 1)[-1]
    key = entry_key(f"faq/{'b' * 60}.csv#id")
    assert script.shown == [(key, "ur")]
    assert plain(answer["text"]) == f"Entry {key}"
    assert server.wait_for_call("answerCallbackQuery")


def test_a_chosen_language_wins_over_that_of_the_choice(
    server: TelegramServer, script: Script, records: Records
) -> None:
    script.rules["course"] = offer
    message = say(server, "which course?")
    records.set_language(7, "zh")
    server.tap(message, "1")
    server.wait_for_replies(2)
    assert script.shown[0][1] == "zh"


@pytest.mark.parametrize("data", [f"e:{'0' * 16}:ur", "x:of an older version"])
def test_a_choice_that_is_gone_is_told_so(server: TelegramServer, records: Records, data: str) -> None:
    records.set_language(7, "ur")
    message = say(server, "hi")
    server.tap_data(message, data)
    assert plain(server.wait_for_replies(2)[1]["text"]) == phrase("ur", "too_old")


def test_text_of_an_entry_is_never_markup(server: TelegramServer, script: Script) -> None:
    text = 'if a < b & c > d: <b>bold</b> <script> &amp; &nbsp; "q"'
    script.rules["html"] = lambda question, language: make_answer(
        Part("title", text), Part("fact", text, label="<i>"), Part("source", "https://x.pk/?a=1&b=<2>")
    )
    shown = say(server, "html")["text"]
    assert shown.startswith(f"{text}\n\n<i>: {text}\n\n")


def test_a_long_answer_is_sent_in_order_with_its_buttons_last(server: TelegramServer, script: Script) -> None:
    words = [f"word{number}" for number in range(2500)]
    script.rules["long"] = lambda question, language: make_answer(
        Part("text", " ".join(words)), Part("choice", "A", entry_id="a"), outcome="clarify"
    )
    server.text(7, "long")
    server.wait_for_replies(6)
    assert " ".join(message["text"] for message in server.sent).split()[:2500] == words
    assert ["reply_markup" in message for message in server.sent] == [False] * 5 + [True]


def test_an_urdu_answer_isolates_what_runs_the_other_way(server: TelegramServer, script: Script) -> None:
    script.rules["فون"] = lambda question, language: make_answer(
        Part("text", "فون 0300-1234567 پر، یا https://x.pk/a?b=1 پر۔"), language=language
    )
    assert say(server, "فون نمبر کیا ہے؟")["text"] == (
        "فون \u20660300-1234567\u2069 پر، یا \u2066https://x.pk/a?b=1\u2069 پر۔"
    )


def test_questions_are_counted_and_gaps_kept_without_who_asked(
    server: TelegramServer, script: Script, records: Records, bot: RunningBot
) -> None:
    script.rules["moon"] = lambda question, language: make_answer(Part("text", "no"), outcome="refused")
    say(server, "fee?")
    say(server, "a course on the moon?")
    bot.stop()
    assert records.list_counts() == [Count(DAY, "en", "answered", 1), Count(DAY, "en", "refused", 1)]
    assert records.list_gaps() == [Gap(DAY, "en", "a course on the moon?")]
    assert records.take_kept() == []


def test_a_question_is_given_the_answer_before_in_its_own_chat_alone(server: TelegramServer, script: Script) -> None:
    say(server, "graphic design")
    say(server, "and the fee?")
    say(server, "and the fee?", chat_id=8)
    say(server, "/forget")
    say(server, "and the fee?")
    assert [previous.question if previous else None for previous in script.leaned_on] == [
        None,
        "graphic design",
        None,
        None,
    ]


def rated(language: Language) -> Answer:
    """Return an answer that rests on one entry."""
    entry = Entry("faq.csv#fee", "faq", {"en": Wording("faq.csv#fee", "faq.csv", "Fee?", "1200")})
    return replace(make_answer(Part("text", "1200"), language=language), passages=(Passage(entry, "en", 1.0),))


@pytest.mark.parametrize(
    ("button", "counted", "key"),
    [("👍", Feedback("faq.csv#fee", 1, 0), "rated_good"), ("👎", Feedback("faq.csv#fee", 0, 1), "rated_bad")],
)
def test_an_answer_is_rated_once_without_who_did(
    server: TelegramServer,
    script: Script,
    records: Records,
    bot: RunningBot,
    button: str,
    counted: Feedback,
    key: str,
) -> None:
    script.rules["fee"] = lambda question, language: rated(language)
    script.entry = rated("en").passages[0].entry
    message = say(server, "fee?")
    server.tap(message, button)
    assert server.wait_for_call("answerCallbackQuery")["text"] == phrase("en", key)
    left = server.wait_for_call("editMessageReplyMarkup")["reply_markup"]["inline_keyboard"]
    assert not [each for row in left for each in row if each["callback_data"].startswith("r:")]
    bot.stop()
    assert records.list_feedback() == [counted]
    assert len(server.sent) == 1


def test_a_forged_rating_counts_nothing(server: TelegramServer, records: Records, script: Script) -> None:
    message = say(server, "hi")
    server.tap_data(message, "r:+:0000000000000000")
    server.tap_data(message, "r:nonsense")
    server.wait_until_confirmed()
    say(server, "hello")
    assert records.list_feedback() == []


def test_a_refusal_is_not_rated_and_leads_to_the_menus(server: TelegramServer, script: Script) -> None:
    script.rules["moon"] = lambda question, language: make_answer(Part("text", "no"), outcome="refused")
    assert [button["text"] for button in buttons_of(say(server, "moon?"))] == [phrase("en", "menu")]


def test_blame_asks_what_was_wrong_in_buttons_and_a_word(
    server: TelegramServer, script: Script, records: Records
) -> None:
    script.rules["fee"] = lambda question, language: rated(language)
    script.entry = rated("en").passages[0].entry
    message = say(server, "fee?")
    server.tap(message, "👎")
    server.wait_for_call("editMessageReplyMarkup")
    server.tap(shown(server, message), phrase("en", "reason_old"))
    asked = server.wait_for_replies(2)[1]
    assert asked["text"] == phrase("en", "blame_word")
    assert [button["text"] for button in buttons_of(shown(server, message))] == [phrase("en", "menu")]
    assert say(server, "It is 1500 now", reply_to=asked)["text"] == phrase("en", "rated_good")
    remarks = records.remarks
    assert remarks.list_blames() == [Blame("faq.csv#fee", "old", 1)]
    assert remarks.list_notes() == [Note(DAY, "en", "faq.csv#fee", "old", "It is 1500 now")]
    assert [question for question, _ in script.asked] == ["fee?"]
    server.tap(asked, phrase("en", "blame_done"))
    server.wait_until(lambda: shown(server, asked)["text"] == phrase("en", "rated_good"))


def test_a_persons_own_buttons_ask_for_no_word(server: TelegramServer, records: Records) -> None:
    forged = say(server, "hi") | {"from": {"id": 9, "is_bot": False, "first_name": "A"}}
    forged["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": f"t:old:{'a' * 16}"}]]}
    assert say(server, "the fee?", reply_to=forged)["text"] == "You asked: the fee?"
    assert records.remarks.list_notes() == []


def test_an_example_is_asked_by_a_tap(server: TelegramServer, script: Script) -> None:
    greeting = say(server, "/start", language_code="zh")
    server.tap(greeting, phrase("zh", "example_2"))
    assert server.wait_for_replies(2)[1]["text"].endswith(phrase("zh", "example_2"))
    assert script.asked == [(phrase("zh", "example_2"), "zh")]


def test_the_greeting_changes_its_language_in_place(server: TelegramServer, records: Records) -> None:
    greeting = say(server, "/start", language_code="pa")
    server.tap(greeting, "اردو")
    server.wait_until(lambda: plain(shown(server, greeting)["text"]).startswith(phrase("ur", "hello")))
    assert records.language_of(7) == "ur"
    assert len(server.sent) == 1


def test_blame_is_spoken_of_in_the_answers_language(server: TelegramServer, script: Script) -> None:
    script.rules["学费"] = lambda question, language: rated(language)
    script.entry = rated("zh").passages[0].entry
    message = say(server, "学费多少？", language_code="ur")
    server.tap(message, "👎", language_code="ur")
    assert server.wait_for_call("answerCallbackQuery")["text"] == phrase("zh", "rated_bad")
    server.wait_for_call("editMessageReplyMarkup")
    server.tap(shown(server, message), phrase("zh", "reason_old"), language_code="ur")
    assert server.wait_for_replies(2)[1]["text"] == phrase("zh", "blame_word")
