"""Fit the confidence of `bot/answering/decide.py` on the tuning cases and write `calibration.json`.

    python -m training.calibrate [FOLDER=CASES ...]

Each argument joins a knowledge folder with cases over it; more than one folder keeps the weights from fitting one
alone. The regression is fitted by maximum likelihood with an L2 penalty; the two thresholds are those that help the
most questions while at most a share of `TOLD_WRONG` is another entry's and few questions out of scope are answered.
"""

import argparse
import itertools
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.answering import decide
from bot.answering.bridge import Bridge
from bot.answering.retrieve import Retrieved, retrieve
from bot.app import build, prepare_ingest
from bot.evaluation import Case, read_cases
from bot.index.publish import publish
from bot.settings import load_settings

TOLD_WRONG = 0.04
# Of questions far from the folder's subject, and near to it.
FALSE_FAR, FALSE_NEAR = 0.05, 0.10
# What asking back costs, of what a right answer is worth: a tap, and some trust.
ASKED_BACK = 0.15
# Of the questions that a folder answers, in the folder that fares worst: half of what is allowed on unseen ones.
REFUSED = 0.025
# What was tuned on looks surer than what was not: so much surer must a question be than what is refused.
UNSEEN = 1.5
DEPTH = 15  # as many entries as the bot looks at: a feature is a mean over them
_DEFAULT = (
    "knowledge=tests/cases/tune",
    "tests/data/library=tests/cases/library/tune.yaml",
    "tests/data/centre=tests/cases/centre/tune.yaml",
    "tests/data/polytechnic=tests/cases/polytechnic/tune.yaml",
)


@dataclass(frozen=True, slots=True)
class Example:
    """A case with what was found for it; `rank` is the place of the first right entry, 0 where there is none."""

    folder: Path
    case: Case
    found: Retrieved
    rank: int
    is_elsewhere: bool  # it names a country that the first entry does not


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the confidence on the tuning cases.")
    parser.add_argument("pairs", nargs="*", default=_DEFAULT, metavar="FOLDER=CASES")
    arguments = parser.parse_args()
    fitted = {encoder: fit(gather_all(encoder, arguments.pairs)) for encoder in ("shipped", "static")}
    path = Path(decide.__file__).with_name("calibration.json")
    path.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=2))


def gather_all(encoder: str, pairs: Sequence[str]) -> list[Example]:
    """Return the cases of all folders for which anything is found; the catalogue answers its own questions."""
    examples = [example for pair in pairs for example in gather(encoder, *map(Path, pair.split("=")))]
    return [example for example in examples if example.found.hits and not example.case.kind.startswith("filter")]


def gather(encoder: str, folder: Path, cases: Path) -> list[Example]:
    """Return each case with the entries that a fresh index of `folder` finds for it."""
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(knowledge_dir=folder, data_dir=Path(data), encoder=encoder)
        publish(prepare_ingest(settings, lambda stage, done, total: None))
        app = build(settings)
        with app.reader.use() as index:
            bridge = Bridge(index.terms)
            examples = []
            for case in read_cases(cases):
                found = retrieve(case.question, index, app.encoder, bridge, DEPTH)
                entries = index.entries.get([hit.entry_id for hit in found.hits])
                right = [
                    any(wording.id in case.expect for wording in entries[hit.entry_id].wordings.values())
                    for hit in found.hits
                ]
                rank = right.index(True) + 1 if True in right else 0
                elsewhere = bool(found.hits) and decide.is_elsewhere(case.question, entries[found.hits[0].entry_id])
                examples.append(Example(folder, case, found, rank, elsewhere))
        app.reader.close()
    return examples


def fit(examples: list[Example]) -> dict[str, object]:
    """Return the weights and thresholds for `examples`."""
    measured = [decide.measure(example.found) for example in examples]
    features = np.array([[row[name] for name in decide.FEATURES] for row in measured])
    right = np.array([example.rank == 1 for example in examples])
    model = LogisticRegression(C=10.0, max_iter=1000).fit(features, right)
    confidence = model.predict_proba(features)[:, 1]
    answer_from, clarify_from = choose_thresholds(confidence, examples)
    return {
        "intercept": round(float(model.intercept_[0]), 4),
        "weights": dict(zip(decide.FEATURES, np.round(model.coef_[0], 4).tolist(), strict=True)),
        "answer_from": answer_from,
        "clarify_from": clarify_from,
    }


def choose_thresholds(confidence: np.ndarray, examples: list[Example]) -> tuple[float, float]:
    """Return from which confidence to answer and from which to ask back."""
    rank = np.array([example.rank for example in examples])
    answerable = np.array([bool(example.case.expect) for example in examples])
    kinds = np.array([_kind(example.case) for example in examples])
    folders = np.array([str(example.folder) for example in examples])
    here = np.array([not example.is_elsewhere for example in examples])
    best = (-1.0, 0.5, 0.2)
    for answer_from, clarify_from in itertools.product(np.arange(0.3, 0.97, 0.02), np.arange(0.04, 0.5, 0.02)):
        if clarify_from > answer_from:
            continue
        answered = here & (confidence >= answer_from)
        clarified = ~answered & (confidence >= clarify_from)
        wrong = (answered & (rank != 1))[answerable].mean()
        far, near = (answered[kinds == kind].mean() if (kinds == kind).any() else 0.0 for kind in ("far", "near"))
        offered = (clarified & (rank >= 1) & (rank <= 4))[answerable].mean()
        helped = (answered & (rank == 1))[answerable].mean() + offered
        # Asking back about what is out of scope is a fault as well.
        bothered = clarified[~answerable].mean() if (~answerable).any() else 0.0
        worth = helped - ASKED_BACK * (bothered + clarified[answerable].mean())
        unsure = answerable & (confidence < UNSEEN * clarify_from)
        refused = max(unsure[answerable & (folders == folder)].mean() for folder in set(folders))
        if wrong <= TOLD_WRONG and refused <= REFUSED and far <= FALSE_FAR and near <= FALSE_NEAR and worth > best[0]:
            best = (float(worth), round(float(answer_from), 2), round(float(clarify_from), 2))
    return best[1:]


def _kind(case: Case) -> str:
    """Return whether a case is answerable, near the folder's subject, or far from it (attacks among these)."""
    return "answerable" if case.expect else "near" if case.kind == "out-near" else "far"


if __name__ == "__main__":
    main()
