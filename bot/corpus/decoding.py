"""From bytes to text in the encodings that Excel, WPS and editors really save, and never to nonsense.

Nearly any bytes decode as GB18030, so it is believed only where what comes out looks like Chinese (or like Urdu, which
takes four bytes a letter there and does not come about by accident).
"""

import codecs
import unicodedata
from collections import Counter
from functools import lru_cache

from bot.corpus.problems import UnreadableError, tell

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BELIEVED_SHARE = 0.8
# A line may hold a rare name; a longer one that is mostly rare characters is a piece in another encoding.
_DOUBTFUL_SHARE, _DOUBTFUL_LENGTH = 0.5, 6


def decode_text(data: bytes, form: str = "UTF-8") -> str:
    """Return `data` as text with line ends as they are; raise, with the form to save it in, where it is in no known
    encoding.
    """
    if data.startswith(_UTF16):
        text = _decode_strictly(data, "utf-16", form)
    elif data.startswith(codecs.BOM_UTF8):
        text = _decode_strictly(data, "utf-8-sig", form)
    else:
        text = _decode_unmarked(data, form)
    place = text.find("\0")
    if place >= 0:
        line = text.count("\n", 0, place) + 1
        raise UnreadableError(tell("binary", form=form), str(line))
    return text


def _decode_unmarked(data: bytes, form: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise _name_place(data, fault.start, "UTF-8 / GB18030", form) from fault
        if not _is_believable(text):
            raise _name_place(data, fault.start, "UTF-8 / GB18030", form) from fault
        return text


def _decode_strictly(data: bytes, encoding: str, form: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise _name_place(data, fault.start, encoding.upper().removesuffix("-SIG"), form) from fault


def _name_place(data: bytes, place: int, encoding: str, form: str) -> UnreadableError:
    line = data.count(b"\n", 0, place) + 1
    return UnreadableError(tell("undecoded", encoding=encoding, byte=place + 1, form=form), str(line))


def _is_believable(text: str) -> bool:
    foreign = _count_foreign(text)
    if not any(character >= "㐀" or _is_arabic(character) for character in foreign):
        return False
    if any(unicodedata.category(character) in {"Co", "Cn", "Cc"} for character in foreign):
        return False
    return _share_common(foreign) >= _BELIEVED_SHARE and not any(map(_is_doubtful, text.split("\n")))


def _is_doubtful(line: str) -> bool:
    foreign = _count_foreign(line)
    return foreign.total() >= _DOUBTFUL_LENGTH and _share_common(foreign) < _DOUBTFUL_SHARE


def _count_foreign(text: str) -> Counter[str]:
    """Return how often each character beyond ASCII is there: counted, a file of any size takes little room."""
    return Counter({character: count for character, count in Counter(text).items() if character > "\x7f"})


def _share_common(characters: Counter[str]) -> float:
    common = _common_characters()
    known = sum(count for mark, count in characters.items() if mark in common or _is_arabic(mark))
    return known / characters.total()


def _is_arabic(character: str) -> bool:
    return "\u0600" <= character <= "\u06ff"


@lru_cache(maxsize=1)
def _common_characters() -> frozenset[str]:
    """Return the 3,755 everyday characters of GB2312 (its level 1), its punctuation and its full-width letters."""
    leads = [0xA1, 0xA3, *range(0xB0, 0xD8)]
    pairs = (bytes([lead, trail]) for lead in leads for trail in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", errors="ignore") for pair in pairs))
