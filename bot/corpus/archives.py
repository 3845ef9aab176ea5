"""What is checked of an .xlsx or .docx, a zip of XML, before a reader unpacks it."""

import zipfile
from pathlib import Path

from bot.corpus.problems import UnreadableError, tell

_OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")  # what Office wraps around a document with a password
_MAX_UNPACKED = 200_000_000
_MAX_RATIO, _RATIO_FROM = 200, 10_000_000


def check_archive(path: Path, max_xml: int) -> None:
    """Raise where the file is locked, damaged or would unpack to far more than a document holds."""
    with path.open("rb") as stream:
        if stream.read(len(_OLE_HEADER)) == _OLE_HEADER:
            raise UnreadableError(tell("locked", suffix=path.suffix))
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as fault:
        raise UnreadableError(tell("cut_short")) from fault
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    # XML is held in memory as a tree many times its size; pictures are not read at all.
    xml = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
    is_bomb = unpacked > _RATIO_FROM and unpacked > _MAX_RATIO * packed
    if is_bomb or unpacked > _MAX_UNPACKED or xml > max_xml:
        raise UnreadableError(tell("unpacks", megabytes=f"{unpacked // 1_000_000:,}"))
