"""Prose: each file as a document of sections, and the files of one group as entries in several languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from bot.corpus.characters import identify_script, quote
from bot.corpus.decoding import decode_text
from bot.corpus.frontmatter import split_front_matter
from bot.corpus.problems import Report, UnreadableError, tell
from bot.corpus.records import Record
from bot.corpus.sections import Block, Draft, Section, gather_sections
from bot.types import CONTENT_LANGUAGES, ContentLanguage, Entry, Problem, Wording

MAX_TEXT = 500_000


@dataclass(frozen=True, slots=True)
class Document:
    """A file of prose; those with the same `group` are translations of one another."""

    file: str
    group: str
    language: ContentLanguage
    title: str
    sections: tuple[Section, ...]
    source: str
    as_of: date | None
    valid_until: date | None


def read_document(path: Path, file: str, today: date, report: Report) -> Document | None:
    """Return the document that a file holds, or nothing where it has an error or no text."""
    name = PurePosixPath(file)
    stem, named = _split_language(name.stem)
    front = Record("1", {}, report)
    draft = _read_draft(path, stem, front)
    if sum(len(section.body) for section in draft.sections) > MAX_TEXT:
        raise UnreadableError(tell("long_text", most=f"{MAX_TEXT:,}"))
    language = _tell_language(front, named, draft)
    as_of, valid_until = front.read_period(today)
    if not draft.sections:
        report.warn("", tell("scanned" if name.suffix.lower() == ".pdf" else "no_text"))
    if not front.is_sound or not draft.sections:
        return None
    group = str(name.with_name(stem + name.suffix))
    sections = tuple(draft.sections)
    return Document(file, group, language, draft.title, sections, front.read("source"), as_of, valid_until)


def _split_language(stem: str) -> tuple[str, ContentLanguage | None]:
    """Return the name without its language, and the language: `visa.ur` is `visa` in Urdu."""
    base, _, ending = stem.rpartition(".")
    language = ending.lower()
    return (base, language) if base and language in CONTENT_LANGUAGES else (stem, None)


def _read_draft(path: Path, stem: str, front: Record) -> Draft:
    """Read a file with the reader of its kind, each of them loaded only where there is such a file."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        from bot.corpus.pdf import read_pdf

        return Draft(stem, read_pdf(path))
    if suffix == ".docx":
        from bot.corpus.word import read_word

        return gather_sections(read_word(path), "", stem)
    text = _read_text(path)
    if suffix == ".md":
        from bot.corpus.markdown import read_markdown

        text = split_front_matter(text, front)
        return gather_sections(read_markdown(text), front.read("title"), stem)
    if suffix in {".html", ".htm"}:
        from bot.corpus.webpages import read_webpage

        title, blocks = read_webpage(text)
        return gather_sections(blocks, title, stem)
    return gather_sections([Block(0, text)], "", stem)


def _read_text(path: Path) -> str:
    text = decode_text(path.read_bytes()).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_TEXT:
        raise UnreadableError(tell("long_text", most=f"{MAX_TEXT:,}"))
    return text


def _tell_language(front: Record, named: ContentLanguage | None, draft: Draft) -> ContentLanguage:
    written = front.read("language").lower()
    if written and written not in CONTENT_LANGUAGES:
        front.error(tell("no_language", text=quote(written)), "language")
    elif written and named and written != named:
        front.error(tell("two_languages", here=written, named=named), "language")
    elif written:
        return written
    return named or identify_script("\n".join(section.body for section in draft.sections))


def group_documents(documents: Iterable[Document]) -> tuple[list[Entry], list[Problem]]:
    """Return an entry for each section with its translations, and what is wrong between translations."""
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(document.group, []).append(document)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for group, members in groups.items():
        members.sort(key=lambda document: CONTENT_LANGUAGES.index(document.language))
        report = Report(members[0].file)
        _warn_missing_versions(group, members, report)
        if _is_parallel(members):
            entries += _make_entries(members)
        else:
            counts = ", ".join(f"{document.language} {len(document.sections)}" for document in members)
            report.warn("", tell("sections", text=quote(group), counts=counts))
            entries += [entry for document in members for entry in _make_entries([document])]
        problems += report.problems
    return entries, problems


def _is_parallel(members: list[Document]) -> bool:
    languages = {document.language for document in members}
    return len(languages) == len(members) and len({len(document.sections) for document in members}) == 1


def _warn_missing_versions(group: str, members: list[Document], report: Report) -> None:
    present = {document.language for document in members}
    lacking = [language for language in CONTENT_LANGUAGES if language not in present]
    if lacking:
        name = PurePosixPath(group)
        report.warn("", tell("no_version", names=", ".join(f"{name.stem}.{each}{name.suffix}" for each in lacking)))


def _make_entries(members: list[Document]) -> list[Entry]:
    """Return the sections of parallel documents as entries, the n-th of each language together."""
    as_of = next((document.as_of for document in members if document.as_of), None)
    source = next((document.source for document in members if document.source), "")
    valid_until = min((document.valid_until for document in members if document.valid_until), default=None)
    entries: list[Entry] = []
    for translations in zip(*(document.sections for document in members), strict=True):
        pairs = zip(members, translations, strict=True)
        wordings = {document.language: _make_wording(document, section) for document, section in pairs}
        first = next(iter(wordings.values())).id
        entries.append(Entry(first, "page", wordings, source=source, as_of=as_of, valid_until=valid_until))
    return entries


def _make_wording(document: Document, section: Section) -> Wording:
    is_same = section.heading == document.title
    title = document.title if is_same else f"{document.title} — {section.heading}"
    return Wording(f"{document.file}#{section.slug}", document.file, title, section.body)
