import pytest

from bot.answering.bridge import Bridge
from bot.types import Term

BRIDGE = Bridge(
    [
        Term(en=("scholarship",), ur=("وظیفہ", "سکالرشپ"), roman_ur=("wazeefa",), zh=("奖学金",)),
        Term(en=("age limit",), ur=("عمر کی حد",), roman_ur=("umar ki had",), zh=("年龄限制",)),
    ]
)


def tokens(question: str) -> set[str]:
    return {token for unit in BRIDGE.expand(question) for token, _ in unit}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("scholarship", {"scholarship", "وظیفہ", "سکالرشپ", "wazeefa", "奖学", "学金"}),
        ("wazifa kab milega", {"scholarship", "وظیفہ"}),
        ("奖学金多少", {"scholarship", "وظیفہ"}),
        ("what is the age limit", {"عمر", "年龄"}),
        ("عمر کی حد", {"age", "limit"}),
    ],
)
def test_a_term_stands_for_its_words_in_other_languages(question: str, expected: set[str]) -> None:
    assert expected <= tokens(question)


def test_a_part_of_a_term_is_not_the_term() -> None:
    assert "年龄" not in tokens("what is my age")


def test_the_asked_word_weighs_most() -> None:
    [unit] = BRIDGE.expand("scholarship")
    weights = dict(unit)
    assert weights["scholarship"] == 1.0
    assert weights["وظیفہ"] < 1.0


def test_without_a_glossary_a_question_stays_as_it_is() -> None:
    assert Bridge([]).expand("fee") == [(("fee", 1.0),)]
