from datetime import date

import pytest

from bot.corpus.problems import Report
from bot.corpus.records import Record
from tests.corpus.conftest import TODAY


def make_record(**cells: str) -> Record:
    return Record("7", cells, Report("a.csv"))


def told(record: Record) -> list[str]:
    return [f"{problem.severity} {problem}" for problem in record.report.problems]


@pytest.mark.parametrize(
    ("text", "number"),
    [("25000", 25000), ("25,000", 25000), ("1,50,000", 150000), ("25000.0", 25000), ("25000.00", 25000), ("0", 0),
     ("۲۵۰۰۰", 25000), ("٢٥٬٠٠٠", 25000), ("２５，０００", 25000), ("", None)],
)  # fmt: skip
def test_whole_numbers_of_any_script_are_read(text: str, number: int | None) -> None:
    record = make_record(fee_pkr=text)
    assert (record.read_whole("fee_pkr"), told(record)) == (number, [])


@pytest.mark.parametrize(
    "text",
    [
        "Rs 25000",
        "-5",
        "25000/-",
        "free",
        "12.5",
        "25.000",
        "25 000",
        "1e5",
        "2,5",
        "½",
        "9" * 5_000,
        "٪",
        "inf",
        "25,00,0",
    ],
)
def test_anything_else_is_an_error_that_says_what_to_write(text: str) -> None:
    record = make_record(fee_pkr=text)
    assert record.read_whole("fee_pkr") is None
    assert not record.is_sound
    assert told(record)[0].startswith("error a.csv:7: fee_pkr '")
    assert "; write digits only" in told(record)[0]
    assert len(told(record)[0]) < 200


@pytest.mark.parametrize(("text", "months"), [("6", 6.0), ("1.5", 1.5), ("۶", 6.0), ("۱٫۵", 1.5), ("120", 120.0)])
def test_months_may_be_a_fraction(text: str, months: float) -> None:
    assert make_record(duration_months=text).read_months("duration_months") == months


@pytest.mark.parametrize("text", ["0", "-1", "121", "six", "6 months", "nan", "1e1", "1,5"])
def test_months_are_bounded(text: str) -> None:
    record = make_record(duration_months=text)
    assert record.read_months("duration_months") is None
    assert not record.is_sound


@pytest.mark.parametrize("text", ["2026-09-30", "۲۰۲۶-۰۹-۳۰", "２０２６-０９-３０"])
def test_dates_of_any_script_are_read(text: str) -> None:
    assert make_record(starts=text).read_date("starts") == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("text", "message"),
    [("31/12/2026", "is not a date; write it as YYYY-MM-DD"), ("2026-02-30", "is not a day of the calendar"),
     ("2026-13-01", "is not a day of the calendar"), ("0000-01-01", "is not a day of the calendar"),
     ("2026-9-1", "is not a date"), ("20260930", "is not a date"), ("soon", "is not a date"),
     ("2026-09-30 10:00", "is not a date")],
)  # fmt: skip
def test_any_other_date_is_an_error(text: str, message: str) -> None:
    record = make_record(starts=text)
    assert record.read_date("starts") is None
    assert message in told(record)[0]


@pytest.mark.parametrize("url", ["https://navttc.gov.pk/a?b=1#c", "http://例子.cn/报名", "HTTPS://x.pk"])
def test_web_addresses_are_kept(url: str) -> None:
    record = make_record(apply_url=url)
    assert (record.read_url("apply_url"), record.is_sound) == (url, True)


@pytest.mark.parametrize(
    "url", ["navttc.gov.pk", "javascript:alert(1)", "ftp://x.pk", "https://", "https://x .pk", "//x"]
)
def test_any_other_address_is_an_error(url: str) -> None:
    record = make_record(apply_url=url)
    record.read_url("apply_url")
    assert "is not a web address; write it whole" in told(record)[0]


@pytest.mark.parametrize("row_id", ["dae-age", "G-II", "a.b_c", "فیس", "学费", "3", "x" * 64])
def test_ids_of_any_script_are_kept(row_id: str) -> None:
    record = make_record(id=row_id)
    assert (record.read_id(), record.is_sound) == (row_id, True)


@pytest.mark.parametrize(
    ("row_id", "remedy"),
    [
        ("dae age", "write for example 'dae-age'"),
        ("a#b|c", "write for example 'a-b-c'"),
        ("a\u202eb", "write for example 'a-b'"),
        ("a\nb", "write for example 'a-b'"),
        ("x" * 65, f"write for example '{'x' * 64}'"),
        ("##", "write for example 'a-1'"),
        ("=1+1", "write for example '1-1'"),
    ],
)
def test_an_odd_id_is_an_error_with_a_mended_one(row_id: str, remedy: str) -> None:
    record = make_record(id=row_id)
    record.read_id()
    assert told(record)[0].endswith(remedy)


def test_the_period_is_held_together_and_against_today() -> None:
    fine = make_record(as_of="2026-01-01", valid_until="2026-11-24")
    assert fine.read_period(TODAY) == (date(2026, 1, 1), date(2026, 11, 24))
    assert told(fine) == []
    reversed_ = make_record(as_of="2027-02-01", valid_until="2027-01-01")
    reversed_.read_period(TODAY)
    assert [line.split(" ")[0] for line in told(reversed_)] == ["error", "warning"]
    past = make_record(valid_until="2026-11-23")
    past.read_period(TODAY)
    assert "warning a.csv:7: valid_until 2026-11-23 is past" in told(past)[0]
    assert past.is_sound
