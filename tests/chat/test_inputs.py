"""Whatever else is sent: a kind word each, or deliberately none. The cases are a data file."""

import threading
from pathlib import Path

import pytest
import yaml

from bot.chat.inputs import REPLIES
from bot.chat.limits import EACH_IN_HAND
from bot.language.phrases import phrase
from bot.records import Records
from bot.types import LANGUAGES, Answer, Language, Part
from tests.chat.scripted import Script, make_answer
from tests.telegram_server import Json, TelegramServer

pytestmark = pytest.mark.usefixtures("bot")
CASES = yaml.safe_load(Path("tests/cases/inputs.yaml").read_text("utf-8"))
PERSON = {"language_code": "ur"}
GROUP = -100123


def plain(text: str) -> str:
    return text.translate({ord(control): None for control in "\u200f\u2066\u2067\u2069"})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_every_kind_gets_its_word_or_none(server: TelegramServer, case: Json) -> None:
    server.message(7, case["content"], **PERSON)
    server.text(7, "hi", **PERSON)
    expected = [] if case["says"] == "none" else [phrase("ur", case["says"], example=phrase("ur", "example_4"))]
    server.wait_for_replies(len(expected) + 1)
    assert [plain(message["text"]) for message in server.sent] == [*expected, "You asked: hi"]


