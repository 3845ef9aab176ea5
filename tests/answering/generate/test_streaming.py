"""What is read of an answer while it is written: whole sentences that passed the guards, and then one answer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from bot.answering.generate import model
from bot.answering.generate.cache import Cache
from bot.answering.generate.draft import read_begun
from bot.answering.generate.model import ChatModel, Reply
from bot.answering.generate.prompts import Message
from bot.answering.generate.sense import Said, Sense
from bot.answering.generate.support import Support
from bot.app import App, describe_model
from bot.errors import ModelError
from bot.index.entries import entry_key
from bot.index.vectors import Vectors
from bot.language.phrases import phrase
from bot.types import LANGUAGES, Answer, Entry, Language
from tests.answering.generate.conftest import MakeApp
from tests.answering.generate.streamed import PAUSE, STREAMED, Streamed
from tests.llm_server import Json, LlmServer, Say, draft

FEE = "How much is the diploma fee?"
SENTENCES = (
    "The diploma fee is 1200 rupees a year.",
    "Pay it at the bank by 31 October 2026.",
    "Second-hand books cost about half.",
)
RIGHT = draft(*SENTENCES)


def counts(app: App) -> dict[str, float]:
    assert app.writer is not None
    return app.writer.counters.snapshot()


def prose(answer: Answer) -> str:
    return next(part.text for part in answer.parts if part.kind == "text")


@dataclass(frozen=True)
class Typed:
    """A model whose reply is followed after every few letters, to its end or to where it goes wrong."""

    say: Say

    def call(self, messages: Sequence[Message], seconds: float, on_text: Callable[[str], None] | None = None) -> Reply:
        text, stops = self.say.text, self.say.half or self.say.hang or self.say.drip
        end = len(text) // 2 if stops else len(text)
        for number in range(0, end + 1, 3):
            if on_text is not None:
                on_text(text[:number])
        if stops:
            raise ModelError("broken" if self.say.half else "timeout")
        return Reply(text, 0)


def let_type(app: App, say: Say) -> App:
    assert app.writer is not None
    return replace(app, writer=replace(app.writer, model=Typed(say), cache=Cache()))


def stream(app: App, question: str, language: Language | None = None) -> tuple[Answer, list[Answer]]:
    seen: list[Answer] = []
    return app.ask(question, language, on_progress=seen.append), seen


def test_replies_go_wrong_on_the_way_in_every_writing() -> None:
    assert {case.writing for case in STREAMED} == set(LANGUAGES)


@pytest.mark.parametrize("case", STREAMED, ids=str)
def test_nothing_is_read_but_sentences_that_hold_and_then_the_quoted_answer(quick_app: App, case: Streamed) -> None:
    app = let_type(quick_app, case.say)
    answer, seen = stream(app, case.question, case.writing)
    assert answer.parts == app.answerer.answer(case.question, case.writing).parts
    assert [prose(each) for each in seen] == [f"{case.join(number)} …" for number in range(1, case.shown + 1)]
    assert counts(app).get("streamed", 0) == bool(case.shown)
    assert counts(app)["quoted"] == 1


@pytest.mark.parametrize("pieces", [1, 7, 200])
def test_an_answer_is_read_sentence_by_sentence_with_its_source(quick_app: App, llm: LlmServer, pieces: int) -> None:
    llm.rule = lambda body: Say(RIGHT, pieces=pieces, pause=0.002 * pieces)
    answer, seen = stream(quick_app, FEE)
    assert answer.trace["written"] == 1.0
    assert prose(answer) == " ".join(SENTENCES)
    assert {prose(each) for each in seen} <= {" ".join(SENTENCES[:number]) + " …" for number in (1, 2, 3)}
    assert seen
    for each in seen:
        assert each.parts[0] == answer.parts[0]
        assert [part for part in each.parts if part.kind == "source"] == [p for p in answer.parts if p.kind == "source"]
    assert counts(quick_app)["streamed"] == 1
    assert llm.seen[0]["stream"] is True


def test_what_was_shown_never_becomes_less(quick_app: App, llm: LlmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_FIRST_WAIT", 0.01)
    llm.script = [Say(RIGHT, pause=PAUSE, half=True), Say(RIGHT, pause=PAUSE)]
    answer, seen = stream(quick_app, FEE)
    assert answer.trace["written"] == 1.0
    lengths = [len(prose(each)) for each in seen]
    assert lengths == sorted(lengths)
    assert len(llm.seen) == 2


def test_very_slow_words_end_at_the_deadline_with_the_quoted_answer(deadline_app: App, llm: LlmServer) -> None:
    llm.rule = lambda body: Say(RIGHT, pieces=4, pause=0.05)
    answer, seen = stream(deadline_app, FEE)
    assert answer.parts == deadline_app.answerer.answer(FEE).parts
    assert {prose(each) for each in seen} <= {" ".join(SENTENCES[:number]) + " …" for number in (1, 2)}
    assert counts(deadline_app)["fallback.timeout"] == 1


def test_a_repair_is_not_streamed(quick_app: App, llm: LlmServer) -> None:
    wrong = draft(SENTENCES[0], "An entrance test costs 500 rupees.")
    llm.script = [Say(wrong, pause=PAUSE), Say(RIGHT, pause=PAUSE)]
    answer, seen = stream(quick_app, FEE)
    assert prose(answer) == " ".join(SENTENCES)
    assert {prose(each) for each in seen} <= {f"{SENTENCES[0]} …"}
    assert [bool(body.get("stream")) for body in llm.seen] == [True, False]


def test_what_comes_from_the_cache_and_what_nobody_follows_is_not_streamed(quick_app: App, llm: LlmServer) -> None:
    llm.rule = lambda body: Say(RIGHT)
    quick_app.ask(FEE)
    assert not llm.seen[0].get("stream")
    assert stream(quick_app, FEE)[1] == []
    assert counts(quick_app)["cached"] == 1
    assert "streamed" not in counts(quick_app)


def test_a_reply_that_denies_an_answer_shows_nothing(quick_app: App, llm: LlmServer) -> None:
    llm.rule = lambda body: Say(draft(*SENTENCES, found=False), pause=PAUSE)
    answer, seen = stream(quick_app, FEE)
    assert seen == []
    assert answer.parts[-1].text == phrase("en", "llm_unsure")


def test_a_reply_that_denies_its_answer_at_its_end_leaves_the_quoted_one_with_a_doubt(
    quick_app: App, llm: LlmServer
) -> None:
    llm.rule = lambda body: Say(RIGHT.removesuffix("}") + ', "found": false}', pause=PAUSE)
    answer, _ = stream(quick_app, FEE)
    assert answer.parts[:-1] == quick_app.answerer.answer(FEE).parts
    assert answer.parts[-1].text == phrase("en", "llm_unsure")


def test_a_translation_is_streamed_as_a_machines(quick_app: App) -> None:
    first, second = "会员可以借4本书，期限两周。", "逾期的书每天收10卢比。"
    seen: list[Answer] = []
    told = let_type(quick_app, Say(draft(first, second))).show(
        entry_key("faq.csv#library"), "zh", on_progress=seen.append
    )
    assert told is not None
    assert told.is_translation
    assert [prose(each) for each in seen] == [f"{first} …", f"{first}{second} …"]
    for each in seen:
        assert phrase("zh", "llm_translated", language="英文") in [part.text for part in each.parts]
        assert not [part for part in each.parts if part.kind == "choice"]


def test_a_flood_is_not_read_to_its_end(deadline_app: App, llm: LlmServer) -> None:
    flood = draft(*SENTENCES, *["Pay it at the bank. " * 400] * 2_000)
    llm.rule = lambda body: Say(flood, pieces=4_000)
    answer, _ = stream(deadline_app, FEE)
    assert answer.parts == deadline_app.answerer.answer(FEE).parts
    assert counts(deadline_app)["fallback.form"] == 1


def refuse_streams(body: Json) -> Say:
    return Say(status=400, raw="{}") if body.get("stream") else Say(RIGHT)


def pass_streams_over(body: Json) -> Say:
    return replace(Say(RIGHT), raw=Say(RIGHT).whole)


@pytest.mark.parametrize("rule", [refuse_streams, pass_streams_over])
def test_a_service_that_does_not_stream_is_asked_for_the_whole_and_not_asked_to_again(
    make_app: MakeApp,
    llm: LlmServer,
    rule: Any,  # noqa: ANN401
) -> None:
    llm.rule = rule
    app = make_app()
    answer, seen = stream(app, FEE)
    assert answer.trace["written"] == 1.0
    assert seen == []
    stream(app, "How do I reach the office?")
    assert [bool(body.get("stream")) for body in llm.seen[:3]] == [True, False, False]


class Whole(BaseChatModel):
    """A provider of langchain's that knows no streaming."""

    @property
    def _llm_type(self) -> str:
        return "whole"

    def _generate(self, messages: list[BaseMessage], *_: object, **__: object) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(RIGHT))])


