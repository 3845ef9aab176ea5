import logging

import pytest

from bot.answering.pipeline import Answerer
from bot.errors import IndexMissingError
from bot.index.publish import Ingest, publish, roll_back
from bot.index.reader import IndexReader, entry_of_chunk
from bot.language.normalise import normalise
from tests.conftest import Editor

FEE = "fee of the diploma"


def said(answerer: Answerer) -> str:
    return " ".join(part.text for part in answerer.answer(FEE).parts)


def test_without_an_index_the_command_is_named(reader: IndexReader) -> None:
    with pytest.raises(IndexMissingError, match="python ingest.py"), reader.use():
        pass


def test_a_running_bot_moves_to_the_new_index_and_back(ingest: Ingest, answerer: Answerer, edit: Editor) -> None:
    publish(ingest)
    assert "1200 rupees" in said(answerer)
    edit("faq.csv", "The fee is 1200", "The fee is 1300")
    publish(ingest)
    assert "1300 rupees" in said(answerer)
    roll_back(ingest.generations)
    assert "1200 rupees" in said(answerer)


def test_a_question_in_hand_keeps_its_index(ingest: Ingest, reader: IndexReader, edit: Editor) -> None:
    publish(ingest)
    with reader.use() as old:
        edit("faq.csv", "1200", "1300")
        publish(ingest)
        with reader.use() as new:
            assert new.manifest.id != old.manifest.id
        assert old.dense.count() == old.manifest.chunks
        assert "1200" in old.entries.get(["faq.csv#fee"])["faq.csv#fee"].wordings["en"].body


def test_a_broken_new_index_leaves_the_old_one_answering(
    ingest: Ingest, answerer: Answerer, caplog: pytest.LogCaptureFixture
) -> None:
    publish(ingest)
    said(answerer)
    ingest.generations.point_to("20990101-000000-nothere")
    with caplog.at_level(logging.ERROR):
        assert "1200 rupees" in said(answerer)
        assert "1200 rupees" in said(answerer)
    assert len([record for record in caplog.records if "cannot be read" in record.message]) == 1


def test_the_entry_of_a_chunk_may_hold_any_character() -> None:
    assert entry_of_chunk("a|b.csv#x|en|title|00ff") == "a|b.csv#x"


def test_an_index_is_read_as_it_was_written(ingest: Ingest, reader: IndexReader) -> None:
    report = publish(ingest)
    with reader.use() as index:
        assert len(index.lexical.ids) == index.dense.count() == report.chunks
        assert set(index.rows_of_entry) == set(report.changes.added)
        assert [normalise(term.en[0]) for term in index.terms] == ["welding"]
