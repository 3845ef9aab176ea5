"""Numbers in words, in the four writings."""

import pytest

from bot.language.normalise import normalise
from bot.language.numbers import write_digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("twenty-five thousand rupees", "25000 rupees"),
        ("two hundred fifty thousand", "250000"),
        ("5 lakh", "500000"),
        ("half a year", "0.5 year"),
        ("one of them", "one of them"),
        ("one year", "1 year"),
        ("ڈھائی لاکھ روپے", "250000 روپے"),
        ("ساڑھے تین ہزار روپے", "3500 روپے"),
        ("ایک سال", "1 سال"),
        ("ایک اچھا ادارہ", "ایک اچہا ادارہ"),
        ("بہتر کورس", "بہتر کورس"),
        ("اسی ہزار روپے", "80000 روپے"),
        ("۲۵ ہزار", "25000"),
        ("do saal teen mahine", "2 saal 3 mahine"),
        ("char hazar paanch sau rupay", "4500 rupay"),
        ("do darkhwast", "do darkhwast"),
        ("三万五千卢比", "35000卢比"),
        ("壹仟伍佰卢比", "1500卢比"),
        ("2.5万", "25000"),
        ("两年半", "2.5年"),
        ("半年", "6个月"),
        ("百分之二十", "20%"),
        ("二〇二六年十月三十一日", "2026年10月31日"),
        ("一些 十分 万一", "一些 十分 万一"),
        ("第三年", "第3年"),
    ],
)
def test_numbers_in_words(text: str, digits: str) -> None:
    assert write_digits(normalise(text)) == digits
