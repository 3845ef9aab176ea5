import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus import chunk_entries, read_corpus
from tests.corpus.conftest import TODAY, Read, check_manners
from tests.corpus.rows import FAQ, make_csv

HEADS = {
    ".csv": [
        b"",
        b"id,question_en,answer_en\n",
        b"id;title_ur;fee_pkr\n",
        b"en,ur\n",
        "id,question_zh\n".encode("utf-16"),
    ],
    ".md": [b"", b"---\ntitle: x\n", b"---\n", b"# a\n"],
    ".html": [b"", b"<html><title>x", b"<table><tr>", b"<!DOCTYPE"],
    ".xlsx": [b"", b"PK\x03\x04"],
    ".docx": [b"", b"PK\x03\x04"],
    ".pdf": [b"", b"%PDF-1.7\n"],
}


def test_entries_and_problems_come_in_one_order(read: Read, tmp_path: Path) -> None:
    files = {"b.csv": make_csv(FAQ, FAQ), "a/z.md": "text", "c.md": "text", "a.csv": make_csv(FAQ), "d.doc": "x"}
    corpus = read(files)
    assert [entry.id for entry in corpus.entries] == ["a.csv#fee", "a/z.md#z", "b.csv#fee", "c.md#c"]
    assert [problem.file for problem in corpus.problems] == ["a/z.md", "b.csv", "c.md", "d.doc"]
    assert read_corpus(tmp_path, TODAY) == corpus


def test_a_file_with_an_error_does_not_take_the_others_with_it(read: Read) -> None:
    corpus = read({"a.csv": b"\xff", "b.xlsx": b"x", "c.pdf": b"x", "d.csv": make_csv(FAQ), "e.md": b"\0"})
    assert [problem.file for problem in corpus.errors] == ["a.csv", "b.xlsx", "c.pdf", "e.md"]
    assert [entry.id for entry in corpus.entries] == ["d.csv#fee"]


def test_a_file_that_goes_away_meanwhile_is_an_error(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read({"a.csv": make_csv(FAQ)})
    monkeypatch.setattr(Path, "read_bytes", lambda path: open(path.with_name("gone"), "rb").read())  # noqa: SIM115
    corpus = read_corpus(tmp_path, TODAY)
    assert corpus.errors[0].message == "cannot be opened (no such file or directory); check its permissions"


@settings(max_examples=150, deadline=None)
@given(data=st.data(), suffix=st.sampled_from(sorted(HEADS)))
def test_no_bytes_whatever_raise(data: st.DataObject, suffix: str) -> None:
    content = data.draw(st.sampled_from(HEADS[suffix])) + data.draw(st.binary(max_size=300))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"a{suffix}").write_bytes(content)
        corpus = read_corpus(Path(folder), TODAY)
    check_manners(corpus)
    chunk_entries(corpus.entries)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(st.sampled_from(list('a,;\t"\n\r|#-–*[]()<>&= ۱۲؟۔的。\u202e\u200c\x07\ufeff')), max_size=200),
    suffix=st.sampled_from([".csv", ".md", ".html", ".txt"]),
)
def test_no_text_whatever_raises(text: str, suffix: str) -> None:
    head = "id,question_en,answer_en,also_asked\nfee,a,b,c\n" if suffix == ".csv" else "# a\n"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"a{suffix}").write_bytes((head + text).encode())
        corpus = read_corpus(Path(folder), TODAY)
    check_manners(corpus)
    chunks = chunk_entries(corpus.entries)
    assert len({chunk.id for chunk in chunks}) == len(chunks)


def test_tables_and_markdown_load_no_reader_of_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(make_csv(FAQ), "utf-8")
    (tmp_path / "a.md").write_text("# Visa\n\ntext\n", "utf-8")
    program = (
        "import sys; from datetime import date; from pathlib import Path; import bot.corpus as corpus\n"
        "heavy = {'openpyxl', 'docx', 'pypdfium2', 'bs4', 'lxml', 'langchain_text_splitters', 'rapidfuzz'}\n"
        "assert not heavy & set(sys.modules) and 'markdown_it' not in sys.modules\n"
        "read = corpus.read_corpus(Path(sys.argv[1]), date(2026, 11, 24)); corpus.chunk_entries(read.entries)\n"
        "print(len(read.entries), sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2 []"
