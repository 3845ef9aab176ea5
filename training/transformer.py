"""Train the transformer, first stage: the teacher's six layers, taught to read the other writings as it reads English.

    python -m training.transformer --corpora DIR --static DIR [--minutes N] [--work DIR]

The student starts as all-MiniLM-L6-v2 with more pieces (`training.wordpieces`, `training.student`). Its vector of an
Urdu, Chinese or Roman Urdu side is drawn to the teacher's vector of the English side (after Reimers and Gurevych 2020)
and away from thousands of the teacher's other vectors. English pieces never change; the layers learn slowly after the
new pieces have, while English sentences are held to the teacher.

The work goes by the clock: `--minutes` is what the schedule runs over, counted over all runs, so a killed run started
again with the same command goes on from its last checkpoint. `training.questions` is the second stage.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.examples import POOL, SIDES, Batch, Examples, draw_batches, encode, load_or_embed, read_texts
from training.static import say
from training.student import Run, Student, load_or_start, pad

BATCH = 192
BANK = 4_096  # other vectors of the teacher that each text is told from
SAME = 0.96  # a vector of the bank this near the target says the same
SCALE = 20.0
COSINE_WEIGHT = 3.0
ENGLISH_WEIGHT = 10.0
PIECE_RATE = 2e-3
BODY_RATE = 1e-4
PIECES_ALONE = 0.12  # share of the time before the layers learn too
WARM_UP = 0.03
CHECKPOINT_SECONDS = 240
CHECKPOINT = "checkpoint.pt"


def main() -> None:
    """Train from the command line."""
    parser = add_arguments(argparse.ArgumentParser(description="Train the transformer on parallel text."))
    parser.add_argument("--minutes", type=float, default=70.0)
    arguments = parser.parse_args()
    student, examples, teacher = prepare(arguments)
    run = Run(student, PIECE_RATE, BODY_RATE, arguments.work / CHECKPOINT)
    train(run, examples, teacher, arguments.minutes * 60, arguments.seed)


def add_arguments(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Return `parser` with what both stages are told."""
    parser.add_argument("--corpora", type=Path, required=True, help="folder that the manifest's files are relative to")
    parser.add_argument("--static", type=Path, required=True, help="folder of the static encoder")
    parser.add_argument("--work", type=Path, default=Path("var/training"), help="folder for what can be reused")
    parser.add_argument("--rows", type=int, help="train on the first rows only, to try the command out")
    parser.add_argument("--new-targets", type=int, default=400_000, help="English texts to embed at most")
    parser.add_argument("--seed", type=int, default=20261124)
    return parser


def prepare(arguments: argparse.Namespace) -> tuple[Student, list[Examples], np.ndarray]:
    """Return the untrained student, the examples of each side, and the teacher's vectors that they point to."""
    torch.manual_seed(arguments.seed)
    arguments.work.mkdir(parents=True, exist_ok=True)
    texts = read_texts(arguments.corpora, arguments.static, arguments.rows, random.Random(arguments.seed))
    written = {side: [text.text for text in part] for side, part in texts.items()}
    tokenizer, student = load_or_start(written, arguments.static, arguments.work)
    places, teacher = load_or_embed(texts, arguments.work, arguments.new_targets)
    examples = [encode(texts[side], tokenizer, places) for side in SIDES]
    say(", ".join(f"{side} {len(part.targets):,}" for side, part in zip(SIDES, examples, strict=True)))
    return student, examples, teacher


def train(run: Run, examples: list[Examples], teacher: np.ndarray, seconds: float, seed: int) -> None:
    """Train until the run has had `seconds`."""
    progress = run.progress
    generator = np.random.default_rng((seed, progress.step))
    batches = draw_batches(examples, BATCH, seed, progress.step // POOL)
    clock = Clock(run)
    mean: float | None = None
    while progress.seconds < seconds:
        pieces, body = rates(progress.seconds / seconds)
        run.student.body.encoder.requires_grad_(body > 0)
        loss = distil(run.student, next(batches), examples, teacher, generator)
        run.step(loss, pieces, body)
        mean = loss.item() if mean is None else 0.95 * mean + 0.05 * loss.item()
        clock.tick(seconds, f"loss {mean:.3f}")
    run.save()


def rates(part: float) -> tuple[float, float]:
    """Return the shares of their full rates at which pieces and layers learn when `part` of the time is over."""
    since = max(part - PIECES_ALONE, 0.0) / (1 - PIECES_ALONE)
    pieces = min(part / WARM_UP + 0.05, 1.0, (1 - part) / (1 - WARM_UP) + 0.02)
    return pieces, min(since / WARM_UP, 1.0, (1 - since) / (1 - WARM_UP) + 0.02)


class Clock:
    """Counts a run's time, says how far it is, and keeps it on disk now and then."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._saved = self._before = time.monotonic()

    def tick(self, seconds: float, how: str) -> None:
        """Note the end of a step of a run that may take `seconds`."""
        now = time.monotonic()
        progress = self._run.progress
        progress.seconds += now - self._before
        self._before = now
        if progress.step % 25 == 0:
            say(f"step {progress.step:,}, {how}, {(seconds - progress.seconds) / 60:.1f} minutes to go")
        if now - self._saved > CHECKPOINT_SECONDS:
            self._run.save()
            self._saved = now


def distil(
    student: Student, batch: Batch, examples: list[Examples], teacher: np.ndarray, generator: np.random.Generator
) -> Tensor:
    """Return how far the student is from the teacher on a batch, and from telling its texts from others."""
    texts = [examples[side].text(place) for side, place in batch]
    target = torch.from_numpy(teacher[[examples[side].targets[place] for side, place in batch]].astype(np.float32))
    bank = torch.from_numpy(teacher[generator.integers(len(teacher), size=BANK)].astype(np.float32))
    target, bank = functional.normalize(target, dim=1), functional.normalize(bank, dim=1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = student(*pad(texts))
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


if __name__ == "__main__":
    main()
