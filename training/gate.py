"""Fit the gate of `bot/answering/gate.py`, whether a question wants courses listed, and write `gate.json`.

    python -m training.gate [--rounds N]

Learned from are `wishes/listed.yaml` and `wishes/entries.yaml`, each asked of four folders, the tuning cases of these,
and of `questions/` those that are not about courses, in turn of one folder each: all that have a condition. What is
printed is measured on groups of questions that a fit had not seen, over `--rounds` splits into halves.
"""

import argparse
import itertools
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.answering import gate
from bot.answering.bridge import Bridge
from bot.answering.catalogue import Catalogue
from bot.answering.consult import name_subject
from bot.answering.retrieve import retrieve
from bot.app import build, prepare_ingest
from bot.index.publish import publish
from bot.index.vectors import Vectors
from bot.language.wishes import read_wish
from bot.settings import load_settings

FOLDERS = {
    "knowledge": "tests/cases/tune",
    "tests/data/library": "tests/cases/library/tune.yaml",
    "tests/data/centre": "tests/cases/centre/tune.yaml",
    "tests/data/polytechnic": "tests/cases/polytechnic/tune.yaml",
}
DEPTH = 15  # as many entries as the bot looks at
_HERE = Path(__file__).parent
# Their questions want courses now and then, which is not told there.
_ABOUT_COURSES = ("courses.tsv", "youth_trades.tsv")
_OF_A_GROUP = 4  # questions taken of each of the groups of `questions/`
# One written for all folders is there four times; one from `questions/` is seldom near to what a folder is about.
_WEIGHT_WRITTEN, _WEIGHT_OTHER = 0.25, 0.3
_STRENGTH = 3.0  # of the data against the penalty on weights
_SEED = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is wanted; those of one `group` are told in other words or writings."""

    text: str
    group: str
    wants_courses: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Example:
    """What the gate goes by for a question asked of a folder."""

    question: Question
    features: list[float]
    vector: Vectors


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit whether a question wants courses listed.")
    parser.add_argument("--rounds", type=int, default=4)
    rounds = parser.parse_args().rounds
    fitted = {}
    for encoder in ("shipped", "static"):
        examples = gather_all(encoder)
        print(f"{encoder}: {measure(examples, rounds, with_meaning=True)}")
        fitted[encoder] = fit(examples, with_meaning=True)
    print(f"{gate.WITHOUT_MEANING}: {measure(examples, rounds, with_meaning=False)}")
    fitted[gate.WITHOUT_MEANING] = fit(examples, with_meaning=False)
    path = Path(gate.__file__).with_name("gate.json")
    path.write_text(json.dumps(fitted) + "\n", encoding="utf-8")


def gather_all(encoder: str) -> list[Example]:
    """Return the questions of all folders that could be wishes."""
    written, others = list(read_written()), list(read_others())
    shares = {folder: others[number :: len(FOLDERS)] for number, folder in enumerate(FOLDERS)}
    return list(
        itertools.chain.from_iterable(
            gather(encoder, Path(folder), [*written, *read_cases(Path(cases)), *shares[folder]])
            for folder, cases in FOLDERS.items()
        )
    )


def gather(encoder: str, folder: Path, questions: Sequence[Question]) -> Iterator[Example]:
    """Yield those of the questions that could be wishes, asked of a fresh index of a folder."""
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(knowledge_dir=folder, data_dir=Path(data), encoder=encoder)
        publish(prepare_ingest(settings, lambda stage, done, total: None))
        app = build(settings)
        with app.reader.use() as index:
            bridge, catalogue = Bridge(index.terms), Catalogue(index.entries.of_kind("course"), index.terms)
            for question in questions:
                wish = read_wish(question.text, catalogue.names, catalogue.title_words)
                if not wish.conditions:
                    continue
                found = retrieve(question.text, index, app.encoder, bridge, DEPTH)
                named = name_subject(wish, index, app.encoder, bridge, catalogue)
                features = gate.measure(wish, found, named[0][0] if named else 0.0)
                yield Example(question, [features[name] for name in gate.FEATURES], found.vector)
        app.reader.close()


def read_written() -> Iterator[Question]:
    """Yield the questions that were written for this."""
    for name, wants_courses in (("listed", True), ("entries", False)):
        for number, group in enumerate(yaml.safe_load((_HERE / "wishes" / f"{name}.yaml").read_text("utf-8"))):
            for text in group.values():
                yield Question(text, f"{name} {number}", wants_courses, _WEIGHT_WRITTEN)


def read_cases(path: Path) -> Iterator[Question]:
    """Yield the tuning cases of a folder."""
    for file in sorted(path.rglob("*.yaml")) if path.is_dir() else [path]:
        for case in yaml.safe_load(file.read_text("utf-8")):
            wants_courses = case["kind"].startswith("filter")
            yield Question(case["question"], f"{path} {case['group']}", wants_courses, 1.0)


def read_others() -> Iterator[Question]:
    """Yield some questions of each group of `questions/` that is not about courses."""
    choose = random.Random(_SEED)
    for file in sorted((_HERE / "questions").glob("*.tsv")):
        if file.name in _ABOUT_COURSES:
            continue
        rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
        asked = [(group, text) for group, writing, text in rows if not writing.startswith("a:")]
        for group, members in itertools.groupby(asked, key=lambda row: row[0]):
            for _, text in choose.sample(list(members), _OF_A_GROUP):
                yield Question(text, group, wants_courses=False, weight=_WEIGHT_OTHER)


def fit(examples: Sequence[Example], *, with_meaning: bool) -> dict[str, object]:
    """Return the weights for `examples`."""
    model = _fit(examples, with_meaning=with_meaning)
    weights = np.round(model.coef_[0], 3).tolist()
    known = len(gate.FEATURES)
    return {
        "intercept": round(float(model.intercept_[0]), 3),
        "weights": dict(zip(gate.FEATURES, weights[:known], strict=True)),
        "meaning": weights[known:],
    }


def measure(examples: Sequence[Example], rounds: int, *, with_meaning: bool) -> str:
    """Return how well those written for this and the tuning cases are told apart by a fit that had not seen them."""
    area, recall = [], []
    for number in range(rounds):
        groups = sorted({example.question.group for example in examples})
        first = set(random.Random(number).sample(groups, len(groups) // 2))
        halves = [[one for one in examples if (one.question.group in first) is side] for side in (True, False)]
        for seen, kept_out in (halves, halves[::-1]):
            model = _fit(seen, with_meaning=with_meaning)
            judged = [one for one in kept_out if one.question.weight != _WEIGHT_OTHER]
            wants = np.array([one.question.wants_courses for one in judged])
            score = model.decision_function(_table(judged, with_meaning=with_meaning))
            area.append(roc_auc_score(wants, score))
            recall.append(float(np.mean(score[wants] > np.quantile(score[~wants], 0.9))))
    return f"area under the curve {np.mean(area):.3f}, found where one in ten others is too {np.mean(recall):.2f}"


def _fit(examples: Sequence[Example], *, with_meaning: bool) -> LogisticRegression:
    wants = [example.question.wants_courses for example in examples]
    weights = [example.question.weight for example in examples]
    model = LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight="balanced")
    return model.fit(_table(examples, with_meaning=with_meaning), wants, weights)


def _table(examples: Sequence[Example], *, with_meaning: bool) -> np.ndarray:
    return np.array(
        [[*example.features, *(example.vector if with_meaning else ())] for example in examples], dtype=np.float64
    )


if __name__ == "__main__":
    main()
