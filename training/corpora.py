"""Parallel rows for training, as the manifest lists them."""

import csv
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.language.normalise import normalise

SIDES = ("en", "ur", "zh", "roman")
MANIFEST = Path(__file__).with_name("manifest.toml")


@dataclass(frozen=True, slots=True)
class Row:
    """The sides of one translation, each in the form of `bot.language.normalise`, and how often the row is drawn."""

    sides: dict[str, str]
    weight: float


Lexicon = dict[str, list[tuple[str, int]]]


def read_rows(corpora: Path, manifest: Path = MANIFEST) -> tuple[list[Row], list[Row]]:
    """Return the rows to train on and the rows held out of training.

    Raises FileNotFoundError where a file of the manifest is missing.
    """
    train: dict[tuple[tuple[str, str], ...], float] = {}
    held_out: list[Row] = []
    for corpus in tomllib.loads(manifest.read_text("utf-8"))["corpus"]:
        for number, sides in enumerate(read_table(corpora / corpus["file"])):
            if len(sides) < 2:
                continue
            if "held_out" in corpus and number % corpus["held_out"] == 0:
                held_out.append(Row(sides, 1.0))
                continue
            key = tuple(sorted(sides.items()))
            train[key] = max(train.get(key, 0.0), float(corpus["weight"]))
    return [Row(dict(key), weight) for key, weight in train.items()], held_out


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a TSV as normalised sides, empty ones left out."""
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{side: text for side in SIDES if (text := normalise(row.get(side) or ""))} for row in rows]


def read_lexicon(corpora: Path, manifest: Path = MANIFEST) -> Lexicon:
    """Return each Urdu word's attested Roman spellings with their counts."""
    path = corpora / tomllib.loads(manifest.read_text("utf-8"))["lexicon"]["file"]
    spellings: dict[str, Counter[str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            spellings.setdefault(normalise(row["ur"]), Counter())[normalise(row["roman"])] += int(row["count"])
    return {word: counts.most_common() for word, counts in spellings.items()}
