"""The secret that chat ids are hashed with, so that a stolen database does not tell who asked."""

import os
import secrets
from pathlib import Path

_BYTES = 32


def load_key_file(path: Path) -> bytes:
    """Return the key of a file that only its owner may read; make it where there is none.

    Raises ValueError where the file holds something else. Two callers must not come at the same time.
    """
    if not path.exists():
        _write(path, make_key().hex())
    key = bytes.fromhex(path.read_text("ascii"))
    if len(key) != _BYTES:
        raise ValueError(f"{path.name} holds no key")
    return key


def make_key() -> bytes:
    """Return a new random key."""
    return secrets.token_bytes(_BYTES)


def _write(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
