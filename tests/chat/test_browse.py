"""Every entry can be reached by buttons alone, in every language, and no button is more than Telegram takes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardButton

from bot.answering.directory import Stock
from bot.chat.browse import PER_PAGE, Menus, Page
from bot.chat.buttons import (
    CHOICE,
    LANGUAGE,
    OPEN,
    PERSON,
    RATING,
    TURN,
    Surroundings,
    find_link,
    offer_buttons,
    read_choice,
    read_deep_link,
    read_example,
    read_language,
    read_page,
    read_rating,
    read_reason,
    share_link,
)
from bot.corpus import read_corpus
from bot.index.entries import entry_key
from bot.language.direction import remove_controls
from bot.language.phrases import phrase
from bot.types import LANGUAGES, Answer, Course, Entry, Language, Wording
from tests.chat.scripted import show_entry
from tests.conftest import TODAY

FOLDERS = ("knowledge", "tests/data/library", "tests/data/centre", "tests/data/polytechnic")
BOT = "rahnuma_test_bot"


@lru_cache
def read_stock(folder: str) -> Stock:
    entries = read_corpus(Path(folder), TODAY).entries
    return Stock(tuple(entry for entry in entries if entry.is_valid(TODAY)), TODAY)


def show_from(stock: Stock) -> Callable[[str, Language], Answer | None]:
    return partial(show_entry, stock)


def menus_of(stock: Stock, language: Language = "en") -> Menus:
    return Menus(stock, show_from(stock), BOT, language)


def buttons_of(page: Page) -> list[InlineKeyboardButton]:
    return [button for row in page.buttons.inline_keyboard for button in row] if page.buttons else []


@dataclass
class Crawl:
    """What a person finds who taps every button."""

    menus: Menus
    seen: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)

    def run(self) -> set[str]:
        """Tap everything that the main menu leads to and return the entries that were shown."""
        waiting = ["m"]
        while waiting:
            path = waiting.pop()
            if path in self.seen:
                continue
            self.seen.add(path)
            page = self.menus.open(path)
            assert page is not None, path
            if page.answer is not None and page.answer.passages:
                self.reached.add(page.answer.passages[0].entry.id)
            waiting += [next_path for button in buttons_of(page) if (next_path := self.follow(button))]
        return self.reached

    def follow(self, button: InlineKeyboardButton) -> str:
        """Return the path that a button leads to, "" where it leads out of the menus."""
        assert 1 <= len(button.text) <= 70
        if button.url:
            assert button.url.startswith("https://")
            return ""
        payload = str(button.callback_data)
        assert len(payload.encode()) <= 64
        if payload.startswith((LANGUAGE, RATING, PERSON, CHOICE)):
            return ""
        assert payload.startswith((TURN, OPEN))
        language, path = read_page(payload) or ("", "")
        assert language == self.menus.language
        # Comparing each course with each other is much of the same; reminders have their own test.
        return "" if path[:2] in ("a.", "w.", "r.") or path == "y" or path[:2] == "v." else path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_entry_is_reached_by_buttons(folder: str, language: Language) -> None:
    stock = read_stock(folder)
    assert Crawl(menus_of(stock, language)).run() == {entry.id for entry in stock.entries}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_course_can_be_compared_with_every_other(language: Language) -> None:
    stock = read_stock("knowledge")
    menus = menus_of(stock, language)
    courses = stock.of_kind("course")
    first = entry_key(courses[0].id)
    others = set()
    for number in range(1, 20):
        page = menus.open(f"v.{first}.{number}")
        assert page is not None
        others |= {str(button.callback_data).split(".")[-1] for button in buttons_of(page)[:PER_PAGE]}
    assert {entry_key(course.id) for course in courses[1:]} <= others
    page = menus.open(f"w.{first}.{entry_key(courses[1].id)}")
    assert page is not None
    assert page.answer is None
    assert phrase(language, "field_duration") in remove_controls(page.messages[0])


def text_of(page: Page | None) -> str:
    assert page is not None
    return remove_controls(page.messages[0])


def labels_of(page: Page | None) -> list[str]:
    assert page is not None
    return [remove_controls(button.text) for button in buttons_of(page)]


def course(name: str, **values: object) -> Entry:
    made = Course(**{key: value for key, value in values.items() if key in Course.__dataclass_fields__})  # type: ignore[arg-type]
    wording = Wording(f"c.csv#{name}", "c.csv", name, "", city=str(values.get("city", "")))
    return Entry(f"c.csv#{name}", "course", {"en": wording}, course=made)


def question(name: str, file: str = "faq", topic: str = "") -> Entry:
    wording = Wording(f"{file}.csv#{name}", f"{file}.csv", f"{name}?", "Yes.")
    return Entry(f"{file}.csv#{name}", "faq", {"en": wording}, topic=topic)


def test_a_menu_has_no_way_to_what_is_not_there() -> None:
    labels = labels_of(menus_of(Stock((question("fee"),), TODAY)).open("m"))
    assert phrase("en", "menu_questions") in labels
    assert phrase("en", "menu_courses") not in labels
    assert phrase("en", "menu_guides") not in labels


def test_a_way_to_choose_that_divides_nothing_is_not_offered() -> None:
    menus = menus_of(Stock((course("A", city="Multan"), course("B", city="Multan")), TODAY))
    assert labels_of(menus.open("c")) == [phrase("en", "facet_all"), phrase("en", "menu")]


def test_courses_are_grouped_by_what_is_published() -> None:
    stock = Stock(
        (
            course("Welding", city="Multan", duration_months=6, fee_pkr=0, apply_by=TODAY),
            course("Graphic Design", city="Lahore", duration_months=1.5, fee_pkr=500, stipend_pkr=100),
            course("Driving", duration_months=36, apply_by=TODAY - timedelta(1)),
        ),
        TODAY,
    )
    menus = menus_of(stock)
    groups = {facet: labels_of(menus.open(f"c.{facet}"))[:-2] for facet in ("trade", "city", "length", "fee")}
    assert groups == {
        "trade": ["Machines and welding (1)", "Design and media (1)", "Vehicles (1)"],
        "city": ["Multan (1)", "Lahore (1)", "Not published (1)"],
        "length": ["1–3 months (1)", "3–6 months (1)", "Over 1 year (1)"],
        "fee": ["Free (1)", "With a fee (1)", "With a stipend (1)", "Not published (1)"],
    }
    assert labels_of(menus.open("c.open"))[0] == "Welding"
    assert labels_of(menus.open("c.all"))[:3] == ["Welding", "Graphic Design", "Driving"]


def test_topics_are_a_step_only_where_they_are_fewer_than_the_questions() -> None:
    fees = [question(f"fee{number}", topic="Fees") for number in range(6)]
    others = [question(f"visa{number}", topic="visa") for number in range(5)]
    page = menus_of(Stock((*fees, *others), TODAY)).open("q")
    assert labels_of(page)[:2] == ["Fees (6)", "Visa (5)"]
    each_its_own = Stock(tuple(replace(entry, topic=entry.id) for entry in (*fees, *others)), TODAY)
    page = menus_of(each_its_own).open("q")
    assert text_of(page).startswith("<b>Questions by topic (11)</b>\n\n1. fee0?\n2. fee1?")
    assert labels_of(page) == [*"12345678", phrase("en", "page_next"), phrase("en", "menu")]


def test_rows_run_in_the_direction_of_the_language() -> None:
    stock = Stock(tuple(question(f"q{number}") for number in range(30)), TODAY)
    assert labels_of(menus_of(stock, "en").open("q.2"))[8:10] == ["← Previous", "Next →"]
    urdu = labels_of(menus_of(stock, "ur").open("q.2"))
    assert urdu[:4] == list("4321")
    assert urdu[8:10] == ["اگلا ←", "→ پچھلا"]


def test_a_page_beyond_the_last_is_the_last() -> None:
    stock = Stock(tuple(question(f"q{number}") for number in range(9)), TODAY)
    assert text_of(menus_of(stock).open("q.77")) == text_of(menus_of(stock).open("q.2"))


def test_a_card_leads_back_to_the_list_it_came_from() -> None:
    stock = Stock(tuple(question(f"q{number}") for number in range(9)), TODAY)
    menus = menus_of(stock)
    card = menus.open(f"e.{entry_key('faq.csv#q8')}.q.2")
    assert card is not None
    assert [str(button.callback_data) for button in buttons_of(card)][-2:] == ["b:e:q.2", "b:e:m"]


# A course's card


OPEN_COURSE = course("Welding", apply_by=TODAY + timedelta(30), apply_url="https://apply.example.org/w?a=1")


def card_of(entry: Entry, *others: Entry, language: Language = "en") -> dict[str, InlineKeyboardButton]:
    stock = Stock((entry, *others), TODAY)
    page = menus_of(stock, language).open(f"e.{entry_key(entry.id)}")
    assert page is not None
    return {remove_controls(button.text): button for button in buttons_of(page)}


def test_a_card_offers_what_can_be_done_with_a_course() -> None:
    card = card_of(OPEN_COURSE, course("Driving"))
    keys = ("card_ask", "card_compare", "card_remind", "card_apply", "card_share", "menu")
    assert list(card) == ["👍", "👎", *(phrase("en", key) for key in keys)]
    assert card["Apply"].url == "https://apply.example.org/w?a=1"
    assert entry_key(OPEN_COURSE.id) in str(card["Share"].url)


def test_a_lone_course_without_dates_or_link_is_only_asked_about_and_shared() -> None:
    assert not {"Compare", "Remind me", "Apply"} & card_of(course("Driving")).keys()
    closing = course("Driving", apply_by=TODAY + timedelta(1))
    assert "Remind me" not in card_of(closing)


@pytest.mark.parametrize(
    "address",
    ["ftp://x.pk/a", "javascript:alert(1)", "x.pk", "https://", "https://x", "https://x.pk:99999/", "https://a b.pk/",
     "https://x.pk/\n1", "tg://user?id=1", "https://[::1", "https://x.pk/" + "a" * 2000],
)  # fmt: skip
def test_only_a_web_address_is_a_button(address: str) -> None:
    assert find_link(address) == ""


def test_a_shared_link_opens_the_same_card() -> None:
    parameter = share_link(BOT, OPEN_COURSE).partition("?start=")[2]
    assert read_deep_link(parameter) == entry_key(OPEN_COURSE.id)
    assert len(parameter) <= 64


# Under an answer


def test_related_questions_are_of_the_same_topic_first_and_never_itself() -> None:
    stock = Stock((*(question(f"q{number}") for number in range(4)), question("visa", topic="China"),
                   question("hsk", topic="china")), TODAY)  # fmt: skip
    answer = show_from(stock)(entry_key("faq.csv#visa"), "en")
    assert answer is not None
    markup = offer_buttons(answer, Surroundings(stock, BOT))
    assert markup is not None
    rows = [[button.text for button in row] for row in markup.inline_keyboard]
    assert rows == [["👍", "👎"], ["hsk?"], ["q0?"], ["☰ Menu"]]


def test_neighbours_are_those_that_follow_also_where_texts_are_left_out() -> None:
    whole = [question(f"q{number}") for number in range(5)]
    bare = [replace(entry, wordings={"en": replace(entry.wordings["en"], body="")}) for entry in whole]
    assert Stock(tuple(bare), TODAY).related(whole[2], [], 2) == bare[3:]


# Payloads that somebody forged


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None)
def test_no_forged_path_raises_or_shows_anything_but_a_page(path: str, language: Language) -> None:
    page = menus_of(read_stock("tests/data/library"), language).open(path)
    assert page is None or path.split(".")[0] in set("mlcqdevw")


STEPS = st.sampled_from(
    ["c", "q", "d", "e", "v", "w", "city", "all", "1", "0", "99999", "-1", "٣", "", "a" * 16, "0" * 8]
)


@given(st.lists(STEPS, max_size=6), st.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None)
def test_no_path_of_likely_steps_raises(steps: list[str], language: Language) -> None:
    page = menus_of(read_stock("tests/data/library"), language).open(".".join(steps))
    assert page is None or page.messages


@given(st.text(max_size=100) | st.text(max_size=10).map(lambda text: "b:e:" + text))
def test_no_forged_payload_raises(payload: str) -> None:
    for read in (read_choice, read_rating, read_language, read_example, read_reason, read_page, read_deep_link):
        read(payload)


@pytest.mark.parametrize(
    "parameter", ["x" * 10_000, "c_", "c_" + "g" * 16, "c_" + "a" * 17, "C_" + "a" * 16, "c_٣" * 16]
)
def test_only_a_shared_link_is_one(parameter: str) -> None:
    assert read_deep_link(parameter) is None
