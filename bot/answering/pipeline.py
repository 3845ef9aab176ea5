"""The story of a question: identify, retrieve, decide, compose. Nothing is written, sent or remembered here."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date

from bot.answering.bridge import Bridge
from bot.answering.compose import choose_language, compose_answer, compose_choices, compose_refusal
from bot.answering.decide import MOST_CHOICES, Decision, decide, load_calibration, measure
from bot.answering.retrieve import Hit, retrieve
from bot.index.encoder import Encoder
from bot.index.reader import Index, IndexReader
from bot.language.identify import identify
from bot.types import Answer, Entry, Language, Part, Passage

PASSAGES = 5
CONTACT_TOPIC = "contact"
# Room for entries that are past their date and drop out.
_SPARE = 10


class Answerer:
    """Answers questions from the current generation. Thread-safe."""

    def __init__(self, reader: IndexReader, encoder: Encoder, today: Callable[[], date]) -> None:
        self._reader = reader
        self._encoder = encoder
        self._today = today
        self._bridge: tuple[str, Bridge] | None = None
        self._lock = threading.Lock()

    def answer(self, question: str, language: Language | None = None, top: int = PASSAGES) -> Answer:
        """Return the answer to a question, in `language` where one is given, else in the asker's own.

        Raises IndexUnavailableError where there is no index that could answer.
        """
        began = time.perf_counter()
        language = language or identify(question)
        with self._reader.use() as index:
            hits = retrieve(question, index, self._encoder, self._bridge_of(index), max(top, MOST_CHOICES) + _SPARE)
            hits, entries = self._keep_valid(hits, index)
            decision = decide(hits, load_calibration())
            passages = [
                Passage(entries[hit.entry_id], choose_language(entries[hit.entry_id], language), hit.score)
                for hit in hits[: max(top, MOST_CHOICES)]
            ]
            parts = self._compose(decision, passages, question, language, index)
            return Answer(
                question=question,
                language=language,
                outcome=decision.outcome,
                parts=parts,
                confidence=decision.confidence,
                passages=tuple(passages[:top]),
                sources=(passages[0].wording.id,) if decision.outcome == "answered" else (),
                choices=tuple(p.wording.id for p in passages[:MOST_CHOICES]) if decision.outcome == "clarify" else (),
                generation=index.manifest.id,
                seconds=time.perf_counter() - began,
                trace=measure(hits) if hits else {},
            )

    def show(self, key: str, language: Language) -> Answer | None:
        """Return the answer that an entry gives by itself, by its short name; None where it is gone or out of date."""
        began = time.perf_counter()
        with self._reader.use() as index:
            entry = index.entries.find(key)
            if entry is None or not entry.is_valid(self._today()):
                return None
            passage = Passage(entry, choose_language(entry, language), 1.0)
            return Answer(
                question="",
                language=language,
                outcome="answered",
                parts=compose_answer(passage, "", language, self._today()),
                confidence=1.0,
                passages=(passage,),
                sources=(passage.wording.id,),
                generation=index.manifest.id,
                seconds=time.perf_counter() - began,
            )

    def _compose(
        self, decision: Decision, passages: Sequence[Passage], question: str, language: Language, index: Index
    ) -> tuple[Part, ...]:
        match decision.outcome:
            case "answered":
                return compose_answer(passages[0], question, language, self._today())
            case "clarify":
                return compose_choices(passages[:MOST_CHOICES], self._find_contact(index, language), language)
            case "refused":
                return compose_refusal(passages[:MOST_CHOICES], self._find_contact(index, language), language)

    def _keep_valid(self, hits: Sequence[Hit], index: Index) -> tuple[list[Hit], dict[str, Entry]]:
        today = self._today()
        found = index.entries.get([hit.entry_id for hit in hits])
        entries = {key: entry for key, entry in found.items() if entry.is_valid(today)}
        return [hit for hit in hits if hit.entry_id in entries], entries

    def _find_contact(self, index: Index, language: Language) -> Passage | None:
        """Return the folder's first entry on how to reach a person."""
        today = self._today()
        contacts = [entry for entry in index.entries.on_topic(CONTACT_TOPIC) if entry.is_valid(today)]
        return Passage(contacts[0], choose_language(contacts[0], language), 1.0) if contacts else None

    def _bridge_of(self, index: Index) -> Bridge:
        with self._lock:
            if self._bridge is None or self._bridge[0] != index.manifest.id:
                self._bridge = (index.manifest.id, Bridge(index.terms))
            return self._bridge[1]
