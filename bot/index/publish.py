"""The folder into a generation: read, compare, embed what is new, build beside the old one, make current."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np

from bot.corpus import chunk_entries, knowledge_files, read_corpus, text_hash
from bot.corpus.problems import make_problem, tell
from bot.errors import IndexMissingError, IndexUnavailableError, RahnumaError
from bot.index.alignment import build_alignment
from bot.index.dense import DenseIndex, DenseStore
from bot.index.encoder import Encoder
from bot.index.entries import EntryStore, hash_entry, hash_terms, write_entries
from bot.index.fingerprint import Fingerprint, hash_files, take_fingerprint
from bot.index.generations import Generations, Manifest, remove_generation
from bot.index.lexical import build_lexical, open_lexical
from bot.index.vectors import Vectors
from bot.types import CONTENT_LANGUAGES, Chunk, Corpus, Problem

# Beyond this share of new and removed chunks a fresh graph is as quick to make as the old one is to mend, and better.
_MENDED_SHARE = 0.2
_BATCH = 500

Progress = Callable[[str, int, int], None]  # what is done, how many are done, of how many


@dataclass(frozen=True, slots=True)
class Changes:
    """How the folder's entries differ from those that answer now, by entry id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest found and did."""

    published: bool
    generation: str | None
    changes: Changes
    entries: int
    chunks: int
    embedded: int
    problems: tuple[Problem, ...]
    coverage: dict[str, int]
    seconds: float

    @property
    def has_errors(self) -> bool:
        """Whether the folder has an error, and with it at least one entry that cannot be published."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Ingest:
    """One ingest's surroundings: where the folder is, where generations go, what embeds."""

    knowledge: Path
    generations: Generations
    dense: DenseStore
    encoder: Encoder
    today: date
    progress: Progress = lambda stage, done, total: None


def check(ingest: Ingest) -> Report:
    """Read the folder and report its problems; nothing is compared or written."""
    began = time.monotonic()
    corpus = _read(ingest)
    return _report(corpus, Changes(), ingest.generations.current(), began)


def compare(ingest: Ingest) -> Report:
    """Report what publishing would add, change and remove."""
    began = time.monotonic()
    corpus = _read(ingest)
    current = _readable(ingest)
    return _report(corpus, _compare(ingest, corpus, current), current.id if current else None, began)


def publish(ingest: Ingest, *, rebuild: bool = False, keep_going: bool = False) -> Report:
    """Publish the folder as a new generation, unless it has errors or nothing changed.

    With `keep_going` what has no error is published all the same. With `rebuild` everything is embedded anew. Raises
    IngestBusyError where another ingest runs, EncoderError where the encoder cannot be loaded.
    """
    began = time.monotonic()
    with ingest.generations.lock():
        for folder in ingest.generations.unfinished():
            _discard(ingest, folder)
        # Hashed before it is read: a file saved in between is then seen as changed by the next run.
        files = hash_files(ingest.knowledge, knowledge_files(ingest.knowledge))
        current = _readable(ingest)
        if current is not None and not rebuild and current.files == files and not _is_stale(current, ingest):
            return _unchanged(current, began)
        corpus = _read(ingest)
        if (corpus.errors and not keep_going) or not corpus.entries:
            return _report(corpus, Changes(), ingest.generations.current(), began)
        changes = _compare(ingest, corpus, current)
        if current is not None and not rebuild and not changes.any and current.terms == hash_terms(corpus.terms):
            return _report(corpus, changes, current.id, began, chunks=current.chunks)
        manifest, embedded = _build(ingest, corpus, files, None if rebuild else current)
        for folder in ingest.generations.outdated():
            _discard(ingest, folder)
    return _report(corpus, changes, manifest.id, began, published=True, chunks=manifest.chunks, embedded=embedded)


