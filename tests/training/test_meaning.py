"""The static encoder's second stage, on a few words."""

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from training.meaning import measure, train
from training.questions import Group, Sampler

WORDS = (
    "[UNK]",
    "fee",
    "cost",
    "pay",
    "bed",
    "room",
    "hostel",
    "visa",
    "entry",
    "permit",
    "weld",
    "torch",
    "metal",
    "idle",
)
GROUPS = [
    Group((("en", one), ("en", other), ("zh", third)), (f"{third} {one}",))
    for one, other, third in zip(WORDS[1:-1:3], WORDS[2:-1:3], WORDS[3:-1:3], strict=True)
]


def make_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def test_words_of_one_meaning_are_drawn_together() -> None:
    torch.manual_seed(1)
    start = torch.randn(len(WORDS), 8)
    sampler = Sampler(GROUPS, make_tokenizer(), {}, seed=1, windows=2)
    trained = train(start, sampler, steps=200, seed=1)

    def cosine(vectors: torch.Tensor, one: str, other: str) -> float:
        return float(torch.cosine_similarity(vectors[WORDS.index(one)], vectors[WORDS.index(other)], dim=0))

    apart = cosine(start, "fee", "cost") - cosine(start, "fee", "bed")
    assert cosine(trained, "fee", "cost") - cosine(trained, "fee", "bed") > apart
    # What no group says stays as it was.
    assert np.allclose(trained[-1], start[-1])
    assert measure(trained, make_tokenizer(), GROUPS) == "en 1.000, zh 1.000"
