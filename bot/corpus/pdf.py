"""PDF documents as the text of their pages."""

from pathlib import Path

import pypdfium2

from bot.corpus.characters import CONTROL
from bot.corpus.problems import PAGE, UnreadableError, tell
from bot.corpus.sections import Section

MAX_PAGES = 2_000

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


def read_pdf(path: Path) -> list[Section]:
    """Return a section for each page that holds text; scanned pages hold none."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as fault:
        if getattr(fault, "err_code", None) == _PASSWORD_ERROR:
            raise UnreadableError(tell("pdf_locked")) from fault
        raise UnreadableError(tell("pdf_damaged")) from fault
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableError(tell("pdf_long", pages=f"{len(document):,}", most=f"{MAX_PAGES:,}"))
        return [section for number in range(len(document)) if (section := _read_page(document, number)).body]
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, number: int) -> Section:
    try:
        page = document[number]
        text = page.get_textpage().get_text_bounded()
        page.close()
    except pypdfium2.PdfiumError as fault:
        raise UnreadableError(tell("pdf_page"), f"{PAGE}{number + 1}") from fault
    # pdfium marks a word that is divided at the end of a line with a no-character.
    body = CONTROL.sub("", text.replace("\ufffe\r\n", "").replace("\r\n", "\n")).strip()
    return Section(f"page-{number + 1}", f"p. {number + 1}", body)
