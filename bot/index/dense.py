"""The dense side: vectors, texts and metadata in Chroma, embedded in a generation's folder or on a server.

Two processes never share one open Chroma folder for writing and querying (a running reader of chromadb 1.5.9 does not
see what another process writes), so an index is written once, closed, and from then on only read.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np

from bot.errors import IndexUnavailableError
from bot.index.vectors import Vectors
from bot.types import Chunk

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

_T = TypeVar("_T")
_COLLECTION = "chunks"
_BATCH = 4_000
# Wide enough that the first hundred neighbours are the true ones; the graph is written out at once when it is built.
_GRAPH: "CreateHNSWConfiguration" = {
    "space": "ip",
    "ef_search": 200,
    "ef_construction": 128,
    "sync_threshold": 4_000,
    "batch_size": 2_000,
}


class DenseIndex:
    """One generation's collection. Thread-safe for reading."""

    def __init__(self, client: "Client", name: str, *, create: bool = False, is_shared: bool = False) -> None:
        self._client = client
        self._is_shared = is_shared
        self._collection = (
            client.create_collection(name, embedding_function=None, configuration={"hnsw": _GRAPH})
            if create
            else client.get_collection(name, embedding_function=None)
        )

    def search(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Return the nearest chunks' ids with their cosines, best first; vectors are of length 1."""
        found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=count, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [(key, 1.0 - distance) for key, distance in zip(found["ids"][0], distances, strict=True)]

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of those of `ids` that are there."""
        stored: dict[str, Vectors] = {}
        for part in _parts(ids):
            found = self._collection.get(ids=list(part), include=["embeddings"])
            stored |= zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True)
        return stored

    def add(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks with their vectors, shape (chunks, dimension)."""
        for start in range(0, len(chunks), _BATCH):
            part = chunks[start : start + _BATCH]
            self._collection.add(
                ids=[chunk.id for chunk in part],
                embeddings=vectors[start : start + len(part)],
                documents=[chunk.text for chunk in part],
                metadatas=[{"entry": chunk.entry_id, "language": chunk.language} for chunk in part],
            )

    def remove(self, ids: Sequence[str]) -> None:
        """Remove chunks by id."""
        for part in _parts(ids):
            self._collection.delete(ids=list(part))

    def count(self) -> int:
        """Return how many chunks are there."""
        return int(self._collection.count())

    def close(self) -> None:
        """Let go of the folder's files; a server's client is shared and stays."""
        if not self._is_shared:
            self._client.close()


class DenseStore:
    """Where the collections of all generations are: each in its own folder, or on one server under its own name."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url

    def create(self, generation: Path, source: Path | None = None) -> DenseIndex:
        """Return a new collection for writing, as a copy of that of generation `source` where one is given.

        Only folders can be copied: check `can_copy` first.
        """
        if self.url is not None:
            return DenseIndex(self._server, _name(generation), create=True, is_shared=True)
        folder = generation / "chroma"
        if source is not None:
            shutil.copytree(source / "chroma", folder)
        return DenseIndex(_open_folder(folder), _COLLECTION, create=source is None)

    @property
    def can_copy(self) -> bool:
        """Whether a collection can be made as a copy of another."""
        return self.url is None

    def open(self, generation: Path) -> DenseIndex:
        """Return a generation's collection for reading."""
        if self.url is not None:
            return DenseIndex(self._server, _name(generation), is_shared=True)
        return DenseIndex(_open_folder(generation / "chroma"), _COLLECTION)

    def discard(self, generation: Path) -> None:
        """Remove a generation's collection where it is not in the generation's own folder."""
        if self.url is None:
            return
        from chromadb.errors import NotFoundError

        with suppress(NotFoundError):
            self._server.delete_collection(_name(generation))

    def close(self) -> None:
        """Let go of the connection to a server, where there is one."""
        if "_server" in self.__dict__:
            client = self.__dict__.pop("_server")
            # chromadb 1.5.9 leaves the HTTP sessions of its two clients open when it is closed.
            for part in (client, client._admin_client):
                part._server._session.close()
            client.close()

    @cached_property
    def _server(self) -> "Client":
        import chromadb

        parts = urlsplit(self.url or "")
        try:
            client = chromadb.HttpClient(
                host=parts.hostname or "localhost",
                port=parts.port or (443 if parts.scheme == "https" else 8000),
                ssl=parts.scheme == "https",
                settings=_quiet_settings(),
            )
        except ValueError as error:
            raise IndexUnavailableError(
                f"No Chroma server answers at {self.url}. Start it, or mend CHROMA_URL; empty for the embedded one."
            ) from error
        return cast("Client", client)


def _open_folder(folder: Path) -> "Client":
    import chromadb

    return cast("Client", chromadb.PersistentClient(str(folder), settings=_quiet_settings()))


def _quiet_settings() -> Any:  # noqa: ANN401  # chromadb's own type, which is imported late
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _name(generation: Path) -> str:
    return f"rahnuma-{generation.name}"


def _parts(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
