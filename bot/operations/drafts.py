"""Files that staff send for the folder: kept aside in `_drafts`, read as they would stand, then placed or discarded."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from bot.corpus import knowledge_files, read_corpus
from bot.corpus.folder import DOCUMENT_SUFFIXES, TABLE_SUFFIXES
from bot.corpus.problems import Message, make_problem, tell
from bot.index.publish import Ingest, check, compare
from bot.types import Submission

# The folder's reader passes over names that begin so.
DRAFTS = "_drafts"
_REPLACED = "replaced"
_NOT_IN_NAMES = re.compile(r"[^\w.() -]+")
_LONGEST_STEM = 60


def keep_draft(ingest: Ingest, key: str, name: str, folder: str, content: bytes) -> Submission:
    """Keep a file under `key` and return it as it would stand in the folder; nothing is kept where it cannot stand.

    It goes where a file of its name is, else into `folder`, else to the top. A `name` from outside is no path here.
    """
    file, problem = _find_place(ingest.knowledge, clean_name(name), folder.strip().strip("/"))
    if problem is not None:
        return Submission(file, replaces=False, is_kept=False, problems=(make_problem("error", file, "", problem),))
    discard_draft(ingest.knowledge, key)
    path = _folder_of(ingest.knowledge, key) / file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return _examine(ingest, path, file)


def place_draft(knowledge: Path, key: str, now: datetime) -> str | None:
    """Put a draft into the folder and return its place there, None where there is no such draft.

    What it replaces is kept in `_drafts/replaced`. Placing the same draft again changes nothing.
    """
    held = _folder_of(knowledge, key)
    path = next((path for path in held.rglob("*") if path.is_file()), None) if held.is_dir() else None
    if path is None:
        return None
    file = path.relative_to(held)
    target = knowledge / file
    if target.is_file() and target.read_bytes() != path.read_bytes():
        backup = knowledge / DRAFTS / _REPLACED / f"{now:%Y%m%d-%H%M%S}-{target.name}"
        backup.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, backup)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    shutil.copyfile(path, beside)
    os.replace(beside, target)
    return file.as_posix()


def discard_draft(knowledge: Path, key: str) -> bool:
    """Delete a draft, and tell whether it was there."""
    folder = _folder_of(knowledge, key)
    if not folder.is_dir():
        return False
    shutil.rmtree(folder)
    return True


def clean_name(name: str) -> str:
    """Return a file's name without any folder, and without what the folder's reader would trip over."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = _NOT_IN_NAMES.sub("-", last).strip(" .-_~")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:_LONGEST_STEM]}{dot}{suffix}" if stem else plain


def _folder_of(knowledge: Path, key: str) -> Path:
    if not re.fullmatch(r"[0-9]{1,20}", key):
        raise ValueError("a draft's key is a number")
    return knowledge / DRAFTS / key


def _find_place(knowledge: Path, name: str, folder: str) -> tuple[str, Message | None]:
    """Return where in the folder a file belongs, and what is wrong with it, if anything."""
    kinds = sorted(TABLE_SUFFIXES | DOCUMENT_SUFFIXES)
    if PurePosixPath(name).suffix.lower() not in kinds:
        return name, tell("draft_kind", kinds=", ".join(kinds))
    if name.lower().split(".")[0] == "readme":
        return name, tell("draft_readme")
    files = [path.relative_to(knowledge) for path in _walk(knowledge)]
    folders = sorted({path.parent.as_posix() for path in files} - {"."})
    if folder and folder not in folders:
        return name, tell("draft_folder", folders=", ".join(folders))
    alike = [path for path in files if path.name.casefold() == name.casefold() and folder in ("", str(path.parent))]
    if len(alike) > 1:
        names = ", ".join(path.as_posix() for path in alike)
        return name, tell("draft_several", files=names)
    return (alike[0].as_posix() if alike else PurePosixPath(folder, name).as_posix()), None


def _walk(knowledge: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(knowledge):
        folders[:] = sorted(name for name in folders if not name.startswith(("_", ".")))
        yield from (Path(root, name) for name in sorted(names) if not name.startswith(("_", ".")))


def _examine(ingest: Ingest, path: Path, file: str) -> Submission:
    with _lay_out(ingest.knowledge, {file: path}) as alone:
        entries = read_corpus(alone, ingest.today).entries
    others = {kept.relative_to(ingest.knowledge).as_posix(): kept for kept in knowledge_files(ingest.knowledge)}
    replaces = file in others or (ingest.knowledge / file).exists()
    with _lay_out(ingest.knowledge, others | {file: path}) as merged:
        report = compare(replace(ingest, knowledge=merged))
    known = set(check(ingest).problems)
    problems = tuple(one for one in report.problems if one.file == file or one not in known)
    changes = report.changes
    counts = (len(changes.added), len(changes.changed), len(changes.removed))
    return Submission(file, replaces, True, entries, problems, *counts)


@contextmanager
def _lay_out(knowledge: Path, files: dict[str, Path]) -> Iterator[Path]:
    """Give a folder that holds `files` and goes again; where the disk allows, they are links and take no room."""
    with TemporaryDirectory(dir=knowledge / DRAFTS, prefix="reading-") as folder:
        for name, path in files.items():
            place = Path(folder, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            _link(path.resolve(), place)
        yield Path(folder)


def _link(path: Path, place: Path) -> None:
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