def test_every_kind_that_is_told_apart_is_in_the_cases() -> None:
    assert {name for name in REPLIES} <= {name for case in CASES for name in case["content"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_short(language: Language) -> None:
    keys = {*REPLIES.values(), "text_only", "one_by_one", "voice_failed", "voice_unclear", "voice_long"}
    assert all(len(phrase(language, key, example="")) <= 140 for key in keys)


def test_a_caption_is_a_question(server: TelegramServer, script: Script) -> None:
    server.photo(7, caption="这个课程多少钱？")
    assert server.wait_for_replies(1)[0]["text"] == "You asked: 这个课程多少钱？"


def test_an_album_gets_one_reply(server: TelegramServer) -> None:
    for caption in ("", "", "what is this?"):
        server.photo(7, caption=caption, album="a")
    server.photo(7, album="b")
    server.text(7, "hi")
    server.wait_for_replies(4)
    photo = phrase("en", "input_photo")
    assert [m["text"] for m in server.sent] == [photo, "You asked: what is this?", photo, "You asked: hi"]


def test_an_edited_picture_and_a_moving_location_are_passed_over(server: TelegramServer) -> None:
    moving = {"message_id": 5, "date": 1, "edit_date": 2, "chat": {"id": 7, "type": "private"},
              "location": {"latitude": 1.0, "longitude": 1.0}}  # fmt: skip
    server.text(7, "hi")
    server.inject({"edited_message": moving})
    server.text(7, "there")
    server.wait_for_replies(2)
    assert [message["text"] for message in server.sent] == ["You asked: hi", "You asked: there"]


def test_what_is_not_for_the_bot_is_passed_over(server: TelegramServer) -> None:
    server.wait_for_call("getUpdates")
    server._allowed = []
    post = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": -1009, "type": "channel", "title": "N"},
        "text": "@rahnuma_test_bot",
    }
    server.inject({"channel_post": post})
    server.inject({"edited_channel_post": post | {"edit_date": 2}})
    server.text(7, "hi")
    server.wait_for_replies(1)
    server.wait_until_confirmed()
    assert [message["text"] for message in server.sent] == ["You asked: hi"]


def test_a_group_that_adds_the_bot_is_greeted_and_a_block_is_heard_in_silence(server: TelegramServer) -> None:
    server.member(7, "member", "kicked", "private")
    server.member(7, "kicked", "member", "private")
    server.member(GROUP, "left", "member")
    server.member(GROUP, "member", "administrator")
    server.member(GROUP, "administrator", "left")
    server.text(7, "hi")
    server.wait_for_replies(2)
    hello = phrase("en", "group_hello", name="@rahnuma_test_bot")
    assert sorted(message["text"] for message in server.sent) == sorted([hello, "You asked: hi"])


def test_a_group_that_becomes_a_supergroup_keeps_its_choice(server: TelegramServer, records: Records) -> None:
    records.set_language(-5, "zh")
    person: Json = {"chat_type": "group", "user_id": 9}
    server.text(-1005, "hi", chat_type="supergroup", user_id=9)
    server.message(-5, {"migrate_to_chat_id": -1005}, **person)
    server.wait_until(lambda: records.language_of(-1005) == "zh")
    server.wait_until(lambda: records.language_of(-5) is None)
    server.migrated[-5] = -1005
    server.text(-5, "@rahnuma_test_bot what is the fee?", **person)
    (answer,) = server.wait_for_replies(1)
    assert answer["chat"]["id"] == -1005
    # Numbers of the old group's messages are those of others in the new one.
    assert "reply_parameters" not in next(given for name, given in reversed(server.calls) if name == "sendMessage")


def test_a_tap_in_a_group_that_has_become_a_supergroup_is_answered_there(server: TelegramServer) -> None:
    server.text(-5, "/menu", chat_type="group", user_id=9)
    (menu,) = server.wait_for_replies(1)
    server.join(-1005, "supergroup")
    server.migrated[-5] = -1005
    server.tap(menu, phrase("en", "menu_language"))
    page = server.wait_for_replies(2)[1]
    assert (page["chat"]["id"], page["text"]) == (-1005, phrase("en", "language_question"))


def test_in_a_group_only_what_is_meant_for_the_bot_counts_and_is_told_to_be_too_much(
    server: TelegramServer, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Telegram itself lets few messages a minute into a group.
    most = 5
    monkeypatch.setattr("bot.chat.limits.EACH_IN_HAND", most)
    let_go = threading.Event()

    def hold(question: str, language: Language) -> Answer:
        assert let_go.wait(10)
        return make_answer(Part("text", question), language=language)

    script.rules["hold"] = hold
    them: Json = {"chat_type": "supergroup", "user_id": 9}
    server.text(GROUP, "@rahnuma_test_bot hold", **them | {"user_id": 8})
    for number in range(most + 5):
        server.text(GROUP, f"we talk {number}", **them)
        server.text(GROUP, "/fees@other_bot", **them)
    server.text(GROUP, "@rahnuma_test_bot fee?", **them)
    server.wait_until_confirmed()
    let_go.set()
    assert [message["text"] for message in server.wait_for_replies(2)] == ["hold", "You asked: fee?"]
    let_go.clear()
    for _ in range(most + 5):
        server.text(GROUP, "@rahnuma_test_bot hold", **them)
    server.wait_until_confirmed()
    let_go.set()
    server.wait_until(lambda: server.sent[-1]["text"] == phrase("en", "one_by_one"))


def test_ten_messages_in_a_second_are_each_answered(server: TelegramServer) -> None:
    for number in range(10):
        server.text(7, f"q{number}")
    server.wait_for_replies(10)
    assert [message["text"] for message in server.sent] == [f"You asked: q{number}" for number in range(10)]


def test_a_flood_gets_one_notice_in_its_turn_and_holds_up_nobody(
    server: TelegramServer, script: Script, records: Records
) -> None:
    let_go = threading.Event()

    def hold(question: str, language: Language) -> Answer:
        assert let_go.wait(10)
        return make_answer(Part("text", question), language=language)

    script.rules["flood"] = hold
    flood = [server.text(7, f"flood {number}") for number in range(EACH_IN_HAND + 15)]
    server.text(8, "a quiet question")
    assert server.wait_for_replies(1)[0]["text"] == "You asked: a quiet question"
    server.wait_until_confirmed()
    let_go.set()
    server.wait_for_replies(EACH_IN_HAND + 2)
    server.wait_until(lambda: all(records.is_handled(number) for number in flood))
    assert [message["text"] for message in server.sent[1:]] == [
        *(f"flood {number}" for number in range(EACH_IN_HAND)),
        phrase("en", "one_by_one"),
    ]
    server.text(7, "later")
    assert server.wait_for_replies(EACH_IN_HAND + 3)[-1]["text"] == "You asked: later"
