"""Train the transformer: the teacher's six layers, taught to read Urdu, Chinese and Roman Urdu as it reads English.

    python -m training.transformer --corpora DIR --static DIR --out DIR [--minutes N] [--work DIR]

The student starts as all-MiniLM-L6-v2 with more pieces (`training.wordpieces`). A new piece starts as the mean of the
teacher's input vectors of its nearest English pieces in the static encoder's aligned space (WECHSEL, Minixhofer et al.
2022). Then the student's vector of an Urdu, Chinese or Roman Urdu side is drawn to the teacher's vector of the English
side (after Reimers and Gurevych 2020) and away from thousands of the teacher's other vectors. English pieces never
change; the layers learn slowly after the new pieces have, while English sentences are held to the teacher.

The work goes by the clock: `--minutes` is what the schedule runs over, counted over all runs, so a killed run started
again with the same command goes on from its last checkpoint.
"""

import argparse
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from bot.language.normalise import normalise
from training.corpora import read_lexicon, read_rows
from training.mixing import Mixer
from training.roman import write_roman
from training.static import say, teacher_model
from training.wordpieces import CONTINUED, Sizes, build_tokenizer, teacher_pieces

SIDES = ("ur", "roman", "zh", "en")
# How often each side is drawn: the weakest most, English only to hold it where it is.
SHARES = (0.36, 0.30, 0.22, 0.12)
MAX_TOKENS = 64
BATCH = 192
POOL = 48  # batches that are drawn at once and cut by length
BANK = 4_096  # other vectors of the teacher that each text is told from
SAME = 0.96  # a vector of the bank this near the target says the same
SCALE = 20.0
COSINE_WEIGHT = 3.0
ENGLISH_WEIGHT = 10.0
PIECE_RATE = 2e-3
BODY_RATE = 1e-4
PIECES_ALONE = 0.12  # share of the time before the layers learn too
WARM_UP = 0.03
NEIGHBOURS = 10
NEIGHBOUR_SCALE = 15.0
CHECKPOINT_SECONDS = 240
ROMAN_VARIANTS = 2


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts of one side as piece ids, one after the other, with the teacher's vector each is to have."""

    ids: np.ndarray
    starts: np.ndarray  # (examples + 1,)
    targets: np.ndarray  # (examples,) place in the teacher's vectors
    chances: np.ndarray  # (examples,) sums to 1

    def text(self, place: int) -> np.ndarray:
        return self.ids[self.starts[place] : self.starts[place + 1]]


class Student(nn.Module):
    """The teacher's layers over its own frozen piece vectors and new ones that learn."""

    def __init__(self, body: BertModel, new: np.ndarray, kept: list[int]) -> None:
        super().__init__()
        old = body.embeddings.word_embeddings.weight.detach()[kept].clone()
        self.old = nn.Embedding.from_pretrained(old, freeze=True)
        self.new = nn.Embedding.from_pretrained(torch.from_numpy(new), freeze=False, sparse=True)
        body.embeddings.word_embeddings = nn.Embedding(1, old.shape[1])  # what it reads comes as vectors
        body.embeddings.requires_grad_(False)
        self.body = body

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return unit vectors, shape (texts, 384)."""
        count = self.old.num_embeddings
        is_new = (ids >= count)[..., None]
        vectors = torch.where(is_new, self.new((ids - count).clamp(min=0)), self.old(ids.clamp(max=count - 1)))
        hidden = self.body(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
        weights = mask[..., None].to(hidden.dtype)
        pooled = (hidden * weights).sum(1) / weights.sum(1)
        return functional.normalize(pooled.float(), dim=1)

    def table(self) -> Tensor:
        """Return the vectors of all pieces by id."""
        return torch.cat([self.old.weight, self.new.weight]).detach()


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description="Train the transformer.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder that the manifest's files are relative to")
    parser.add_argument("--static", type=Path, required=True, help="folder of the static encoder")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--work", type=Path, default=Path("var/training"), help="folder for what can be reused")
    parser.add_argument("--minutes", type=float, default=100.0)
    parser.add_argument("--rows", type=int, help="train on the first rows only, to try the command out")
    parser.add_argument("--new-targets", type=int, default=400_000, help="English texts to embed at most")
    parser.add_argument("--seed", type=int, default=20261124)
    arguments = parser.parse_args()
    from training.export import export  # onnx is needed at the end only

    torch.manual_seed(arguments.seed)
    chance = random.Random(arguments.seed)
    arguments.work.mkdir(parents=True, exist_ok=True)
    texts = read_texts(arguments.corpora, arguments.static, arguments.rows, chance)
    tokenizer, student = load_or_start(texts, arguments.static, arguments.work)
    targets = load_or_embed(texts, arguments.work, arguments.new_targets)
    examples = [encode(texts[side], tokenizer, targets[0]) for side in SIDES]
    say(", ".join(f"{side} {len(part.targets):,}" for side, part in zip(SIDES, examples, strict=True)))
    train(student, examples, targets[1], arguments.minutes * 60, arguments.seed, arguments.work / "checkpoint.pt")
    export(student.table(), student.body, tokenizer, arguments.out)
    say(f"written to {arguments.out}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the English that says the same, and how often it is drawn."""

    text: str
    english: str
    weight: float


