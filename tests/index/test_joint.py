import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from bot.index.joint import SHARES, JointEmbeddings


class Fixed(Embeddings):
    """Gives one vector whatever the text."""

    def __init__(self, vector: list[float]) -> None:
        self.vector = vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.vector for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.vector


@pytest.mark.parametrize(
    ("question", "language"), [("what is the fee", "en"), ("فیس کتنی ہے", "ur"), ("学费多少", "zh")]
)
def test_the_score_weighs_both_cosines_by_the_questions_writing(question: str, language: str) -> None:
    share = SHARES[language]  # type: ignore[index]
    passage = np.asarray(JointEmbeddings(Fixed([1, 0]), Fixed([0, 2])).embed_documents(["a passage"])[0])
    # The static views have a cosine of 0.6, the transformers' of 0.8; the lengths of the vectors do not matter.
    asked = np.asarray(JointEmbeddings(Fixed([6, 8]), Fixed([6, 8])).embed_query(question))
    assert np.linalg.norm([passage, asked], axis=1) == pytest.approx(1)
    assert passage @ asked == pytest.approx((share * 0.6 + (1 - share) * 0.8) / np.hypot(share, 1 - share) / np.sqrt(2))


def test_a_text_without_a_known_piece_is_judged_by_the_other_view() -> None:
    passage = np.asarray(JointEmbeddings(Fixed([0, 0]), Fixed([0, 1])).embed_documents(["☃"])[0])
    asked = np.asarray(JointEmbeddings(Fixed([0, 0]), Fixed([0, 1])).embed_query("☃"))
    assert passage @ asked > 0
    assert np.isfinite(passage).all()