def roll_back(generations: Generations) -> Report:
    """Make the generation before the current one answer again, and report how it differs from that one.

    Raises IndexMissingError where there is none.
    """
    began = time.monotonic()
    with generations.lock():
        current = generations.current()
        previous = generations.parent(current) if current else None
        if previous is None:
            raise IndexMissingError("There is no earlier index to go back to. Run: python ingest.py")
        manifest = generations.manifest(previous)
        changes = _differ(_hashes(generations, current), _hashes(generations, previous))
        generations.point_to(previous)
    return Report(
        published=True,
        generation=previous,
        changes=changes,
        entries=manifest.entries,
        chunks=manifest.chunks,
        embedded=0,
        problems=manifest.problems,
        coverage=manifest.coverage,
        seconds=time.monotonic() - began,
    )


def _read(ingest: Ingest) -> Corpus:
    """Return what the folder holds; an empty one is an error, since publishing it would silence the bot."""
    corpus = read_corpus(ingest.knowledge, ingest.today)
    if corpus.entries:
        return corpus
    nothing = make_problem("error", ingest.knowledge.name, "", tell("no_entries"))
    return replace(corpus, problems=(*corpus.problems, nothing))


def _readable(ingest: Ingest) -> Manifest | None:
    """Return the current generation where it was made by what makes one now: only then can it be built upon."""
    current = ingest.generations.current()
    try:
        manifest = ingest.generations.manifest(current) if current else None
    except IndexUnavailableError:
        return None
    made_alike = manifest is not None and not manifest.fingerprint.differences(_fingerprint(ingest.encoder))
    return manifest if made_alike else None


def _fingerprint(encoder: Encoder) -> Fingerprint:
    return take_fingerprint(encoder.name, encoder.weights)


def _is_stale(manifest: Manifest, ingest: Ingest) -> bool:
    """Tell whether the problems that were noted with a generation must be looked at again."""
    return any(problem.severity == "error" for problem in manifest.problems) or manifest.checked != str(ingest.today)


def _compare(ingest: Ingest, corpus: Corpus, current: Manifest | None) -> Changes:
    old = _hashes(ingest.generations, current.id) if current is not None else {}
    return _differ(old, {entry.id: hash_entry(entry) for entry in corpus.entries})


def _hashes(generations: Generations, generation: str | None) -> dict[str, str]:
    """Return the hashes of a generation's entries; none where it cannot be read, which is why one goes back."""
    if generation is None:
        return {}
    try:
        store = EntryStore(generations.path(generation) / "entries.sqlite")
        try:
            return store.hashes()
        finally:
            store.close()
    except sqlite3.Error:
        return {}


def _differ(old: dict[str, str], new: dict[str, str]) -> Changes:
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key])),
        removed=tuple(sorted(old.keys() - new.keys())),
        unchanged=sum(old.get(key) == digest for key, digest in new.items()),
    )


def _build(ingest: Ingest, corpus: Corpus, files: str, current: Manifest | None) -> tuple[Manifest, int]:
    """Write a new generation, verify it, make it current; return its manifest and how many texts were embedded."""
    chunks = chunk_entries(corpus.entries)
    identity = ingest.generations.start()
    folder = ingest.generations.path(identity)
    write_entries(folder / "entries.sqlite", corpus.entries, corpus.terms)
    ingest.progress("words", 0, len(chunks))
    build_lexical(folder / "lexical", [chunk.id for chunk in chunks], [chunk.text for chunk in chunks])
    build_alignment(folder / "alignment", [[chunk.text for chunk in group] for _, group in groupby(chunks, _entry_of)])
    dense, embedded = _build_dense(ingest, chunks, folder, current)
    count = dense.count()
    dimension = len(next(iter(dense.vectors([chunks[-1].id]).values()), ()))
    dense.close()
    if count != len(chunks) or not dimension:
        raise RahnumaError(f"The new index has {count} of {len(chunks)} texts and was not published. Run it again.")
    manifest = Manifest(
        id=identity,
        parent=ingest.generations.current() or "",
        fingerprint=_fingerprint(ingest.encoder),
        dimension=dimension,
        files=files,
        terms=hash_terms(corpus.terms),
        checked=str(ingest.today),
        entries=len(corpus.entries),
        chunks=len(chunks),
        coverage=_coverage(corpus),
        problems=corpus.problems,
    )
    ingest.generations.finish(manifest)
    return manifest, embedded


