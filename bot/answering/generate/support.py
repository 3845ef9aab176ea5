"""Whether the cited entries speak of what a sentence says at all, by the encoder that finds them.

Numbers and names are checked one by one; this is for sentences that have none, such as an order planted in a question.
On the shipped folder a sentence is nearer than the threshold to its own translation in 97 of 100 cases, and to the
sentences of an entry that says something else in 20 of 100.
"""

import re
from collections.abc import Iterator

from bot.answering.generate.evidence import Evidence, list_facts
from bot.index.encoder import Encoder, find_encoder
from bot.index.vectors import Vectors
from bot.types import LANGUAGES

# From which cosine on a sentence is about the same; measured for these encoders alone.
_NEAR = {"shipped": 0.4, "static": 0.36}
_MEASURED = "static"
_END = re.compile(r"(?<=[.!?۔؟。！？;；])\s+|(?<=[。！？；])|\n")


class Support:
    """Compares sentences by meaning. Thread-safe."""

    def __init__(self, encoder: Encoder) -> None:
        # Another encoder has another scale, for which no threshold is known.
        self._encoder = encoder if encoder.name in _NEAR else find_encoder(_MEASURED)

    def read(self, evidence: Evidence) -> Vectors:
        """Return the vectors of what the evidence says, sentence by sentence."""
        return self._encoder.encode_passages(list(dict.fromkeys(text for text in _list_sentences(evidence) if text)))

    def holds(self, sentence: str, said: Vectors) -> bool:
        """Tell whether something that is said is near a sentence in meaning."""
        return bool((said @ self._encoder.encode_passages([sentence])[0]).max() >= _NEAR[self._encoder.name])


def _list_sentences(evidence: Evidence) -> Iterator[str]:
    for entry in evidence.entries:
        for wording in entry.wordings.values():
            yield wording.title
            yield from (part.strip() for part in _END.split(wording.body))
            if entry.course is None:
                yield f"{wording.title} {wording.body}"
        if entry.course is not None:
            title = entry.title
            yield from (f"{title}. {fact}" for language in LANGUAGES for fact in list_facts(entry, language))
            yield from (fact for language in LANGUAGES for fact in list_facts(entry, language))