def test_a_provider_that_does_not_stream_answers_as_well(quick_app: App) -> None:
    assert quick_app.writer is not None
    whole = ChatModel(describe_model(quick_app.settings), quick_app.writer.counters)
    whole.__dict__["_model"] = Whole()
    answer, _ = stream(replace(quick_app, writer=replace(quick_app.writer, model=whole)), FEE)
    assert prose(answer) == " ".join(SENTENCES)


def test_a_service_that_refuses_the_key_is_not_asked_twice(make_app: MakeApp, llm: LlmServer) -> None:
    llm.rule = lambda body: Say(status=401, raw="{}")
    app = make_app()
    assert stream(app, FEE)[0].parts == app.answerer.answer(FEE).parts
    assert len(llm.seen) == 1


def test_streaming_encodes_no_more_than_one_check_at_the_end(quick_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []

    def count(part: type[Sense] | type[Support], name: str) -> None:
        real = getattr(part, name)

        def counted(self: object, *given: object) -> Vectors:
            encoded.append(name)
            result: Vectors = real(self, *given)
            return result

        monkeypatch.setattr(part, name, counted)

    for part, name in ((Sense, "read"), (Sense, "find_turned"), (Support, "read"), (Support, "holds")):
        count(part, name)
    let_type(quick_app, Say(RIGHT)).ask(FEE)
    whole, encoded[:] = list(encoded), []
    _, seen = stream(let_type(quick_app, Say(RIGHT)), FEE)
    assert len(seen) == len(SENTENCES)
    assert sorted(encoded) == sorted(whole)


def test_an_entry_that_several_sentences_cite_is_read_once(quick_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Sense.read

    def count(sense: Sense, entry: Entry) -> Said:
        read.append(entry.id)
        return real(sense, entry)

    monkeypatch.setattr(Sense, "read", count)
    cited: list[list[str]] = [["1"], ["2", "1"], ["1", "2"]]
    written = [{"text": text, "cites": cites} for text, cites in zip(SENTENCES, cited, strict=True)]
    stream(let_type(quick_app, Say(json.dumps({"found": True, "sentences": written}))), FEE)
    assert len(read) == len(set(read)) == 2


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", None),
        ("The fee is 1200 rupees.", None),
        ('{"found": true, "sentences": [', None),
        ('{"found": true, "sentences": [{"text": "One.", "cites": ["1"]', None),
        ('{"found": true, "sentences": [{"text": "One.", "cites": ["1"]}', ["One."]),
        ('{"found": true, "sentences": [{"text": "One.", "cites": ["1"]}, {"text": "Two.', ["One."]),
        ('{"found": true, "sentences": [{"text": "One}.", "cites": ["1"]}, {"te', ["One}."]),
        ('{"found": true, "sentences": [{"text": "One.", "cites": ["1"]}, {"text": "a}', None),
        ('{"sentences": [{"text": "One.", "cites": ["1"]}', None),
        ('{"found": false, "sentences": [{"text": "One.", "cites": ["1"]}', None),
        ('```json\n{"found": true, "sentences": [{"text": "One.", "cites": ["1"]}]}\n``', ["One."]),
        ('<think>{"found": true, "sentences": [{"text": "No.", "cites": []}', None),
        ('<think>no</think>{"found": true, "sentences": [{"text": "One.", "cites": ["1"]}', ["One."]),
        ('{"found": true, "sentences": [{"text": "One.", "cites": ["1"]}]} and more }', ["One."]),
        ('{"found": true, "sentences": [{"text": "' + "x" * 20_000 + '", "cites": ["1"]}', None),
    ],
)
def test_of_a_reply_that_is_still_coming_whole_sentences_alone_are_read(text: str, sentences: list[str] | None) -> None:
    begun = read_begun(text)
    assert ([sentence.text for sentence in begun.sentences] if begun else None) == sentences
