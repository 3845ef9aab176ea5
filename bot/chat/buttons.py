"""The buttons under a message, and what a tap on one carries: at most 64 bytes, good after any restart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import quote, urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answering.directory import Stock, can_remind, entry_title
from bot.chat.greeting import EXAMPLES, pick_examples
from bot.chat.split import cut
from bot.index.entries import entry_key
from bot.language.direction import isolate
from bot.language.phrases import phrase
from bot.types import LANGUAGES, Answer, Entry, Language, Part

CHOICE, LANGUAGE, RATING = "e:", "l:", "r:"
GREETING, EXAMPLE = "h:", "q:"  # the greeting in another language; an example question
REASON, WORDS = "w:", "t:"  # what was wrong with an answer; under the question for a word about it
ENTRY = "e."  # how the path of an entry begins
TURN, OPEN = "b:", "n:"  # a page of the menus over the message that was tapped, and one as a new message
PERSON = "p:"
Reason = Literal["wrong", "old", "other", "unclear"]
REASONS: tuple[Reason, ...] = get_args(Reason)

Row = list[InlineKeyboardButton]
_GOOD, _BAD = "+", "-"
# A button shows one line, and a phone cuts it off sooner still.
_LABEL_LENGTH = 60
_RELATED = 2
_NUMBERS_IN_ROW = 5
_KEY = re.compile(r"[0-9a-f]{16}")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_LONGEST_URL = 1024
_DEEP_LINK = "c_"
_ORIGINAL = ":o"  # the entry as it is written, and not the translation that was shown
_LETTERS: dict[Language, str] = {"en": "e", "ur": "u", "ur-Latn": "r", "zh": "z"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the buttons under an answer depend on besides it. `origin` is the page of the menus that led to it."""

    stock: Stock
    username: str
    origin: str = ""
    has_office: bool = False  # people answer in the chat


# Making buttons


def make_button(label: str, payload: str, language: Language) -> InlineKeyboardButton:
    """Return a button whose label reads in order, cut where it is too long for one line."""
    return InlineKeyboardButton(isolate(cut(label, _LABEL_LENGTH), language), callback_data=payload)


def page_button(label: str, path: str, language: Language, prefix: str = TURN) -> InlineKeyboardButton:
    """Return a button that opens a page of the menus in a language."""
    return make_button(label, f"{prefix}{_LETTERS[language]}:{path}", language)


def person_button(language: Language) -> InlineKeyboardButton:
    """Return the button that leads to a person."""
    return make_button(phrase(language, "ask_person"), PERSON, language)


def make_keyboard(rows: Sequence[Row], language: Language) -> InlineKeyboardMarkup:
    """Return rows of buttons, each in the direction in which the language is read."""
    return InlineKeyboardMarkup([row[::-1] if language == "ur" else row for row in rows if row])


def pair_up(buttons: Row) -> list[Row]:
    """Return buttons as rows of two."""
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


# Under an answer


def offer_buttons(answer: Answer, around: Surroundings) -> InlineKeyboardMarkup:
    """Return a button for each choice of an answer, numbered as in its text; else what can be done with it.

    That is praise and blame, then what a course's card offers or related questions; last the way to the menus and to a
    person.
    """
    language = answer.language
    closing = [page_button(phrase(language, "menu"), "m", language, TURN if around.origin else OPEN)]
    if around.origin not in ("", "m"):
        closing.insert(0, page_button(phrase(language, "page_back"), around.origin, language))
    rows = offer_choices(answer)
    # A translation offers its original and can be rated; a listing of the catalogue is no entry's answer.
    if answer.outcome == "answered" and answer.passages and (not rows or answer.wish is None):
        rows += _under_entry(answer, around)
    if around.has_office:
        closing.append(person_button(language))
    # Three in a row are cut on a small screen.
    return make_keyboard([*rows, *pair_up(closing)], language)


