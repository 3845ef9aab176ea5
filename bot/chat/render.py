"""An answer as people read it: plain text for a terminal, messages of HTML for Telegram."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from html import escape
from itertools import groupby
from typing import Literal

from bot.chat.split import measure_utf16, split_text
from bot.language.direction import URL, isolate, remove_controls
from bot.language.phrases import phrase
from bot.types import Answer, Language, Part, PartKind

# Telegram counts after parsing the tags; counting them as well keeps to the limit however it counts.
MESSAGE_LIMIT = 4096

_SITE = re.compile(r"https?://(?:www\.)?([^/?#]*).*")
_Look = PartKind | Literal["asked"]
_Line = tuple[_Look, str]


def render_text(answer: Answer) -> str:
    """Return an answer as plain text: no tags, no characters that only set direction."""
    blocks = groupby(_write_lines(answer.parts, answer.language), key=lambda line: line[0])
    return "\n\n".join("\n".join(remove_controls(text) for _, text in lines) for _, lines in blocks)


def render_html(answer: Answer) -> list[str]:
    """Return an answer as messages that Telegram accepts: escaped, isolated, each at most `MESSAGE_LIMIT` long."""
    return render_parts(answer.parts, answer.language)


def render_parts(parts: Sequence[Part], language: Language) -> list[str]:
    """Return the parts of a reply as messages that Telegram accepts."""
    return list(_pack_messages(_write_lines(parts, language), language))


def render_phrase(text: str, language: Language) -> list[str]:
    """Return plain text as messages that Telegram accepts."""
    return list(_pack_messages([("text", text)], language))


def _write_lines(parts: Sequence[Part], language: Language) -> list[_Line]:
    """Return each part as a line of its kind, choices numbered, sources last."""
    choices = [part for part in parts if part.kind == "choice"]
    lines: list[_Line] = [
        ("asked" if part.is_asked else part.kind, _write_part(part, choices, language))
        for part in parts
        if part.text.strip()
    ]
    return sorted(lines, key=lambda line: line[0] == "source")


def _write_part(part: Part, choices: list[Part], language: Language) -> str:
    match part.kind:
        case "fact":
            return phrase(language, "fact", label=part.label, text=part.text.strip())
        case "choice":
            return f"{choices.index(part) + 1}. {part.text.strip()}"
        case _:
            return part.text.strip()


def _pack_messages(lines: Iterable[_Line], language: Language) -> Iterator[str]:
    """Yield messages of as many lines as fit; a line that does not fit by itself is split."""
    message, last = "", None
    for kind, text in lines:
        for piece in split_text(text, MESSAGE_LIMIT, partial(_measure, kind, language)):
            html = _mark(kind, language, piece)
            joined = message + ("\n" if kind == last else "\n\n") + html if message else html
            if measure_utf16(joined) > MESSAGE_LIMIT:
                yield message
                joined = html
            message, last = joined, kind
    if message:
        yield message


def _measure(kind: _Look, language: Language, text: str) -> int:
    return measure_utf16(_mark(kind, language, text))


def _mark(kind: _Look, language: Language, text: str) -> str:
    """Return a line as HTML. Nothing but the tags written here is markup."""
    isolated = isolate(text, language)
    match kind:
        case "title" | "asked":
            return f"<b>{escape(isolated, quote=False)}</b>"
        case "source":
            return f"<i>{_link_addresses(isolated)}</i>"
        case _:
            return escape(isolated, quote=False)


def _link_addresses(text: str) -> str:
    """Return text as HTML with each address as a link that shows its site: a whole address fills a small screen."""
    written, end = "", 0
    for match in URL.finditer(text):
        site = _SITE.sub(r"\1", match[0])
        link = f'<a href="{escape(match[0])}">{escape(site)}</a>'
        written, end = written + escape(text[end : match.start()], quote=False) + link, match.end()
    return written + escape(text[end:], quote=False)
