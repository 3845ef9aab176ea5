from datetime import date

import pytest

from bot.corpus.documents import MAX_TEXT
from tests.corpus.conftest import Read, list_problems

FRONT = "title: Visa\nsource: MOFA\nas_of: 2026-01-31\nvalid_until: 2027-06-30"
EN = f"---\n{FRONT}\n---\nIntro.\n\n## Papers\n\nPassport.\n"
UR = "---\nvalid_until: 2027-01-31\n---\n# ویزا\n\nتعارف۔\n\n## کاغذات\n\nپاسپورٹ۔\n"
ZH = "# 签证\n\n介绍。\n\n## 材料\n\n护照。\n"


def test_translations_are_one_entry_a_section(read: Read) -> None:
    corpus = read({"pages/visa.zh.md": ZH, "pages/visa.en.md": EN, "pages/visa.ur.md": UR})
    assert [entry.id for entry in corpus.entries] == ["pages/visa.en.md#visa", "pages/visa.en.md#papers"]
    entry = corpus.entries[1]
    assert {language: (wording.id, wording.file, wording.title) for language, wording in entry.wordings.items()} == {
        "en": ("pages/visa.en.md#papers", "pages/visa.en.md", "Visa — Papers"),
        "ur": ("pages/visa.ur.md#کاغذات", "pages/visa.ur.md", "ویزا — کاغذات"),
        "zh": ("pages/visa.zh.md#材料", "pages/visa.zh.md", "签证 — 材料"),
    }
    assert (entry.kind, entry.source, entry.as_of) == ("page", "MOFA", date(2026, 1, 31))
    assert entry.valid_until == date(2027, 1, 31)  # the earliest of the group
    assert corpus.problems == ()


def test_a_group_that_does_not_run_parallel_is_a_warning_and_falls_apart(read: Read) -> None:
    corpus = read({"visa.en.md": EN, "visa.ur.md": "# ویزا\n\nتعارف۔\n", "visa.zh.md": ZH})
    assert [list(entry.wordings) for entry in corpus.entries] == [["en"], ["en"], ["ur"], ["zh"], ["zh"]]
    assert "en 2, ur 1, zh 2; give all languages the same headings" in list_problems(corpus, "warning")[0]
    assert corpus.errors == ()


def test_other_folders_and_other_kinds_of_file_are_other_groups(read: Read) -> None:
    corpus = read({"a/visa.en.md": "Intro.", "b/visa.ur.md": "تعارف۔", "a/visa.zh.txt": "介绍。"})
    assert len(corpus.entries) == 3


def test_a_language_without_a_version_is_a_warning(read: Read) -> None:
    corpus = read({"pages/visa.en.md": EN})
    assert list_problems(corpus, "warning") == [
        "pages/visa.en.md: is not there in every language; add visa.ur.md, visa.zh.md"
    ]


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("a.txt", "Bring your passport.", "en"),
        ("a.txt", "پاسپورٹ لائیں۔", "ur"),
        ("a.md", "请带护照。", "zh"),
        ("a.ur.md", "CCNA, HTML", "ur"),  # the name knows better
        ("a.UR.txt", "CCNA", "ur"),
        ("a.md", "---\nlanguage: ZH\n---\nCCNA", "zh"),
        ("v1.2.txt", "Bring it.", "en"),
        ("a.html", "<p>پاسپورٹ لائیں۔</p>", "ur"),
    ],
)
def test_the_language_is_given_named_or_identified(read: Read, name: str, text: str, language: str) -> None:
    assert list(read({name: text}).entries[0].wordings) == [language]


@pytest.mark.parametrize(
    ("name", "front", "message"),
    [
        ("a.md", "language: french", "the language 'french' is not known; write en, ur or zh"),
        ("a.ur.md", "language: en", "the language is en here and ur in the file's name"),
        ("a.md", "as_of: 2026-02-30", "as_of '2026-02-30' is not a day of the calendar"),
        ("a.md", "as_of: 2027-02-02\nvalid_until: 2027-01-01", "they are reversed"),
        ("a.md", "title: [", "is not `name: value`"),
    ],
)
def test_front_matter_that_cannot_be_used_is_an_error(read: Read, name: str, front: str, message: str) -> None:
    corpus = read({name: f"---\n{front}\n---\ntext\n", "other.md": "text"})
    assert message in list_problems(corpus)[0]
    assert len(corpus.errors) == 1
    assert [entry.id for entry in corpus.entries] == ["other.md#other"]


def test_a_text_file_is_one_section_named_by_its_stem(read: Read) -> None:
    entry = read({"visa_rules.en.txt": "\ufeffOne.\r\n\r\nTwo.\r\n"}).entries[0]
    assert entry.id == "visa_rules.en.txt#visa_rules"
    assert (entry.wordings["en"].title, entry.wordings["en"].body) == ("visa_rules", "One.\n\nTwo.")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html"])
def test_documents_come_in_the_same_encodings_as_tables(read: Read, name: str, encoding: str) -> None:
    body = "请带护照，然后去报名。"
    assert read({name: body.encode(encoding)}).entries[0].wordings["zh"].body == body


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "cannot be decoded"),
        (b"a\0b", "is not text"),
        (b"a" * (MAX_TEXT + 1), "has more than"),
    ],
)
def test_what_is_no_document_is_an_error(read: Read, name: str, content: bytes, message: str) -> None:
    corpus = read({name: content})
    assert message in list_problems(corpus)[0]


@pytest.mark.parametrize("text", ["", "\n \n", "# Only a heading\n"])
def test_a_document_without_text_is_a_warning(read: Read, text: str) -> None:
    corpus = read({"a.md": text})
    assert list_problems(corpus, "warning") == ["a.md: holds no text; write some or delete it"]


def test_half_letters_in_front_matter_do_no_harm(read: Read) -> None:
    corpus = read({"a.md": '---\ntitle: "a\\ud800\\0b"\n---\ntext\n'})
    assert corpus.entries[0].wordings["en"].title == "ab"
