"""Generations on disk: built beside one another, made current by one pointer that is replaced last.

    DATA_DIR/index/
        current                  the id of the generation that answers
        ingest.lock              held while one is built
        generations/<id>/        immutable once manifest.json stands in it
            manifest.json  entries.sqlite  lexical/  chroma/

A kill at any instant leaves a folder without a manifest, which the next ingest clears away, or a whole generation
that the pointer does or does not name yet. Nothing is ever changed in place.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import IndexMissingError, IngestBusyError
from bot.index.fingerprint import Fingerprint
from bot.types import Problem

KEPT = 3


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: written last, so that its presence means the generation is whole."""

    id: str
    parent: str
    fingerprint: Fingerprint
    dimension: int
    files: str  # hash over the folder's files
    terms: str  # hash over the glossary
    checked: str  # the day whose `valid_until` warnings the problems are
    entries: int
    chunks: int
    coverage: dict[str, int]
    problems: tuple[Problem, ...]


class Generations:
    """The generations of one data folder."""

    def __init__(self, data: Path) -> None:
        self.root = data / "index"
        self._generations = self.root / "generations"
        self._pointer = self.root / "current"

    def path(self, generation: str) -> Path:
        """Return a generation's folder."""
        return self._generations / generation

    def current(self) -> str | None:
        """Return the id of the generation that answers, None before the first was published."""
        try:
            return self._pointer.read_text("utf-8").strip() or None
        except FileNotFoundError:
            return None

    def manifest(self, generation: str) -> Manifest:
        """Return a generation's manifest. Raises IndexMissingError where it is not there or not readable."""
        try:
            stored = json.loads((self.path(generation) / "manifest.json").read_text("utf-8"))
            problems = tuple(Problem(**problem) for problem in stored.pop("problems"))
            return Manifest(**stored | {"fingerprint": Fingerprint(**stored["fingerprint"]), "problems": problems})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexMissingError(
                f"The index {generation} cannot be read ({type(error).__name__}). Run: python ingest.py --rebuild"
            ) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to build. Raises IngestBusyError where another process has it."""
        self.root.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.root / "ingest.lock", timeout=0):
                yield
        except Timeout as error:
            raise IngestBusyError(
                f"Another ingest is writing to {self.root.parent}. Wait until it has finished, then run this again."
            ) from error

    def start(self) -> str:
        """Return the id of a new, empty generation folder."""
        # To the microsecond, since the order of names is the order of building.
        identity = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{os.urandom(2).hex()}"
        self.path(identity).mkdir(parents=True)
        return identity

    def finish(self, manifest: Manifest) -> None:
        """Write a generation's manifest, then make it current."""
        _write_durably(self.path(manifest.id) / "manifest.json", json.dumps(asdict(manifest), ensure_ascii=False))
        self.point_to(manifest.id)

    def point_to(self, generation: str) -> None:
        """Make a whole generation the one that answers."""
        _write_durably(self._pointer, generation)

    def parent(self, generation: str) -> str | None:
        """Return the generation that answered before this one, if it is still kept."""
        parent = self.manifest(generation).parent
        return parent if parent and (self.path(parent) / "manifest.json").is_file() else None

    def unfinished(self) -> list[Path]:
        """Return the folders that a killed ingest left behind."""
        return [folder for folder in self._folders() if not (folder / "manifest.json").is_file()]

    def outdated(self) -> list[Path]:
        """Return the whole generations beyond those kept: the last ones built, and the current one."""
        whole = [folder for folder in self._folders() if (folder / "manifest.json").is_file()]
        return [folder for folder in whole[:-KEPT] if folder.name != self.current()]

    def _folders(self) -> list[Path]:
        return sorted(self._generations.iterdir()) if self._generations.is_dir() else []


def remove_generation(folder: Path) -> None:
    """Remove a generation's folder, its manifest first, so that a kill leaves none that looks whole."""
    (folder / "manifest.json").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _write_durably(path: Path, text: str) -> None:
    """Replace a file in one step that also survives a power cut."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(beside, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
