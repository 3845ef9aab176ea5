from bot.types import Term
from tests.corpus.conftest import Read, list_problems


def test_a_row_is_a_term_with_several_words(read: Read) -> None:
    corpus = read({"terms.csv": "en,ur,roman_ur,zh\nfee; charges,فیس؛ خرچ,fees,学费；费用\n,وظیفہ,wazifa,\n"})
    assert corpus.terms == (
        Term(en=("fee", "charges"), ur=("فیس", "خرچ"), roman_ur=("fees",), zh=("学费", "费用")),
        Term(ur=("وظیفہ",), roman_ur=("wazifa",)),
    )
    assert corpus.problems == ()


def test_a_term_in_one_language_is_a_warning(read: Read) -> None:
    corpus = read({"terms.csv": "en,ur\nfee,\nvisa,ویزا\n"})
    assert [term.en for term in corpus.terms] == [("visa",)]
    assert list_problems(corpus, "warning")[0].startswith("terms.csv:2: has a term in one language only")
