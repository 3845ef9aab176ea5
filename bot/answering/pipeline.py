"""The story of a question: identify, retrieve, decide, compose. Nothing is written, sent or remembered here."""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.baseline import first_by_words
from bot.answering.bridge import Bridge
from bot.answering.catalogue import Catalogue
from bot.answering.compose import choose_language, compose_answer, compose_choices, compose_refusal
from bot.answering.consult import Consulted, consult, suppose
from bot.answering.decide import MOST_CHOICES, OWN_WORDS, Decision, decide, is_elsewhere, load_calibration, measure
from bot.answering.follow import complete_question, complete_wish, is_anothers_cost, leave_behind
from bot.answering.listing import compose_also, compose_comparison, compose_listing
from bot.answering.retrieve import Hit, Retrieved, retrieve
from bot.index.encoder import Encoder
from bot.index.reader import Index, IndexReader
from bot.language.identify import identify
from bot.language.wishes import part_question, read_wish
from bot.types import Answer, Condition, Entry, Language, Part, Passage, Wish

PASSAGES = 5
CONTACT_TOPIC = "contact"
# Room for entries that are past their date and drop out.
_SPARE = 10
# How many entries that were found by their words are offered beside what the catalogue says.
_ALSO = 2
# From which cosine a row is that much nearer, on the tuning cases.
_ROW_WORDS = 0.7


_MOST_SOURCES = 100
# How often a listing has the right course first, on the tuning cases.
LISTED = 0.9


def prefers_catalogue(
    consulted: Consulted, decision: Decision, hits: Sequence[Hit], courses: Collection[str], *, is_denied: bool
) -> bool:
    """Tell whether the catalogue answers better than the entry that was found.

    It does where that entry is a course which denies what was asked for (`is_denied`): what is taught in Lahore is no
    answer on Multan.

    A question that is an entry's own, nearly to the word, is that entry's; one that only might be meant for the
    catalogue is left to what was found, unless that is doubtful and the catalogue has what is asked. A limit or an
    order is no course's own name: "courses of more than six months" is not the Six-Month Course.
    """
    if hits and hits[0].cosine >= OWN_WORDS and not (hits[0].entry_id in courses and consulted.is_explicit):
        return False
    if is_denied:
        return True
    # Of one course its card says more than a list that holds nothing else.
    is_one = bool(hits) and [entry.id for entry in consulted.listing.found] == [hits[0].entry_id]
    if is_one and decision.outcome == "answered" and consulted.names_one:
        return False
    # One thing alone is what rows are written about: courses after matric, those of an institute. The nearer row tells
    # more than a list does.
    if decision.outcome == "answered" and hits[0].cosine >= _ROW_WORDS and consulted.is_plain:
        return False
    # A subject that no course has is said, rather than left out or guessed at.
    is_told = bool(consulted.listing.found) and not isinstance(consulted.listing.dropped, Condition)
    return consulted.is_explicit or decision.outcome == "refused" or (decision.outcome == "clarify" and is_told)


