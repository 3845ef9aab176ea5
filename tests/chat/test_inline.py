"""Inline mode, as somebody types after the bot's name in a chat of their own."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import IndexMissingError
from bot.language.phrases import phrase
from bot.records import Records
from bot.types import Answer, Entry, Language, Part, Passage, Wording
from tests.chat.scripted import Script, make_answer
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.usefixtures("bot")


def found(number: int) -> Answer:
    passages = tuple(
        Passage(Entry(f"f.csv#{n}", "faq", {"en": Wording(f"f.csv#{n}", "f.csv", f"Title {n}", "Body")}), "en", 1.0)
        for n in range(number)
    )
    answer = make_answer(Part("title", "Title 0"), Part("text", "Body & <b>more</b>"), Part("source", "https://a.pk"))
    return replace(answer, passages=passages)


def ask(server: TelegramServer, query: str, **person: Any) -> dict[str, Any]:  # noqa: ANN401
    number = server.inline(7, query, **person)
    server.wait_until(lambda: any(given.get("inline_query_id") == number for _, given in server.calls))
    return next(given for _, given in server.calls if given.get("inline_query_id") == number)


def test_a_query_gives_the_answer_and_what_else_was_found(server: TelegramServer, script: Script) -> None:
    script.rules["fee"] = lambda question, language: found(20)
    given = ask(server, "fee?")
    assert len(given["results"]) == 10
    first = given["results"][0]
    assert (first["title"], first["description"]) == ("Title 0", "Body & <b>more</b>")
    assert "Body &amp; &lt;b&gt;" in first["input_message_content"]["message_text"]
    assert "a.pk" in first["input_message_content"]["message_text"]
    assert first["input_message_content"]["parse_mode"] == "HTML"
    assert (given["cache_time"], given["is_personal"]) == (300, False)
    assert given["button"]["text"] == phrase("en", "inline_more")
    assert server._queries == set()


def test_a_chosen_language_makes_the_results_ones_own(server: TelegramServer, script: Script, records: Records) -> None:
    records.set_language(7, "zh")
    script.rules["fee"] = lambda question, language: replace(found(2), language=language)
    given = ask(server, "fee?")
    assert script.asked == [("fee?", "zh")]
    assert given["is_personal"] is True
    assert given["button"]["text"] == phrase("zh", "inline_more")


def test_a_refusal_gives_no_result_but_the_way_to_ask(server: TelegramServer, script: Script) -> None:
    script.rules["moon"] = lambda question, language: replace(found(5), outcome="refused")
    given = ask(server, "moon?")
    assert given["results"] == []
    assert given["button"]["text"] == phrase("en", "inline_none")


@pytest.mark.parametrize("query", ["", "  ", "?!"])
def test_an_empty_query_shows_the_examples_with_their_answers(
    server: TelegramServer, script: Script, query: str
) -> None:
    given = ask(server, query, language_code="ur")
    assert [article["id"] for article in given["results"]] == ["example_1", "example_2", "example_3", "example_4"]
    assert given["is_personal"] is True
    assert script.asked[0] == (phrase("ur", "example_1"), "ur")


def test_a_missing_index_is_not_remembered(server: TelegramServer, script: Script) -> None:
    def fail(question: str, language: Language) -> Answer:
        raise IndexMissingError("none")

    script.rules[""] = fail
    given = ask(server, "fee?")
    assert (given["results"], given["cache_time"]) == ([], 0)


def test_nothing_of_it_is_kept_and_a_late_answer_harms_nothing(
    server: TelegramServer, records: Records, script: Script
) -> None:
    server._queries.clear()
    update = {"id": "gone", "from": {"id": 7, "is_bot": False, "first_name": "A"}, "query": "fee", "offset": ""}
    number = server.inject({"inline_query": update})
    server.text(7, "hi")
    server.wait_for_replies(1)
    assert not records.is_handled(number)
    assert records.keep([(number, "other")]) == {number}


def test_what_was_picked_is_a_message_of_its_sender_and_gets_nothing(server: TelegramServer) -> None:
    bot = {"id": 4242, "is_bot": True, "first_name": "Rahnuma", "username": "rahnuma_test_bot"}
    server.text(7, "The fee is 1200.", via_bot=bot)
    server.text(7, "hi")
    assert [message["text"] for message in server.wait_for_replies(1)] == ["You asked: hi"]
