"""The story of an answer in the bot's own words: complete the question, answer, word it anew, check, or leave it.

Whether to answer, ask back or refuse is decided before the model sees anything; it can only word an answer that is
already there. Whatever goes wrong, the quoted answer stands.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from bot.answering.generate.budget import Budget
from bot.answering.generate.cache import Cache
from bot.answering.generate.counters import LlmCounters
from bot.answering.generate.draft import Draft, FormError, read_draft
from bot.answering.generate.model import MOST_ANSWER_TOKENS, Reply
from bot.answering.generate.names import NameBook
from bot.answering.generate.prompts import (
    Message,
    ask_for_answer,
    ask_for_question,
    ask_for_repair,
    ask_for_translation,
    choose_passages,
    estimate_tokens,
)
from bot.answering.generate.rewrite import find_context, find_spoken, is_faithful, is_same, may_lean
from bot.answering.generate.stream import Check, Stream
from bot.answering.generate.verify import Fault, Guards, gives_orders
from bot.answering.generate.weave import doubt, weave_answer, weave_translation
from bot.answering.pipeline import PASSAGES, Answerer
from bot.errors import ModelError
from bot.language.identify import content_language, identify
from bot.types import Answer, Entry, Language, OnProgress, Passage

# A completed question must leave time for its answer.
_REWRITING_SECONDS = 4.0


class Model(Protocol):
    """What is called; raises ModelError."""

    def call(self, messages: Sequence[Message], seconds: float, on_text: Callable[[str], None] | None = None) -> Reply:
        """Return a reply within so many seconds; `on_text` is given what has come of it so far, now and then."""
        ...


@dataclass(frozen=True)
class Turn:
    """A question in hand: who asks, until when they wait, and who is shown what is worded so far, if anybody."""

    speaker: str
    deadline: float
    on_progress: OnProgress | None = None

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return self.deadline - time.monotonic()


@dataclass(frozen=True)
class Writer:
    """Answers questions in its own words where that holds, else as they are quoted. Thread-safe."""

    answerer: Answerer
    model: Model
    guards: Guards
    names: NameBook
    budget: Budget
    counters: LlmCounters
    today: Callable[[], date]
    seconds: float
    cache: Cache = field(default_factory=Cache)

    def answer(
        self,
        question: str,
        language: Language | None = None,
        previous: Answer | None = None,
        top: int = PASSAGES,
        speaker: str = "",
        on_progress: OnProgress | None = None,
    ) -> Answer:
        """Return the answer to a question, within the deadline; `on_progress` is shown what is worded so far.

        Raises IndexUnavailableError where there is no index that could answer.
        """
        began = time.monotonic()
        turn = Turn(speaker, began + self.seconds, on_progress)
        language = language or identify(question)
        completed = self._complete(question, previous, turn)
        if completed:
            found = self.answerer.answer(completed, language, None, top)
            found = replace(found, question=question, standalone=completed)
        else:
            found = self.answerer.answer(question, language, previous, top)
        return replace(self._write(found, turn), seconds=time.monotonic() - began)

    def translate(self, shown: Answer, speaker: str = "", on_progress: OnProgress | None = None) -> Answer:
        """Return what an entry answers by itself in the asker's language, else as it is, within the deadline."""
        began = time.monotonic()
        if not _is_foreign(shown):
            return shown
        turn = Turn(speaker, began + self.seconds, on_progress)
        return replace(self._write(shown, turn), seconds=time.monotonic() - began)

    def try_model(self, seconds: float) -> int:
        """Make one tiny call and return what it cost in tokens. Raises ModelError."""
        return self.model.call([("human", "Answer with the word ok.")], seconds).tokens

    def close(self) -> None:
        """Let go of the count of tokens."""
        self.budget.close()

    def _complete(self, question: str, previous: Answer | None, turn: Turn) -> str:
        """Return the question made to stand alone, "" where the model does not help: then the resolver stands."""
        if previous is None or not may_lean(question, previous):
            return ""
        before, spoken = previous.standalone or previous.question, find_spoken(previous)
        about = previous.passages[0].wording.title if spoken else ""
        key = self.cache.key("question", question, before, spoken.id if spoken else "")
        completed = self.cache.question(key)
        if completed is None:
            try:
                reply = self._call(ask_for_question(question, before, about), turn, _REWRITING_SECONDS)
            except ModelError:
                return ""
            completed = reply.text.strip()
            if is_same(completed, question) or not is_faithful(completed, find_context(question, previous), self.names):
                completed = ""
            self.cache.keep_question(key, completed)
        if completed:
            self.counters.add("rewritten")
        return completed

    def _write(self, answer: Answer, turn: Turn) -> Answer:
        if answer.outcome != "answered" or answer.wish is not None:
            return answer
        try:
            return self._translate(answer, turn) if _is_foreign(answer) else self._word(answer, turn)
        except ModelError as error:
            self.counters.add("quoted")
            self.counters.add_fallback(str(error))
            return answer

    def _word(self, answer: Answer, turn: Turn) -> Answer:
        """Return the answer worded anew. Raises ModelError with the reason where it must stay as quoted."""
        question = answer.standalone or answer.question
        harmless = {} if gives_orders(question) else _number(answer.passages)
        if not harmless:
            raise ModelError("orders")
        passages = choose_passages(question, harmless, answer.language)
        if not passages:
            raise ModelError("long")
        examination = self.guards.examine(passages, answer.language)
        draft = self._draft(
            ask_for_answer(question, passages, answer.language),
            self.cache.key(
                "answer", answer.generation, answer.language, question, *(p.wording.id for p in passages.values())
            ),
            turn,
            examination.check,
            self._stream(
                turn,
                examination.check,
                lambda draft: weave_answer(answer, draft, passages, self.today(), is_begun=True),
            ),
        )
        if not draft.found:
            self.counters.add("not_found")
            return doubt(answer)
        self.counters.add("written")
        return weave_answer(answer, draft, passages, self.today())

    def _translate(self, answer: Answer, turn: Turn) -> Answer:
        """Return the answer's entry in the asker's language. Raises ModelError where it must stay as it is."""
        passage = answer.passages[0]
        if not passage.wording.body:
            raise ModelError("empty")
        if _is_planted(passage.entry):
            raise ModelError("orders")
        messages = ask_for_translation(passage, answer.language)
        if not choose_passages("", {"1": passage}, answer.language):
            raise ModelError("long")
        examination = self.guards.examine({"1": passage}, answer.language)
        draft = self._draft(
            messages,
            self.cache.key("translation", answer.generation, answer.language, passage.wording.id),
            turn,
            examination.check_whole_translation,
            self._stream(turn, examination.check, lambda draft: weave_translation(answer, draft, is_begun=True)),
        )
        if not draft.found:
            raise ModelError("not_found")
        self.counters.add("translated")
        return weave_translation(answer, draft)

    def _stream(self, turn: Turn, check: Check, weave: Callable[[Draft], Answer]) -> Stream | None:
        """Return what shows an answer while it is written, None where nobody is shown it."""
        on_progress = turn.on_progress
        if on_progress is None:
            return None
        return Stream(check, lambda draft: on_progress(weave(draft)))

    def _draft(self, messages: list[Message], key: str, turn: Turn, check: Check, stream: Stream | None) -> Draft:
        """Return a draft without a fault, from the cache or at the second attempt at the latest. Raises ModelError.

        A second attempt is not streamed: what it says is not what was shown.
        """
        cached = self.cache.draft(key)
        if cached is not None:
            self.counters.add("cached")
            return cached
        try:
            reply = self._call(messages, turn, on_text=stream.follow if stream else None)
        finally:
            if stream is not None and stream.is_shown:
                self.counters.add("streamed")
        draft, faults = _judge(reply.text, check)
        if faults:
            self._count(faults)
            reply = self._call([*messages, *ask_for_repair(reply.text, faults)], turn)
            draft, faults = _judge(reply.text, check)
            if not faults:
                self.counters.add("repaired")
        if draft is None or faults:
            self._count(faults)
            raise ModelError(faults[0].guard)
        self.cache.keep_draft(key, draft)
        return draft

    def _call(
        self,
        messages: Sequence[Message],
        turn: Turn,
        at_most: float = float("inf"),
        on_text: Callable[[str], None] | None = None,
    ) -> Reply:
        """Call the model within what is left of time and money. Raises ModelError."""
        if turn.left <= 0:
            raise ModelError("timeout")
        if not self.budget.allows_speaker(turn.speaker):
            raise ModelError("hour")
        reserved = estimate_tokens(messages) + MOST_ANSWER_TOKENS
        if not self.budget.reserve(reserved):
            raise ModelError("day")
        try:
            reply = self.model.call(messages, min(turn.left, at_most), on_text)
        except ModelError as error:
            # A service that was still at work when the time was over has its price; one that failed has none.
            self.budget.settle(reserved, reserved if str(error) == "timeout" else 0)
            raise
        self.budget.settle(reserved, reply.tokens)
        self.counters.add("tokens", reply.tokens)
        return reply

    def _count(self, faults: Sequence[Fault]) -> None:
        for guard in {fault.guard for fault in faults}:
            self.counters.add_guard(guard)


def _is_foreign(answer: Answer) -> bool:
    """Tell whether the entry that answers has no wording in the asker's language."""
    return answer.passages[0].language != content_language(answer.language)


def _is_planted(entry: Entry) -> bool:
    """Tell whether an entry speaks to the model in any of its languages."""
    return any(gives_orders(f"{wording.title}\n{wording.body}") for wording in entry.wordings.values())


def _number(passages: Sequence[Passage]) -> dict[str, Passage]:
    """Return the passages that may be shown to the model, by number.

    None may where the one that answers speaks to the model itself: the others were not what was asked for.
    """
    shown = [passage for passage in passages if not _is_planted(passage.entry)]
    return {str(number): passage for number, passage in enumerate(shown, 1)} if shown[:1] == list(passages[:1]) else {}


def _judge(reply: str, check: Check) -> tuple[Draft | None, list[Fault]]:
    """Return the draft of a reply, and what is wrong with it; one that claims no answer has nothing to be checked."""
    try:
        draft = read_draft(reply)
    except FormError as error:
        return None, [Fault("form", str(error))]
    return draft, check(draft) if draft.found else []
