from pathlib import Path

import numpy as np
import pytest

from bot.index.lexical import LexicalIndex, build_lexical, open_lexical
from bot.language.tokens import split_units

TEXTS = [
    "fee of the diploma",
    "hostel for girls",
    "G-II certificate",
    "G-III certificate",
    "فیس کتنی ہے",
    "报名截止时间",
    "!!!",
]


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    build_lexical(tmp_path / "lexical", [f"chunk-{n}" for n in range(len(TEXTS))], TEXTS)
    return open_lexical(tmp_path / "lexical")


def best(lexical: LexicalIndex, question: str) -> int:
    scores, _ = lexical.search([tuple((token, 1.0) for token in unit) for unit in split_units(question)])
    return int(scores.argmax())


@pytest.mark.parametrize(
    ("question", "row"),
    [("what is the fee", 0), ("hostels", 1), ("g-ii", 2), ("G-III", 3), ("فيس", 4), ("報名截止", 5), ("hastel", 1)],
)
def test_the_right_text_is_first(lexical: LexicalIndex, question: str, row: int) -> None:
    assert best(lexical, question) == row


def test_coverage_is_the_share_of_the_question_by_rarity(lexical: LexicalIndex) -> None:
    _, covered = lexical.search([(("hostel", 1.0),), (("girl", 1.0),)])
    assert covered[1] == pytest.approx(1.0)
    _, covered = lexical.search([(("hostel", 1.0),), (("nowhere", 1.0),)])
    assert 0 < covered[1] < 1
    assert covered[0] == 0


def test_alternatives_of_one_unit_count_once(lexical: LexicalIndex) -> None:
    once, _ = lexical.search([(("hostel", 1.0),)])
    both, _ = lexical.search([(("hostel", 1.0), ("~hstl", 0.7))])
    np.testing.assert_allclose(once, both)


def test_a_question_of_unknown_words_finds_nothing(lexical: LexicalIndex) -> None:
    scores, covered = lexical.search([(("zzz", 1.0),)])
    assert not scores.any()
    assert not covered.any()
    assert not lexical.search([])[0].any()


def test_texts_without_a_single_word_can_be_indexed(tmp_path: Path) -> None:
    build_lexical(tmp_path / "lexical", ["a"], ["?!"])
    assert open_lexical(tmp_path / "lexical").ids == ["a"]
