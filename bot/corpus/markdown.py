"""Markdown as blocks of plain text: no marks are left, links keep their address, HTML in it is only text."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.corpus.sections import Block, show_address

# Lines of a Chinese paragraph are joined without a space.
_HAN = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_SPACE_IN_CHINESE = re.compile(rf"(?<={_HAN}) (?={_HAN})")


def read_markdown(text: str) -> Iterator[Block]:
    """Yield the headings and texts of a Markdown document in order."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable(["html_block", "html_inline"])
    return _Rendering().render(parser.parse(text))


class _Rendering:
    """Where in lists and tables the walk along the tokens is."""

    def __init__(self) -> None:
        self.numbers: list[int | None] = []  # the next number of each open list, None where it has bullets
        self.mark = ""  # what the next paragraph begins with
        self.cells: list[str] | None = None  # of the open table row

    def render(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """Yield the blocks that `tokens` make."""
        level = 0
        for token in tokens:
            if token.type == "heading_open":
                # A heading in a list or a quotation divides nothing.
                level = int(token.tag[1]) if token.level == 0 else 0
            elif token.type == "inline" and self.cells is None:
                yield self._make_block(_render_inline(token.children or ()), level)
                level = 0
            elif token.type in {"fence", "code_block"}:
                yield self._make_block(token.content, 0)
            elif token.type == "tr_close":
                yield Block(0, " | ".join(self.cells or ()), is_tight=True)
                self.cells = None
            else:
                self._follow(token)

    def _make_block(self, text: str, level: int) -> Block:
        mark, self.mark = self.mark, ""
        return Block(level, mark + text.strip(), is_tight=bool(mark))

    def _follow(self, token: Token) -> None:
        if token.type == "tr_open":
            self.cells = []
        elif token.type == "inline" and self.cells is not None:
            self.cells.append(_render_inline(token.children or ()))
        elif token.type == "bullet_list_open":
            self.numbers.append(None)
        elif token.type == "ordered_list_open":
            self.numbers.append(int(token.attrs.get("start", 1)))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self.numbers.pop()
            self.mark = ""
        elif token.type == "list_item_open":
            self.mark = self._take_mark()

    def _take_mark(self) -> str:
        number = self.numbers[-1]
        if number is None:
            return "• "
        self.numbers[-1] = number + 1
        return f"{number}. "


def _render_inline(tokens: Sequence[Token]) -> str:
    pieces: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in {"text", "code_inline", "image"}:
            pieces.append(token.content)
        elif token.type == "hardbreak":
            pieces.append("\n")
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "link_open":
            opened.append((str(token.attrs.get("href", "")), len(pieces)))
        elif token.type == "link_close":
            address, start = opened.pop()
            pieces.append(show_address(address, "".join(pieces[start:])))
    return _SPACE_IN_CHINESE.sub("", "".join(pieces))
