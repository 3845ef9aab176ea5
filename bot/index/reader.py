"""Reads the generation that is current, and moves to a new one at the next question without a restart."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby

from bot.errors import IndexMismatchError, IndexMissingError, IndexUnavailableError
from bot.index.alignment import open_alignment
from bot.index.dense import DenseStore
from bot.index.encoder import Encoder
from bot.index.entries import EntryStore
from bot.index.fingerprint import take_fingerprint
from bot.index.generations import Generations, Manifest
from bot.index.lexical import open_lexical
from bot.types import Term

log = logging.getLogger(__name__)


class Index:
    """An opened generation."""

    def __init__(self, generations: Generations, dense: DenseStore, manifest: Manifest) -> None:
        folder = generations.path(manifest.id)
        self.manifest = manifest
        self.entries = EntryStore(folder / "entries.sqlite")
        self.lexical = open_lexical(folder / "lexical")
        self.alignment = open_alignment(folder / "alignment")
        self.dense = dense.open(folder)
        self.readers = 0
        self.is_retired = False

    @cached_property
    def entry_of_row(self) -> list[str]:
        """Each chunk's entry, in the order of the lexical index."""
        return [entry_of_chunk(key) for key in self.lexical.ids]

    @cached_property
    def rows_of_entry(self) -> dict[str, list[int]]:
        """Each entry's chunks, as rows of the lexical index."""
        grouped = groupby(range(len(self.entry_of_row)), key=lambda row: self.entry_of_row[row])
        return {entry: list(rows) for entry, rows in grouped}

    @cached_property
    def place_of_entry(self) -> dict[str, int]:
        """Each entry's row in the alignment index."""
        return {entry: place for place, entry in enumerate(self.rows_of_entry)}

    @cached_property
    def courses(self) -> frozenset[str]:
        """The ids of the entries that are courses."""
        return frozenset(self.entries.ids_of_kind("course"))

    @cached_property
    def terms(self) -> list[Term]:
        """The glossary."""
        return self.entries.terms()

    def close(self) -> None:
        """Let go of every file."""
        self.entries.close()
        self.dense.close()


def entry_of_chunk(chunk_id: str) -> str:
    """Return the entry that a chunk's id names: all but its language, part and hash."""
    return chunk_id.rsplit("|", 3)[0]


def is_title(chunk_id: str) -> bool:
    """Tell whether a chunk is an entry's question or name alone."""
    return chunk_id.rsplit("|", 2)[1] == "title"


def _damaged(generation: str) -> IndexMissingError:
    return IndexMissingError(f"The index {generation} is damaged. Run: python ingest.py --rebuild")


class IndexReader:
    """Hands out the current generation. Thread-safe."""

    def __init__(self, generations: Generations, dense: DenseStore, encoder: Encoder) -> None:
        self._generations = generations
        self._dense = dense
        self._encoder = encoder
        self._lock = threading.Lock()
        self._open: Index | None = None
        self._refused: str | None = None

    @contextmanager
    def use(self) -> Iterator[Index]:
        """Hold the current generation for one question.

        Raises IndexMissingError where nothing was published, IndexMismatchError where the index was made with
        another encoder, normaliser, chunker or format.
        """
        index = self._acquire()
        try:
            yield index
        finally:
            self._release(index)

    def close(self) -> None:
        """Let go of the open generation as soon as nobody reads it."""
        with self._lock:
            self._retire(self._open)
            self._open = None

    def _acquire(self) -> Index:
        with self._lock:
            current = self._generations.current()
            if self._open is None or (current not in (self._open.manifest.id, self._refused)):
                self._move_to(current)
            assert self._open is not None  # noqa: S101  # _move_to raises otherwise
            self._open.readers += 1
            return self._open

    def _release(self, index: Index) -> None:
        with self._lock:
            index.readers -= 1
            if index.is_retired and index.readers == 0:
                index.close()

    def _move_to(self, current: str | None) -> None:
        try:
            fresh = self._open_whole(self._check(current))
        except IndexUnavailableError as error:
            if self._open is None:
                raise
            # What answered until now is still whole and true: better than no answer.
            self._refused = current
            log.error("The new index cannot be read, the old one goes on answering. %s", error)
            return
        self._retire(self._open)
        self._open = fresh

    def _open_whole(self, manifest: Manifest) -> Index:
        try:
            index = Index(self._generations, self._dense, manifest)
            whole = index.dense.count() == len(index.lexical.ids) == manifest.chunks
            index.entries.find("")
        except IndexUnavailableError:
            raise
        # Each library has its own errors for a damaged file.
        except Exception as error:
            raise _damaged(manifest.id) from error
        if not whole:
            raise _damaged(manifest.id)
        return index

    def _retire(self, index: Index | None) -> None:
        if index is not None:
            index.is_retired = True
            if index.readers == 0:
                index.close()

    def _check(self, current: str | None) -> Manifest:
        if current is None:
            raise IndexMissingError("There is no index yet. Run: python ingest.py")
        manifest = self._generations.manifest(current)
        here = take_fingerprint(self._encoder.name, self._encoder.weights)
        if differing := manifest.fingerprint.differences(here):
            raise IndexMismatchError(
                f"The index was made with another {', '.join(differing)} "
                f"(encoder {manifest.fingerprint.encoder}, here {self._encoder.name}). Run: python ingest.py"
            )
        return manifest
