"""Measure an encoder on parallel text: how often a sentence's nearest neighbour in another language is its translation.

    python -m training.evaluate MODEL --corpora DIR [--json]

MODEL is a folder that model2vec or sentence-transformers loads. Figures: recall@1 over all candidates of the file. A
candidate of the very text of the translation counts as right (a course repeats "Introduction"); "strict" figures count
only the row itself.
"""

import argparse
import csv
import json
from pathlib import Path
from typing import Protocol

import numpy as np

from training.corpora import read_rows

DEV_FILES = {"flores": "dev/flores_sib200.tsv", "ms_security": "dev/ms_security_101.tsv"}
PAIRS = (("ur", "en"), ("en", "ur"), ("zh", "en"), ("en", "zh"), ("ur", "zh"), ("zh", "ur"))


def main() -> None:
    """Print the figures of one model."""
    parser = argparse.ArgumentParser(description="Measure an encoder on parallel text.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = evaluate(load(arguments.model), arguments.corpora)
    if arguments.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:<24} {value:.3f}" for name, value in figures.items()))


class Model(Protocol):
    """What is asked of either library's model."""

    def encode(self, sentences: list[str], *, show_progress_bar: bool) -> np.ndarray:
        """Return one vector a sentence."""
        ...


def load(folder: Path) -> Model:
    """Return the model of `folder`: with model2vec where it is a static one, else with sentence-transformers."""
    if json.loads((folder / "modules.json").read_text("utf-8"))[0]["type"].endswith("StaticEmbedding"):
        from model2vec import StaticModel

        return StaticModel.from_pretrained(folder)
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu")


def evaluate(model: Model, corpora: Path) -> dict[str, float]:
    """Return recall@1 by test set and direction."""
    figures: dict[str, float] = {}
    for name, file in DEV_FILES.items():
        with (corpora / file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
        vectors = {side: _encode(model, [row[side] or "" for row in rows]) for side in ("en", "ur", "zh")}
        for asked, found in PAIRS:
            texts = [row[found] for row in rows]
            figures[f"{name} {asked}->{found}"] = _recall(vectors[asked], vectors[found], texts)
            if len(set(texts)) < len(texts):
                figures[f"{name} {asked}->{found} strict"] = _recall(vectors[asked], vectors[found])
    train, held_out = read_rows(corpora)
    seen = [row.sides["ur"] for row in train if set(row.sides) == {"ur", "roman"}]
    roman = _encode(model, [row.sides["roman"] for row in held_out])
    urdu = _encode(model, [row.sides["ur"] for row in held_out] + seen)
    figures["dakshina roman->ur"] = _recall(roman, urdu)
    return figures


def _encode(model: Model, texts: list[str]) -> np.ndarray:
    vectors = np.asarray(model.encode(texts, show_progress_bar=False), dtype=np.float32)
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9))


def _recall(asked: np.ndarray, candidates: np.ndarray, texts: list[str] | None = None) -> float:
    nearest = (asked @ candidates.T).argmax(axis=1)
    if texts is None:
        return float((nearest == np.arange(len(asked))).mean())
    return float(np.mean([texts[found] == texts[right] for right, found in enumerate(nearest)]))


if __name__ == "__main__":
    main()
