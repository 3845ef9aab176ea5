import pytest

from bot.corpus.frontmatter import split_front_matter
from bot.corpus.problems import Report, UnreadableError
from bot.corpus.records import Record
from tests.corpus.conftest import Read, list_problems


def make_front() -> Record:
    return Record("1", {}, Report("a.md"))


def test_what_the_document_says_of_itself_is_split_off() -> None:
    front = make_front()
    text = '---\ntitle: "Visa: how"\nlanguage: en\nas_of: 2026-01-31\nsource:\n---\n# Visa\n'
    assert split_front_matter(text, front) == "# Visa\n"
    assert front.cells == {"title": "Visa: how", "language": "en", "as_of": "2026-01-31"}


@pytest.mark.parametrize("text", ["# Visa\n", "--\n", "---\nA line, then text\n", "text\n---\ntitle: x\n---\n", ""])
def test_a_document_without_it_is_all_text(text: str) -> None:
    assert split_front_matter(text, make_front()) == text


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("title: a: b\n", "2", "is not `name: value`"),
        ("title: x\nsource: [a\n", "4", "is not `name: value`"),
        ("title: x\n\tsource: y\n", "3", "is not `name: value`"),
        ("only words\n", "1", "has no `name: value`"),
        ("- a\n- b\n", "1", "has no `name: value`"),
        ("a: " + "[" * 5_000 + "\n", "1", "is not `name: value`"),
        ("a: " + "x" * 20_000 + "\n", "1", "has too much"),
        ("? [a]\n: b\n", "2", "is not `name: value`"),
    ],
)
def test_broken_front_matter_is_an_error_at_its_line(source: str, line: str, message: str) -> None:
    with pytest.raises(UnreadableError, match=message.replace("`", ".")) as caught:
        split_front_matter(f"---\n{source}---\ntext\n", make_front())
    assert caught.value.line == line


def test_what_opens_and_never_closes_is_an_error() -> None:
    with pytest.raises(UnreadableError, match="never closed"):
        split_front_matter("---\ntitle: x\n\n# Visa\n", make_front())


def test_an_unknown_name_is_a_warning_and_a_list_an_error() -> None:
    front = make_front()
    split_front_matter("---\ntitel: x\ncolour: red\nsource: [a, b]\n---\n", front)
    told = [f"{problem.severity}: {problem.message}" for problem in front.report.problems]
    assert told[0] == "warning: unknown name 'titel'; did you mean 'title'?"
    assert told[1].startswith("warning: unknown name 'colour'; known are title, ")
    assert told[2].startswith("error: source holds a list;")


def test_nothing_in_it_is_run_or_unfolded(read: Read) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    corpus = read({"a.md": f"---\n{bomb}title: !!python/object/apply:os.abort []\n---\ntext\n", "b.md": "text"})
    assert "title holds a list" in list_problems(corpus)[0]
    assert len(corpus.entries) == 1


def test_each_problem_is_told_at_the_line_of_its_name(read: Read) -> None:
    text = (
        "---\ntitle: Visa\nlanguage: fr\nas_of: tomorrow\nvalid_util: 2030-01-01\nvalid_until: 2020-01-01\n---\ntext\n"
    )
    told = [(problem.line, problem.message.split()[0]) for problem in read({"a.en.md": text}).problems if problem.line]
    assert sorted(told) == [("3", "the"), ("4", "as_of"), ("5", "unknown"), ("6", "valid_until")]
