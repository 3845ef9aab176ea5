"""The guards: what a draft must pass before anybody reads it. They are code, so no text can talk them out of it."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answering.generate.claims import Claim, read_claims
from bot.answering.generate.draft import Draft, Sentence
from bot.answering.generate.evidence import Evidence, names_mistakable, other_fields, read_evidence
from bot.answering.generate.lists import guard_pattern
from bot.answering.generate.names import NameBook
from bot.answering.generate.script import find_script_fault
from bot.answering.generate.sense import Said, Sense, find_poles, find_unpublished, split_clauses
from bot.answering.generate.support import Support
from bot.index.vectors import Vectors
from bot.language.normalise import normalise
from bot.types import Entry, Language, Passage

GuardName = Literal["form", "length", "citation", "claim", "name", "language", "markup", "system", "secret", "support",
                    "sense", "incomplete"]  # fmt: skip

MOST_SENTENCES = 12
MOST_CHARACTERS = 1_500
_SHORTEST_SECRET = 6
# So many words in a row as the instructions have them are no chance.
_LEAKED_WORDS = 6

_MARKUP = re.compile(
    r"<\s*/?\s*[a-zA-Z!?]|&(?:[a-z]{2,8}|#\d+);|\*\*|__|```|`[^`]+`|^\s*(?:#{1,6}\s|[*+•-]\s|>\s|\|)"
    r"|!?\[[^\]\n]*\]\([^)]*\)"
    r"|\[\^?\d[\d, ]*\]|【\d|\\[\[(a-z]|\$\$|\{\s*[\"'{]|https?:/\s|\n\s*\n\s*\n",
    re.MULTILINE,
)
# Characters that are not seen, or that turn the reading about; joiners are Urdu's own.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ue000-\uf8ff\U000e0000-\U000fffff]"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a draft: which guard found it, and what it tells the model for its second attempt."""

    guard: GuardName
    detail: str


def gives_orders(text: str) -> bool:
    """Tell whether a text speaks to the model: such a question or passage is never shown to it."""
    return guard_pattern("orders").search(normalise(text)) is not None


class Guards:
    """All guards with what they compare to."""

    def __init__(
        self, names: NameBook, support: Support, sense: Sense, secrets: Iterable[str], instructions: str
    ) -> None:
        self._names = names
        self._support = support
        self._sense = sense
        self._secrets = [form for secret in secrets if len(secret) >= _SHORTEST_SECRET for form in _disguise(secret)]
        self._leaks = set(_shingles(instructions))

    def examine(self, passages: Mapping[str, Passage], language: Language) -> "Examination":
        """Return what checks the drafts of one answer: those of a reply that is still coming, then the whole one."""
        return Examination(self, passages, language)

    def check_words(self, text: str, cited: Evidence) -> Iterator[Fault]:
        """Yield what no text may hold, whatever it says."""
        if _MARKUP.search(text) or _UNSEEN.search(text):
            yield Fault("markup", "no markup, lists, citation marks or unseen characters")
        normal = normalise(text)
        leaked = self._leaks & set(_shingles(text)) - set(_shingles(cited.text))
        if leaked or ((found := guard_pattern("system").search(normal)) and found[0] not in cited.normal):
            yield Fault("system", "speak to the student about the question alone")
        squeezed = _squeeze(text)
        if any(secret in squeezed for secret in self._secrets) or _has_token(text, cited):
            yield Fault("secret", "no keys, tokens or settings")

    def read(self, cites: Sequence[str], passages: Mapping[str, Passage], known: dict[str, Said]) -> "Cited":
        """Return what passages say, which takes most of a check's time; an entry that is `known` is not read anew."""
        evidence = read_evidence(passages[cite].entry for cite in cites)
        for entry in evidence.entries:
            if entry.id not in known:
                known[entry.id] = self._sense.read(entry)
        said = tuple(known[entry.id] for entry in evidence.entries)
        return Cited(", ".join(cites), evidence, self._support.read(evidence), said)

    def check_sentence(self, sentence: Sentence, cited: "Cited", language: Language) -> Iterator[Fault]:
        """Yield what is wrong with a sentence by itself."""
        text, evidence = sentence.text, cited.evidence
        # One entry must hold all of a sentence: the name of one course with the fee of another is no fact of either.
        yield from min(
            (
                [*self._check_facts(text, entry), *self._check_sense(text, entry, said)]
                for entry, said in zip(evidence.entries, cited.said, strict=True)
            ),
            key=len,
        )
        yield from _check_script(text, language, evidence)
        if not self._support.holds(text, cited.vectors):
            yield Fault("support", f"passage {cited.numbers} says nothing like: {text[:80]}")

    def _check_facts(self, text: str, entry: Entry) -> list[Fault]:
        title, evidence = entry.title, read_evidence([entry], other_fields(text))
        unknown = _list_unknown(text, evidence)
        if names_mistakable(text):
            # Of a fee and a stipend in one sentence each clause has its own.
            for clause in split_clauses(text):
                unknown += _list_unknown(clause, read_evidence([entry], other_fields(clause)))
        return [
            *(Fault("claim", f"{kind} {value} is not in “{title}”") for kind, value in unknown),
            *(Fault("claim", f"“{title}” publishes no {field}") for field in find_unpublished(text, entry)),
            *(Fault("name", f"{name} is not in “{title}”") for name in self._names.foreign(text, evidence)),
        ]

    def _check_sense(self, text: str, entry: Entry, said: Said) -> Iterator[Fault]:
        title = entry.title
        for clause in self._sense.find_turned(text, said, entry):
            yield Fault("sense", f"“{title}” says the opposite of, or nothing like: {clause[:80]}")
        for name in find_poles(text, read_evidence([entry])):
            yield Fault("sense", f"“{name}” is not in “{title}”")