def offer_choices(answer: Answer) -> list[Row]:
    """Return a button for each choice of an answer: its number in the text, where it stands whole, or its name alone.

    A phone cuts a long label, and what tells two questions apart is often at their end.
    """
    choices = [part for part in answer.parts if part.kind == "choice"]
    mark = _ORIGINAL if answer.is_translation else ""
    if len(choices) == 1:
        return [[_choice(choices[0].text, choices[0], answer.language, mark)]]
    buttons = [_choice(str(number), part, answer.language, mark) for number, part in enumerate(choices, 1)]
    return [buttons[start : start + _NUMBERS_IN_ROW] for start in range(0, len(buttons), _NUMBERS_IN_ROW)]


def exchange_buttons(
    markup: InlineKeyboardMarkup | None, prefix: str, others: InlineKeyboardMarkup | None = None
) -> InlineKeyboardMarkup | None:
    """Return a keyboard with `others` in place of the rows that hold a button whose payload begins with `prefix`.

    None where nothing is left.
    """
    rows = list(markup.inline_keyboard) if markup else []
    kept = [row for row in rows if not any(str(button.callback_data or "").startswith(prefix) for button in row)]
    together = [*(others.inline_keyboard if others else ()), *kept]
    return InlineKeyboardMarkup(together) if together else None


def ask_reason(key: str, language: Language) -> InlineKeyboardMarkup:
    """Return a button for each thing that may be wrong with an answer."""
    buttons = [
        make_button(phrase(language, f"reason_{name}"), f"{REASON}{name}:{key}:{language}", language)
        for name in REASONS
    ]
    return make_keyboard(pair_up(buttons), language)


def offer_no_words(key: str, reason: Reason, language: Language) -> InlineKeyboardMarkup:
    """Return the button under the question for a word; what it carries tells later what a reply is about."""
    return make_keyboard(
        [[make_button(phrase(language, "blame_done"), f"{WORDS}{reason}:{key}:{language}", language)]], language
    )


def share_link(username: str, entry: Entry) -> str:
    """Return the address that opens an entry's card in the bot."""
    return start_link(username, entry_key(entry.id))


def start_link(username: str, key: str) -> str:
    """Return the address that opens the bot, and there what an entry's short name stands for."""
    return f"https://t.me/{username}?start={_DEEP_LINK}{key}"


