import pytest

from bot.language.fields import asked_fields
from bot.types import CourseField


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("fee of the welding course", ["fee"]),
        ("welding course ki fess kitni h", ["fee"]),
        ("ویلڈنگ کورس کتنے مہینے کا ہے", ["duration"]),
        ("电焊课程学多久", ["duration"]),
        ("學費多少錢", ["fee"]),
        ("how long and how much does it cost", ["duration", "fee"]),
        ("graphic design kahan hota hai", ["city"]),
        ("وظیفہ کتنا ملتا ہے", ["stipend"]),
        ("last date for solar course", ["apply_by"]),
        ("course shuru kab hoga", ["starts"]),
        ("名额有多少", ["seats"]),
        ("is it online", ["mode"]),
        ("tell me about the welding course", []),
        ("coffee course", []),
        ("price of a mobile", []),
        ("手机多少钱", []),
        ("price of the mobile repair course", ["fee"]),
        ("mobile wale course ki qeemat", ["fee"]),
        ("电焊班多少钱", ["fee"]),
    ],
)
def test_asked_fields(question: str, fields: list[CourseField]) -> None:
    assert asked_fields(question) == fields
