"""Documents are kept true: every setting, command and figure that they name is there."""

import re
from pathlib import Path

import pytest

import ingest
from bot.__main__ import _parser
from bot.settings import Settings

README = Path("README.md").read_text("utf-8")
EXAMPLE = Path(".env.example").read_text("utf-8")
SETTINGS = [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_readme_and_example(name: str) -> None:
    assert f"`{name}`" in README
    assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE)


def test_the_example_names_no_setting_that_is_not_there() -> None:
    assert set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == set(SETTINGS)


def test_the_example_is_itself_a_good_configuration() -> None:
    assert Settings(_env_file=".env.example") == Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize("option", re.findall(r"--[a-z-]+", ingest._parser().format_help() + _parser().format_help()))
def test_every_option_of_the_commands_is_in_readme(option: str) -> None:
    assert option in README or option == "--help"


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+):", Path("Makefile").read_text("utf-8"), re.MULTILINE))
def test_every_make_target_is_in_readme(target: str) -> None:
    assert f"make {target}" in README


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)#]+)", README))
def test_every_link_of_readme_leads_somewhere(path: str) -> None:
    assert Path(path).exists()


@pytest.mark.parametrize("path", re.findall(r"^    ([a-z_]+(?:/[a-z_/]*|\.py)) {2,}", README, re.MULTILINE))
def test_the_file_tree_is_true(path: str) -> None:
    assert Path(path.strip()).exists()
