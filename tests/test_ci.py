"""What a change must pass, where no database server is: one is installed, or it is said that none could be."""

import os
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Give a folder of programs that write down how they are called; there is a server once it was installed."""
    folder = tmp_path / "programs"
    folder.mkdir()
    bodies = {
        "python3": f"test -e {tmp_path}/installed",
        "sudo": 'shift; exec "$@"',
        "apt-get": f'echo "apt-get $DEBIAN_FRONTEND $*" >> {tmp_path}/calls; test ! -e {tmp_path}/offline || exit 100\n'
        f'case "$*" in *install*postgresql) touch {tmp_path}/installed;; esac',
        "make": f'echo "make $*" >> {tmp_path}/calls; exit ${{MAKE_FAILS:-0}}',
    }
    for name, body in bodies.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        (folder / name).chmod(0o755)
    return folder


def run(programs: Path, **more: str) -> tuple[int, list[str], str]:
    """Return the exit status, the calls, and what is said."""
    surroundings = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHON": "python3", **more}
    done = subprocess.run([".ci/run"], env=surroundings, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, (programs.parent / "calls").read_text("utf-8").splitlines(), done.stderr


def test_a_server_is_installed_and_asks_nobody_anything(programs: Path) -> None:
    status, calls, said = run(programs)
    assert (status, [call.split()[-1] for call in calls]) == (0, ["update", "postgresql", "test"])
    assert all("noninteractive" in call for call in calls[:2])
    assert "SQLite alone" not in said


def test_a_server_that_is_there_is_left_alone(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "installed").touch()
    assert run(programs)[:2] == (0, ["make test"])


def test_without_a_network_the_tests_run_and_say_what_they_left_out(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "offline").touch()
    status, calls, said = run(programs)
    assert (status, calls[-1]) == (0, "make test")
    assert said.splitlines()[-1].endswith("SQLite alone")


def test_tests_that_fail_fail(programs: Path) -> None:
    assert run(programs, MAKE_FAILS="2")[0] == 2
