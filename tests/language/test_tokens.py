import pytest

from bot.language.tokens import SOUND, is_code, split_units, tokenise


def exact(text: str) -> list[str]:
    return [unit[0] for unit in split_units(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("What are the fees?", ["fee"]),
        ("G-II and G-III", ["gii", "g", "ii", "giii", "g", "iii"]),
        ("HSK 3", ["hsk", "3"]),
        ("NVC L2", ["nvc", "l2", "l", "2"]),
        ("C++ course", ["c++", "course"]),
        ("报名截止", ["报名", "名截", "截止"]),
        ("贵", ["贵"]),
        ("DAE میں داخلہ", ["dae", "داخلہ"]),
        ("class boss", ["class", "boss"]),
        ("۵۰۰ روپے", ["500", "روپے"]),
        ("?!", []),
    ],
)
def test_exact_tokens(text: str, tokens: list[str]) -> None:
    assert exact(text) == tokens


def test_a_word_has_its_sound_beside_it() -> None:
    assert tokenise("dakhla") == ["dakhla", SOUND + "dkl"]


def test_words_of_grammar_are_left_out() -> None:
    assert tokenise("kya hai the what کیا ہے") == []


@pytest.mark.parametrize("token", ["l2", "ii", "giii", "2026", "vi"])
def test_codes(token: str) -> None:
    assert is_code(token)


@pytest.mark.parametrize("token", ["fee", "i", "报名", "civil"])
def test_words_are_no_codes(token: str) -> None:
    assert not is_code(token)
