"""Measure encoders beside one another, and both views together by weight.

    python -m training.compare --corpora DIR --static DIR --transformer DIR [--report] [--json FILE]

The bot's question cases by dense search alone (is the right entry first, or among the first four), writing by writing;
parallel text (nearest neighbour in another language; "by text" counts any row of the same text as right); intents
(nearest English training question's intent) of the English test questions and of 300 of them in the other writings.
all-MiniLM-L6-v2 stands beside them in English. `s0.5` is both encoders with half of the
score from the static one, `shipped` with the share of `bot/index/joint.py` for the asking side's writing.
"""

import argparse
import csv
import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from bot.corpus import chunk_entries, read_corpus
from bot.evaluation import read_cases
from bot.index.joint import SHARES as SHIPPED_SHARES
from bot.language.normalise import normalise
from training.corpora import read_rows
from training.static import teacher_model

Encode = Callable[[list[str]], np.ndarray]
SHARES = tuple(round(0.1 * step, 1) for step in range(11))
PAIRS = (("ur", "en"), ("en", "ur"), ("zh", "en"), ("en", "zh"), ("ur", "zh"), ("zh", "ur"))
FOLDERS = {
    False: (("knowledge", "tests/cases/tune"), ("tests/data/library", "tests/cases/library/tune.yaml")),
    True: (("knowledge", "tests/cases/report"), ("tests/data/library", "tests/cases/library/report.yaml")),
}
INTENTS = ("banking77", "clinc150")
TRANSLATED = Path(__file__).with_name("intents_translated.tsv")
TODAY = date(2026, 11, 24)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure encoders beside one another.")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--static", type=Path, required=True)
    parser.add_argument("--transformer", type=Path, required=True)
    parser.add_argument("--report", action="store_true", help="the cases that are reported on, not those to tune by")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    encoders = load(arguments.static, arguments.transformer)
    figures: dict[str, dict[str, float]] = {}
    for measure in (
        lambda: measure_cases(encoders, FOLDERS[arguments.report]),
        lambda: measure_parallel(encoders, arguments.corpora),
        lambda: measure_intents(encoders, arguments.corpora),
    ):
        for name, row in measure().items():
            figures[name] = row
            print(f"{name:<34}" + "  ".join(f"{column} {value:.3f}" for column, value in row.items()), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def load(static: Path, transformer: Path) -> dict[str, Encode]:
    """Return what gives unit vectors of normalised texts, by name."""
    from model2vec import StaticModel

    from bot.index.transformer import OnnxEmbeddings

    words, layers = StaticModel.from_pretrained(static), OnnxEmbeddings(transformer)
    teacher = teacher_model()
    return {
        "static": lambda texts: _unit(words.encode(texts)),
        "transformer": lambda texts: np.asarray(layers.embed_documents(texts)),
        "teacher": lambda texts: np.asarray(teacher.encode(texts, show_progress_bar=False)),
    }


def measure_parallel(encoders: dict[str, Encode], corpora: Path) -> dict[str, dict[str, float]]:
    """Return how often a sentence's nearest neighbour in another language is its translation."""
    figures = {}
    for name, file in (("flores", "dev/flores_sib200.tsv"), ("security", "dev/ms_security_101.tsv")):
        with (corpora / file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
        sides = {side: [normalise(row[side] or "") for row in rows] for side in ("en", "ur", "zh")}
        vectors = {side: _encode_two(encoders, texts) for side, texts in sides.items()}
        for asked, found in PAIRS:
            cosines = _cosines(vectors[asked], vectors[found])
            share = SHIPPED_SHARES[asked]
            figures[f"{name} {asked}->{found}"] = _by_share(cosines, share, _is_diagonal)
            if len(set(sides[found])) < len(rows):
                figures[f"{name} {asked}->{found} by text"] = _by_share(cosines, share, partial(_is_same, sides[found]))
    train, held_out = read_rows(corpora)
    seen = [row.sides["ur"] for row in train if set(row.sides) == {"ur", "roman"}]
    roman = _encode_two(encoders, [row.sides["roman"] for row in held_out])
    urdu = _encode_two(encoders, [row.sides["ur"] for row in held_out] + seen)
    share = SHIPPED_SHARES["ur-Latn"]
    return figures | {"dakshina roman->ur": _by_share(_cosines(roman, urdu), share, _is_diagonal)}


def measure_intents(encoders: dict[str, Encode], corpora: Path) -> dict[str, dict[str, float]]:
    """Return how often the nearest English training question has the intent of a test question, by its writing."""
    with TRANSLATED.open(encoding="utf-8", newline="") as stream:
        translated = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    right: dict[str, dict[str, list[bool]]] = {}
    for name in INTENTS:
        train, test = (_read_groups(corpora / f"questions/groups_{name}{part}.tsv") for part in ("", "_test"))
        sample = [row for row in translated if row["file"] == name]
        intents = [test[int(row["row"]) - 1][0] for row in sample]
        asked = {name: test, "300 en": [test[int(row["row"]) - 1] for row in sample]}
        for side in ("ur", "roman", "zh"):
            asked[f"300 {side}"] = list(zip(intents, (normalise(row[side]) for row in sample), strict=True))
        views = {encoder: encode([text for _, text in train]) for encoder, encode in encoders.items()}
        for slice_name, questions in asked.items():
            scores = {key: encoders[key]([text for _, text in questions]) @ views[key].T for key in views}
            scores["s0.5"] = (scores["static"] + scores["transformer"]) / 2
            for column, similarity in scores.items():
                found = [train[place][0] == questions[at][0] for at, place in enumerate(similarity.argmax(axis=1))]
                right.setdefault(f"intents {slice_name}", {}).setdefault(column, []).extend(found)
    return {name: {column: float(np.mean(hits)) for column, hits in row.items()} for name, row in right.items()}


def measure_cases(encoders: dict[str, Encode], pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Return recall@1 and recall@4 of dense search alone on cases over folders, by writing."""
    ranks: dict[str, dict[str, list[int]]] = {}
    for folder, cases in pairs:
        for writing, found in _rank_cases(encoders, Path(folder), Path(cases)).items():
            for part in (f"{folder.split('/')[-1]} {writing}", f"all {writing}"):
                for column, places in found.items():
                    ranks.setdefault(part, {}).setdefault(column, []).extend(places)
    return {
        f"{part} @{top} n={len(columns['static'])}": {
            column: float(np.mean([place < top for place in places])) for column, places in columns.items()
        }
        for part, columns in sorted(ranks.items())
        for top in (1, 4)
    }


def _rank_cases(encoders: dict[str, Encode], folder: Path, cases: Path) -> dict[str, dict[str, list[int]]]:
    entries = read_corpus(folder, TODAY).entries
    names = {entry.id: {wording.id for wording in entry.wordings.values()} | {entry.id} for entry in entries}
    chunks = chunk_entries(entries)
    asked = [case for case in read_cases(cases) if case.expect and case.kind != "filter"]
    texts = [normalise(chunk.text) for chunk in chunks]
    questions = [normalise(case.question) for case in asked]
    cosines = {name: encode(questions) @ encode(texts).T for name, encode in encoders.items()}
    columns = {"static": cosines["static"], "transformer": cosines["transformer"]}
    shipped = np.array([[SHIPPED_SHARES[case.language]] for case in asked])
    columns |= {"shipped": shipped * cosines["static"] + (1 - shipped) * cosines["transformer"]}
    columns |= {f"s{share}": share * cosines["static"] + (1 - share) * cosines["transformer"] for share in SHARES[1:-1]}
    owners = [chunk.entry_id for chunk in chunks]
    found: dict[str, dict[str, list[int]]] = {}
    for at, case in enumerate(asked):
        slice_columns = columns | ({"teacher": cosines["teacher"]} if case.writing == "en" else {})
        for column, scores in slice_columns.items():
            order = list(dict.fromkeys(owners[place] for place in np.argsort(-scores[at])))
            rank = next((place for place, owner in enumerate(order) if names[owner] & set(case.expect)), len(order))
            for writing in (case.writing, "total"):
                if column != "teacher" or writing == "en":
                    found.setdefault(writing, {}).setdefault(column, []).append(rank)
    return found


def _read_groups(path: Path) -> list[tuple[str, str]]:
    lines = (line.split("\t") for line in path.read_text("utf-8").split("\n")[1:] if line)
    return [(line[1], normalise(line[2])) for line in lines]


def _encode_two(encoders: dict[str, Encode], texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return encoders["static"](texts), encoders["transformer"](texts)


def _cosines(asked: tuple[np.ndarray, np.ndarray], found: tuple[np.ndarray, np.ndarray]) -> list[np.ndarray]:
    return [left @ right.T for left, right in zip(asked, found, strict=True)]


def _by_share(cosines: list[np.ndarray], shipped: float, judge: Callable[[np.ndarray], float]) -> dict[str, float]:
    columns = {"static": 1.0, "transformer": 0.0, "shipped": shipped} | {f"s{share}": share for share in SHARES[1:-1]}
    return {name: judge(share * cosines[0] + (1 - share) * cosines[1]) for name, share in columns.items()}


def _is_diagonal(scores: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == np.arange(len(scores))).mean())


def _is_same(texts: list[str], scores: np.ndarray) -> float:
    return float(np.mean([texts[found] == texts[right] for right, found in enumerate(scores.argmax(axis=1))]))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


if __name__ == "__main__":
    main()
