"""Lines of two directions read right, and nothing else is touched. Isolates are shown as ⟦ ⟪ ⟧, the mark as ®."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.direction import LRI, PDI, RLI, RLM, URL, isolate, remove_controls
from bot.types import LANGUAGES, Language

SHOWN = {LRI: "⟦", RLI: "⟪", PDI: "⟧", RLM: "®"}


def show(text: str, language: Language) -> str:
    return "".join(SHOWN.get(character, character) for character in isolate(text, language))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # Phone numbers and codes keep the order of their parts.
        ("فون 0300-1234567 پر", "فون ⟦0300-1234567⟧ پر"),
        ("فون: (042) 111-222-333۔", "فون: ⟦(042) 111-222-333⟧۔"),
        ("نمبر +92 300 1234567 ہے", "نمبر ⟦+92 300 1234567⟧ ہے"),
        ("نمبر ۰۳۰۰-۱۲۳ ہے", "نمبر ⟦۰۳۰۰-۱۲۳⟧ ہے"),
        # Addresses are whole, with what belongs to their end and without the sentence's own marks.
        ("یہاں https://x.gov.pk/a?b=1&c=2 دیکھیں", "یہاں ⟦https://x.gov.pk/a?b=1&c=2⟧ دیکھیں"),
        ("یہاں https://x.gov.pk/ دیکھیں۔", "یہاں ⟦https://x.gov.pk/⟧ دیکھیں۔"),
        ("دیکھیں https://x.pk/a۔", "دیکھیں ⟦https://x.pk/a⟧۔"),
        ("دیکھیں https://x.pk/a، پھر پوچھیں", "دیکھیں ⟦https://x.pk/a⟧، پھر پوچھیں"),
        # Amounts, dates and words.
        ("فیس Rs 5,000 ہے", "فیس ⟦Rs 5,000⟧ ہے"),
        ("رعایت 50% ہے", "رعایت ⟦50%⟧ ہے"),
        ("24 نومبر 2026", "®⟦24⟧ نومبر ⟦2026⟧"),
        ("کورس C++ اور C#", "کورس ⟦C++⟧ اور ⟦C#⟧"),
        ("زبان 中文 ہے", "زبان ⟦中文⟧ ہے"),
        # A bracket goes with its partner.
        ("کورس DAE (Civil) میں", "کورس ⟦DAE (Civil)⟧ میں"),
        ("ادارہ (PVTC) ہے", "ادارہ ⟦(PVTC)⟧ ہے"),
        ("ادارہ (PVTC اور TEVTA) ہے", "ادارہ (⟦PVTC⟧ اور ⟦TEVTA⟧) ہے"),
        # A hyphen after an Urdu word stays with that word.
        ("گلبرگ-II، لاہور", "گلبرگ-⟦II⟧، لاہور"),
        ("درجہ -5 ہے", "درجہ ⟦-5⟧ ہے"),
        # A line that begins the other way is turned round.
        ("NAVTTC ایک ادارہ ہے", "®⟦NAVTTC⟧ ایک ادارہ ہے"),
        ("/language زبان چنیں", "®⟦/language⟧ زبان چنیں"),
        # Lines of one direction are as they were, each by itself.
        ("صرف اردو، بس۔", "صرف اردو، بس۔"),
        ("only English 12", "only English 12"),
        ("صرف اردو\nonly English\nدونوں X", "صرف اردو\nonly English\nدونوں ⟦X⟧"),
        ("", ""),
    ],
)
def test_in_an_urdu_reply(text: str, shown: str) -> None:
    assert show(text, "ur") == shown


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("the word وظیفہ means stipend", "en", "the word ⟪وظیفہ⟧ means stipend"),
        ("it is زیر تربیت، وظیفہ here", "en", "it is ⟪زیر تربیت، وظیفہ⟧ here"),
        ("wazifa (وظیفہ) kya hai", "ur-Latn", "wazifa ⟪(وظیفہ)⟧ kya hai"),
        ("津贴叫 وظیفہ 吗", "zh", "津贴叫 ⟪وظیفہ⟧ 吗"),
        ("fee 5000", "en", "fee 5000"),
        ("学费5000卢比", "zh", "学费5000卢比"),
        # Staff's Urdu, quoted in a reply of another language, is an Urdu line.
        ("فون 0300-1234567 پر", "zh", "فون ⟦0300-1234567⟧ پر"),
        ("درخواست دینے کے لیے https://navttc.gov.pk/apply پر جائیں", "en",
         "درخواست دینے کے لیے ⟦https://navttc.gov.pk/apply⟧ پر جائیں"),
    ],
)  # fmt: skip
def test_in_a_reply_from_left_to_right(text: str, language: Language, shown: str) -> None:
    assert show(text, language) == shown


def test_controls_that_came_in_are_dropped() -> None:
    assert show("\u202eفون\u202c \u200e12\u200f\u061c ہے", "ur") == "فون ⟦12⟧ ہے"


TEXTS = st.text(st.sampled_from("اردو وظیفہ ABC 019 ()[]/-.:،۔%+@_\n中é" + LRI + RLI + PDI + RLM + "\u202e"))


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_isolates_pair_within_each_line_and_change_nothing_else(text: str, language: Language) -> None:
    isolated = isolate(text, language)
    assert remove_controls(isolated) == remove_controls(text)
    assert isolate(isolated, language) == isolated
    for line in isolated.split("\n"):
        depth = 0
        for character in line:
            depth += (character in (LRI, RLI)) - (character == PDI)
            assert 0 <= depth <= 1
        assert depth == 0


URLS = st.from_regex(r"https?://[a-z]{1,9}\.pk/[a-z0-9?=&/_-]{0,20}[a-z0-9/]", fullmatch=True)


@given(st.sampled_from(LANGUAGES), URLS)
def test_an_address_is_never_split(language: Language, url: str) -> None:
    assert url in isolate(f"یہاں {url} دیکھیں", language)


def test_chinese_that_follows_an_address_is_none_of_it() -> None:
    found = URL.search("来源：https://x.pk/a（截至2026年5月1日）")
    assert found is not None
    assert found[0] == "https://x.pk/a"
