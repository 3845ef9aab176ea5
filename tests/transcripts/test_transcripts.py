"""Whole days with the bot, as they stand in the transcripts that README shows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transcripts.play import list_scripts, play, prepare


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    with prepare() as prepared:
        yield prepared


@pytest.mark.parametrize("script", list_scripts(), ids=lambda script: script.stem)
def test_a_day_is_as_its_transcript_says(script: Path, prepared: Path) -> None:
    """Where a change is meant: `python -m tests.transcripts`, then read what is new in the transcripts."""
    assert play(script, prepared) == script.with_suffix(".md").read_text("utf-8")


def test_every_transcript_has_its_script() -> None:
    transcripts = {path.stem for path in Path(__file__).parent.glob("*.*.md")}
    assert transcripts == {script.stem for script in list_scripts()}
    assert len(transcripts) == 9


def test_what_the_readme_quotes_is_what_was_said() -> None:
    readme = Path("README.md").read_text("utf-8")
    quoted = re.findall(r"<!-- (tests/transcripts/\S+\.md) -->\n\n(.+?)\n\n<!-- end -->", readme, re.DOTALL)
    assert {Path(name).name.split(".")[0] for name, _ in quoted} == {"student", "staff", "group"}
    assert all(text in Path(name).read_text("utf-8") for name, text in quoted)
    assert all(f"]({script.with_suffix('.md').relative_to(Path.cwd())})" in readme for script in list_scripts())
