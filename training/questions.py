"""Train the transformer, second stage: what students mean, from questions that mean the same.

    python -m training.questions --corpora DIR --static DIR --out DIR [--minutes N] [--work DIR]

goes on from the last checkpoint of `training.transformer` in the same `--work`, and writes the finished model.

`training/questions/*.tsv` (group, side, text) holds groups of questions of one meaning in four writings with the answer
in three; neighbouring groups are near in meaning and still different. Texts of a group are drawn together and away from
those of the other groups of a batch (supervised contrastive loss, Khosla et al. 2020), next to the first stage's own
batches, which hold what was learned. Every twelfth group is kept out and measured on.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from bot.language.normalise import normalise
from training.corpora import Lexicon, read_lexicon
from training.examples import MAX_TOKENS, POOL, Examples, draw_batches
from training.export import export
from training.roman import write_roman
from training.static import say
from training.student import Run, Student, load_weights, pad
from training.transformer import BODY_RATE, CHECKPOINT, PIECE_RATE, Clock, add_arguments, distil, prepare, rates

QUESTIONS = Path(__file__).with_name("questions")
HELD_OUT = 12  # one group in so many
BATCH = 128  # texts of the first stage's kind in a step
WINDOWS, WINDOW, TEXTS = 10, 4, 4  # neighbouring groups that are drawn together, and texts of each
GROUP_WEIGHT = 1.0
SCALE = 20.0
MISSPELT = 0.25  # share of the texts in Latin letters that lose or double a letter


@dataclass(frozen=True, slots=True)
class Group:
    """Texts of one meaning: questions with their writing, and the answer in three languages."""

    questions: tuple[tuple[str, str], ...]  # (side, text)
    answers: tuple[str, ...]


def main() -> None:
    """Train from the command line."""
    parser = add_arguments(argparse.ArgumentParser(description="Train the transformer on questions."))
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--minutes", type=float, default=40.0)
    arguments = parser.parse_args()
    student, examples, teacher = prepare(arguments)
    tokenizer = Tokenizer.from_file(str(arguments.work / "wordpieces.json"))
    load_weights(student, arguments.work / CHECKPOINT)
    run = Run(student, PIECE_RATE / 2, BODY_RATE / 2, arguments.work / "questions.pt")
    groups, held_out = read_groups(QUESTIONS)
    say(f"{len(groups):,} groups of questions, {len(held_out):,} kept out")
    say(f"kept out, before: {measure(student, tokenizer, held_out)}")
    sampler = Sampler(groups, tokenizer, read_lexicon(arguments.corpora), arguments.seed + run.progress.step)
    train(run, examples, teacher, sampler, arguments.minutes * 60, arguments.seed)
    say(f"kept out, after: {measure(student, tokenizer, held_out)}")
    export(student.table(), student.body, tokenizer, arguments.out)
    say(f"written to {arguments.out}")


def read_groups(folder: Path) -> tuple[list[Group], list[Group]]:
    """Return the groups to learn from, in their order, and those kept out."""
    sides: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            group, side, text = line.split("\t")
            sides.setdefault(group, []).append((side, normalise(text)))
    learned: list[Group] = []
    held_out: list[Group] = []
    for number, texts in enumerate(sides.values(), 1):
        questions = tuple((side, text) for side, text in texts if not side.startswith("a:"))
        answers = tuple(text for side, text in texts if side.startswith("a:"))
        (held_out if number % HELD_OUT == 0 else learned).append(Group(questions, answers))
    return learned, held_out


class Sampler:
    """Draws texts of `windows` runs of neighbouring groups, as piece ids with the number of their group."""

    def __init__(
        self, groups: list[Group], tokenizer: Tokenizer, lexicon: Lexicon, seed: int, windows: int = WINDOWS
    ) -> None:
        self._groups = groups
        self._tokenizer = tokenizer
        self._lexicon = lexicon
        self._windows = windows
        self._chance = random.Random(seed)
        tokenizer.enable_truncation(MAX_TOKENS)

    def draw(self) -> tuple[list[np.ndarray], Tensor]:
        """Return the texts of one step and their groups, shape (texts,)."""
        texts: list[str] = []
        owners: list[int] = []
        for _ in range(self._windows):
            start = self._chance.randrange(len(self._groups) - WINDOW + 1)
            for number in range(start, start + WINDOW):
                drawn = self._draw_group(self._groups[number])
                texts += drawn
                owners += [number] * len(drawn)
        encoded = self._tokenizer.encode_batch_fast(texts)
        return [np.array(found.ids, dtype=np.int32) for found in encoded], torch.tensor(owners)

    def _draw_group(self, group: Group) -> list[str]:
        questions = self._chance.sample(group.questions, TEXTS - 1)
        return [*(self._write(side, text) for side, text in questions), self._chance.choice(group.answers)]

    def _write(self, side: str, text: str) -> str:
        if side == "ur" and self._chance.random() < 0.3:
            return write_roman(text, self._lexicon, self._chance)
        if side in ("roman", "en") and self._chance.random() < MISSPELT:
            return misspell(text, self._chance)
        return text


def misspell(text: str, chance: random.Random) -> str:
    """Return `text` with one letter lost, doubled or swapped with the next."""
    if len(text) < 4:
        return text
    place = chance.randrange(1, len(text) - 2)
    change = chance.choice(("lose", "double", "swap"))
    if change == "swap":
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + (text[place] * 2 if change == "double" else "") + text[place + 1 :]


def train(run: Run, examples: list[Examples], teacher: np.ndarray, sampler: Sampler, seconds: float, seed: int) -> None:
    """Train until the run has had `seconds`."""
    progress = run.progress
    generator = np.random.default_rng((seed, progress.step, 2))
    batches = draw_batches(examples, BATCH, seed + 1, progress.step // POOL)
    clock = Clock(run)
    means = np.zeros(2)
    while progress.seconds < seconds:
        held = distil(run.student, next(batches), examples, teacher, generator)
        texts, owners = sampler.draw()
        told = contrast(encode_by_length(run.student, texts), owners)
        share = rates(progress.seconds / seconds)[0]
        run.step(held + GROUP_WEIGHT * told, share, share)
        means += 0.05 * (np.array([held.item(), told.item()]) - means)
        clock.tick(seconds, f"losses {means[0]:.3f} {means[1]:.3f}")
    run.save()


def contrast(vectors: Tensor, groups: Tensor) -> Tensor:
    """Return the supervised contrastive loss of unit vectors (texts, dimensions) whose groups (texts,) are given."""
    itself = torch.eye(len(vectors), dtype=torch.bool)
    same = (groups[:, None] == groups[None, :]) & ~itself
    logits = (vectors @ vectors.T * SCALE).masked_fill(itself, -1e4)
    # Each companion is told from the other groups; the other companions are no rivals.
    rivals = torch.logsumexp(logits.masked_fill(same, -1e4), dim=1, keepdim=True)
    return functional.softplus(rivals - logits)[same].mean()


def encode_by_length(student: Student, texts: list[np.ndarray]) -> Tensor:
    """Return the unit vectors of texts, short and long ones apart so that little is padded."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    parts = [order[: len(order) * 3 // 4], order[len(order) * 3 // 4 :]]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = torch.cat([student(*pad([texts[place] for place in part])) for part in parts])
    return vectors[torch.argsort(torch.tensor(parts[0] + parts[1]))]


