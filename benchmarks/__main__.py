"""Measure what the README promises, each with what it is compared to, in one run.

python -m benchmarks [--entries 1000 20000]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.folder import read_questions, write_folder
from bot.app import build
from bot.settings import load_settings

COLD_RUNS = 5
QUESTION = "DAE ki fees kitni hai"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure speed and memory.")
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 20_000])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure_cold_start(Path(folder))
        for entries in arguments.entries:
            measure_size(Path(folder) / str(entries), entries)


def measure_cold_start(folder: Path) -> None:
    """Print time and peak memory of a whole process that answers one question, beside the plain script."""
    ours = [sys.executable, "-m", "bot", "ask", QUESTION]
    plain = [sys.executable, "-m", "benchmarks.plain", str(folder / "plain"), QUESTION]
    environment = os.environ | {"DATA_DIR": str(folder / "cold")}
    for command in (ours, plain):
        run(command, environment)
    # In turn, so that a machine that slows down slows both.
    figures = [(run(ours, environment), run(plain, environment)) for _ in range(COLD_RUNS)]
    for name, side in (("cold ask", 0), ("the plain script", 1)):
        seconds = statistics.median(pair[side][0] for pair in figures)
        memory = max(pair[side][1] for pair in figures)
        print(f"{name:<28} {seconds:6.2f} s   {memory:5.0f} MB at most", flush=True)


def measure_size(folder: Path, entries: int) -> None:
    """Print what ingest and warm questions cost with so many entries."""
    knowledge, data = folder / "knowledge", folder / "data"
    write_folder(knowledge, entries)
    ingest = [sys.executable, "ingest.py", "--json", "--knowledge", str(knowledge), "--data", str(data)]
    print(f"\n{entries:,} trilingual FAQ rows", flush=True)
    for name in ("ingest", "nothing changed", "one row changed"):
        if name == "one row changed":
            write_folder(knowledge, entries, changed=entries // 2)
        seconds, memory, output = run(ingest, dict(os.environ))
        report = json.loads(output)
        print(f"{name:<28} {seconds:6.2f} s   {memory:5.0f} MB   {report['embedded']:,} texts embedded", flush=True)
    measure_warm(data)


def measure_warm(data: Path) -> None:
    app = build(load_settings(data_dir=data))
    questions = read_questions()
    for question in questions[:20]:
        app.answerer.answer(question)
    seconds = []
    for question in questions:
        began = time.perf_counter()
        app.answerer.answer(question)
        seconds.append(time.perf_counter() - began)
    app.reader.close()
    p50, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
    print(f"{'warm question':<28} {p50 * 1000:6.1f} ms p50   {p95 * 1000:5.1f} ms p95   {len(seconds)} questions")


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float, str]:
    """Return a command's seconds, peak memory in MB and output."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed with exit status {process.returncode}")
        output.seek(0)
        # Linux gives kilobytes, macOS bytes.
        return seconds, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2), output.read()


if __name__ == "__main__":
    main()
