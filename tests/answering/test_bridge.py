import pytest

from bot.answering.bridge import Bridge, Glossary
from bot.language.concepts import read_concepts
from bot.language.tokens import SOUND
from bot.types import Term

NO_CONCEPTS = Glossary([])
BRIDGE = Bridge(
    [
        Term(en=("scholarship",), ur=("وظیفہ", "سکالرشپ"), roman_ur=("wazeefa",), zh=("奖学金",)),
        Term(en=("age limit",), ur=("عمر کی حد",), roman_ur=("umar ki had",), zh=("年龄限制",)),
    ],
    NO_CONCEPTS,
)
GENERAL = Bridge([])


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
    assert Bridge([], NO_CONCEPTS).expand("fee") == [(("fee", 1.0),)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("kapre silai", {"tailor", "کپڑا", "裁缝"}),
        ("修车要学多久", {"mechanic", "مکینک"}),
        ("گاڑی کا انجن", {"engine", "car"}),
        ("fix phones", {"repair", "مرمت", "维修"}),
    ],
)
def test_the_bots_own_glossary_needs_no_folder(question: str, expected: set[str]) -> None:
    assert expected <= {token for unit in GENERAL.expand(question) for token, _ in unit}


def test_the_folders_term_weighs_more_than_the_bots_own() -> None:
    [own] = Bridge([Term(en=("stipend",), ur=("ماہوار",))]).expand("stipend")
    weights = dict(own)
    assert weights["stipend"] > weights["ماہوار"] > weights["وظیفہ"]


def test_a_short_translation_stands_for_the_whole_phrase() -> None:
    units = Bridge([Term(ur=("جیب خرچ",), en=("stipend",))], NO_CONCEPTS).expand("جیب خرچ")
    assert all("stipend" in dict(unit) for unit in units)


def test_grammar_between_han_words_says_nothing() -> None:
    assert [unit[0][0] for unit in BRIDGE.expand("我的手机")] == ["手机"]
    assert BRIDGE.expand("是吗") == [(("是吗", 1.0),)]


CONCEPTS = list(read_concepts())


def test_every_concept_is_said_in_several_writings() -> None:
    for words in CONCEPTS:
        assert len(words) > 1, words
        assert words[0].isascii(), words
        assert any("\u0600" <= letter <= "\u06ff" for word in words for letter in word), words
        assert any("\u4e00" <= letter <= "\u9fff" for word in words for letter in word), words


def test_no_concept_has_letters_of_an_arabic_keyboard() -> None:
    assert not [words for words in CONCEPTS if set("".join(words)) & set("يكهىة")]


def test_expanding_takes_nothing_away() -> None:
    for words in CONCEPTS:
        for word in words:
            expanded = GENERAL.expand(word)
            assert all(0 < weight <= 1 for unit in expanded for _, weight in unit), word
            assert all(unit[0][1] == (0.7 if unit[0][0].startswith(SOUND) else 1.0) for unit in expanded), word
