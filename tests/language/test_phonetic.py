import pytest

from bot.language.phonetic import phonetic_key

ALIKE = [
    ("dakhla", "daakhla", "dakhlah", "داخلہ"),
    ("fees", "fess", "feess", "فیس"),
    ("wazifa", "wazeefa", "vazifa", "وظیفہ"),
    ("kaise", "kese", "kaisay", "کیسے"),
    ("mahina", "maheena", "mheena", "مہینہ"),
    ("shehar", "shahar", "shehr", "شہر"),
    ("certificate", "sertifikate", "سرٹیفکیٹ"),
    ("admission", "admision", "ایڈمیشن"),
    ("tareekh", "tarikh", "tarekh", "تاریخ"),
    ("umar", "umer", "عمر"),
]


@pytest.mark.parametrize("words", ALIKE)
def test_what_sounds_alike_shares_a_key(words: tuple[str, ...]) -> None:
    assert len({phonetic_key(word) for word in words}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("fees", "visa"), ("diploma", "degree"), ("hostel", "hospital"), ("فیس", "ویزا")]
)
def test_what_sounds_apart_does_not(one: str, other: str) -> None:
    assert phonetic_key(one) != phonetic_key(other)


@pytest.mark.parametrize("word", ["", "a", "aa", "报名", "42", "ye"])
def test_too_little_has_no_key(word: str) -> None:
    assert phonetic_key(word) == ""