class Answerer:
    """Answers questions from the current generation. Thread-safe."""

    def __init__(self, reader: IndexReader, encoder: Encoder, today: Callable[[], date]) -> None:
        self._reader = reader
        self._encoder = encoder
        self._today = today
        self._tools: tuple[str, Bridge, Catalogue] | None = None
        self._lock = threading.Lock()

    def answer(
        self,
        question: str,
        language: Language | None = None,
        previous: Answer | None = None,
        top: int = PASSAGES,
    ) -> Answer:
        """Return the answer to a question, in `language` where one is given, else in the asker's own.

        `previous` is the answer before, which "and the fee?" leans on.
        Raises IndexUnavailableError where there is no index that could answer.
        """
        began = time.perf_counter()
        language = language or identify(question)
        asked = question
        with self._reader.use() as index:
            bridge, catalogue = self._tools_of(index)
            parted = part_question(asked, catalogue.own_words)
            question = complete_question(parted, previous)
            found = retrieve(question, index, self._encoder, bridge, max(top, MOST_CHOICES) + _SPARE)
            hits, entries = self._keep_valid(found.hits, index)
            hits = leave_behind(hits, entries, parted, previous) if question != parted else hits
            found = replace(found, hits=hits)
            decision = decide(found, load_calibration(self._encoder.name))
            wish = complete_wish(read_wish(question, catalogue.names, catalogue.title_words), question, previous)
            first = entries[hits[0].entry_id] if hits else None
            if first is not None and (
                is_elsewhere(question, first) or (question != parted and is_anothers_cost(first, parted, previous))
            ):
                decision = _ask_back(decision)
            consulted = self._consult(wish, found, decision, first, index, bridge, catalogue)
            if consulted:
                is_doubtful = decision.outcome == "answered" or (
                    decision.outcome == "clarify"
                    and (consulted.is_plain or consulted.is_supposed or not consulted.listing.is_fulfilled)
                )
                also = [entries[hit.entry_id] for hit in hits[:_ALSO]] if is_doubtful else []
                return self._list(consulted, also, asked, language, top, index, began)
            passages = [
                Passage(entries[hit.entry_id], choose_language(entries[hit.entry_id], language), hit.score)
                for hit in hits[: max(top, MOST_CHOICES)]
            ]
            parts = self._compose(decision, passages, question, language, index)
            return Answer(
                question=asked,
                language=language,
                outcome=decision.outcome,
                parts=parts,
                confidence=decision.confidence,
                passages=tuple(passages[:top]),
                sources=(passages[0].wording.id,) if decision.outcome == "answered" else (),
                choices=tuple(p.wording.id for p in passages[:MOST_CHOICES]) if decision.outcome == "clarify" else (),
                generation=index.manifest.id,
                seconds=time.perf_counter() - began,
                trace=measure(found) if hits else {},
            )

    def _consult(
        self,
        wish: Wish,
        found: Retrieved,
        decision: Decision,
        first: Entry | None,
        index: Index,
        bridge: Bridge,
        catalogue: Catalogue,
    ) -> Consulted | None:
        """Return what the catalogue says, where that is to be told and not what was `found`."""
        consulted = consult(wish, index, self._encoder, bridge, catalogue, self._today())
        if consulted is not None:
            is_denied = first is not None and catalogue.denies(first, wish.conditions, self._today())
            if prefers_catalogue(consulted, decision, found.hits, index.courses, is_denied=is_denied):
                return consulted
        if decision.outcome != "clarify":
            return None
        # Where what was found is doubtful, a list may be what is wanted.
        return suppose(wish, found, index, self._encoder, bridge, catalogue, self._today())

    def find_by_words(self, question: str) -> Entry | None:
        """Return what a plain word search puts first, to compare with."""
        with self._reader.use() as index:
            found = first_by_words(question, index)
            return index.entries.get([found]).get(found) if found else None

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

    def _list(
        self,
        consulted: Consulted,
        also: Sequence[Entry],
        question: str,
        language: Language,
        top: int,
        index: Index,
        began: float,
    ) -> Answer:
        """Return the answer that the catalogue gives; what else may be meant, `also`, is offered beside it."""
        wish, listing = consulted.wish, consulted.listing
        parts = (
            compose_comparison(consulted.pair, wish.compared_by, language)
            if consulted.pair
            else compose_listing(wish, listing, language)
        )
        listed = [part.entry_id for part in parts if part.kind == "choice"]
        also = [entry for entry in also if entry.id not in listed]
        parts += compose_also(also, language)
        is_found = consulted.listing.is_fulfilled and not consulted.is_supposed
        # Where nothing fulfils the wish, what else may be meant is as likely as what is nearest.
        before = len(listed) if is_found else MOST_CHOICES - len(also)
        offered = [*listed[:before], *(entry.id for entry in also), *listed[before:]]
        by_id = {entry.id: entry for entry in (*listing.found, *listing.unknown, *also)}
        passages = [Passage(by_id[key], choose_language(by_id[key], language), 1.0) for key in offered]
        ids = tuple(passage.wording.id for passage in passages)
        rested_on = [entry.wordings[choose_language(entry, language)].id for entry in listing.found[:_MOST_SOURCES]]
        return Answer(
            question=question,
            language=language,
            outcome="answered" if is_found else "clarify" if passages else "refused",
            parts=parts,
            confidence=LISTED if is_found else 0.0,
            passages=tuple(passages[:top]),
            sources=tuple(rested_on) if is_found else (),
            choices=() if is_found else ids[:MOST_CHOICES],
            generation=index.manifest.id,
            seconds=time.perf_counter() - began,
            wish=wish,
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

    def find_contact(self, language: Language) -> str | None:
        """Return what the folder says of how to reach a person, None where it says nothing.

        Raises IndexUnavailableError where there is no index.
        """
        with self._reader.use() as index:
            contact = self._find_contact(index, language)
        return contact.wording.body if contact else None

    def _find_contact(self, index: Index, language: Language) -> Passage | None:
        """Return the folder's first entry on how to reach a person."""
        today = self._today()
        contacts = [entry for entry in index.entries.on_topic(CONTACT_TOPIC) if entry.is_valid(today)]
        return Passage(contacts[0], choose_language(contacts[0], language), 1.0) if contacts else None

    def _tools_of(self, index: Index) -> tuple[Bridge, Catalogue]:
        with self._lock:
            if self._tools is None or self._tools[0] != index.manifest.id:
                catalogue = Catalogue(index.entries.of_kind("course"), index.terms)
                self._tools = (index.manifest.id, Bridge(index.terms), catalogue)
            return self._tools[1:]


def _ask_back(decision: Decision) -> Decision:
    """Return the decision that asks which is meant, where there was one to answer."""
    return replace(decision, outcome="clarify") if decision.outcome == "answered" else decision