@dataclass(frozen=True, slots=True)
class Cited:
    """The passages that a sentence cites: their numbers, and what they say."""

    numbers: str
    evidence: Evidence
    vectors: Vectors
    said: tuple[Said, ...]  # of each entry


class Examination:
    """The guards over the drafts of one answer. Not thread-safe.

    What is cited is read once and each sentence is checked once, so that to check an answer after each of its
    sentences costs no more encoding than to check it at its end.
    """

    def __init__(self, guards: Guards, passages: Mapping[str, Passage], language: Language) -> None:
        self._guards = guards
        self._passages = passages
        self._language = language
        self._cited: dict[tuple[str, ...], Cited] = {}
        self._said: dict[str, Said] = {}
        self._checked: dict[Sentence, list[Fault]] = {}

    def check(self, draft: Draft) -> list[Fault]:
        """Return every fault of a draft that claims to answer; none means that it may be read."""
        if not draft.sentences:
            return [Fault("form", "there is no sentence")]
        text = join_sentences(draft, self._language)
        if len(draft.sentences) > MOST_SENTENCES or len(text) > MOST_CHARACTERS:
            return [Fault("length", f"at most {MOST_SENTENCES} sentences and {MOST_CHARACTERS} characters")]
        passages = self._passages
        cited = read_evidence(passages[cite].entry for cite in list_cited(draft) if cite in passages)
        faults = [*self._guards.check_words(text, cited), *_check_script(text, self._language, cited)]
        for sentence in draft.sentences:
            if sentence not in self._checked:
                self._checked[sentence] = list(self._check_sentence(sentence))
            faults += self._checked[sentence]
        return list(dict.fromkeys(faults))

    def check_whole_translation(self, draft: Draft) -> list[Fault]:
        """Return every fault of a translation of the one passage, with what it leaves out of that passage's numbers."""
        (passage,) = self._passages.values()
        wanted = read_claims(passage.wording.body)
        said = read_claims(" ".join(sentence.text for sentence in draft.sentences))
        missing = [
            value for kind, value in sorted(wanted.stated) if kind != "free" and not said.supports((kind, value))
        ]
        lacking = [Fault("incomplete", f"the translation lacks: {', '.join(missing[:5])}")] if missing else []
        return [*self.check(draft), *lacking]

    def _check_sentence(self, sentence: Sentence) -> Iterator[Fault]:
        known = tuple(cite for cite in sentence.cited if cite in self._passages)
        if not sentence.cited or len(known) < len(sentence.cited):
            numbers = ", ".join(self._passages)
            yield Fault("citation", f"each sentence cites one or more of {numbers} and nothing else")
        if known:
            if known not in self._cited:
                self._cited[known] = self._guards.read(known, self._passages, self._said)
            yield from self._guards.check_sentence(sentence, self._cited[known], self._language)


def list_cited(draft: Draft) -> list[str]:
    """Return the passages that a draft cites, each once, in the order of the sentences."""
    return list(dict.fromkeys(cite for sentence in draft.sentences for cite in sentence.cited))


def join_sentences(draft: Draft, language: Language) -> str:
    """Return a draft's sentences as one text."""
    between = "" if language == "zh" else " "
    return between.join(sentence.text.strip() for sentence in draft.sentences)


def _list_unknown(text: str, evidence: Evidence) -> list[Claim]:
    return [claim for claim in sorted(read_claims(text).stated) if not evidence.claims.supports(claim)]


def _check_script(text: str, language: Language, evidence: Evidence) -> list[Fault]:
    fault = find_script_fault(text, language, evidence.text)
    return [Fault("language", fault)] if fault else []


def _has_token(text: str, cited: Evidence) -> bool:
    return any(normalise(match[0]) not in cited.normal for match in guard_pattern("tokens").finditer(text))


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", normalise(text))
    return zip(*(words[start:] for start in range(_LEAKED_WORDS)), strict=False)


def _disguise(secret: str) -> Sequence[str]:
    """Return a secret in the forms in which a model could be talked into saying it."""
    raw = secret.encode()
    forms: tuple[Callable[[], str], ...] = (
        lambda: secret,
        lambda: secret[::-1],
        lambda: base64.b64encode(raw).decode().rstrip("="),
        raw.hex,
    )
    return [_squeeze(form()) for form in forms]


def _squeeze(text: str) -> str:
    """Return a text's letters and digits alone: a key spelt out letter by letter is still the key."""
    return re.sub(r"[\W_]+", "", normalise(text))
