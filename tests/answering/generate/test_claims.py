"""What is the same in any writing, and what is not."""

import pytest

from bot.answering.generate.claims import read_claims

SAME = [
    ["3 years", "three years", "36 months", "تین سال", "3 سالہ", "teen saal", "三年", "36个月"],
    ["Rs 25,000", "PKR 25000", "25 thousand rupees", "25k rupees", "پچیس ہزار روپے", "۲۵،۰۰۰ روپے",
     "pachees hazar rupay", "2.5万卢比", "两万五千卢比"],
    ["2026-10-31", "31 October 2026", "October 31, 2026", "31/10/2026", "31 اکتوبر 2026", "2026年10月31日"],
    ["20%", "20 percent", "بیس فیصد", "20 fisad", "百分之二十"],
    ["2 weeks", "14 days", "دو ہفتے", "do hafte", "两周"],
    ["+92 300 1234567", "0300-1234567", "03001234567"],
    ["https://www.tevta.gop.pk/", "tevta.gop.pk", "http://tevta.gop.pk"],
    ["HSK 3", "HSK level 3", "HSK三级", "hsk3级"],
    ["G-II", "g-ii"],
    ["9 am", "9:00"],
]  # fmt: skip
OTHER = [
    ("3 years", "3 months"), ("Rs 25,000", "Rs 2,500"), ("1200 rupees", "1200 dollars"), ("Rs 1,200", "€1,200"),
    ("31 October 2026", "31 October 2027"), ("2026-10-31", "30 October"), ("20%", "20 rupees"), ("HSK 3", "HSK 4"),
    ("G-II", "G-III"), ("X1 visa", "X2 visa"), ("042-1234567", "042-1234568"), ("tevta.gop.pk", "tevta.gov.pk"),
    ("6 months", "6 weeks"), ("a@b.pk", "c@b.pk"), ("a fee a year", "a fee a month"), ("by 31 October", "by tomorrow"),
    ("the fee", "free of charge"), ("on Friday", "on Sunday"), ("18 years", "18 seats"), ("9:00", "10:00"),
]  # fmt: skip


@pytest.mark.parametrize("writings", SAME, ids=lambda writings: writings[0])
def test_every_writing_states_the_same(writings: list[str]) -> None:
    for known in writings:
        for said in writings:
            stated = read_claims(f"It is {said} .").stated
            assert stated
            assert all(read_claims(f"It is {known} .").supports(claim) for claim in stated), (known, said, stated)


@pytest.mark.parametrize(("known", "said"), OTHER)
def test_another_thing_is_not_supported(known: str, said: str) -> None:
    claims = read_claims(known)
    assert not all(claims.supports(claim) for claim in read_claims(said).stated)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("31 October 2026", "in October"), ("31 October 2026", "by 31 October"), ("2026-10-31", "in 2026"),
        ("15–35 years", "15 years"), ("session 2026-27", "2026 and 2027"), ("NVQ level 2", "level 2"),
        ("18 years", "at least 18"), ("17 software students", "17 students"), ("see https://a.pk/x/y", "a.pk"),
    ],
)  # fmt: skip
def test_a_part_of_what_is_known_is_supported(known: str, said: str) -> None:
    claims = read_claims(known)
    assert all(claims.supports(claim) for claim in read_claims(said).stated)
