import pytest

from bot.corpus.pdf import MAX_PAGES
from tests.corpus.conftest import Read, list_problems

LOCK = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'5a' * 32}> /U <{'a5' * 32}> >>"


def make_pdf(*pages: str, locked: bool = False) -> bytes:
    """Return a PDF with a line of text on each page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        content = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else ""
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    written, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    lock = f" /Encrypt {LOCK} /ID [<00><00>]" if locked else ""
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{lock} >>\nstartxref\n{len(written)}\n%%EOF"
    return f"{written}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def test_each_page_is_an_entry(read: Read) -> None:
    corpus = read({"guide.pdf": make_pdf("Bring your passport.", "", "Then go.")})
    assert [(entry.id, entry.wordings["en"].title, entry.wordings["en"].body) for entry in corpus.entries] == [
        ("guide.pdf#page-1", "guide — p. 1", "Bring your passport."),
        ("guide.pdf#page-3", "guide — p. 3", "Then go."),
    ]


def test_a_scanned_pdf_is_a_warning(read: Read) -> None:
    corpus = read({"scan.pdf": make_pdf("", "")})
    assert corpus.errors == ()
    assert "scan.pdf: holds no text; a scanned PDF has only pictures" in list_problems(corpus, "warning")[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (make_pdf("secret", locked=True), "is locked with a password"),
        (b"", "is damaged or no PDF"),
        (b"%PDF-1.4\n", "is damaged or no PDF"),
        (b"id,question_en\n" * 100, "is damaged or no PDF"),
        (make_pdf("text")[:60], "is damaged or no PDF"),
        (make_pdf(*[""] * (MAX_PAGES + 1)), "has 2,001 pages and is not read"),
    ],
    ids=["password", "empty", "header only", "no pdf", "truncated", "too many pages"],
)
def test_a_pdf_that_cannot_be_read_is_an_error(read: Read, content: bytes, message: str) -> None:
    corpus = read({"a.pdf": content})
    assert message in list_problems(corpus)[0]
    assert corpus.entries == ()
