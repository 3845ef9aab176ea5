"""A PostgreSQL server of the tests' own, on loopback, where one is installed on this machine."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


def find_postgres() -> Path | None:
    """Return the folder of the server's programs, None where there is no server."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("pg_ctl") else None


@contextmanager
def run_postgres(programs: Path) -> Iterator[str]:
    """Run a server with an empty database, and give its SQLAlchemy address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        # The server refuses to run as root.
        owner = "nobody" if os.getuid() == 0 else None
        if owner:
            shutil.chown(folder, owner)
        data = f"{folder}/data"
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run = [str(programs / "pg_ctl"), "-D", data, "-w"]
        _call([str(programs / "initdb"), "-D", data, "-U", "rahnuma", "-A", "trust", "--no-sync", "-E", "UTF8"], owner)
        _call([*run, "-l", f"{folder}/log", "-o", options, "start"], owner)
        try:
            yield f"postgresql+psycopg://rahnuma@127.0.0.1:{port}/postgres"
        finally:
            _call([*run, "-m", "immediate", "stop"], owner)


def _call(command: list[str], owner: str | None) -> None:
    # A machine may name a language that it has not got, and the server would not start in that.
    surroundings = os.environ | {"LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, text=True, user=owner, cwd="/", env=surroundings, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")
