import os
from pathlib import Path

import pytest

from bot.corpus import knowledge_files, read_corpus
from bot.corpus.folder import MAX_BYTES
from bot.errors import KnowledgeError
from tests.corpus.conftest import TODAY, Read, check_manners, list_problems

TEXT = "# Visa\n\nBring your passport.\n"


def name_files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in knowledge_files(folder)]


def test_files_are_found_at_any_depth_in_one_order(read: Read, tmp_path: Path) -> None:
    read(dict.fromkeys(["b.md", "a/z.md", "a/b/c/d.MD", "a-b.txt", "Z.html"], TEXT))
    assert name_files(tmp_path) == ["Z.html", "a-b.txt", "a/b/c/d.MD", "a/z.md", "b.md"]


@pytest.mark.parametrize(
    "name",
    ["_draft.md", ".hidden.md", "_old/a.md", "a/.git/b.md", "README", "README.md", "readme.TXT", "a/ReadMe.zh.md"]
    + ["Thumbs.db", "desktop.ini", "~$fees.xlsx", "a.tmp", "a.csv.bak", "a.md~", ".~lock.a.xlsx#"],
)  # fmt: skip
def test_some_names_are_left_alone(read: Read, tmp_path: Path, name: str) -> None:
    corpus = read({name: TEXT})
    assert (corpus.problems, name_files(tmp_path)) == ((), [])


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("a.xls", "save it as .xlsx"), ("a.doc", "save it as .docx"), ("a.png", "is not a kind of file that is read"),
     ("Makefile", "is not a kind of file that is read"), ("readme-first.odt", "save it as .docx")],
)  # fmt: skip
def test_an_unknown_kind_of_file_is_a_warning(read: Read, name: str, remedy: str) -> None:
    corpus = read({name: TEXT})
    assert not corpus.errors
    assert remedy in list_problems(corpus, "warning")[0]


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\n", "\x07", "\x7f", "\u2028"])
def test_a_name_that_hides_something_is_an_error(read: Read, tmp_path: Path, mark: str) -> None:
    corpus = read({f"fee{mark}s.md": TEXT})
    assert "rename it" in list_problems(corpus)[0]
    assert f"\\u{ord(mark):04x}" in list_problems(corpus)[0]
    assert name_files(tmp_path) == []


def test_a_folder_with_such_a_name_is_not_entered(read: Read) -> None:
    corpus = read({"a\u202eb/fees.md": TEXT})
    assert (len(corpus.errors), corpus.entries) == (1, ())


def test_a_name_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/fee\xff.md")).write_text(TEXT)
    corpus = read_corpus(tmp_path, TODAY)
    check_manners(corpus)
    assert len(corpus.errors) == 1


def test_a_link_out_of_the_folder_is_never_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "in-side-door"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.md").write_text(TEXT)
    (inside / "file.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)
    corpus = read_corpus(inside, TODAY)
    assert [problem.file for problem in corpus.errors] == ["file.md", "folder"]
    assert "leads out of the folder; copy the file in" in str(corpus.errors[0])
    assert corpus.entries == ()


def test_links_in_a_ring_or_to_nothing_do_not_hang(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "b.md")
    (tmp_path / "b.md").symlink_to(tmp_path / "a.md")
    (tmp_path / "nowhere.md").symlink_to(tmp_path / "gone.md")
    (tmp_path / "ring").symlink_to(tmp_path)
    corpus = read_corpus(tmp_path, TODAY)
    assert [problem.file for problem in corpus.errors] == ["a.md", "b.md", "nowhere.md"]
    assert list_problems(corpus, "warning") == [
        "ring: is a link to a folder, and those are not followed; copy the files in"
    ]


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text(TEXT)
    (tmp_path / "link.md").symlink_to("real.md")
    assert name_files(tmp_path) == ["link.md", "real.md"]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is not an ordinary file" in list_problems(read_corpus(tmp_path, TODAY))[0]


def test_a_huge_file_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)  # takes no room on the disk
    assert "is larger than 50 MB" in list_problems(read_corpus(tmp_path, TODAY))[0]
    assert name_files(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_an_error(read: Read, tmp_path: Path) -> None:
    read({"a.md": TEXT})
    (tmp_path / "a.md").chmod(0)
    assert "check its permissions" in list_problems(read_corpus(tmp_path, TODAY))[0]


def test_a_folder_that_cannot_be_listed_is_an_error(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read({"locked/a.md": TEXT, "b.md": TEXT})
    scan = os.scandir

    def refuse(path: Path) -> "os._ScandirIterator[str]":
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    corpus = read_corpus(tmp_path, TODAY)
    assert list_problems(corpus) == ["locked: may not be opened; let the bot read it (its permissions)"]
    assert len(corpus.entries) == 1


def test_no_folder_at_all_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"does not exist; create it or set KNOWLEDGE_DIR"):
        read_corpus(tmp_path / "gone", TODAY)
    (tmp_path / "file").touch()
    with pytest.raises(KnowledgeError, match="is not a folder"):
        knowledge_files(tmp_path / "file")
