"""What the transformer learns from: texts of every side with the English that says the same, drawn in batches."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from bot.language.normalise import normalise
from training.corpora import MANIFEST, read_lexicon, read_rows
from training.mixing import Mixer
from training.roman import write_roman
from training.static import say, teacher_model

SIDES = ("ur", "roman", "zh", "en")
# How often each side is drawn: the weakest most, English only to hold it where it is.
SHARES = (0.36, 0.30, 0.22, 0.12)
MAX_TOKENS = 64
POOL = 48  # batches that are drawn at once and cut by length
ROMAN_VARIANTS = 2
# Students ask; parallel text mostly tells.
QUESTION_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the English that says the same, and how often it is drawn."""

    text: str
    english: str
    weight: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts of one side as piece ids, one after the other, with the teacher's vector each is to have."""

    ids: np.ndarray
    starts: np.ndarray  # (examples + 1,)
    targets: np.ndarray  # (examples,) place in the teacher's vectors
    chances: np.ndarray  # (examples,) sums to 1

    def text(self, place: int) -> np.ndarray:
        """Return the piece ids of one text."""
        return self.ids[self.starts[place] : self.starts[place + 1]]


def read_texts(corpora: Path, static: Path, limit: int | None, chance: random.Random) -> dict[str, list[Text]]:
    """Return the texts to learn from by side: as they are, in Latin letters, and mixed with English."""
    rows, lexicon = read_rows(corpora)[0], read_lexicon(corpora)
    rows = [row for row in rows if "en" in row.sides][:limit]
    mixer = Mixer(static)
    texts: dict[str, list[Text]] = {side: [] for side in SIDES}
    for row in rows:
        english = row.sides["en"]
        weight = row.weight * _kind_weight(english)
        texts["en"].append(Text(english, english, weight))
        if "zh" in row.sides:
            texts["zh"].append(Text(row.sides["zh"], english, weight))
        if "ur" in row.sides:
            mixed = mixer.mix(row.sides["ur"], english, chance)
            texts["ur"] += _weigh([row.sides["ur"], mixed], english, weight)
            variants = [row.sides["ur"]] * ROMAN_VARIANTS + ([mixed] if mixed else [])
            texts["roman"] += _weigh([write_roman(text, lexicon, chance) for text in variants], english, weight)
    texts["en"] += read_questions(corpora)
    say(f"{len(rows):,} rows, " + ", ".join(f"{side} {len(part):,} texts" for side, part in texts.items()))
    return texts


def read_questions(corpora: Path) -> list[Text]:
    """Return English questions, which the parallel text is short of, to hold English by."""
    files = [corpora / listed["file"] for listed in tomllib.loads(MANIFEST.read_text("utf-8"))["questions"]]
    lines = [line for file in files for line in file.read_text("utf-8").split("\n")[1:]]
    questions = sorted({normalise(line.split("\t")[2]) for line in lines if line})
    return [Text(question, question, 1.0) for question in questions]


def _kind_weight(english: str) -> float:
    if english.endswith("?"):
        return QUESTION_WEIGHT
    return 1.0 if english.count(" ") >= 3 else 0.5


def _weigh(variants: list[str | None], english: str, weight: float) -> list[Text]:
    present = [variant for variant in variants if variant]
    return [Text(variant, english, weight / len(present)) for variant in present]


def load_or_embed(texts: dict[str, list[Text]], work: Path, limit: int) -> tuple[dict[str, int], np.ndarray]:
    """Return the teacher's vectors of English texts, shape (texts, 384), and each text's place among them.

    At most `limit` texts are embedded that no earlier run has: those with Urdu first, then questions, then the rest.
    """
    path = work / "teacher-transformer.npz"
    known: list[str] = []
    vectors = np.zeros((0, 384), dtype=np.float16)
    if path.exists():
        stored = np.load(path)
        known, vectors = str(stored["texts"]).split("\n"), stored["vectors"]
    order = [text.english for side in ("ur", "en", "zh") for text in texts[side]]
    missing = list(dict.fromkeys(order).keys() - set(known))
    rank = {english: place for place, english in reversed(list(enumerate(order)))}
    missing = sorted(missing, key=lambda english: rank[english])[:limit]
    if missing:
        say(f"embedding {len(missing):,} English texts with the teacher")
        model = teacher_model()
        model.max_seq_length = 128
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = model.encode(missing, batch_size=128, normalize_embeddings=True, show_progress_bar=True)
        known, vectors = [*known, *missing], np.concatenate([vectors, made.astype(np.float16)])
        np.savez(path, texts=np.array("\n".join(known)), vectors=vectors)
    return {english: place for place, english in enumerate(known)}, vectors


def encode(texts: list[Text], tokenizer: Tokenizer, places: dict[str, int]) -> Examples:
    """Return the texts whose English has a vector, as piece ids."""
    texts = [text for text in texts if text.english in places]
    tokenizer.enable_truncation(MAX_TOKENS)
    encoded = [np.array(found.ids, dtype=np.int32) for found in tokenizer.encode_batch_fast([t.text for t in texts])]
    weights = np.array([text.weight for text in texts])
    return Examples(
        np.concatenate(encoded),
        np.cumsum([0] + [len(ids) for ids in encoded]),
        np.array([places[text.english] for text in texts]),
        weights / weights.sum(),
    )


Batch = list[tuple[int, int]]  # (side, place)


def draw_batches(examples: list[Examples], size: int, seed: int, pool: int) -> Iterator[Batch]:
    """Yield batches of texts of like length, from pool number `pool` on; the same for the same seed."""
    while True:
        generator = np.random.default_rng((seed, pool))
        drawn: Batch = []
        for side, (part, share) in enumerate(zip(examples, SHARES, strict=True)):
            count = min(int(share * size * POOL), len(part.targets))
            places = generator.choice(len(part.targets), count, p=part.chances)
            drawn += [(side, int(place)) for place in places]
        generator.shuffle(drawn)
        drawn = sorted(map(tuple, drawn), key=lambda one: len(examples[one[0]].text(one[1])))
        batches = [drawn[start : start + size] for start in range(0, len(drawn), size)]
        for place in generator.permutation(len(batches)):
            yield batches[place]
        pool += 1
