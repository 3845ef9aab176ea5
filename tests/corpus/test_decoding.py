import pytest

from bot.corpus.decoding import decode_text
from bot.corpus.problems import UnreadableError

CHINESE = "编号,问题,答案\n学费,学费是多少？,每年一千二百卢比，申请时不用交。\n"
URDU = "id,سوال\nfee,ڈپلومہ کی فیس کتنی ہے؟ فیس 1200 روپے ہے۔\n"
ALL = CHINESE + URDU + "fee,What is the fee?\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("text", [CHINESE, URDU, ALL, "id,plain\n", ""])
def test_what_excel_and_wps_save_is_read(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


def test_utf_16_is_read_in_both_byte_orders() -> None:
    assert decode_text(b"\xff\xfe" + ALL.encode("utf-16-le")) == ALL
    assert decode_text(b"\xfe\xff" + ALL.encode("utf-16-be")) == ALL


@pytest.mark.parametrize(
    "data",
    [
        ALL.encode() + b"\x80 rest\n",
        CHINESE.encode()[:-3],  # cut in the middle of a letter
        CHINESE.encode().replace("费".encode(), "费".encode()[:2]),
        URDU.encode().replace("ف".encode(), b"\xd9"),
        "fee,ڈپلومہ ہے\nlast,آخری".encode("cp1256", "ignore"),
        "الرسوم,رسوم الدراسة والقبول في الجامعة,نعم".encode("cp1256"),
        "café,naïve,Müller\n".encode("latin-1"),
        "it’s the student’s fee\n".encode("cp1252"),
        "學費多少？每年一千二百盧比，申請時不用繳交。".encode("big5"),
        "授業料はいくらですか".encode("shift-jis"),
        (CHINESE * 9).encode("gb18030") + "فیس کتنی ہے اور کب دینی ہے\n".encode(),  # two encodings in one file
        b"\xff\xfeabc",  # half a letter of UTF-16
        b"\xef\xbb\xbfab\xff",
    ],
)
def test_nonsense_is_never_made_of_another_encoding(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"cannot be decoded as .* at byte \d+; save it as UTF-8"):
        decode_text(data)


def test_the_line_and_the_byte_are_named() -> None:
    with pytest.raises(UnreadableError, match="at byte 11; save it as CSV UTF-8") as caught:
        decode_text(b"id,a\nfee,\xc3\xa9\xff\n"[:9] + b"x\xff\n", "CSV UTF-8")
    assert caught.value.line == "2"


@pytest.mark.parametrize("data", [b"id,a\nfee,\0\n", "id,a".encode("utf-16-le"), ALL.encode("utf-32")])
def test_binary_data_is_an_error(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"is not text \(a NUL character|cannot be decoded"):
        decode_text(data)
