"""Question cases in, a table slice by slice out: how often the right entry is found, offered, missed or made up."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.errors import CasesError
from bot.language.identify import content_language
from bot.types import Answer, Entry, Language

Ask = Callable[[str], Answer]
FindByWords = Callable[[str], Entry | None]

_BINS = 5

# What a release must not fall under, for every writing of the shipped reporting cases.
FLOORS = {"recall@5": 0.85, "helped": 0.85}
CEILINGS = {"told wrong": 0.08, "false answers": 0.12, "language faults": 0.05}


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the writing of the reply, and the entries that answer it; none means that it must be refused."""

    question: str
    language: Language
    writing: str
    kind: str
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with what came of it. `rank` is the place of the first right entry, None where it is not there."""

    case: Case
    answer: Answer
    rank: int | None
    by_words: bool  # a plain word search has a right entry first


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases whose confidence lies in one stretch: what was said on average, and how often it was so."""

    cases: int
    said: float
    was: float


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of some cases; a share that has no cases to be of is None."""

    name: str
    cases: int
    figures: dict[str, float | None] = field(default_factory=dict)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a YAML file, or of all files of a folder.

    Raises CasesError naming the file and the item that cannot be used.
    """
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise CasesError(f"{path}: there are no cases here; name a .yaml file or a folder of them")
    return [case for file in files for case in _read_file(file)]


def _read_file(file: Path) -> list[Case]:
    try:
        items = yaml.safe_load(file.read_text("utf-8")) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CasesError(f"{file}: cannot be read as YAML; {error}") from error
    cases = []
    for number, item in enumerate(items, 1):
        try:
            cases.append(Case(item["question"], item["language"], item["writing"], item["kind"], tuple(item["expect"])))
        except (KeyError, TypeError) as error:
            raise CasesError(
                f"{file}: item {number} needs question, language, writing, kind and expect ({error})"
            ) from error
    return cases


def run_cases(cases: Iterable[Case], ask: Ask, find_by_words: FindByWords) -> list[Outcome]:
    """Ask every case, of the bot and of a plain word search, and return what came of it."""
    return [_judge(case, ask(case.question), find_by_words(case.question)) for case in cases]


def _judge(case: Case, answer: Answer, by_words: Entry | None) -> Outcome:
    ranks = (place for place, passage in enumerate(answer.passages, 1) if _is_right(passage.entry, case))
    return Outcome(case, answer, next(ranks, None), by_words is not None and _is_right(by_words, case))


def _is_right(entry: Entry, case: Case) -> bool:
    return any(wording.id in case.expect for wording in entry.wordings.values())


def measure_slices(outcomes: Sequence[Outcome]) -> list[Slice]:
    """Return the figures of all cases and of each writing, kind of entry, and in or out of scope."""
    slices = [_measure("all", outcomes)]
    for name in ("writing", "kind"):
        values = dict.fromkeys(getattr(outcome.case, name) for outcome in outcomes)
        for value in values:
            members = [outcome for outcome in outcomes if getattr(outcome.case, name) == value]
            slices.append(_measure(f"{name} {value}", members))
    return slices


def _measure(name: str, outcomes: Sequence[Outcome]) -> Slice:
    answerable = [outcome for outcome in outcomes if outcome.case.expect]
    unanswerable = [outcome for outcome in outcomes if not outcome.case.expect]
    seconds = [outcome.answer.seconds * 1000 for outcome in outcomes]
    figures = {
        "BM25@1": _share(answerable, lambda outcome: outcome.by_words),
        "recall@1": _share(answerable, lambda outcome: outcome.rank == 1),
        "recall@5": _share(answerable, lambda outcome: outcome.rank is not None and outcome.rank <= 5),
        "MRR": statistics.fmean(1 / outcome.rank if outcome.rank else 0.0 for outcome in answerable)
        if answerable
        else None,
        "helped": _share(answerable, _helped),
        "told wrong": _share(answerable, lambda outcome: outcome.answer.outcome == "answered" and outcome.rank != 1),
        "false refusals": _share(answerable, lambda outcome: outcome.answer.outcome == "refused"),
        "false answers": _share(unanswerable, lambda outcome: outcome.answer.outcome == "answered"),
        "language faults": _share(outcomes, _is_language_fault),
        "listed": _mean([_overlap(outcome) for outcome in answerable if outcome.case.kind == "filter"]),
        "p50 ms": statistics.median(seconds) if seconds else None,
        "p95 ms": statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else None,
    }
    return Slice(name, len(outcomes), figures)


def _helped(outcome: Outcome) -> bool:
    if outcome.answer.outcome == "answered":
        return outcome.rank == 1
    return outcome.answer.outcome == "clarify" and outcome.rank is not None and outcome.rank <= 4


def _overlap(outcome: Outcome) -> float:
    """Return how much of what a listing should name it names, and no more (Jaccard index)."""
    named, wanted = set(outcome.answer.sources), set(outcome.case.expect)
    return len(named & wanted) / len(named | wanted)


def measure_reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Return how far the confidence can be believed, in stretches of equal length; empty ones are left out."""
    bins = []
    for number in range(_BINS):
        low, high = number / _BINS, (number + 1) / _BINS
        members = [o for o in outcomes if low <= o.answer.confidence < high or (o.answer.confidence == high == 1.0)]
        if members:
            said = statistics.fmean(outcome.answer.confidence for outcome in members)
            bins.append(Bin(len(members), said, statistics.fmean(outcome.rank == 1 for outcome in members)))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of what was said from what was so (expected calibration error, Naeini et al. 2015)."""
    total = sum(part.cases for part in bins)
    return sum(part.cases * abs(part.said - part.was) for part in bins) / total if total else 0.0


def _is_language_fault(outcome: Outcome) -> bool:
    """Tell whether the reply is in another writing than the asker's where the entry has theirs."""
    if outcome.answer.language != outcome.case.language:
        return True
    wanted = content_language(outcome.case.language)
    return any(wanted in passage.entry.wordings and passage.language != wanted for passage in outcome.answer.passages)


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def _share(outcomes: Sequence[Outcome], test: Callable[[Outcome], bool]) -> float | None:
    return sum(map(test, outcomes)) / len(outcomes) if outcomes else None


def find_faults(slices: Iterable[Slice]) -> list[str]:
    """Return a line for each writing that is under a floor or over a ceiling."""
    faults = []
    for part in slices:
        if not part.name.startswith("writing "):
            continue
        for name, floor in FLOORS.items():
            if (value := part.figures[name]) is not None and value < floor:
                faults.append(f"{part.name}: {name} is {value:.2f}, under its floor of {floor:.2f}")
        for name, ceiling in CEILINGS.items():
            if (value := part.figures[name]) is not None and value > ceiling:
                faults.append(f"{part.name}: {name} is {value:.2f}, over its ceiling of {ceiling:.2f}")
    return faults


def to_table(slices: Sequence[Slice]) -> str:
    """Return the slices as a table for people."""
    names = list(slices[0].figures)
    rows = [["slice", "cases", *names]]
    rows += [[part.name, str(part.cases), *(_write(part.figures[name]) for name in names)] for part in slices]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def to_lines(bins: Sequence[Bin]) -> str:
    """Return the reliability of the confidence as lines for people."""
    lines = [f"  said {part.said:.2f}, was {part.was:.2f} ({part.cases} cases)" for part in bins]
    return "\n".join([f"confidence: off by {calibration_error(bins):.3f} on average", *lines])


def _write(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
