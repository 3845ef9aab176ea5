"""Measure encoders beside one another, and both views together by weight.

    python -m training.compare --corpora DIR --static DIR --transformer DIR [--teacher] [--json FILE]

Parallel text (nearest neighbour in another language), English intents (nearest training question's intent), and the
bot's own tuning cases by dense search alone (is the right entry first, or among the first four), writing by writing.
The `both` figures are for shares 0, 0.1 … 1 of the static view in the score.
"""

import argparse
import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from bot.corpus import chunk_entries, read_corpus
from bot.evaluation import read_cases
from bot.language.normalise import normalise
from training.corpora import read_rows
from training.static import teacher_model

Encode = Callable[[list[str]], np.ndarray]
SHARES = tuple(round(0.1 * step, 1) for step in range(11))
PAIRS = (("ur", "en"), ("en", "ur"), ("zh", "en"), ("en", "zh"), ("ur", "zh"), ("zh", "ur"))
FOLDERS = (("knowledge", "tests/cases/tune"), ("tests/data/library", "tests/cases/library/tune.yaml"))
TODAY = date(2026, 11, 24)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure encoders beside one another.")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--static", type=Path, required=True)
    parser.add_argument("--transformer", type=Path, required=True)
    parser.add_argument("--teacher", action="store_true", help="measure all-MiniLM-L6-v2 as well, in English")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    encoders = load(arguments.static, arguments.transformer, arguments.teacher)
    figures: dict[str, dict[str, float]] = {}
    for measure in (measure_cases, measure_parallel, measure_intents):
        for name, row in measure(encoders, arguments.corpora).items():
            figures[name] = row
            print(f"{name:<34}" + "  ".join(f"{column} {value:.3f}" for column, value in row.items()), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def load(static: Path, transformer: Path, is_teacher: bool) -> dict[str, Encode]:
    """Return what gives unit vectors of normalised texts, by name."""
    from model2vec import StaticModel

    from bot.index.transformer import OnnxEmbeddings

    words, layers = StaticModel.from_pretrained(static), OnnxEmbeddings(transformer)
    encoders: dict[str, Encode] = {
        "static": lambda texts: _unit(words.encode(texts)),
        "transformer": layers.encode,
    }
    if is_teacher:
        teacher = teacher_model()
        encoders["teacher"] = lambda texts: np.asarray(teacher.encode(texts, show_progress_bar=False))
    return encoders


def measure_parallel(encoders: dict[str, Encode], corpora: Path) -> dict[str, dict[str, float]]:
    """Return how often a sentence's nearest neighbour in another language is its translation."""
    figures = {}
    for name, file in (("flores", "dev/flores_sib200.tsv"), ("security", "dev/ms_security_101.tsv")):
        with (corpora / file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
        sides = {side: [normalise(row[side] or "") for row in rows] for side in ("en", "ur", "zh")}
        vectors = {side: _encode_two(encoders, texts) for side, texts in sides.items()}
        for asked, found in PAIRS:
            figures[f"{name} {asked}->{found}"] = _by_share(_cosines(vectors[asked], vectors[found]), _is_diagonal)
    train, held_out = read_rows(corpora)
    seen = [row.sides["ur"] for row in train if set(row.sides) == {"ur", "roman"}]
    roman = _encode_two(encoders, [row.sides["roman"] for row in held_out])
    urdu = _encode_two(encoders, [row.sides["ur"] for row in held_out] + seen)
    return figures | {"dakshina roman->ur": _by_share(_cosines(roman, urdu), _is_diagonal)}


def measure_intents(encoders: dict[str, Encode], corpora: Path) -> dict[str, dict[str, float]]:
    """Return how often the nearest training question has the test question's intent."""
    figures = {}
    for name in ("banking77", "clinc150"):
        train, test = (_read_groups(corpora / f"questions/groups_{name}{part}.tsv") for part in ("", "_test"))
        row = {}
        for encoder, encode in encoders.items():
            similarity = encode([text for _, text in test]) @ encode([text for _, text in train]).T
            nearest = similarity.argmax(axis=1)
            row[encoder] = float(np.mean([train[place][0] == test[at][0] for at, place in enumerate(nearest)]))
        figures[name] = row
    return figures


def measure_cases(encoders: dict[str, Encode], corpora: Path) -> dict[str, dict[str, float]]:
    """Return recall@1 and recall@4 of dense search alone on the tuning cases, by writing."""
    del corpora
    ranks: dict[str, dict[str, list[int]]] = {}
    for folder, cases in FOLDERS:
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
    asked = [case for case in read_cases(cases) if case.expect]
    texts = [normalise(chunk.text) for chunk in chunks]
    questions = [normalise(case.question) for case in asked]
    cosines = {name: encode(questions) @ encode(texts).T for name, encode in encoders.items()}
    columns = {"static": cosines["static"], "transformer": cosines["transformer"]}
    columns |= {f"s{share}": share * cosines["static"] + (1 - share) * cosines["transformer"] for share in SHARES[1:-1]}
    owners = [chunk.entry_id for chunk in chunks]
    found: dict[str, dict[str, list[int]]] = {}
    for at, case in enumerate(asked):
        slice_columns = columns | (
            {"teacher": cosines["teacher"]} if "teacher" in cosines and case.writing == "en" else {}
        )
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


def _by_share(cosines: list[np.ndarray], judge: Callable[[np.ndarray], float]) -> dict[str, float]:
    named = {1.0: "static", 0.0: "transformer"}
    order = (1.0, 0.0, *SHARES[1:-1])
    return {named.get(share, f"s{share}"): judge(share * cosines[0] + (1 - share) * cosines[1]) for share in order}


def _is_diagonal(scores: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == np.arange(len(scores))).mean())


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


if __name__ == "__main__":
    main()
