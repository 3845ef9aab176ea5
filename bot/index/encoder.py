"""Text to unit vectors: the shipped static encoder without torch, any other through sentence-transformers.

Both stand behind langchain's `Embeddings`, with `embed_query` for what is asked and `embed_documents` for what is
indexed, so that a model's own query and passage prompts are honoured.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from bot.errors import EncoderError
from bot.index.fingerprint import hash_files
from bot.language.normalise import normalise

Vectors = NDArray[np.float32]  # (texts, dimension), rows of length 1 or 0

SHIPPED = Path(__file__).parent / "encoders" / "static"
_MODEL_FILES = {".json", ".safetensors", ".bin", ".txt", ".model", ".onnx"}
_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors", "*/config.json", "*/model.safetensors"]


@dataclass(frozen=True)
class Encoder:
    """An encoder that is named and fingerprinted at once and loaded when it is first used."""

    name: str
    folder: Path

    @cached_property
    def weights(self) -> str:
        """A hash over the model's files: what an index was made with."""
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.suffix in _MODEL_FILES]
        return hash_files(self.folder, files)[:16]

    @cached_property
    def model(self) -> Embeddings:
        """The model behind langchain's interface. Raises EncoderError where it cannot be loaded."""
        try:
            return StaticEmbeddings(self.folder) if is_static(self.folder) else TransformerEmbeddings(self.folder)
        except ImportError as error:
            raise EncoderError(f"The encoder {self.name} needs {error.name}. Install it with: pip install .") from error
        # The tokenizers library raises nothing narrower.
        except Exception as error:
            raise EncoderError(
                f"The encoder {self.name} cannot be loaded ({type(error).__name__}). Check that ENCODER names a "
                "sentence-transformers model, or leave it empty for the shipped one."
            ) from error

    def encode_passages(self, texts: list[str]) -> Vectors:
        """Return the vectors of texts to index, shape (texts, dimension)."""
        return _to_unit(self.model.embed_documents([normalise(text) for text in texts]))

    def encode_question(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimension,)."""
        return np.asarray(_to_unit([self.model.embed_query(normalise(text))])[0])


class StaticEmbeddings(Embeddings):
    """A static model in the layout of model2vec: one int8 vector and one scale a piece, averaged over a text.

    Read here and not through model2vec, which keeps two tokenizers and the whole table in memory (330 MB against 140):
    the table stays on disk and only the rows of a text's pieces are touched. A test holds the vectors to model2vec's.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._unknown = self._tokenizer.token_to_id("[UNK]")
        self._rows, self._scales = _map_tensors(folder / "model.safetensors")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        vectors = np.zeros((len(texts), self._rows.shape[1]), dtype=np.float32)
        for vector, encoding in zip(vectors, encodings, strict=True):
            if ids := [piece for piece in encoding.ids if piece != self._unknown]:
                vector[:] = self._scales[ids] @ self._rows[ids].astype(np.float32) / len(ids)
        return list(vectors)

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text."""
        return self.embed_documents([text])[0]


def _map_tensors(path: Path) -> tuple[NDArray[np.int8], Vectors]:
    """Return the vectors, left on disk, and the scales of a static model's safetensors file."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    mapped = {}
    for name, kind in (("embeddings", np.int8), ("weights", np.float32)):
        start = 8 + length + header[name]["data_offsets"][0]
        mapped[name] = np.memmap(path, kind, "r", start, tuple(header[name]["shape"]))
    return mapped["embeddings"], np.array(mapped["weights"])


class TransformerEmbeddings(Embeddings):
    """Any sentence-transformers model, with its own prompts for queries and for documents."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(str(folder))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text, behind the model's document prompt where it has one."""
        return list(self._model.encode_document(texts, show_progress_bar=False))

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one question, behind the model's query prompt where it has one."""
        vector: list[float] = self._model.encode_query([text], show_progress_bar=False)[0]
        return vector


def find_encoder(setting: str) -> Encoder:
    """Return the encoder that `ENCODER` names: `static` for the shipped one, else a folder, else a hub name.

    Raises EncoderError where there is no such folder and no such model on the hub or in its cache.
    """
    if setting == "static":
        return Encoder("static", SHIPPED)
    folder = Path(setting)
    if folder.is_dir():
        return Encoder(folder.name, folder)
    return Encoder(setting, _fetch(setting))


def is_static(folder: Path) -> bool:
    """Tell whether `folder` holds a static model in the layout of model2vec."""
    return '"model2vec"' in _read(folder / "config.json")


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    try:
        # What is in the cache is used as it is, so that a bot starts where the hub cannot be reached.
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        pass
    try:
        return Path(snapshot_download(name, allow_patterns=_HUB_FILES))
    except (LocalEntryNotFoundError, RepositoryNotFoundError, HFValidationError, OSError) as error:
        raise EncoderError(
            f"ENCODER is {name!r}: no such folder, and the model hub does not give it. "
            "Check the name or the network, or leave ENCODER empty for the shipped encoder."
        ) from error


def _to_unit(vectors: Iterable[object]) -> Vectors:
    matrix = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-12), dtype=np.float32)