def find_link(address: str) -> str:
    """Return the address of a web page where it is one that a button can open, else nothing."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        return ""
    return address if is_good and len(address) <= _LONGEST_URL and address.isprintable() and " " not in address else ""


def _under_entry(answer: Answer, around: Surroundings) -> list[Row]:
    entry = answer.passages[0].entry
    key = entry_key(entry.id)
    rows = [
        [
            make_button(label, f"{RATING}{sign}:{key}:{answer.language}", answer.language)
            for sign, label in ((_GOOD, "👍"), (_BAD, "👎"))
        ]
    ]
    if entry.course is not None:
        whole = page_button(phrase(answer.language, "card_whole"), f"{ENTRY}{key}", answer.language)
        is_whole = not any(part.is_asked for part in answer.parts)
        return rows + ([] if is_whole else [[whole]]) + pair_up(_card_buttons(entry, around, answer.language))
    found = [passage.entry for passage in answer.passages[1:]]
    related = around.stock.related(entry, found, _RELATED)
    return rows + [[_entry_button(other, answer.language)] for other in related]


def _card_buttons(entry: Entry, around: Surroundings, language: Language) -> Row:
    key, prefix = entry_key(entry.id), TURN if around.origin else OPEN
    buttons = [page_button(phrase(language, "card_ask"), f"a.{key}", language, OPEN)]
    if key in around.stock.by_key:
        if len(around.stock.of_kind("course")) > 1:
            buttons.append(page_button(phrase(language, "card_compare"), f"v.{key}.1", language, prefix))
        if can_remind(entry, around.stock.today):
            buttons.append(page_button(phrase(language, "card_remind"), f"r.{key}", language, prefix))
    link = find_link(entry.course.apply_url if entry.course else "")
    if link:
        buttons.append(InlineKeyboardButton(phrase(language, "card_apply"), url=link))
    text = quote(entry_title(entry, language)[:_LABEL_LENGTH], safe="")
    sharing = f"https://t.me/share/url?url={quote(share_link(around.username, entry), safe='')}&text={text}"
    return [*buttons, InlineKeyboardButton(phrase(language, "card_share"), url=sharing)]


def _entry_button(entry: Entry, language: Language) -> InlineKeyboardButton:
    return make_button(entry_title(entry, language), f"{CHOICE}{entry_key(entry.id)}:{language}", language)


def _choice(label: str, part: Part, language: Language, mark: str) -> InlineKeyboardButton:
    return make_button(label, f"{CHOICE}{entry_key(part.entry_id)}:{language}{mark}", language)


# At the beginning


def offer_start(language: Language | None) -> InlineKeyboardMarkup:
    """Return the buttons of the greeting: example questions, the languages, the menus."""
    spoken = language or "en"
    asked = [(spoken, phrase(spoken, key)) for key in EXAMPLES] if language else pick_examples()
    examples = [[make_button(text, f"{EXAMPLE}{number}:{each}", each)] for number, (each, text) in enumerate(asked, 1)]
    menus = [
        page_button(phrase(spoken, "menu_courses"), "c", spoken, OPEN),
        page_button(phrase(spoken, "menu"), "m", spoken, OPEN),
    ]
    return make_keyboard([*examples, *pair_up(_name_languages(GREETING)), menus], spoken)


def offer_languages(language: Language) -> InlineKeyboardMarkup:
    """Return a button for each language by its own name, and one to follow the question."""
    automatic = make_button(phrase(language, "language_automatic"), LANGUAGE, language)
    return make_keyboard([*pair_up(_name_languages(LANGUAGE)), [automatic]], language)


def offer_menu(language: Language) -> InlineKeyboardMarkup:
    """Return the one button that opens the menus."""
    return make_keyboard([[page_button(phrase(language, "menu"), "m", language)]], language)


def _name_languages(prefix: str) -> Row:
    return [make_button(phrase(each, "language_name"), prefix + each, each) for each in LANGUAGES]


# Reading what a tap carries. It may be of an older version, or forged.


def read_rating(payload: str) -> tuple[str, bool, Language | None]:
    """Return the entry's short name that a tap rated, whether it was found good, and the answer's language."""
    sign, _, rest = payload[len(RATING) :].partition(":")
    key, _, language = rest.partition(":")
    return key, sign == _GOOD, _find_language(language)


def read_choice(payload: str) -> tuple[str, Language, bool]:
    """Return the entry's short name and the language that a tapped choice carries, and whether it is an original."""
    key, _, language = payload.removeprefix(CHOICE).removesuffix(_ORIGINAL).partition(":")
    return key, _find_language(language) or "en", payload.endswith(_ORIGINAL)


def read_language(payload: str) -> Language | None:
    """Return the language that a tap chose; None follows the question."""
    return _find_language(payload[len(LANGUAGE) :])


def read_example(payload: str) -> tuple[str, Language] | None:
    """Return the example question that a tap asks, and its language; None where there is no such question."""
    number, _, name = payload.removeprefix(EXAMPLE).partition(":")
    language = _find_language(name)
    known = {str(place): key for place, key in enumerate(EXAMPLES, 1)}
    return (phrase(language, known[number]), language) if language and number in known else None


def read_reason(payload: str) -> tuple[str, Reason, Language | None] | None:
    """Return the entry's short name, what was found wrong with its answer, and the answer's language."""
    name, _, rest = payload[len(REASON) :].partition(":")
    key, _, language = rest.partition(":")
    reason = next((reason for reason in REASONS if reason == name), None)
    return (key, reason, _find_language(language)) if reason and _KEY.fullmatch(key) else None


def read_page(payload: str) -> tuple[Language, str] | None:
    """Return the language and the path of the page that a tap opens."""
    letter, _, path = payload[len(TURN) :].partition(":")
    language = next((language for language, mark in _LETTERS.items() if mark == letter), None)
    return (language, path) if language else None


def read_deep_link(parameter: str) -> str | None:
    """Return the entry's short name in what comes after /start; None where there is none."""
    key = parameter.removeprefix(_DEEP_LINK)
    return key if parameter.startswith(_DEEP_LINK) and _KEY.fullmatch(key) else None


def _find_language(name: str) -> Language | None:
    return next((language for language in LANGUAGES if language == name), None)
