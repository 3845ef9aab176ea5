"""Text of two directions in one line, set so that it reads right: isolates around what runs the other way.

Telegram's clients take a line's direction from its first strong letter and lay out digits and addresses by their
neighbours: without isolates "0300-1234567" in an Urdu sentence is shown as "1234567-0300".
"""

import re

from bot.types import Language

LRI, RLI, PDI, RLM = "\u2066", "\u2067", "\u2069", "\u200f"

_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# The blocks of the scripts that run right to left, Urdu's among them.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Chinese follows an address without a space.
_NOT_IN_URL = rf"\s<>\"（）《》“”，。；：！？、{_RTL}{LRI}-{PDI}"
_URL_TEXT = rf"https?://[^{_NOT_IN_URL}]*[^{_NOT_IN_URL}.,:;!?)'\]]"
URL = re.compile(_URL_TEXT)

# A run is words with only spaces and marks between them. A bracket belongs to it only together with its partner,
# else it would be mirrored on the wrong side.
_LTR_WORD = rf"(?:{_URL_TEXT}|(?:[^\W_{_RTL}]|\d)+|\([^()\n{_RTL}]*\))"
_LTR_RUN = re.compile(rf"(?:(?<!\w)[+@#/$€£¥.~_-]+)?{_LTR_WORD}(?:(?:[^\w\n(){_RTL}]|_)*{_LTR_WORD})*[%°+#/]*")
_RTL_WORD = rf"(?:[{_RTL}]+|\([^()\n]*[{_RTL}][^()\n]*\))"
_RTL_RUN = re.compile(rf"{_RTL_WORD}(?:(?:[^\w\n()]|\d)*{_RTL_WORD})*")
_RTL_LETTER = re.compile(rf"(?!\d)[{_RTL}]")
_LTR_LETTER = re.compile(rf"[^\W\d_{_RTL}]")
# A line in a Latin or Chinese reply that is this much Urdu is a quotation, and runs from right to left as a whole.
_QUOTED_SHARE = 0.75


def isolate(text: str, language: Language) -> str:
    """Return `text` with the runs of the other direction isolated, line by line; controls that came in are dropped."""
    return "\n".join(_isolate_line(line, language) for line in remove_controls(text).split("\n"))


def remove_controls(text: str) -> str:
    """Return `text` without the characters that only set direction."""
    return _CONTROLS.sub("", text)


def _isolate_line(line: str, language: Language) -> str:
    if not _RTL_LETTER.search(line):
        return line
    if not _runs_right_to_left(line, language):
        return _RTL_RUN.sub(rf"{RLI}\g<0>{PDI}", line)
    isolated = _LTR_RUN.sub(rf"{LRI}\g<0>{PDI}", line)
    # Older clients look inside the isolate for the first strong letter, and would turn the line around.
    return RLM + isolated if _LTR_RUN.match(line.lstrip()) else isolated


def _runs_right_to_left(line: str, language: Language) -> bool:
    if language == "ur":
        return True
    words = URL.sub("", line)
    rtl, ltr = len(_RTL_LETTER.findall(words)), len(_LTR_LETTER.findall(words))
    return rtl >= _QUOTED_SHARE * (rtl + ltr)
