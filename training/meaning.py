"""Train the static encoder, second stage: what students mean, from questions that mean the same.

    python -m training.meaning --corpora DIR --static DIR --out DIR

goes on from the model in `--static`, which `training.static` made, with the groups of `training/questions/` and the
loss of `training.questions` (supervised contrastive, Khosla et al. 2020). A piece is held to where it was by the square
of its move relative to its length, so that pieces which the groups say little of keep what parallel text gave them.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from training.corpora import read_lexicon
from training.questions import QUESTIONS, Group, Sampler, contrast, nearest_answers, read_groups
from training.static import drop_pieces, load, pool, save, say, share_of_rate

STEPS = 500
WINDOWS = 48  # runs of neighbouring groups in a step
LEARNING_RATE = 0.01
HOLD = 1.0


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description="Train the static encoder on questions.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder that the manifest's files are relative to")
    parser.add_argument("--static", type=Path, required=True, help="folder of the first stage's model")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=20261124)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    tokenizer = Tokenizer.from_file(str(arguments.static / "tokenizer.json"))
    start = torch.from_numpy(load(arguments.static))
    groups, held_out = read_groups(QUESTIONS)
    say(f"{len(groups):,} groups of questions, {len(held_out):,} kept out")
    say(f"kept out, before: {measure(start, tokenizer, held_out)}")
    # A tokenizer of its own: the sampler cuts long texts, and what is written must not.
    cutting = Tokenizer.from_file(str(arguments.static / "tokenizer.json"))
    sampler = Sampler(groups, cutting, read_lexicon(arguments.corpora), arguments.seed, WINDOWS)
    trained = train(start, sampler, arguments.steps, arguments.seed)
    say(f"kept out, after: {measure(trained, tokenizer, held_out)}")
    save(trained.numpy(), tokenizer, arguments.out)
    say(f"written to {arguments.out}")


def train(start: Tensor, sampler: Sampler, steps: int, seed: int) -> Tensor:
    """Return the trained vectors, shape (pieces, dimensions)."""
    pieces = nn.Parameter(start.clone())
    lengths = start.norm(dim=1, keepdim=True)
    # A piece that parallel text never showed has no length of its own to be held by.
    lengths = torch.where(lengths > 0, lengths, lengths.mean())
    optimiser = torch.optim.Adam([pieces], betas=(0.9, 0.99), fused=True)
    generator = np.random.default_rng(seed)
    for step in range(steps):
        part = step / steps
        for settings in optimiser.param_groups:
            settings["lr"] = LEARNING_RATE * share_of_rate(part)
        texts, owners = sampler.draw()
        texts = [drop_pieces(ids, generator) for ids in texts]
        told = contrast(pool(pieces, texts), owners)
        met = torch.from_numpy(np.unique(np.concatenate(texts)).astype(np.int64))
        moved = (((pieces[met] - start[met]) / lengths[met]) ** 2).sum(dim=1).mean()
        optimiser.zero_grad(set_to_none=True)
        (told + HOLD * moved).backward()
        optimiser.step()
        if step % 50 == 0:
            say(f"step {step:,} of {steps:,}, loss {told.item():.3f}, moved {moved.item():.3f}")
    return pieces.detach()


def measure(pieces: Tensor, tokenizer: Tokenizer, groups: list[Group]) -> str:
    """Return how often a question's own answer is the nearest of all answers, by writing."""

    def encode(texts: list[str]) -> np.ndarray:
        encoded = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return np.asarray(pool(pieces, [np.array(found.ids or [0]) for found in encoded]).numpy())

    return nearest_answers(encode, groups)


if __name__ == "__main__":
    main()
