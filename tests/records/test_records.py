"""What is remembered, what is not, and that it outlives the process and fits several threads."""

import itertools
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.records import Note, Records, RecordsError, Reminder, schema, store
from bot.types import LANGUAGES, Language
from tests.records.conftest import Place

DAY = date(2026, 11, 24)
STAFF = -100200300


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_kept_for_a_chat_over_a_restart(records: Records, place: Place, language: Language) -> None:
    records.set_language(-1001234567890123, language)
    records.close()
    again = place.open()
    assert again.language_of(-1001234567890123) == language
    assert again.language_of(2) is None
    again.close()


def test_a_language_is_changed_and_taken_back(records: Records) -> None:
    records.set_language(1, "ur")
    records.set_language(1, "zh")
    assert records.language_of(1) == "zh"
    records.set_language(1, None)
    assert records.language_of(1) is None


def test_forget_deletes_the_chats_rows_and_no_other(records: Records, place: Place) -> None:
    records.set_language(1, "ur")
    records.set_language(2, "ur")
    records.forget(1)
    assert records.language_of(1) is None
    assert records.language_of(2) == "ur"
    assert len(place.read("SELECT * FROM chats")) == 1


def test_no_chats_id_is_in_the_folder(file_records: Records, path: Path) -> None:
    file_records.set_language(987654321, "ur")
    file_records.close()
    assert all(b"987654321" not in file.read_bytes() for file in path.parent.iterdir())


