import io
import zipfile
from random import Random

import pytest

from tests.corpus.conftest import Read, list_problems
from tests.corpus.workbook import make_workbook

WORKBOOK = make_workbook(S=[["id", "question_en", "answer_en"], ["fee", "Fee?", "1200"]])


def make_zip(members: dict[str, int]) -> bytes:
    """Return a zip whose members unpack to so many zeros."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in members.items():
            with archive.open(name, "w") as member:
                for _ in range(size // 1_000_000):
                    member.write(bytes(1_000_000))
    return stream.getvalue()


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "is locked with a password or in an old format; save it as"),
        (WORKBOOK[: len(WORKBOOK) // 2], "is damaged or cut short"),
        (b"", "is damaged or cut short"),
        (b"id,question_en\n", "is damaged or cut short"),
        (make_zip({"xl/worksheets/sheet1.xml": 11_000_000}), "unpacks to 11 MB and is not opened"),
        (make_zip({f"{number}.bin": 50_000_000 for number in range(5)}), "unpacks to 250 MB and is not opened"),
        (make_zip({"nothing.xml": 0}), "cannot be read and is probably damaged"),
    ],
    ids=["password", "truncated", "empty", "no zip", "bomb", "large", "not Office"],
)
def test_what_cannot_be_unpacked_is_an_error(read: Read, name: str, content: bytes, message: str) -> None:
    corpus = read({name: content})
    assert message in list_problems(corpus)[0]
    assert corpus.entries == ()


def test_xml_without_end_in_a_word_file_is_an_error(read: Read) -> None:
    random = Random(1)  # packs thirtyfold, so it is no bomb by that, but a tree of a gigabyte
    noise = b"".join(random.randbytes(32) + bytes(1_000) for _ in range(31_000))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", noise)
    assert "is not opened; split it" in list_problems(read({"a.docx": stream.getvalue()}))[0]


def test_a_damaged_member_is_an_error(read: Read) -> None:
    place = WORKBOOK.index(b"xl/worksheets/sheet1.xml") + 60
    broken = WORKBOOK[:place] + bytes(20) + WORKBOOK[place + 20 :]
    assert list_problems(read({"a.xlsx": broken}))[0].startswith("a.xlsx: cannot be read and is probably damaged")
