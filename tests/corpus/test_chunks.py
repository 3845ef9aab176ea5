import re
from dataclasses import replace

import pytest

from bot.corpus import chunk_entries
from bot.corpus.chunks import MAX_LENGTH
from bot.types import ContentLanguage, Course, Entry, Wording

FAQ = Entry(
    id="a.csv#fee",
    kind="faq",
    wordings={
        "en": Wording("a.csv#fee", "a.csv", "What is the fee?", "1200 rupees."),
        "ur": Wording("a.csv#fee", "a.csv", "فیس کتنی ہے؟", "1200 روپے۔"),
    },
    also_asked=("How much?", "多少钱？", "kitni fees", "What is the fee?"),
)


def list_texts(entry: Entry) -> list[tuple[ContentLanguage, str]]:
    return [(chunk.language, chunk.text) for chunk in chunk_entries([entry])]


def make_page(body: str, title: str = "Visa — Papers") -> Entry:
    return Entry("a.md#papers", "page", {"ur": Wording("a.md#papers", "a.md", title, body)})


def test_a_question_stands_alone_with_its_answer_and_in_other_words() -> None:
    assert list_texts(FAQ) == [
        ("en", "What is the fee?"),
        ("en", "What is the fee?\n1200 rupees."),
        ("ur", "فیس کتنی ہے؟"),
        ("ur", "فیس کتنی ہے؟\n1200 روپے۔"),
        ("en", "How much?"),
        ("zh", "多少钱？"),
        ("en", "kitni fees"),
    ]


def test_a_course_stands_with_all_that_tells_it_apart() -> None:
    wording = Wording("c", "c.csv", "Networking", "Six months.", "Matric", "TEVTA", "Lahore")
    course = Entry("c", "course", {"en": wording}, course=Course(level="G-II"))
    assert list_texts(course) == [("en", "Networking"), ("en", "Networking\nSix months.\nMatric\nTEVTA\nLahore\nG-II")]
    bare = replace(course, wordings={"en": Wording("c", "c.csv", "Networking", "")}, course=Course())
    assert list_texts(bare) == [("en", "Networking")]


def test_a_short_page_is_one_chunk_with_its_title() -> None:
    assert list_texts(make_page("پاسپورٹ لائیں۔")) == [("ur", "Visa — Papers\nپاسپورٹ لائیں۔")]


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("یہ ایک جملہ ہے جو کچھ بتاتا ہے۔", "۔"),
        ("这是一个句子，说明一件事。", "。"),
        ("This is a sentence that says it.", "."),
    ],
)
def test_a_long_page_is_split_between_sentences(sentence: str, end: str) -> None:
    numbered = [f"{number} {sentence}" for number in range(200)]
    texts = [text for _, text in list_texts(make_page(" ".join(numbered)))]
    assert len(texts) > 3
    assert all(len(text) <= MAX_LENGTH and text.startswith("Visa — Papers\n") for text in texts)
    assert all(text.endswith(end) for text in texts)
    assert all(any(sentence in text for text in texts) for sentence in numbered)  # nothing is lost


@pytest.mark.parametrize("body", ["x" * 5_000, "这" * 5_000])
def test_a_page_without_a_place_to_split_is_split_all_the_same(body: str) -> None:
    assert max(len(text) for _, text in list_texts(make_page(body, "long title " * 100))) <= MAX_LENGTH


def test_ids_are_unique_name_their_content_and_do_not_move_with_their_neighbours() -> None:
    chunks = chunk_entries([FAQ])
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    for chunk in chunks:
        assert chunk.entry_id == FAQ.id
        assert re.fullmatch(rf"a\.csv#fee\|{chunk.language}\|\w+\|[0-9a-f]{{16}}", chunk.id)
    moved = chunk_entries([replace(FAQ, also_asked=FAQ.also_asked[::-1])])
    assert {chunk.id for chunk in moved} == {chunk.id for chunk in chunks}
    changed = replace(FAQ, wordings={"en": replace(FAQ.wordings["en"], body="1300 rupees."), "ur": FAQ.wordings["ur"]})
    different = {chunk.id for chunk in chunk_entries([changed])} ^ {chunk.id for chunk in chunks}
    assert len(different) == 2
