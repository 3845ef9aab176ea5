"""HTML as blocks of plain text; what a browser would run or hide is left out."""

import re
import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

from bot.corpus.sections import Block, show_address

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SKIPPED = frozenset({"head", "script", "style", "template", "noscript", "svg", "iframe", "object"})
# All other tags end a paragraph.
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td",
    "th", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_SPACES = re.compile(r"\s+")


def read_webpage(text: str) -> tuple[str, Iterator[Block]]:
    """Return the title of an HTML document, and its headings and texts in order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bs4 muses about what might be a file name or XML
        soup = BeautifulSoup(text, "lxml")  # in time linear to the text, unlike Python's own parser
    title = soup.title.get_text() if soup.title else ""
    return " ".join(title.split()), _Rendering().render(soup)


class _Rendering:
    """Gathers the text between one block's border and the next."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.level = 0
        self.mark = ""
        self.is_tight = False
        self.links: list[int] = []

    def render(self, soup: BeautifulSoup) -> Iterator[Block]:
        """Yield the blocks of a page."""
        for node, is_end in _walk(soup):
            if isinstance(node, NavigableString):
                # Comments and declarations are subclasses.
                if type(node) is NavigableString:
                    self.pieces.append(_SPACES.sub(" ", node))
            elif isinstance(node, Tag):
                if node.name not in _INLINE:
                    yield from self._close_block()
                self._follow(node, is_end)
        yield from self._close_block()

    def _close_block(self) -> Iterator[Block]:
        text = _SPACES.sub(" ", "".join(self.pieces)).strip(" |")
        self.pieces.clear()
        if text:
            yield Block(self.level, self.mark + text, self.is_tight or bool(self.mark))
            self.mark, self.is_tight = "", False

    def _follow(self, tag: Tag, is_end: bool) -> None:
        if tag.name in _HEADINGS:
            self.level = 0 if is_end else _HEADINGS[tag.name]
        elif tag.name == "li":
            self.mark = "" if is_end else "• "
        elif tag.name in {"br", "tr"}:
            self.is_tight = not is_end or tag.name == "br"
        elif tag.name in {"td", "th"} and is_end:
            self.pieces.append(" | ")
        elif tag.name == "a" and not is_end:
            self.links.append(len(self.pieces))
        elif tag.name == "a" and self.links:
            start = self.links.pop()
            self.pieces.append(show_address(str(tag.get("href") or ""), "".join(self.pieces[start:])))


def _walk(root: Tag) -> Iterator[tuple[PageElement, bool]]:
    """Yield each node when it begins and each tag again when it ends, without recursion however deep they nest."""
    waiting: list[tuple[PageElement, bool]] = [(root, False)]
    while waiting:
        node, is_end = waiting.pop()
        if isinstance(node, Tag) and node.name in _SKIPPED:
            continue
        yield node, is_end
        if isinstance(node, Tag) and not is_end:
            waiting.append((node, True))
            waiting += [(child, False) for child in reversed(node.contents)]