def test_the_key_is_only_the_owners_and_each_database_has_its_own(
    file_records: Records, in_file: Place, path: Path, tmp_path: Path
) -> None:
    key = path.with_name("records.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    other_path = tmp_path / "other" / "records.sqlite"
    other = Records(f"sqlite:///{other_path}", 30)
    for each in (file_records, other):
        each.set_language(1, "ur")
    other.close()
    assert in_file.read("SELECT chat FROM chats") != Place(f"sqlite:///{other_path}").read("SELECT chat FROM chats")


def test_a_key_that_is_damaged_is_told_and_not_replaced(file_records: Records, path: Path) -> None:
    file_records.close()
    path.with_name("records.key").write_text("")
    with pytest.raises(RecordsError):
        Records(f"sqlite:///{path}", 30)
    assert path.with_name("records.key").read_text() == ""


# Updates


def test_an_update_is_new_once(records: Records) -> None:
    assert records.keep([(1, "a"), (2, "b")]) == {1, 2}
    assert records.keep([(1, "a"), (2, "b"), (3, "c")]) == {3}
    records.mark_handled(1)
    assert records.keep([(1, "a")]) == set()
    assert records.is_handled(1)
    assert not records.is_handled(2)
    assert records.take_kept() == ["b", "c"]


def test_a_number_with_another_body_is_another_update(records: Records) -> None:
    records.keep([(1, "a")])
    records.mark_handled(1)
    assert records.keep([(1, "of another bot")]) == {1}
    assert not records.is_handled(1)


def test_an_update_that_was_marked_without_being_kept_is_handled(records: Records) -> None:
    records.mark_handled(1)
    records.mark_handled(1)
    assert records.keep([(1, "a")]) == set()


def test_no_word_of_a_handled_update_is_left_in_the_files(file_records: Records, path: Path) -> None:
    file_records.keep([(1, "the wedding" * 3000)])
    file_records.mark_handled(1)
    file_records.close()
    assert all(b"wedding" not in file.read_bytes() for file in path.parent.iterdir())


def test_only_the_latest_handled_are_kept(records: Records, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "HANDLED_KEPT", 3)
    for update_id in (50, 40, 30, 20, 10):
        records.mark_handled(update_id)
    assert place.read("SELECT update_id FROM handled ORDER BY update_id") == [(10,), (20,), (30,)]


def test_an_update_that_kills_every_start_is_given_up_and_those_behind_it_are_not(records: Records) -> None:
    records.keep([(1, "deadly"), (2, "behind it")])
    for times in range(store.MOST_STARTS):
        assert records.take_kept() == ["deadly", "behind it"]
        records.note_start(1)
        assert records.list_suspects() == ({1} if times else set())
    assert records.take_kept() == ["behind it"]


# Counts and gaps


def test_questions_are_counted_by_day_language_and_outcome(records: Records, place: Place) -> None:
    for outcome in ("answered", "answered", "refused"):
        records.record_question("ur-Latn", outcome, DAY)
    assert place.read("SELECT day, language, outcome, number FROM counts ORDER BY outcome") == [
        ("2026-11-24", "ur-Latn", "answered", 2),
        ("2026-11-24", "ur-Latn", "refused", 1),
    ]


def test_old_gaps_are_deleted(records: Records, place: Place) -> None:
    records.record_gap("چاند پر کورس؟", "ur", date(2026, 10, 24))
    records.record_gap("月球上的课程？", "zh", DAY)
    records.delete_older_than(DAY)
    assert place.read("SELECT day, language, question FROM gaps") == [("2026-11-24", "zh", "月球上的课程？")]


def test_words_kept_long_enough_go_with_the_days_first_question(records: Records, place: Place) -> None:
    records.record_gap("چاند پر کورس؟", "ur", DAY - timedelta(days=31))
    records.record_gap("月球上的课程？", "zh", DAY - timedelta(days=30))
    records.record_question("en", "answered", DAY)
    assert [row[2] for row in place.read("SELECT * FROM gaps")] == ["月球上的课程？"]


# The database


def test_threads_lose_no_count(records: Records, place: Place) -> None:
    with ThreadPoolExecutor(8) as threads:
        for _ in range(80):
            threads.submit(records.record_question, "en", "answered", DAY)
    assert place.read("SELECT number FROM counts") == [(80,)]


def test_two_processes_share_a_database(records: Records, place: Place) -> None:
    other = place.open()
    with ThreadPoolExecutor(8) as threads:
        for number in range(40):
            threads.submit((records, other)[number % 2].record_question, "en", "answered", DAY)
    other.close()
    assert place.read("SELECT number FROM counts") == [(40,)]


def test_writers_do_not_hold_up_readers(file_records: Records, in_file: Place) -> None:
    assert in_file.read("PRAGMA journal_mode") == [("wal",)]


def test_what_is_begun_is_remembered_until_it_is_handled(records: Records, place: Place) -> None:
    records.keep([(1, "one"), (2, "two")])
    records.note_begun(2, 77)
    records.note_begun(3, 78)
    records.close()
    again = place.open()
    assert again.list_begun() == {2: 77}
    again.mark_handled(2)
    assert again.list_begun() == {}
    again.close()


def test_the_tables_say_which_version_they_are_of(records: Records, place: Place) -> None:
    records.close()
    place.open().close()
    assert place.read("SELECT version FROM schema_version") == [(len(schema.MIGRATIONS),)]


def test_a_later_step_keeps_what_is_there(records: Records, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    records.set_language(1, "zh")
    records.close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE gaps ADD COLUMN topic TEXT",)))
    again = place.open()
    assert again.language_of(1) == "zh"
    again.close()
    assert place.read("SELECT topic FROM gaps") == []


def test_a_step_that_fails_leaves_the_database_as_it_was(
    records: Records, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.close()
    broken = ("ALTER TABLE gaps ADD COLUMN topic TEXT", "ALTER TABLE nowhere ADD COLUMN topic TEXT")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
    with pytest.raises(RecordsError):
        place.open()
    assert "topic" not in place.columns()["gaps"]


def test_the_tables_are_those_that_the_steps_make(records: Records, place: Place) -> None:
    assert place.columns() == {
        name: [column.name for column in table.columns] for name, table in schema.metadata.tables.items()
    }


@pytest.mark.parametrize(
    "url", ["sqlite:////proc/none/records.sqlite", "sqlite:////dev/null/records.sqlite", "sqlite://", "no url", "x://y"]
)
def test_a_database_that_cannot_be_opened_is_told_with_its_remedy(url: str) -> None:
    with pytest.raises(RecordsError, match="DATABASE_URL"):
        Records(url, 30)


def test_an_error_tells_no_words(records: Records, place: Place) -> None:
    place.read("DROP TABLE gaps")
    with pytest.raises(RecordsError) as caught:
        records.record_gap("the wedding", "en", DAY)
    assert "wedding" not in str(caught.value)
    assert caught.value.__cause__ is None


# What a person asked in vain


def test_forget_deletes_what_was_asked_in_vain_and_nobody_elses(records: Records, place: Place) -> None:
    records.record_gap("mine", "en", DAY, asker=1)
    records.record_gap("theirs", "en", DAY, asker=2)
    records.record_gap("nobody's", "en", DAY)
    records.forget(1)
    assert {gap.question for gap in records.list_gaps()} == {"theirs", "nobody's"}
    assert "'1'" not in str(place.read("SELECT asker FROM gaps"))


def test_forget_finds_a_persons_words_after_a_restart(place: Place) -> None:
    before = place.open()
    before.record_gap("mine", "en", DAY, asker=1)
    before.record_gap("theirs", "en", DAY, asker=2)
    before.remarks.write(Note(DAY, "en", "faq.csv#fee", "wrong", "my uncle paid less"), 1)
    before.remarks.write(Note(DAY, "en", "faq.csv#fee", "wrong", "not so"), 2)
    before.close()
    after = place.open()
    after.forget(1)
    assert [gap.question for gap in after.list_gaps()] == ["theirs"]
    assert [note.words for note in after.remarks.list_notes()] == ["not so"]
    after.close()


def test_words_of_an_older_version_are_nobodys_and_still_let_go(place: Place, path: Path) -> None:
    old = schema.MIGRATIONS[:6]
    path.parent.mkdir(parents=True, exist_ok=True)
    for statement in itertools.chain.from_iterable(old):
        place.read(statement)
    place.read("CREATE TABLE schema_version (version INTEGER NOT NULL)")
    place.read(f"INSERT INTO schema_version VALUES ({len(old)})")
    place.read("INSERT INTO gaps VALUES ('2026-10-24', 'en', 'an old one')")
    records = place.open()
    records.record_gap("mine", "en", DAY, asker=1)
    records.forget(1)
    assert [gap.question for gap in records.list_gaps()] == ["an old one"]
    records.delete_older_than(DAY)
    assert records.list_gaps() == []
    records.close()


def test_the_pages_that_show_a_persons_words_are_found_by_them(records: Records) -> None:
    day = DAY - timedelta(days=3)
    records.record_gap("mine", "en", day, asker=1)
    records.record_gap("theirs", "en", DAY, asker=2)
    pages = records.pages
    pages.note(STAFF, [10, 11], ["mine", "theirs"], DAY)
    pages.note(STAFF, [12], ["theirs"], DAY)
    # What a page showed before counts still: Telegram may have refused to change it.
    pages.note(STAFF, [13], ["mine"], DAY)
    pages.note(STAFF, [13], ["theirs"], DAY)
    assert pages.of_asker(1, STAFF) == [10, 11, 13]
    assert pages.of_asker(2, STAFF) == [10, 11, 12, 13]
    assert pages.of_asker(1, STAFF - 1) == []
    assert pages.older_than(DAY, STAFF) == [10, 11, 13]
    records.forget(1)
    assert pages.of_asker(1, STAFF) == []
    pages.remove(STAFF, [10, 11])
    assert pages.of_asker(2, STAFF) == [12, 13]


def test_a_wipe_leaves_nothing_of_what_was_deleted_beside_the_file(file_records: Records, path: Path) -> None:
    file_records.keep([(1, "the wedding")])
    file_records.mark_handled(1)
    file_records.wipe()
    assert all(b"wedding" not in file.read_bytes() for file in path.parent.iterdir())


def test_a_group_that_becomes_a_supergroup_takes_its_choices_along(records: Records) -> None:
    records.set_language(-5, "zh")
    for chat_id, entry, days in ((-5, "a.csv#a", 3), (-5, "a.csv#b", 3), (-1005, "a.csv#b", 7)):
        records.reminders.add(Reminder(chat_id, entry, "Welding", "zh", days))
    for _ in range(2):
        records.move(-5, -1005)
        assert (records.language_of(-5), records.language_of(-1005)) == (None, "zh")
        kept = [(one.chat_id, one.entry_id, one.days) for one in records.reminders.all()]
        assert kept == [(-1005, "a.csv#a", 3), (-1005, "a.csv#b", 7)]


def test_forget_deletes_words_about_an_answer_and_nobody_elses(records: Records) -> None:
    notes = [Note(DAY, "en", "faq.csv#fee", "wrong", words) for words in ("my uncle paid less", "not so", "again")]
    for asker, note in zip((1, 2, 1), notes, strict=True):
        records.remarks.write(note, asker)
    records.forget(1)
    assert records.remarks.list_notes() == [notes[1]]
