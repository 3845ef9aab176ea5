import pytest

from bot.language.places import place_name
from bot.language.wishes import known_places, read_wish, schooling_step
from bot.types import Condition


@pytest.mark.parametrize(
    ("question", "at_least", "at_most", "is_strict"),
    [
        ("courses under 6 months", None, 6, True),
        ("courses up to 6 months", None, 6, False),
        ("a 6 month course", 6, 6, False),
        ("more than 1.5 years course", 18, None, True),
        ("adhe saal ka course", 6, 6, False),
        ("courses of 12 weeks", 3, 3, False),
        ("3 to 6 month courses", 3, 6, False),
        ("3-6 mahine ke courses", 3, 6, False),
        ("两年以上的课程", 24, None, False),
        ("چھ ماہ سے زیادہ کے کورس", 6, None, True),
    ],
)
def test_lengths_are_limits_in_months(
    question: str, at_least: float | None, at_most: float | None, is_strict: bool
) -> None:
    assert read_wish(question, {}).conditions == (
        Condition("length", at_least=at_least, at_most=at_most, is_strict=is_strict),
    )


@pytest.mark.parametrize(
    "question", ["i am 18 years old, which course", "meri umar 20 saal hai konsa course", "我18岁学什么课"]
)
def test_an_age_is_no_length(question: str) -> None:
    assert not read_wish(question, {}).conditions


def test_a_sum_is_a_limit_with_its_words_alone() -> None:
    assert not read_wish("I paid 5000 rupees for the course", {}).conditions
    (condition,) = read_wish("stipend of at least 5000 rupees courses", {}).conditions
    assert (condition.kind, condition.at_least) == ("stipend", 5000)


def test_each_place_is_known_by_every_name() -> None:
    names = known_places()
    for name in ("lahore", "لاہور", "拉合尔"):
        assert names[name] == ("place", "Lahore")
    assert [place_name("Lahore", language) for language in ("en", "ur", "zh")] == ["Lahore", "لاہور", "拉合尔"]
    assert place_name("Nowhere", "ur") == "Nowhere"


def test_the_ladder_of_schooling() -> None:
    steps = [
        schooling_step(text) for text in ("Any age, any schooling", "Middle pass, up to 25 years", "十年级", "گریجویٹ")
    ]
    assert steps == [0, 2, 3, 5]
    assert schooling_step("Residents of DG Khan") is None


@pytest.mark.parametrize(
    "question", ["welding or plumbing which is longer", "ویلڈنگ یا پلمبنگ کون سا لمبا ہے", "焊接和电工哪个更长"]
)
def test_two_courses_side_by_side(question: str) -> None:
    wish = read_wish(question, {})
    assert wish.compared_by == "duration"
    assert wish.pair is not None
    assert all(wish.pair)


def test_a_certificate_behind_the_asker_is_schooling_and_ahead_of_them_a_level() -> None:
    names = {"g-ii": ("level", "G-II")}
    assert read_wish("G-II pass ke liye course", names).conditions[0].kind == "schooling"  # type: ignore[arg-type]
    assert read_wish("G-II courses", names).conditions[0].kind == "level"  # type: ignore[arg-type]


def test_the_same_condition_counts_once() -> None:
    assert read_wish("free free free course", {}).conditions == (Condition("free"),)


@pytest.mark.parametrize("question", ["multan me admission kon le skta hai", "ملتان میں کون داخلہ لے سکتا ہے؟"])
def test_who_is_not_which(question: str) -> None:
    assert not read_wish(question, {}).is_listing


@pytest.mark.parametrize(
    "question", ["matric fail hun koi course hai", "میٹرک فیل کے لیے کون سا ہنر ہے؟", "courses for 10th class fail"]
)
def test_who_has_failed_has_not_that_schooling(question: str) -> None:
    wish = read_wish(question, {})
    assert wish.is_negated or [condition.is_not for condition in wish.conditions] == [True]
