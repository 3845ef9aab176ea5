"""The folder read whole: every file, every problem, in an order that does not change."""

from datetime import date
from pathlib import Path

from bot.corpus.documents import Document, group_documents, read_document
from bot.corpus.entries import read_entries
from bot.corpus.folder import TABLE_SUFFIXES, list_folder
from bot.corpus.problems import Report, UnreadableError, describe_failure, tell
from bot.types import Corpus, Entry, Term


def knowledge_files(folder: Path) -> list[Path]:
    """Return the files of `folder` that are read, sorted by their path in it."""
    return list(list_folder(folder).files.values())


def read_corpus(folder: Path, today: date) -> Corpus:
    """Return all entries and terms of `folder` that have no error, and every problem met."""
    listing = list_folder(folder)
    reading = _Reading(today)
    for file, path in listing.files.items():
        report = Report(file)
        reading.read_file(path, file, report)
        listing.problems += report.problems
    pages, problems = group_documents(reading.documents)
    entries = sorted(reading.entries + pages, key=lambda entry: next(iter(entry.wordings.values())).file)
    problems = sorted(listing.problems + problems, key=lambda problem: problem.file)
    return Corpus(tuple(entries), tuple(reading.terms), tuple(problems))


class _Reading:
    """What was read so far."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.entries: list[Entry] = []
        self.terms: list[Term] = []
        self.documents: list[Document] = []

    def read_file(self, path: Path, file: str, report: Report) -> None:
        """Add what one file holds; whatever is wrong with it ends in the report."""
        try:
            if path.suffix.lower() in TABLE_SUFFIXES:
                entries, terms = read_entries(path, file, self.today, report)
                self.entries += entries
                self.terms += terms
            elif document := read_document(path, file, self.today, report):
                self.documents.append(document)
        except UnreadableError as fault:
            report.error(fault.line, fault.message)
        except OSError as fault:
            report.error("", describe_failure(fault))
        except Exception as fault:
            # The readers of .xlsx, .docx, .pdf and .html raise whatever they stumble over in a damaged file.
            report.error("", tell("damaged", fault=type(fault).__name__))
