"""Text to unit vectors: the shipped encoders without torch, any other through sentence-transformers.

All stand behind langchain's `Embeddings`, with `embed_query` for what is asked and `embed_documents` for what is
indexed, so that a model's own query and passage prompts are honoured.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from bot.errors import EncoderError
from bot.index.fingerprint import hash_files
from bot.index.joint import JointEmbeddings
from bot.index.static import STATIC, StaticEmbeddings, is_static, load_shipped_static
from bot.index.transformer import OnnxEmbeddings
from bot.index.vectors import Vectors, to_unit
from bot.language.normalise import normalise

# A folder that holds a `static` and a `transformer` is both together.
SHIPPED = STATIC.parent
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
        # Links are followed: the hub's cache and people who keep models in one place use them.
        found = (Path(root, name) for root, _, names in os.walk(self.folder, followlinks=True) for name in names)
        files = sorted(path for path in found if path.suffix in _MODEL_FILES)
        return hash_files(self.folder, files)[:16]

    @cached_property
    def model(self) -> Embeddings:
        """The model behind langchain's interface. Raises EncoderError where it cannot be loaded."""
        try:
            return _load(self.folder)
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
        return to_unit(self.model.embed_documents([normalise(text) for text in texts]))

    def encode_question(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimension,)."""
        return np.asarray(to_unit([self.model.embed_query(normalise(text))])[0])


def _load(folder: Path) -> Embeddings:
    static, transformer = folder / "static", folder / "transformer"
    if static.is_dir() and transformer.is_dir():
        return JointEmbeddings(_load_static(static), OnnxEmbeddings(transformer))
    return _load_static(folder) if is_static(folder) else HubEmbeddings(folder)


def _load_static(folder: Path) -> StaticEmbeddings:
    return load_shipped_static() if folder == STATIC else StaticEmbeddings(folder)


class HubEmbeddings(Embeddings):
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
    """Return the encoder that `ENCODER` names: `shipped`, `static` for its quick half, else a folder, else a hub name.

    Raises EncoderError where there is no such folder and no such model on the hub or in its cache.
    """
    if setting in ("shipped", "static"):
        return Encoder(setting, SHIPPED if setting == "shipped" else STATIC)
    folder = Path(setting)
    if folder.is_dir():
        return Encoder(folder.name, folder)
    return Encoder(setting, _fetch(setting))


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
