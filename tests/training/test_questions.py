import random
from pathlib import Path

import pytest

from training.questions import HELD_OUT, QUESTIONS, misspell, read_groups

FEWEST = {"en": 2, "ur": 2, "roman": 3, "zh": 2}
ANSWERS = ["a:en", "a:ur", "a:zh"]


@pytest.mark.parametrize("path", sorted(QUESTIONS.glob("*.tsv")), ids=lambda path: path.stem)
def test_every_group_has_its_questions_and_answers(path: Path) -> None:
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in path.read_text("utf-8").splitlines():
        group, side, text = line.split("\t")
        groups.setdefault(group, []).append((side, text))
    for group, texts in groups.items():
        sides = [side for side, _ in texts]
        assert sides[-len(ANSWERS) :] == ANSWERS, group
        asked = sides[: -len(ANSWERS)]
        assert set(asked) == set(FEWEST), group
        assert all(asked.count(side) >= fewest for side, fewest in FEWEST.items()), group
        assert all(text.strip() for _, text in texts), group


def test_what_is_measured_on_is_not_learned_from(tmp_path: Path) -> None:
    lines = [f"{group}\t{side}\t{group} {side}\n" for group in range(1, 25) for side in ("en", "a:en")]
    (tmp_path / "all.tsv").write_text("".join(lines), encoding="utf-8")
    learned, held_out = read_groups(tmp_path)
    assert [group.answers for group in held_out] == [("12 a:en",), ("24 a:en",)]
    assert len(learned) == 22
    assert HELD_OUT == 12
    assert not {group.questions for group in learned} & {group.questions for group in held_out}


def test_a_misspelling_is_one_letter_away() -> None:
    chance = random.Random(1)
    made = {misspell("kitni fees hai", chance) for _ in range(200)}
    assert all(abs(len(text) - 14) <= 1 for text in made)
    assert len(made) > 20
    assert misspell("fee", chance) == "fee"
