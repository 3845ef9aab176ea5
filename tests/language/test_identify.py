from pathlib import Path

import pytest
import yaml

from bot.language.identify import content_language, identify

BY_LANGUAGE = yaml.safe_load(Path("tests/cases/language.yaml").read_text("utf-8"))
CASES = [(question, language) for language, questions in BY_LANGUAGE.items() for question in questions]


@pytest.mark.parametrize(("question", "language"), CASES)
def test_identify(question: str, language: str) -> None:
    assert identify(question) == language


def test_roman_urdu_reads_the_urdu_column() -> None:
    assert [content_language(language) for language in ("en", "ur", "ur-Latn", "zh")] == ["en", "ur", "ur", "zh"]
