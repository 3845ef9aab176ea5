"""What staff do about the folder from their chat: see its problems and gaps, publish it, take that back, add a file."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.index.publish import Ingest, Progress, Report, check, publish, roll_back
from bot.operations.drafts import discard_draft, keep_draft, place_draft
from bot.operations.report import Cluster, cluster_gaps
from bot.records import Records
from bot.types import Submission


@dataclass(frozen=True)
class Desk:
    """Thread-safe; every method may take long and wait for the disk."""

    prepare: Callable[[Progress], Ingest]
    records: Records
    now: Callable[[], datetime]
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def list_gaps(self) -> list[Cluster]:
        """Return the unanswered questions, those alike together, what was asked last first."""
        clusters = cluster_gaps(self.records.list_gaps(), self._ingest().encoder.encode_passages)
        return sorted(clusters, key=lambda cluster: (-cluster.newest.toordinal(), -cluster.asked))

    def check(self) -> Report:
        """Return what is wrong in the folder. Raises KnowledgeError."""
        return check(self._ingest())

    def publish(self, progress: Progress) -> Report:
        """Publish the folder. Raises IngestBusyError where another ingest runs, and what `progress` raises."""
        return publish(self.prepare(progress))

    def undo(self, generation: str) -> bool:
        """Make the index before `generation` answer again where that one answers now; tell whether it was done.

        Raises IngestBusyError where another ingest runs, IndexMissingError where the one before is gone.
        """
        with self._turn:
            generations = self._ingest().generations
            if generations.current() != generation:
                return False
            roll_back(generations)
            return True

    def receive(self, key: str, name: str, folder: str, content: bytes) -> Submission:
        """Keep a file aside under `key`, and return it as it would stand in the folder. Raises OSError."""
        with self._turn:
            return keep_draft(self._ingest(), key, name, folder, content)

    def place(self, key: str) -> str | None:
        """Put a kept file into the folder; return its place, None where it is gone. Raises OSError."""
        with self._turn:
            return place_draft(self._ingest().knowledge, key, self.now())

    def discard(self, key: str) -> bool:
        """Delete a kept file, and tell whether it was there."""
        with self._turn:
            return discard_draft(self._ingest().knowledge, key)

    def _ingest(self) -> Ingest:
        return self.prepare(lambda stage, done, total: None)
