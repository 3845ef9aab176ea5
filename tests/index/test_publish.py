from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.pipeline import Answerer
from bot.errors import IndexMismatchError, IndexMissingError, IngestBusyError
from bot.index.encoder import Encoder
from bot.index.generations import KEPT
from bot.index.publish import Ingest, check, compare, publish, roll_back
from bot.index.reader import IndexReader
from tests.conftest import COURSES, FAQ, CountingEncoder, Editor, write_table


class DeadEncoder(Encoder):
    """Fails when anything is embedded."""

    @property
    def model(self) -> None:  # type: ignore[override]
        pytest.fail("the encoder was loaded")


def test_the_first_run_publishes_everything(ingest: Ingest) -> None:
    report = publish(ingest)
    assert report.published
    assert report.entries == len(FAQ) + len(COURSES)
    assert len(report.changes.added) == report.entries
    assert report.coverage == {"en": 6, "ur": 6, "zh": 5}
    assert report.generation == ingest.generations.current()
    assert report.embedded > 0


def test_a_second_run_loads_no_encoder(ingest: Ingest) -> None:
    first = publish(ingest)
    report = publish(replace(ingest, encoder=DeadEncoder(ingest.encoder.name, ingest.encoder.folder)))
    assert not report.published
    assert report.generation == first.generation
    assert (report.changes.unchanged, report.chunks, report.coverage) == (6, first.chunks, first.coverage)


def test_a_file_that_was_only_saved_again_publishes_nothing(ingest: Ingest, knowledge: Path) -> None:
    first = publish(ingest)
    (knowledge / "faq.csv").write_text((knowledge / "faq.csv").read_text("utf-8") + "\n\n", encoding="utf-8")
    assert publish(ingest).generation == first.generation


def test_only_what_changed_is_embedded(ingest: Ingest, encoder: CountingEncoder, edit: Editor) -> None:
    publish(ingest)
    encoder.calls.clear()
    edit("faq.csv", "Yes, in Lahore.", "Yes, in Multan.")
    report = publish(ingest)
    assert report.changes.changed == ("faq.csv#hostel",)
    assert (report.changes.unchanged, report.embedded, encoder.calls) == (5, 1, [1])


def test_a_renamed_file_is_not_embedded_again(ingest: Ingest, knowledge: Path) -> None:
    publish(ingest)
    (knowledge / "faq.csv").rename(knowledge / "questions.csv")
    report = publish(ingest)
    assert report.embedded == 0
    assert len(report.changes.added) == len(report.changes.removed) == len(FAQ)


def test_a_removed_row_no_longer_answers(ingest: Ingest, knowledge: Path, answerer: Answerer) -> None:
    publish(ingest)
    assert answerer.answer("hostel for girls").sources == ("faq.csv#hostel",)
    write_table(knowledge / "faq.csv", [row for row in FAQ if row["id"] != "hostel"])
    assert publish(ingest).changes.removed == ("faq.csv#hostel",)
    assert "faq.csv#hostel" not in [p.entry.id for p in answerer.answer("hostel for girls").passages]


def test_a_changed_glossary_is_published(ingest: Ingest, knowledge: Path) -> None:
    first = publish(ingest)
    write_table(knowledge / "glossary.csv", [{"en": "hostel", "ur": "ہاسٹل", "zh": "宿舍"}])
    report = publish(ingest)
    assert report.published
    assert report.generation != first.generation
    assert report.embedded == 0


def test_an_error_publishes_nothing(ingest: Ingest, edit: Editor) -> None:
    first = publish(ingest)
    edit("courses.csv", "25000", "twenty")
    for _ in range(2):
        report = publish(ingest)
        assert not report.published
        assert report.has_errors
        assert ingest.generations.current() == first.generation


def test_keep_going_publishes_the_rest_and_still_tells(ingest: Ingest, edit: Editor) -> None:
    edit("courses.csv", "25000", "twenty")
    report = publish(ingest, keep_going=True)
    assert report.published
    assert report.has_errors
    assert report.entries == 5
    again = publish(ingest, keep_going=True)
    assert not again.published
    assert again.has_errors


def test_an_empty_folder_does_not_silence_the_bot(ingest: Ingest, knowledge: Path) -> None:
    first = publish(ingest)
    for path in knowledge.iterdir():
        path.unlink()
    report = publish(ingest)
    assert report.has_errors
    assert ingest.generations.current() == first.generation


def test_check_and_dry_run_write_nothing(ingest: Ingest, edit: Editor) -> None:
    assert len(compare(ingest).changes.added) == 6
    assert check(ingest).entries == 6
    assert not ingest.generations.root.exists()
    publish(ingest)
    edit("faq.csv", "Yes, in Lahore.", "Yes, in Multan.")
    assert compare(ingest).changes.changed == ("faq.csv#hostel",)


def test_rebuild_embeds_everything(ingest: Ingest) -> None:
    first = publish(ingest)
    report = publish(ingest, rebuild=True)
    assert report.embedded == first.embedded
    assert report.generation != first.generation


def test_roll_back_returns_to_the_generation_before(ingest: Ingest, edit: Editor) -> None:
    first = publish(ingest)
    edit("faq.csv", "1200", "1300")
    second = publish(ingest)
    assert roll_back(ingest.generations).generation == first.generation
    with pytest.raises(IndexMissingError, match="no earlier index"):
        roll_back(ingest.generations)
    again = publish(ingest)
    assert again.generation not in (first.generation, second.generation)
    assert again.embedded > 0
    assert roll_back(ingest.generations).generation == first.generation


def test_a_second_ingest_at_the_same_time_is_told_to_wait(ingest: Ingest) -> None:
    with ingest.generations.lock(), pytest.raises(IngestBusyError, match="Another ingest"):
        publish(ingest)


def test_the_last_generations_are_kept_and_leftovers_cleared(ingest: Ingest, edit: Editor) -> None:
    publish(ingest)
    leftover = ingest.generations.path(ingest.generations.start())
    for fee in range(1201, 1205):
        edit("faq.csv", str(fee - 1), str(fee))
        publish(ingest)
    folders = list(leftover.parent.iterdir())
    assert not leftover.exists()
    assert len(folders) == KEPT
    assert ingest.generations.path(str(ingest.generations.current())) in folders


def test_another_encoder_is_refused_by_the_reader_and_mended_by_ingest(ingest: Ingest, tmp_path: Path) -> None:
    publish(ingest)
    folder = tmp_path / "other"
    folder.mkdir()
    for path in ingest.encoder.folder.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "config.json").write_text((folder / "config.json").read_text("utf-8") + "\n", encoding="utf-8")
    other = replace(ingest, encoder=Encoder("other", folder))
    reader = IndexReader(other.generations, other.dense, other.encoder)
    with pytest.raises(IndexMismatchError, match="python ingest.py"), reader.use():
        pass
    report = publish(other)
    assert report.embedded > 0
    with reader.use() as index:
        assert index.manifest.fingerprint.encoder == "other"
    reader.close()
