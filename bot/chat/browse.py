"""The menus as pages: from the path that a button carries to a text and the buttons under it.

A path is a few words with dots between them, and says all that a page needs, so that a button works after any restart:

    m                  the main menu              l             the languages
    c                  how to look for a course   c.city        the groups of a kind
    c.city.KEY.2       courses of a group         v.KEY.2       with which course to compare
    q.KEY.KEY.2        questions, by topic        d.KEY.1       guides
    e.KEY.c.city.KEY.2 an entry, and the page that led to it
    w.KEY.KEY          two courses side by side
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answering.directory import FACETS, Facet, Group, Stock, entry_title
from bot.chat.buttons import (
    ENTRY,
    Row,
    Surroundings,
    make_keyboard,
    offer_buttons,
    offer_languages,
    page_button,
    pair_up,
    person_button,
)
from bot.chat.render import render_html, render_parts
from bot.index.entries import entry_key
from bot.language.phrases import phrase
from bot.types import Answer, Entry, Kind, Language, Part

PER_PAGE = 8
_NUMBERS_IN_ROW = 4
_LONGEST_NUMBER = 4  # digits of a page's number
_GROUP_KEY = re.compile(r"[0-9a-f]{8}")
# These have one group only: their button leads to its courses at once.
_SINGLE: frozenset[Facet] = frozenset({"open", "all"})

Show = Callable[[str, Language], Answer | None]


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: messages of HTML with buttons under the last, and the answer that they tell, where it is one."""

    messages: tuple[str, ...]
    buttons: InlineKeyboardMarkup | None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Menus:
    """What pages are made from, in one language."""

    stock: Stock
    show: Show
    username: str
    language: Language
    has_office: bool = False  # people answer in the chat

    def open(self, path: str) -> Page | None:
        """Return the page of a path; None where there is none, or none any more."""
        head, *rest = path.split(".")
        match head:
            case "m" if not rest:
                return self._main()
            case "l" if not rest:
                return self._languages()
            case "c":
                return self._courses(rest)
            case "q":
                return self._shelf("faq", "q", rest)
            case "d":
                return self._shelf("page", "d", rest)
            case "e" if rest:
                return self._entry(rest[0], ".".join(rest[1:]) or "m")
            case "v" if len(rest) == 2:
                return self._choose_other(*rest)
            case "w" if len(rest) == 2:
                return self._compare(*rest)
        return None

    def _main(self) -> Page:
        stocked = (
            ("menu_courses", "c", "course"),
            ("menu_questions", "q", "faq"),
            ("menu_guides", "d", "page"),
        )
        there = {entry.kind for entry in self.stock.entries}
        buttons = [self._button(key, path) for key, path, kind in stocked if kind in there]
        buttons += [
            self._button("menu_reminders", "y"),
            person_button(self.language),
            self._button("menu_language", "l"),
        ]
        return self._write([Part("text", phrase(self.language, "menu_text"))], pair_up(buttons))

    def _languages(self) -> Page:
        text = phrase(self.language, "language_question")
        return Page(tuple(render_parts([Part("text", text)], self.language)), offer_languages(self.language))

    def _courses(self, rest: Sequence[str]) -> Page | None:
        if not rest:
            return self._facets()
        facet = next((facet for facet in FACETS if facet == rest[0]), None)
        groups = self.stock.groups(facet) if facet else []
        if facet is None or not groups:
            return None
        keys, left = _split(rest[1:])
        title, here = phrase(self.language, "menu_courses"), f"c.{facet}"
        trail = [title, phrase(self.language, f"facet_{facet}")]
        if not keys and facet in _SINGLE:
            return self._list_entries(groups[0].entries, trail, here, left, "c")
        if not keys:
            return self._list_groups(groups, trail, here, left, "c")
        group = next((group for group in groups if [group.key] == keys), None)
        if group is None:
            return None
        return self._list_entries(group.entries, [title, group.label(self.language)], f"{here}.{group.key}", left, here)

    def _facets(self) -> Page:
        buttons = [
            self._button(f"facet_{facet}", f"c.{facet}")
            for facet in FACETS
            # One group of courses that say nothing, or that all are in, helps nobody.
            if (groups := self.stock.groups(facet)) and (facet in _SINGLE or len(groups) > 1)
        ]
        parts = [
            Part("title", phrase(self.language, "menu_courses")),
            Part("text", phrase(self.language, "courses_by")),
        ]
        return self._write(parts, [*pair_up(buttons), self._ways_out("m")])

    def _shelf(self, kind: Kind, head: str, rest: Sequence[str]) -> Page | None:
        """Return the groups or entries where a path leads; its last step is a page's number."""
        keys, left = _split(rest)
        shelf = self.stock.shelf(kind, keys)
        if shelf is None or not (shelf.groups or shelf.entries):
            return None
        title = phrase(self.language, "menu_questions" if kind == "faq" else "menu_guides")
        trail = [title, *(group.label(self.language) for group in shelf.trail)]
        here, back = ".".join([head, *keys]), ".".join([head, *keys[:-1]]) if keys else "m"
        if shelf.groups:
            return self._list_groups(shelf.groups, trail, here, left, back)
        return self._list_entries(shelf.entries, trail, here, left, back)

    def _entry(self, key: str, origin: str) -> Page | None:
        answer = self.show(key, self.language)
        if answer is None:
            return None
        around = Surroundings(self.stock, self.username, origin, self.has_office)
        return Page(tuple(render_html(answer)), offer_buttons(answer, around), answer)

    def _choose_other(self, key: str, number: str) -> Page | None:
        course = self.stock.course(key)
        if course is None:
            return None
        question = phrase(self.language, "compare_choose", title=entry_title(course, self.language))
        others = self.stock.alike(course)
        return self._turn_pages(
            [Part("text", question)],
            [(entry_title(other, self.language), f"w.{key}.{entry_key(other.id)}") for other in others],
            f"v.{key}",
            [number],
            f"{ENTRY}{key}",
        )

    def _compare(self, first: str, second: str) -> Page | None:
        answer = self.stock.compare(first, second, self.language)
        if answer is None:
            return None
        cards = [
            [
                page_button(
                    f"{number}. {entry_title(entry, self.language)}", f"{ENTRY}{entry_key(entry.id)}", self.language
                )
            ]
            for number, entry in enumerate((passage.entry for passage in answer.passages), 1)
        ]
        buttons = make_keyboard([*cards, self._ways_out(f"v.{first}.1")], self.language)
        return Page(tuple(render_html(answer)), buttons)

    def _list_groups(
        self, groups: Sequence[Group], trail: Sequence[str], here: str, left: Sequence[str], back: str
    ) -> Page | None:
        targets = [
            (self._count(group.label(self.language), group.entries), f"{here}.{group.key}.1") for group in groups
        ]
        return self._turn_pages([self._head(trail)], targets, here, left, back)

    def _list_entries(
        self, entries: Sequence[Entry], trail: Sequence[str], here: str, left: Sequence[str], back: str
    ) -> Page | None:
        head = self._head([*trail[:-1], self._count(trail[-1], entries)])
        targets = [(entry_title(entry, self.language), f"{ENTRY}{entry_key(entry.id)}.{here}") for entry in entries]
        is_numbered = entries[0].course is None
        return self._turn_pages([head], targets, here, left, back, is_origin=True, is_numbered=is_numbered)

    def _turn_pages(
        self,
        parts: Sequence[Part],
        targets: Sequence[tuple[str, str]],
        here: str,
        left: Sequence[str],
        back: str,
        *,
        is_origin: bool = False,
        is_numbered: bool = False,
    ) -> Page | None:
        """Return the page of a list that `left` names: a button a target, or a numbered text with numbers as buttons.

        Questions are longer than a button; where the list is where an entry's card comes from, its button says so.
        """
        number = _read_number(left)
        if number is None:
            return None
        pages = max(1, -(-len(targets) // PER_PAGE))
        number = min(number, pages)
        shown = targets[(number - 1) * PER_PAGE : number * PER_PAGE]
        ends = f".{number}" if is_origin else ""
        written = list(parts)
        if is_numbered:
            written += [Part("choice", label) for label, _ in shown]
            buttons = [page_button(str(place), path + ends, self.language) for place, (_, path) in enumerate(shown, 1)]
            rows = [buttons[start : start + _NUMBERS_IN_ROW] for start in range(0, len(buttons), _NUMBERS_IN_ROW)]
        else:
            rows = [[page_button(label, path + ends, self.language)] for label, path in shown]
        turning = []
        if number > 1:
            turning.append(self._button("page_previous", f"{here}.{number - 1}"))
        if number < pages:
            turning.append(self._button("page_next", f"{here}.{number + 1}"))
        if pages > 1:
            written.append(Part("note", phrase(self.language, "page_number", page=number, pages=pages)))
        return self._write(written, [*rows, turning, self._ways_out(back)])

    def _count(self, name: str, entries: Sequence[Entry]) -> str:
        return phrase(self.language, "in_brackets", text=name, more=len(entries))

    def _head(self, trail: Sequence[str]) -> Part:
        return Part("title", " › ".join(trail))

    def _ways_out(self, back: str) -> Row:
        home = self._button("menu", "m")
        return [home] if back == "m" else [self._button("page_back", back), home]

    def _button(self, key: str, path: str) -> InlineKeyboardButton:
        return page_button(phrase(self.language, key), path, self.language)

    def _write(self, parts: Sequence[Part], rows: Sequence[Row]) -> Page:
        return Page(tuple(render_parts(parts, self.language)), make_keyboard(rows, self.language))


def _split(steps: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the groups' short names that a path begins with, and what is left of it."""
    keys = list(takewhile(_GROUP_KEY.fullmatch, steps))
    return keys, list(steps[len(keys) :])


def _read_number(steps: Sequence[str]) -> int | None:
    """Return a page's number, the first where none is given; None for anything else."""
    if not steps:
        return 1
    step = steps[0]
    is_number = len(steps) == 1 and step.isascii() and step.isdecimal() and len(step) <= _LONGEST_NUMBER
    return max(1, int(step)) if is_number else None