def _entry_of(chunk: Chunk) -> str:
    return chunk.entry_id


def _build_dense(
    ingest: Ingest, chunks: Sequence[Chunk], folder: Path, current: Manifest | None
) -> tuple[DenseIndex, int]:
    """Return the new collection, holding all `chunks`, and how many texts were embedded for it."""
    old = ingest.generations.path(current.id) if current is not None else None
    old_ids = open_lexical(old / "lexical").ids if old is not None else []
    known, wanted = set(old_ids), {chunk.id for chunk in chunks}
    gone = [key for key in old_ids if key not in wanted]
    missing = [chunk for chunk in chunks if chunk.id not in known]
    if old is not None and ingest.dense.can_copy and len(missing) + len(gone) <= _MENDED_SHARE * len(chunks):
        dense = ingest.dense.create(folder, source=old)
        dense.remove(gone)
    else:
        dense = ingest.dense.create(folder)
        missing = list(chunks)
    # The old collection is read where it is, so that what moved to another row or file is not embedded again.
    source = ingest.dense.open(old) if old is not None else None
    try:
        embedded = _fill(dense, missing, source, {text_hash(key): key for key in old_ids}, ingest)
    finally:
        if source is not None:
            source.close()
    return dense, embedded


def _fill(
    dense: DenseIndex, chunks: Sequence[Chunk], source: DenseIndex | None, old_ids: dict[str, str], ingest: Ingest
) -> int:
    """Add chunks, with the old vector of every text that has one; return how many texts had to be embedded."""
    embedded = 0
    # By length, so that a batch of an encoder that pads is of one length; each distinct text once.
    ordered = sorted(chunks, key=lambda chunk: (len(chunk.text), text_hash(chunk.id)))
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        texts = {text_hash(chunk.id): chunk.text for chunk in batch}
        vectors = _old_vectors(source, {key: old_ids[key] for key in texts if key in old_ids})
        new = [key for key in texts if key not in vectors]
        vectors |= zip(new, ingest.encoder.encode_passages([texts[key] for key in new]), strict=True) if new else ()
        dense.add(batch, np.stack([vectors[text_hash(chunk.id)] for chunk in batch]))
        embedded += len(new)
        ingest.progress("meaning", start + len(batch), len(ordered))
    return embedded


def _old_vectors(source: DenseIndex | None, ids: dict[str, str]) -> dict[str, Vectors]:
    """Return the vectors that the old collection has, by the hash of their text."""
    if source is None or not ids:
        return {}
    stored = source.vectors(list(ids.values()))
    return {key: stored[old] for key, old in ids.items() if old in stored}


def _discard(ingest: Ingest, folder: Path) -> None:
    ingest.dense.discard(folder)
    remove_generation(folder)


def _coverage(corpus: Corpus) -> dict[str, int]:
    return {language: sum(language in entry.wordings for entry in corpus.entries) for language in CONTENT_LANGUAGES}


def _unchanged(current: Manifest, began: float) -> Report:
    changes = Changes(unchanged=current.entries)
    return Report(
        False, current.id, changes, current.entries, current.chunks, 0, current.problems, current.coverage,
        time.monotonic() - began,
    )  # fmt: skip


def _report(
    corpus: Corpus,
    changes: Changes,
    generation: str | None,
    began: float,
    *,
    published: bool = False,
    chunks: int = 0,
    embedded: int = 0,
) -> Report:
    return Report(
        published, generation, changes, len(corpus.entries), chunks, embedded, corpus.problems, _coverage(corpus),
        time.monotonic() - began,
    )  # fmt: skip
