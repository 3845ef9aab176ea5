import pytest

from bot.evaluation import (
    Case,
    Outcome,
    calibration_error,
    find_faults,
    measure_reliability,
    measure_slices,
    run_cases,
    to_lines,
    to_table,
)
from bot.types import Answer, Entry, Passage, Wording


def passage(entry: str) -> Passage:
    return Passage(Entry(entry, "faq", {"en": Wording(entry, "f.csv", "t", "b")}), "en", 1.0)


def outcome(expect: str, outcome_: str, rank: int | None, language: str = "en") -> Outcome:
    case = Case("q", "en", "en", "faq", (expect,) if expect else ())
    answer = Answer("q", language, outcome_, (), 0.5, (passage("a"),), seconds=0.01)  # type: ignore[arg-type]
    return Outcome(case, answer, rank, by_words=rank == 4)


OUTCOMES = [
    outcome("a", "answered", 1),
    outcome("a", "answered", 3),
    outcome("a", "clarify", 4),
    outcome("a", "clarify", 5),
    outcome("a", "refused", 1),
    outcome("", "answered", None),
    outcome("", "refused", None, language="zh"),
]


def test_figures() -> None:
    figures = measure_slices(OUTCOMES)[0].figures
    assert figures["recall@1"] == pytest.approx(2 / 5)
    assert figures["BM25@1"] == pytest.approx(1 / 5)
    assert figures["recall@5"] == pytest.approx(1.0)
    assert figures["MRR"] == pytest.approx((1 + 1 / 3 + 1 / 4 + 1 / 5 + 1) / 5)
    assert figures["helped"] == pytest.approx(2 / 5)
    assert figures["told wrong"] == pytest.approx(1 / 5)
    assert figures["false refusals"] == pytest.approx(1 / 5)
    assert figures["false answers"] == pytest.approx(1 / 2)
    assert figures["language faults"] == pytest.approx(1 / 7)


def test_slices_faults_and_table() -> None:
    slices = measure_slices(OUTCOMES)
    assert [part.name for part in slices] == ["all", "writing en", "kind faq"]
    faults = find_faults(slices)
    assert any("helped is 0.40" in fault for fault in faults)
    assert any("language faults" in fault for fault in faults)
    assert to_table(slices).count("\n") == 3


def test_a_share_of_nothing_is_a_dash() -> None:
    slices = measure_slices([outcome("", "refused", None)])
    assert slices[0].figures["recall@1"] is None
    assert "-" in to_table(slices)
    assert find_faults(slices) == []


def test_a_listing_is_measured_by_what_it_names() -> None:
    case = Case("q", "en", "en", "filter", ("a", "b", "c"))
    answer = Answer("q", "en", "answered", (), 0.9, (passage("a"),), sources=("a", "b", "d"))
    assert measure_slices([Outcome(case, answer, 1, by_words=False)])[0].figures["listed"] == pytest.approx(2 / 4)


def test_each_case_is_asked_of_a_plain_word_search_too() -> None:
    answer = Answer("q", "en", "answered", (), 0.5, (passage("b"), passage("a")))
    (found,) = run_cases([Case("q", "en", "en", "faq", ("a",))], lambda _: answer, lambda _: passage("a").entry)
    assert (found.rank, found.by_words) == (2, True)


def test_reliability_tells_how_far_confidence_can_be_believed() -> None:
    case = Case("q", "en", "en", "faq", ("a",))
    outcomes = [
        Outcome(case, Answer("q", "en", "answered", (), confidence, ()), rank, by_words=False)
        for confidence, rank in ((0.9, 1), (0.9, 2), (0.1, None), (1.0, 1))
    ]
    bins = measure_reliability(outcomes)
    assert [part.cases for part in bins] == [1, 3]
    assert [part.said for part in bins] == pytest.approx([0.1, 2.8 / 3])
    assert [part.was for part in bins] == pytest.approx([0.0, 2 / 3])
    assert calibration_error(bins) == pytest.approx((0.1 + 0.8) / 4)
    assert "said 0.10, was 0.00 (1 cases)" in to_lines(bins)