def read_texts(corpora: Path, static: Path, limit: int | None, chance: random.Random) -> dict[str, list[Text]]:
    """Return the texts to learn from by side: as they are, in Latin letters, and mixed with English."""
    rows, lexicon = read_rows(corpora)[0], read_lexicon(corpora)
    rows = [row for row in rows if "en" in row.sides][:limit]
    mixer = Mixer(static)
    texts: dict[str, list[Text]] = {side: [] for side in SIDES}
    for row in rows:
        english = row.sides["en"]
        weight = row.weight * _length_weight(english)
        texts["en"].append(Text(english, english, weight))
        if "zh" in row.sides:
            texts["zh"].append(Text(row.sides["zh"], english, weight))
        if "ur" in row.sides:
            mixed = mixer.mix(row.sides["ur"], english, chance)
            texts["ur"] += _weigh([row.sides["ur"], mixed], english, weight)
            variants = [row.sides["ur"]] * ROMAN_VARIANTS + [mixed]
            texts["roman"] += _weigh([write_roman(text, lexicon, chance) for text in variants], english, weight)
    texts["en"] += read_questions(corpora)
    say(f"{len(rows):,} rows, " + ", ".join(f"{side} {len(part):,} texts" for side, part in texts.items()))
    return texts


def read_questions(corpora: Path) -> list[Text]:
    """Return English questions, which the parallel text is short of, to hold English by."""
    files = ("groups_banking77", "groups_clinc150", "groups_hwu64")
    lines = [line for file in files for line in (corpora / f"questions/{file}.tsv").read_text("utf-8").split("\n")[1:]]
    questions = sorted({normalise(line.split("\t")[2]) for line in lines if line})
    return [Text(question, question, 1.0) for question in questions]


def _length_weight(english: str) -> float:
    return 1.0 if english.count(" ") >= 3 else 0.5


def _weigh(variants: list[str | None], english: str, weight: float) -> list[Text]:
    present = [variant for variant in variants if variant]
    return [Text(variant, english, weight / len(present)) for variant in present]


def load_or_start(texts: dict[str, list[Text]], static: Path, work: Path) -> tuple[Tokenizer, Student]:
    """Return the tokenizer and the untrained student, from an earlier run where there is one."""
    teacher = teacher_model()
    reader = teacher.tokenizer.backend_tokenizer
    body = teacher[0].auto_model
    path = work / "wordpieces.json"
    if not path.exists():
        sides = {side: [text.text for text in part] for side, part in texts.items()}
        build_tokenizer(reader, sides, Sizes())[0].save(str(path))
        say("tokenizer made")
    tokenizer = Tokenizer.from_file(str(path))
    known = teacher_pieces(reader)
    ids = reader.get_vocab()
    start = work / "start.npy"
    if not start.exists():
        vocabulary = tokenizer.get_vocab(with_added_tokens=True)
        pieces = sorted(vocabulary, key=lambda piece: vocabulary[piece])
        vectors = body.embeddings.word_embeddings.weight.detach().numpy()[[ids[piece] for piece in known]]
        np.save(start, start_vectors(pieces[len(known) :], known, vectors, static))
        say("start vectors made")
    return tokenizer, Student(body, np.load(start), [ids[piece] for piece in known])