def measure(student: Student, tokenizer: Tokenizer, groups: list[Group]) -> str:
    """Return how often a question's own answer is the nearest of all answers, by writing."""
    return nearest_answers(lambda texts: _encode(student, tokenizer, texts), groups)


def nearest_answers(encode: Callable[[list[str]], np.ndarray], groups: list[Group]) -> str:
    """Return how often a question's own answer, in any language, is the nearest of all answers, by writing."""
    answers = [(number, text) for number, group in enumerate(groups) for text in group.answers]
    vectors = encode([text for _, text in answers])
    owners = np.array([number for number, _ in answers])
    right: dict[str, list[bool]] = {}
    for number, group in enumerate(groups):
        nearest = owners[(encode([text for _, text in group.questions]) @ vectors.T).argmax(axis=1)]
        for (side, _), found in zip(group.questions, nearest, strict=True):
            right.setdefault(side, []).append(bool(found == number))
    return ", ".join(f"{side} {np.mean(hits):.3f}" for side, hits in right.items())


def _encode(student: Student, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    with torch.no_grad():
        ids = [np.array(found.ids, dtype=np.int32) for found in tokenizer.encode_batch_fast(texts)]
        return np.concatenate([part.numpy() for part in _encode_parts(student, ids)])


def _encode_parts(student: Student, ids: list[np.ndarray]) -> Iterator[Tensor]:
    return (student(*pad(ids[start : start + 64])) for start in range(0, len(ids), 64))


if __name__ == "__main__":
    main()
