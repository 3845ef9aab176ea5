"""Measure what the README promises, each with what it is compared to, in one run.

python -m benchmarks [--entries 1000 20000]
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.folder import read_questions, write_folder
from bot.app import build
from bot.chat.inline import MOST_RESULTS, Inline
from bot.chat.journal import Journal
from bot.chat.services import Services
from bot.chat.speaking import Speaker
from bot.index.encoder import find_encoder
from bot.settings import load_settings

COLD_RUNS = 5
QUESTION = "DAE ki fees kitni hai"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure speed and memory.")
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 20_000])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure_cold_start(Path(folder))
        for encoder in ("static", "shipped"):
            apart(measure_encoder, Path(folder) / encoder, encoder)
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


def measure_encoder(data: Path, encoder: str) -> None:
    """Print what the shipped folder and a question cost with an encoder."""
    print(f"\nENCODER={encoder}, the shipped folder", flush=True)
    seconds, memory, output = run(
        [sys.executable, "ingest.py", "--json", "--data", str(data)], os.environ | {"ENCODER": encoder}
    )
    print(f"{'ingest':<28} {seconds:6.2f} s   {memory:5.0f} MB   {json.loads(output)['embedded']:,} texts embedded")
    model = find_encoder(encoder)
    questions = read_questions()
    model.encode_question(questions[0])
    began = time.perf_counter()
    for question in questions:
        model.encode_question(question)
    each = (time.perf_counter() - began) / len(questions)
    began = time.perf_counter()
    model.encode_passages(questions * 4)
    rate = len(questions) * 4 / (time.perf_counter() - began)
    print(f"{'a question alone':<28} {each * 1000:6.1f} ms   {rate:,.0f} short texts a second together", flush=True)
    measure_warm(data, encoder)
    measure_inline(data, encoder)


def measure_size(folder: Path, entries: int) -> None:
    """Print what ingest and warm questions cost with so many entries."""
    knowledge, data = folder / "knowledge", folder / "data"
    write_folder(knowledge, entries)
    ingest = [sys.executable, "ingest.py", "--json", "--knowledge", str(knowledge), "--data", str(data)]
    print(f"\n{entries:,} trilingual rows, one in ten of them a course", flush=True)
    for name in ("ingest", "nothing changed", "one row changed"):
        if name == "one row changed":
            write_folder(knowledge, entries, changed=entries // 2)
        seconds, memory, output = run(ingest, dict(os.environ))
        report = json.loads(output)
        print(f"{name:<28} {seconds:6.2f} s   {memory:5.0f} MB   {report['embedded']:,} texts embedded", flush=True)
    apart(measure_warm, data)


def apart(measure: Callable[..., None], *arguments: object) -> None:
    """Measure in a process of its own: a child's peak memory counts what its parent held when it was started."""
    process = multiprocessing.get_context("spawn").Process(target=measure, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{measure.__name__} failed")


def measure_warm(data: Path, encoder: str | None = None) -> None:
    app = build(load_settings(data_dir=data, encoder=encoder))
    questions = read_questions()
    for question in questions[:20]:
        app.answerer.answer(question)
    seconds = []
    for question in questions:
        began = time.perf_counter()
        app.answerer.answer(question)
        seconds.append(time.perf_counter() - began)
    app.reader.close()
    print_times("warm question", seconds)


def measure_inline(data: Path, encoder: str) -> None:
    """Print what ten inline results cost, from the typed words to the articles with their HTML."""
    app = build(load_settings(data_dir=data, encoder=encoder))
    with closing(app.reader), closing(app.open_records()) as records:
        quote = partial(app.answerer.answer, top=MOST_RESULTS)
        services = Services(ask=quote, show=app.answerer.show, records=records, quote=quote)
        inline = Inline(services, Speaker(records, Journal(records)))
        seconds = []
        for question in read_questions():
            began = time.perf_counter()
            found = inline.find(question, None, "en")
            if len(found.articles) == MOST_RESULTS:
                seconds.append(time.perf_counter() - began)
    print_times("ten inline results", seconds)


def print_times(name: str, seconds: list[float]) -> None:
    p50, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
    print(f"{name:<28} {p50 * 1000:6.1f} ms p50   {p95 * 1000:5.1f} ms p95   {len(seconds)} questions")


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
