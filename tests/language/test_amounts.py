import pytest

from bot.language.wishes import read_wish
from bot.types import Condition


@pytest.mark.parametrize(
    ("question", "conditions"),
    [
        (
            "6 or 12 month courses",
            (Condition("length", at_least=6, at_most=6), Condition("length", at_least=12, at_most=12)),
        ),
        ("seats 20 se zyada wale course", (Condition("seats", at_least=20, is_strict=True),)),
        ("5-10 hazar fees wale course", (Condition("fee", at_least=5000, at_most=10_000),)),
        ("比六个月长的课", (Condition("length", at_least=6, is_strict=True),)),
        ("saal se upar wale course", (Condition("length", at_least=12, is_strict=True),)),
        ("courses from 2023", ()),
        ("stipend of 5000 a month", ()),
        ("八年级毕业的课", (Condition("schooling", step=2),)),
    ],
)
def test_numbers_are_read_with_what_they_count(question: str, conditions: tuple[Condition, ...]) -> None:
    wish = read_wish(question, {})
    assert tuple(one for one in wish.conditions if one.kind != "paid") == conditions


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("courses starting in may", Condition("starts", step=5)),
        ("一月开班的课", Condition("starts", step=1)),
        ("جنوری میں شروع ہونے والے کورس", Condition("starts", step=1)),
        ("march se pehle shuru hone wale course", Condition("starts", at_most=3, step=3, is_strict=True)),
        ("courses with a deadline in february", Condition("closes", step=2)),
        ("agle mahine shuru", Condition("starts", name="next")),
    ],
)
def test_months_are_read_as_starts_or_deadlines(question: str, condition: Condition) -> None:
    assert read_wish(question, {}).conditions == (condition,)


@pytest.mark.parametrize("question", ["may i join a course", "march past", "学制三个月的课"])
def test_what_is_no_month_is_none(question: str) -> None:
    assert all(one.kind not in ("starts", "closes") for one in read_wish(question, {}).conditions)
