"""Word documents as blocks of plain text, paragraphs and tables in the order of the document."""

import re
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.opc.rel import Relationships
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from bot.corpus.archives import check_archive
from bot.corpus.sections import Block, show_address

_MAX_XML = 30_000_000
_HEADING = re.compile(r"heading ([1-6])", re.IGNORECASE)
_TEXT = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Boxes are written twice, the second time for programs that no longer exist.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_word(path: Path) -> list[Block]:
    """Return the headings, paragraphs and table rows of a .docx in order."""
    check_archive(path, _MAX_XML)
    document = docx.Document(str(path))
    styles = {style.style_id: style.name or "" for style in document.styles}
    body = document.element.body
    for fallback in list(body.iter(_FALLBACK)):
        fallback.getparent().remove(fallback)
    return list(_render(body, styles, document.part.rels))


def _render(body: BaseOxmlElement, styles: dict[str, str], links: Relationships) -> Iterator[Block]:
    # Not python-docx's own `text`: it leaves out accepted insertions and content controls, and a cell that claims to
    # be a million columns wide is repeated a million times.
    waiting = list(reversed(body))
    while waiting:
        element = waiting.pop()
        if element.tag == qn("w:p"):
            yield _make_block(element, styles, links)
        elif element.tag == qn("w:tbl"):
            for row in element.iterchildren(qn("w:tr")):
                cells = (_join_paragraphs(cell, links) for cell in row.iterchildren(qn("w:tc")))
                yield Block(0, " | ".join(cells).strip(" |"), is_tight=True)
        elif element.tag in {qn("w:sdt"), qn("w:sdtContent")}:
            waiting += reversed(element)


def _make_block(paragraph: BaseOxmlElement, styles: dict[str, str], links: Relationships) -> Block:
    style = styles.get(paragraph.style or "", "")
    text = _read_paragraph(paragraph, links)
    if style == "Title":
        return Block(1, text)
    if heading := _HEADING.fullmatch(style):
        return Block(int(heading[1]), text)
    is_item = style.startswith("List") or paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
    return Block(0, f"• {text}" if is_item and text.strip() else text, is_tight=is_item)


def _join_paragraphs(cell: BaseOxmlElement, links: Relationships) -> str:
    texts = (_read_paragraph(paragraph, links).strip() for paragraph in cell.iter(qn("w:p")))
    return " ".join(filter(None, texts))


def _read_paragraph(paragraph: BaseOxmlElement, links: Relationships) -> str:
    pieces: list[str] = []
    for child in paragraph.iterchildren():
        text = "".join(_TEXT.get(node.tag, "") or _read_run_text(node) for node in child.iter())
        pieces.append(text)
        link = links.get(child.get(qn("r:id"))) if child.tag == qn("w:hyperlink") else None
        if link is not None and link.is_external:
            pieces.append(show_address(link.target_ref, text))
    return "".join(pieces)


def _read_run_text(node: BaseOxmlElement) -> str:
    return (node.text or "") if node.tag == qn("w:t") else ""
