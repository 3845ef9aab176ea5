import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalise import normalise

VARIANTS = [
    ("ی", "ي"), ("ی", "ى"), ("ک", "ك"), ("ہ", "ه"), ("ہ", "ھ"), ("ہ", "ۂ"), ("ہ", "ہٰ"), ("ۃ", "ة"), ("زکوٰۃ", "زکوہ"),
    ("لئے", "لیے"), ("جائے", "جاۓ"), ("مؤثر", "موثر"), ("أ", "ا"), ("آپ", "اپ"), ("ابتداء", "ابتدا"),
    ("مُفت", "مفت"), ("رحمٰن", "رحمن"), ("خوش\u200cآمدید", "خوشآمدید"), ("فیـــس", "فیس"), ("ﻓﯿﺲ", "فیس"),
    ("ﷲ", "اللہ"),
    ("۲۰۲۶", "2026"), ("٢٠٢٦", "2026"), ("２０２６", "2026"), ("ＤＡＥ", "dae"), ("DAE", "dae"), ("Café", "cafe"),
    ("報名截止時間", "报名截止时间"), ("錄取通知書", "录取通知书"), ("a  b\u3000c\u00a0d", "a b c d"),
    ("ｆｅｅ？", "fee?"),
    ("\u202bفیس\u202c", "فیس"), ("fee\ufeff", "fee"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "stored"), VARIANTS)
def test_variants_have_one_form(typed: str, stored: str) -> None:
    assert normalise(typed) == normalise(stored)


@pytest.mark.parametrize(
    ("one", "other"), [("کی", "کے"), ("میں", "مین"), ("G-II", "G-III"), ("HSK 3", "HSK 4"), ("د", "ذ")]
)
def test_what_differs_in_meaning_stays_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet=st.characters(min_codepoint=0x600, max_codepoint=0x6FF)))
def test_canonically_equal_texts_have_one_form(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(unicodedata.normalize("NFC", text))


@given(st.text())
def test_no_joiner_mark_or_control_is_left(text: str) -> None:
    assert not [c for c in normalise(text) if unicodedata.category(c) in ("Mn", "Mc", "Me", "Cf", "Cc")]
