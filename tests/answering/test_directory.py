"""What can be leafed through is what answers today, in the generation that is current."""

from datetime import date

import pytest

from bot.answering.directory import Directory
from bot.answering.pipeline import Answerer
from bot.errors import IndexMissingError
from bot.index.publish import Ingest, publish
from bot.index.reader import IndexReader
from bot.language.trades import find_trades
from tests.conftest import COURSES, FAQ, TODAY, Editor


def test_without_an_index_there_is_no_stock(reader: IndexReader) -> None:
    with pytest.raises(IndexMissingError):
        Directory(reader, lambda: TODAY).stock()


def test_the_stock_is_what_answers_today(ingest: Ingest, reader: IndexReader) -> None:
    publish(ingest)
    days = [TODAY]
    directory = Directory(reader, lambda: days[0])
    stock = directory.stock()
    assert len(stock.entries) == len(FAQ) + len(COURSES)
    assert directory.stock() is stock
    days[0] = date(2026, 11, 25)
    assert directory.stock().today == date(2026, 11, 25)


def test_an_entry_past_its_date_is_in_no_list_and_a_new_one_is(
    ingest: Ingest, reader: IndexReader, answerer: Answerer, edit: Editor
) -> None:
    publish(ingest)
    days = [TODAY]
    directory = Directory(reader, lambda: days[0])
    before = {entry.id for entry in directory.stock().entries}
    edit("courses.csv", "title_en,", "valid_until,title_en,")
    edit("courses.csv", "welding,Welding", "welding,2026-11-24,Welding")
    edit("courses.csv", "design,Graphic", "painting,,Graphic")
    publish(ingest)
    assert {entry.id for entry in directory.stock().entries} ^ before == {"courses.csv#design", "courses.csv#painting"}
    days[0] = date(2026, 11, 25)
    assert "courses.csv#welding" not in {entry.id for entry in directory.stock().entries}


@pytest.mark.parametrize(
    ("titles", "trades"),
    [
        (["Welding"], ["machines"]),
        (["ویلڈنگ"], ["machines"]),
        (["焊接"], ["machines"]),
        (["Cyber Security", "سائبر سیکیورٹی", "网络安全"], ["computing"]),
        (["One year in China"], []),
    ],
)
def test_a_courses_name_tells_its_field(titles: list[str], trades: list[str]) -> None:
    assert find_trades(titles) == trades
