import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.corpus.conftest import Read, list_problems


def make_word(fill: Callable[[Document], None]) -> bytes:
    document = docx.Document()
    fill(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def fill_guide(document: Document) -> None:
    document.add_heading("Visa guide", 0)
    document.add_paragraph("First words.")
    document.add_heading("Papers", 1)
    document.add_paragraph("passport", style="List Bullet")
    document.add_paragraph("photo", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ["fee", "1200", "seats", "25"], strict=True
    ):
        cell.text = text
    document.add_paragraph("Then go.")


def test_headings_lists_and_tables_keep_their_order(read: Read) -> None:
    corpus = read({"guide.en.docx": make_word(fill_guide)})
    assert [(entry.id, entry.wordings["en"].title, entry.wordings["en"].body) for entry in corpus.entries] == [
        ("guide.en.docx#visa-guide", "Visa guide", "First words."),
        (
            "guide.en.docx#papers",
            "Visa guide — Papers",
            "• passport\n• photo\nfee | 1200\nseats | 25\n\nThen go.",
        ),
    ]


def test_links_keep_their_address_and_insertions_their_text(read: Read) -> None:
    def fill(document: Document) -> None:
        paragraph = document.add_paragraph("See ")
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), document.part.relate_to("https://x.pk", RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(document.add_paragraph().add_run("the form")._r)
        inserted = OxmlElement("w:ins")
        inserted.append(document.add_paragraph().add_run(" today")._r)
        paragraph._p.extend([link, inserted])

    assert read({"a.docx": make_word(fill)}).entries[0].wordings["en"].body == "See the form (https://x.pk) today"


def test_what_stands_in_a_content_control_is_read_in_its_place(read: Read) -> None:
    def fill(document: Document) -> None:
        control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        control.append(content)
        document.add_paragraph("first")._p.addnext(control)
        document.add_paragraph("third")
        content.append(document.add_paragraph("second")._p)

    assert read({"a.docx": make_word(fill)}).entries[0].wordings["en"].body == "first\n\nsecond\n\nthird"


def test_a_cell_that_claims_a_million_columns_is_read_once(read: Read) -> None:
    def fill(document: Document) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "fee"
        cell._tc.grid_span = 100_000_000

    assert read({"a.docx": make_word(fill)}).entries[0].wordings["en"].body == "fee"


@pytest.mark.parametrize("fill", [lambda document: None, lambda document: document.add_heading("Only a heading", 1)])
def test_a_document_without_text_is_a_warning(read: Read, fill: Callable[[Document], None]) -> None:
    corpus = read({"a.docx": make_word(fill)})
    assert list_problems(corpus, "warning") == ["a.docx: holds no text; write some or delete it"]
    assert corpus.errors == ()
