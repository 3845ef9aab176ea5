from pathlib import Path

import numpy as np
import pytest

from bot.index.alignment import AlignmentIndex, build_alignment, open_alignment

ENTRIES = [
    ["Where is the office?", "دفتر کہاں ہے؟", "Beside the mosque."],
    ["When does the bus leave?", "بس کب جاتی ہے؟", "At seven."],
    ["How much is the deposit for the hostel room?"],
    ["✶✷✸"],
]


@pytest.fixture
def alignment(tmp_path: Path) -> AlignmentIndex:
    build_alignment(tmp_path / "alignment", ENTRIES)
    return open_alignment(tmp_path / "alignment")


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("daftar kidhar hai", 0),
        ("办公室在哪里", 0),
        ("bus ka time", 1),
        ("宿舍押金多少钱", 2),
        ("ہاسٹل کی سیکورٹی فیس", 2),
    ],
)
def test_what_shares_no_word_is_met_by_its_meaning(alignment: AlignmentIndex, question: str, row: int) -> None:
    assert int(alignment.align(question, [0, 1, 2, 3]).argmax()) == row


def test_an_entry_meets_its_own_words_wholly_and_another_less(alignment: AlignmentIndex) -> None:
    own, other = alignment.align("when does the bus leave", [1, 2])
    assert own == pytest.approx(1.0, abs=1e-3)
    assert other < own / 2


def test_only_the_rows_asked_for_are_told_in_their_order(alignment: AlignmentIndex) -> None:
    whole = alignment.align("office", [0, 1, 2, 3])
    np.testing.assert_allclose(alignment.align("office", [2, 0]), whole[[2, 0]], atol=1e-6)


def test_the_text_form_does_not_matter(alignment: AlignmentIndex) -> None:
    np.testing.assert_array_equal(alignment.align("دفتر كہاں ہے", [0, 1]), alignment.align("دفتر کہاں ہے", [0, 1]))


@pytest.mark.parametrize("question", ["", "✶✷✸"])
def test_a_question_without_a_known_piece_is_met_by_none(alignment: AlignmentIndex, question: str) -> None:
    assert alignment.align(question, [0, 1]).max() <= 0


def test_an_entry_without_a_known_piece_meets_nothing(alignment: AlignmentIndex) -> None:
    assert not alignment.align("office", [3]).any()


def test_a_long_entry_is_not_preferred_for_what_it_meets_by_chance(tmp_path: Path) -> None:
    long = [
        "Fees, dates, papers, rooms, buses, meals, tests, marks and holidays are told at the counter every morning."
    ]
    build_alignment(tmp_path / "alignment", [["Lost your card?"], [*ENTRIES[0], *ENTRIES[1], *long], *ENTRIES])
    alignment = open_alignment(tmp_path / "alignment")
    assert alignment.chance[1] > alignment.chance[0]
    short, other = alignment.align("my card is gone", [0, 1])
    assert short > other
