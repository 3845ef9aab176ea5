"""What an index depends on besides the folder: the encoder, the text form, the chunker, the format.

The normaliser and the tokeniser are told by what they do to a probe rather than by a version number that somebody
must remember to raise: a new Unicode table or a changed rule shows by itself.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from bot.corpus.chunks import CHUNKER_VERSION
from bot.index.static import STATIC
from bot.language.normalise import normalise
from bot.language.tokens import tokenise

FORMAT_VERSION = 2

# Letters, marks, digits and punctuation of the three scripts, and words that meet every rule of the tokeniser.
_PROBE = (
    "".join(map(chr, (*range(0x20, 0x250), *range(0x600, 0x700), *range(0xFB50, 0xFDFF, 3), *range(0xFE70, 0xFF60))))
    + "報名截止時間與學費 录取通知书什么时候发 G-II HSK 3 L2 C++ daakhla dakhlay fess courses وظیفہ داخلے تاریخ کتنے"
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The makers of an index; two indexes of equal fingerprints can be read by the same code."""

    encoder: str
    weights: str
    text_form: str
    chunker: int
    format: int

    def differences(self, other: "Fingerprint") -> list[str]:
        """Return the names of the makers that differ; the encoder's name alone does not matter."""
        mine, theirs = asdict(self), asdict(other)
        return [name for name in mine if name != "encoder" and mine[name] != theirs[name]]


def hash_files(folder: Path, paths: Iterable[Path]) -> str:
    """Return a hash over the names in `folder` and the bytes of `paths`, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def take_fingerprint(encoder: str, weights: str) -> Fingerprint:
    """Return the fingerprint of this code with an encoder of that name and that hash of its weights."""
    return Fingerprint(encoder, weights, _digest_text_form(), CHUNKER_VERSION, FORMAT_VERSION)


@lru_cache(maxsize=1)
def _digest_text_form() -> str:
    # The pieces that texts are aligned by are those of the shipped table, whatever the encoder is.
    pieces = hashlib.sha256((STATIC / "tokenizer.json").read_bytes()).hexdigest()
    return hashlib.sha256(repr((normalise(_PROBE), tokenise(_PROBE), pieces)).encode()).hexdigest()[:16]
