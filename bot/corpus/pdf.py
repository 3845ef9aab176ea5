"""PDF documents as the text of their pages."""

from pathlib import Path

import pypdfium2

from bot.corpus.characters import CONTROL
from bot.corpus.problems import UnreadableError
from bot.corpus.sections import Section

MAX_PAGES = 2_000

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


def read_pdf(path: Path) -> list[Section]:
    """Return a section for each page that holds text; scanned pages hold none."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as fault:
        if getattr(fault, "err_code", None) == _PASSWORD_ERROR:
            raise UnreadableError("is locked with a password; remove the password and save it again") from fault
        raise UnreadableError("is damaged or no PDF; save it again as PDF and copy it anew") from fault
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableError(f"has {len(document):,} pages and is not read beyond {MAX_PAGES:,}; split it")
        return [section for number in range(len(document)) if (section := _read_page(document, number)).body]
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, number: int) -> Section:
    try:
        page = document[number]
        text = page.get_textpage().get_text_bounded()
        page.close()
    except pypdfium2.PdfiumError as fault:
        raise UnreadableError("a page is damaged; save it again as PDF", f"page {number + 1}") from fault
    # pdfium marks a word that is divided at the end of a line with a no-character.
    body = CONTROL.sub("", text.replace("\ufffe\r\n", "").replace("\r\n", "\n")).strip()
    return Section(f"page-{number + 1}", f"p. {number + 1}", body)
