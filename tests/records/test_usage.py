from datetime import date
from pathlib import Path

import pytest

from bot.records import Records, Usage

DAY = date(2026, 11, 24)


def test_tokens_are_counted_a_day_and_over_restarts(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'records.sqlite'}"
    usage = Usage(address)
    assert usage.used(DAY) == 0
    usage.add(DAY, 100)
    usage.add(DAY, -30)
    usage.add(date(2026, 11, 25), 5)
    usage.close()
    again = Usage(address)
    assert (again.used(DAY), again.used(date(2026, 11, 25))) == (70, 5)
    again.close()


def test_it_counts_in_the_records_own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{tmp_path / 'records.sqlite'}"
    records, usage = Records(address, 30), Usage(address)
    monkeypatch.setattr("bot.records.usage.Database", lambda address: pytest.fail("a second database was opened"))
    usage.share(records.database)
    records.set_language(1, "ur")
    usage.add(DAY, 1)
    usage.close()
    assert (records.language_of(1), usage.used(DAY)) == ("ur", 1)
    records.close()


def test_what_was_never_used_was_never_opened(tmp_path: Path) -> None:
    Usage(f"sqlite:///{tmp_path / 'records.sqlite'}").close()
    assert list(tmp_path.iterdir()) == []
