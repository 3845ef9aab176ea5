"""What staff can do about the folder, from what was asked: gaps, poor answers, missing languages, entries that end."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.language.identify import content_language
from bot.records import Blame, Count, Feedback, Gap, Note
from bot.types import CONTENT_LANGUAGES, ContentLanguage, Entry, Language

# Questions whose mean cosine is above this ask for the same.
_SAME = 0.55
_SOON = timedelta(days=30)

Encode = Callable[[list[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Refused questions of one language that ask for the same, the most typical first."""

    language: Language
    newest: date
    questions: tuple[str, ...]
    asked: int  # how often, the same words counted each time

    @property
    def row(self) -> dict[str, str]:
        """A row for an FAQ table, its answer left for staff to write."""
        key = hashlib.sha256(self.questions[0].encode()).hexdigest()[:6]
        row = dict.fromkeys(FAQ_COLUMNS, "") | {"id": f"new-{key}"}
        # Roman Urdu has no column of its own: it is another way of asking.
        others = self.questions if self.language == "ur-Latn" else self.questions[1:]
        if self.language != "ur-Latn":
            row[f"question_{content_language(self.language)}"] = self.questions[0]
        return row | {"also_asked": " | ".join(dict.fromkeys(others))}


FAQ_COLUMNS = (
    "id", "topic", "question_en", "question_ur", "question_zh", "answer_en", "answer_ur", "answer_zh", "also_asked",
    "source", "as_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ending:
    """An entry that stops answering, or a course whose applications close, within a month or already."""

    entry: str
    what: str  # "valid_until" or "apply_by"
    day: date


@dataclass(frozen=True, slots=True)
class StaffReport:
    """All that staff are told."""

    unanswered: tuple[Cluster, ...]
    poor: tuple[Feedback, ...]
    coverage: dict[ContentLanguage, int]
    untranslated: tuple[tuple[str, tuple[ContentLanguage, ...]], ...]  # entry, languages that it lacks
    ending: tuple[Ending, ...]
    usage: tuple[Count, ...]
    blames: tuple[Blame, ...] = ()
    notes: tuple[Note, ...] = ()


def build_report(
    entries: Sequence[Entry],
    gaps: Sequence[Gap],
    feedback: Iterable[Feedback],
    counts: Iterable[Count],
    encode: Encode,
    today: date,
    blames: Iterable[Blame] = (),
    notes: Iterable[Note] = (),
) -> StaffReport:
    """Return the report on a folder's `entries`, on what was asked and on what was said of the answers."""
    lacking = [(entry.id, tuple(one for one in CONTENT_LANGUAGES if one not in entry.wordings)) for entry in entries]
    return StaffReport(
        unanswered=tuple(cluster_gaps(gaps, encode)),
        poor=tuple(said for said in feedback if said.bad),
        coverage={one: sum(one in entry.wordings for entry in entries) for one in CONTENT_LANGUAGES},
        untranslated=tuple((entry, missing) for entry, missing in lacking if missing),
        ending=tuple(sorted(find_ending(entries, today), key=lambda ending: ending.day)),
        usage=tuple(counts),
        blames=tuple(blames),
        notes=tuple(notes),
    )


def cluster_gaps(gaps: Sequence[Gap], encode: Encode) -> list[Cluster]:
    """Return refused questions of like meaning together, by language, the largest clusters first."""
    clusters: list[Cluster] = []
    for language in dict.fromkeys(gap.language for gap in gaps):
        asked = [gap for gap in gaps if gap.language == language]
        vectors = encode([gap.question for gap in asked])
        for members in _group(vectors):
            typical = sorted(members, key=lambda place: -float(vectors[place] @ vectors[members].sum(axis=0)))
            questions = dict.fromkeys(asked[place].question.strip() for place in typical)
            newest = max(asked[place].day for place in members)
            clusters.append(Cluster(language, newest, tuple(questions), len(members)))
    return sorted(clusters, key=lambda cluster: (-len(cluster.questions), -cluster.newest.toordinal()))


def _group(vectors: NDArray[np.float32]) -> list[list[int]]:
    if len(vectors) < 2:
        return [[place] for place in range(len(vectors))]
    from sklearn.cluster import AgglomerativeClustering

    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - _SAME
    )
    labels = clustering.fit_predict(vectors)
    return [np.flatnonzero(labels == label).tolist() for label in range(labels.max() + 1)]


def find_ending(entries: Iterable[Entry], today: date) -> list[Ending]:
    """Return what ends within a month or has ended."""
    ends = [
        Ending(entry.id, what, day)
        for entry in entries
        for what, day in (
            ("valid_until", entry.valid_until),
            ("apply_by", entry.course.apply_by if entry.course else None),
        )
        if day is not None
    ]
    return [ending for ending in ends if ending.day <= today + _SOON]
