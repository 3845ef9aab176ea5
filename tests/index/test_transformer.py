import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.index.encoder import SHIPPED
from bot.index.transformer import OnnxEmbeddings

TRANSFORMER = SHIPPED / "transformer"
TEXTS = [
    "what is the fee of the diploma?",
    "ڈپلومہ کی فیس کتنی ہے؟",
    "文凭课程的学费是多少？",
    "diploma ki fees kitni hai",
    "",
    "☃🎉",
    "when do classes start, and is there a hostel for students who come from far away? " * 20,
]


@pytest.fixture(scope="module")
def encoder() -> OnnxEmbeddings:
    return OnnxEmbeddings(TRANSFORMER)


def embed(encoder: OnnxEmbeddings, texts: list[str]) -> NDArray[np.float32]:
    return np.asarray(encoder.embed_documents(texts), dtype=np.float32)


def test_vectors_are_those_of_sentence_transformers(encoder: OnnxEmbeddings) -> None:
    from sentence_transformers import SentenceTransformer

    expected = SentenceTransformer(str(TRANSFORMER), device="cpu").encode(TEXTS)
    cosines = (embed(encoder, TEXTS) * expected).sum(axis=1)
    assert cosines.min() >= 0.995


def test_a_text_has_the_same_vector_in_any_company(encoder: OnnxEmbeddings) -> None:
    together = embed(encoder, TEXTS * 30)
    alone = np.stack([np.asarray(encoder.embed_query(text)) for text in TEXTS])
    # Activations are quantised block by block within a text, so its neighbours cannot move it.
    np.testing.assert_allclose(together, np.tile(alone, (30, 1)), atol=1e-3)


def test_no_texts_are_no_vectors(encoder: OnnxEmbeddings) -> None:
    assert encoder.embed_documents([]) == []


def test_torch_stays_out_at_run_time() -> None:
    code = f"""
import sys
from pathlib import Path
from bot.index.transformer import OnnxEmbeddings
OnnxEmbeddings(Path({str(TRANSFORMER)!r})).embed_query("what is the fee?")
print(sorted({{"torch", "transformers", "sentence_transformers"}} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
