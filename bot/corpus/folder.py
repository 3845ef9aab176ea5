"""Which files of the folder are read, and what is wrong with the others."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.corpus.characters import UNSAFE
from bot.corpus.problems import Message, Report, UnreadableError, describe_failure, tell, write_message
from bot.errors import KnowledgeError
from bot.types import Problem

TABLE_SUFFIXES = frozenset({".csv", ".xlsx"})
DOCUMENT_SUFFIXES = frozenset({".md", ".txt", ".html", ".htm", ".docx", ".pdf"})
MAX_BYTES = 50_000_000

_SAVE_AS = {
    ".xls": ".xlsx",
    ".xlsm": ".xlsx",
    ".xlsb": ".xlsx",
    ".ods": ".xlsx",
    ".et": ".xlsx",
    ".tsv": ".csv",
    ".doc": ".docx",
    ".docm": ".docx",
    ".odt": ".docx",
    ".rtf": ".docx",
    ".wps": ".docx",
    ".markdown": ".md",
    ".xhtml": ".html",
}
# What editors and systems leave behind; names that begin with a dot are passed over anyway.
_LEFTOVER = re.compile(r"thumbs\.db|ehthumbs\.db|desktop\.ini|~\$.*|.*\.(?:tmp|bak|swp)|.*~", re.IGNORECASE | re.DOTALL)


class Listing:
    """The files to read, by their path in the folder, and the problems of all others."""

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}
        self.problems: list[Problem] = []


def list_folder(folder: Path) -> Listing:
    """Return the files of `folder` that are to be read, sorted by path, with a problem for each that cannot be."""
    root = _resolve_root(folder)
    listing = Listing()
    found: dict[str, Path] = {}
    for path in _walk(folder, listing):
        name = path.relative_to(folder).as_posix()
        report = Report(name)
        try:
            if _is_wanted(path, root, report):
                found[name] = path
        except UnreadableError as fault:
            report.error("", fault.message)
        except OSError as fault:
            report.error("", describe_failure(fault))
        listing.problems += report.problems
    listing.files = dict(sorted(found.items()))
    return listing


def _resolve_root(folder: Path) -> str:
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise KnowledgeError(f"{folder}: the knowledge folder {what}; create it or set KNOWLEDGE_DIR")
    try:
        os.listdir(folder)
    except OSError as fault:
        told = write_message(describe_failure(fault), "en")
        raise KnowledgeError(f"{folder}: the knowledge folder {told}") from fault
    return os.path.realpath(folder)


def _walk(folder: Path, listing: Listing) -> Iterator[Path]:
    """Yield all that is not a real folder; links are yielded, never walked into, so loops end at once."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as found:
                members = sorted(found, key=lambda member: member.name)
        except OSError as fault:
            report = Report(current.relative_to(folder).as_posix())
            report.error("", describe_failure(fault))
            listing.problems += report.problems
            continue
        for member in members:
            if member.name.startswith(("_", ".")) or _LEFTOVER.fullmatch(member.name):
                continue
            if member.is_dir(follow_symlinks=False) and not UNSAFE.search(member.name):
                waiting.append(Path(member.path))
            elif not _is_readme(member):
                yield Path(member.path)


def _is_readme(member: os.DirEntry[str]) -> bool:
    return member.name.lower().split(".")[0] == "readme"


def _is_wanted(path: Path, root: str, report: Report) -> bool:
    """Tell whether the file is to be read; raise where it is meant to be and cannot."""
    if UNSAFE.search(path.name):
        raise UnreadableError(tell("unsafe_name"))
    if path.is_symlink() and not _is_link_inside(path, root, report):
        return False
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES | DOCUMENT_SUFFIXES:
        report.warn("", _describe_unknown(suffix))
        return False
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError(tell("no_file"))
    if status.st_size > MAX_BYTES:
        megabytes = MAX_BYTES // 1_000_000
        raise UnreadableError(tell("too_large", megabytes=megabytes))
    return True


def _is_link_inside(path: Path, root: str, report: Report) -> bool:
    try:
        target = os.path.realpath(path, strict=True)
    except OSError as fault:
        raise UnreadableError(tell("dead_link")) from fault
    if not target.startswith(root + os.sep) and target != root:
        raise UnreadableError(tell("link_out"))
    if os.path.isdir(target):
        report.warn("", tell("link_folder"))
        return False
    return True


def _describe_unknown(suffix: str) -> Message:
    if suffix in _SAVE_AS:
        return tell("save_as", suffix=suffix, other=_SAVE_AS[suffix])
    return tell("unread", kinds=", ".join(sorted(TABLE_SUFFIXES | DOCUMENT_SUFFIXES)))