def start_vectors(new: list[str], known: list[str], vectors: np.ndarray, static: Path) -> np.ndarray:
    """Return each new piece's vector: the weighted mean of its nearest known whole words' `vectors`."""
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(static)
    words = [place for place, piece in enumerate(known) if len(piece) > 2 and piece.isascii() and piece.isalpha()]
    english = _unit(model.encode([known[place] for place in words]))
    found = np.empty((len(new), vectors.shape[1]), dtype=np.float32)
    table = vectors[words]
    for start in range(0, len(new), 2_000):
        part = [piece.removeprefix(CONTINUED) for piece in new[start : start + 2_000]]
        similarity = _unit(model.encode(part)) @ english.T
        nearest = np.argpartition(-similarity, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        weights = np.exp(NEIGHBOUR_SCALE * np.take_along_axis(similarity, nearest, axis=1))
        weights /= weights.sum(axis=1, keepdims=True)
        found[start : start + len(part)] = np.einsum("pn,pnd->pd", weights, table[nearest])
    return found


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


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


def draw_batches(examples: list[Examples], seed: int, pool: int) -> Iterator[Batch]:
    """Yield batches of texts of like length, from pool number `pool` on; the same for the same seed."""
    while True:
        generator = np.random.default_rng((seed, pool))
        drawn: Batch = []
        for side, (part, share) in enumerate(zip(examples, SHARES, strict=True)):
            count = min(int(share * BATCH * POOL), len(part.targets))
            places = generator.choice(len(part.targets), count, p=part.chances)
            drawn += [(side, int(place)) for place in places]
        generator.shuffle(drawn)
        drawn = sorted(map(tuple, drawn), key=lambda one: len(examples[one[0]].text(one[1])))
        batches = [drawn[start : start + BATCH] for start in range(0, len(drawn), BATCH)]
        for place in generator.permutation(len(batches)):
            yield batches[place]
        pool += 1


def train(
    student: Student, examples: list[Examples], teacher: np.ndarray, seconds: float, seed: int, checkpoint: Path
) -> None:
    """Train `student` until it has had `seconds`, going on from `checkpoint` where there is one."""
    body = [parameter for parameter in student.body.parameters() if parameter.requires_grad]
    optimisers = [
        torch.optim.SparseAdam(list(student.new.parameters()), lr=PIECE_RATE, betas=(0.9, 0.99)),
        torch.optim.AdamW(body, lr=BODY_RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]
    step, spent = _restore(student, optimisers, checkpoint)
    generator = np.random.default_rng((seed, step))
    batches = draw_batches(examples, seed, step // POOL)
    saved = before = time.monotonic()
    student.train()
    _without_dropout(student)
    mean: float | None = None
    while spent < seconds:
        part = spent / seconds
        is_body = part >= PIECES_ALONE
        _set_rates(optimisers, part)
        student.body.encoder.requires_grad_(is_body)
        loss = _loss(student, next(batches), examples, teacher, generator)
        for optimiser in optimisers:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if is_body:
            nn.utils.clip_grad_norm_(body, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        now = time.monotonic()
        spent, before = spent + now - before, now
        mean = loss.item() if mean is None else 0.95 * mean + 0.05 * loss.item()
        if step % 25 == 0:
            say(f"step {step:,}, loss {mean:.3f}, {(seconds - spent) / 60:.1f} minutes to go")
        if now - saved > CHECKPOINT_SECONDS or spent >= seconds:
            _save(student, optimisers, step, spent, checkpoint)
            saved = now
    student.eval()


def _without_dropout(student: Student) -> None:
    # Distillation has an exact target and a short run: dropout only blurs it, and moves English from the teacher.
    for module in student.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    student.body.eval()


def _set_rates(optimisers: list[torch.optim.Optimizer], part: float) -> None:
    pieces = PIECE_RATE * min(part / WARM_UP + 0.05, 1.0, (1 - part) / (1 - WARM_UP) + 0.02)
    since = max(part - PIECES_ALONE, 0.0) / (1 - PIECES_ALONE)
    body = BODY_RATE * min(since / WARM_UP, 1.0, (1 - since) / (1 - WARM_UP) + 0.02)
    for optimiser, rate in zip(optimisers, (pieces, body), strict=True):
        for group in optimiser.param_groups:
            group["lr"] = rate


def _loss(
    student: Student, batch: Batch, examples: list[Examples], teacher: np.ndarray, generator: np.random.Generator
) -> Tensor:
    texts = [examples[side].text(place) for side, place in batch]
    target = torch.from_numpy(teacher[[examples[side].targets[place] for side, place in batch]].astype(np.float32))
    bank = torch.from_numpy(teacher[generator.integers(len(teacher), size=BANK)].astype(np.float32))
    target, bank = functional.normalize(target, dim=1), functional.normalize(bank, dim=1)
    ids, mask = pad(texts)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = student(ids, mask)
    cosine = (vectors * target).sum(1)
    is_english = torch.tensor([SIDES[side] == "en" for side, _ in batch])
    others = torch.cat([target, bank])
    same = (target @ others.T) > SAME
    logits = (vectors @ others.T * SCALE).masked_fill(same, -1e4)
    logits = torch.cat([cosine[:, None] * SCALE, logits], dim=1)
    told = functional.cross_entropy(logits, torch.zeros(len(batch), dtype=torch.long), reduction="none")
    taught = told + COSINE_WEIGHT * (1 - cosine)
    # English is where it should be: telling it from others would only push it away.
    return torch.where(is_english, ENGLISH_WEIGHT * (1 - cosine), taught).mean()


def pad(texts: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Return the texts as one matrix of ids and its mask."""
    ids = torch.zeros((len(texts), max(map(len, texts))), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.from_numpy(text.astype(np.int64))
        mask[row, : len(text)] = 1
    return ids, mask


def _save(student: Student, optimisers: list[torch.optim.Optimizer], step: int, spent: float, path: Path) -> None:
    state = {
        "new": student.new.state_dict(),
        "body": student.body.state_dict(),
        "optimisers": [optimiser.state_dict() for optimiser in optimisers],
        "step": step,
        "spent": spent,
    }
    torch.save(state, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)
    say(f"checkpoint at step {step:,}")


def _restore(student: Student, optimisers: list[torch.optim.Optimizer], path: Path) -> tuple[int, float]:
    if not path.exists():
        return 0, 0.0
    state = torch.load(path, weights_only=True)
    student.new.load_state_dict(state["new"])
    student.body.load_state_dict(state["body"])
    for optimiser, stored in zip(optimisers, state["optimisers"], strict=True):
        optimiser.load_state_dict(stored)
    say(f"going on from step {state['step']:,}")
    return int(state["step"]), float(state["spent"])


if __name__ == "__main__":
    main()
