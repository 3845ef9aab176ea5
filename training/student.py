"""The student: the teacher's layers over more pieces, how its new pieces start, and how a run is kept.

A new piece starts as the mean of the teacher's input vectors of its nearest English pieces in the static encoder's
aligned space (WECHSEL, Minixhofer et al. 2022).
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from training.static import say, teacher_model
from training.wordpieces import CONTINUED, Sizes, build_tokenizer, teacher_pieces

NEIGHBOURS = 10
NEIGHBOUR_SCALE = 15.0


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


def load_or_start(texts: dict[str, list[str]], static: Path, work: Path) -> tuple[Tokenizer, Student]:
    """Return the tokenizer and the untrained student, from an earlier run where there is one.

    `texts` holds normalised training text by side, for the tokenizer.
    """
    teacher = teacher_model()
    reader = teacher.tokenizer.backend_tokenizer
    body = teacher[0].auto_model
    path = work / "wordpieces.json"
    if not path.exists():
        build_tokenizer(reader, texts, Sizes())[0].save(str(path))
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


@dataclass(slots=True)
class Progress:
    """How far a run is."""

    step: int = 0
    seconds: float = 0.0


class Run:
    """A student with its optimisers: steps by the clock, kept on disk, going on where it was killed."""

    def __init__(self, student: Student, piece_rate: float, body_rate: float, checkpoint: Path) -> None:
        self.student = student
        self.progress = Progress()
        self._checkpoint = checkpoint
        self._body = list(student.body.encoder.parameters())
        self._rates = (piece_rate, body_rate)
        self._optimisers: list[torch.optim.Optimizer] = [
            torch.optim.SparseAdam(list(student.new.parameters()), lr=piece_rate, betas=(0.9, 0.99)),
            torch.optim.AdamW(self._body, lr=body_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
        ]
        _without_dropout(student)
        if checkpoint.exists():
            self._restore()

    def step(self, loss: Tensor, pieces: float, body: float) -> None:
        """Learn from `loss`, with the two rates at these shares of their full height; no body learns at 0."""
        for optimiser, rate, share in zip(self._optimisers, self._rates, (pieces, body), strict=True):
            optimiser.zero_grad(set_to_none=True)
            for group in optimiser.param_groups:
                group["lr"] = rate * share
        loss.backward()
        nn.utils.clip_grad_norm_([parameter for parameter in self._body if parameter.grad is not None], 1.0)
        for optimiser in self._optimisers:
            optimiser.step()
        self.progress.step += 1

    def save(self) -> None:
        """Keep the run as it is."""
        state = {
            "new": self.student.new.state_dict(),
            "body": self.student.body.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
            "step": self.progress.step,
            "spent": self.progress.seconds,
        }
        torch.save(state, self._checkpoint.with_suffix(".part"))
        os.replace(self._checkpoint.with_suffix(".part"), self._checkpoint)
        say(f"checkpoint at step {self.progress.step:,}")

    def _restore(self) -> None:
        state = load_weights(self.student, self._checkpoint)
        for optimiser, stored in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(stored)
        self.progress = Progress(state["step"], state["spent"])
        say(f"going on from step {self.progress.step:,}")


def load_weights(student: Student, checkpoint: Path) -> dict[str, Any]:
    """Put the weights of a checkpoint into `student` and return the checkpoint."""
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    student.new.load_state_dict(state["new"])
    student.body.load_state_dict(state["body"])
    return state


def _without_dropout(student: Student) -> None:
    # Distillation has an exact target and a short run: dropout only blurs it, and moves English from the teacher.
    for module in student.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    student.train()
    student.body.eval()


def pad(texts: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Return the texts as one matrix of ids and its mask."""
    ids = torch.zeros((len(texts), max(map(len, texts))), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.from_numpy(text.astype(np.int64))
        mask[row, : len(text)] = 1
    return ids, mask
