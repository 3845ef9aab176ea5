"""What single characters tell and do: which language a text is in, and which of them are never shown or kept raw."""

import re

from bot.types import ContentLanguage

MAX_QUOTED = 60

# What would break a message apart, hide in it or turn its direction around.
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# What no text needs: control characters but tab and line break, halves of characters, no-characters.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]")
# Urdu and Chinese texts are full of Latin names, and a Han character weighs as much as a few letters.
_ARABIC_SHARE, _HAN_SHARE, _HAN_WEIGHT = 0.2, 0.1, 2


def escape(text: str) -> str:
    r"""Return `text` with control, direction and broken characters spelt out, as in `\u202e`."""
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def quote(text: str) -> str:
    """Return the beginning of `text` between quotes, safe to show."""
    shown = escape(text[: MAX_QUOTED + 1])
    return f"'{shown[: MAX_QUOTED - 1]}…'" if len(shown) > MAX_QUOTED else f"'{shown}'"


def identify_script(text: str) -> ContentLanguage:
    """Return `ur` for a text in Arabic letters, `zh` for one in Han, else `en`."""
    arabic, han = len(_ARABIC.findall(text)), len(_HAN.findall(text))
    letters = arabic + han + len(_LATIN.findall(text))
    is_chinese = han > _HAN_SHARE * letters
    if arabic > _ARABIC_SHARE * letters and (not is_chinese or arabic >= _HAN_WEIGHT * han):
        return "ur"
    return "zh" if is_chinese else "en"
