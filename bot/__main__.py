"""The bot: on Telegram where a token is set, else in the terminal; `ask` and `evaluate` for one question or many."""

import argparse
import io
import json
import logging
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.app import App, build, prepare_ingest
from bot.chat.render import render_text
from bot.errors import IndexMissingError, IngestBusyError, RahnumaError, SettingsError
from bot.evaluation import (
    calibration_error,
    find_faults,
    measure_reliability,
    measure_slices,
    read_cases,
    run_cases,
    to_lines,
    to_table,
)
from bot.index.publish import publish
from bot.operations.doctor import Finding, Parts, examine, write_finding
from bot.operations.report import build_report
from bot.operations.write import to_text, write_page, write_tables
from bot.settings import load_settings
from bot.types import LANGUAGES, Answer

_PATIENCE_SECONDS = 300.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "replace")
    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        return int(options.run(build(settings), options))
    except RahnumaError as error:
        if options.run is _doctor:
            print(write_finding(Finding("settings", "wrong", str(error))))
            return 1
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us (head, less) has seen enough.
        sys.stderr.close()
        return 0
    except OSError as error:
        print(
            f"{error.filename}: {error.strerror}. Check DATA_DIR, its rights and the space on the disk.",
            file=sys.stderr,
        )
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.set_defaults(run=_chat)
    commands = parser.add_subparsers(metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer one question, or each line of standard input")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument("--json", action="store_true", help="print one JSON object a line")
    ask.add_argument("--language", choices=LANGUAGES, help="answer in this language, whatever the question is in")
    ask.add_argument("--top", type=_positive, default=5, metavar="N", help="how many passages to show (5)")
    ask.set_defaults(run=_ask)
    evaluate = commands.add_parser("evaluate", help="measure the answers to question cases")
    evaluate.add_argument("cases", nargs="?", type=Path, default=Path("tests/cases/report"), metavar="CASES")
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    evaluate.set_defaults(run=_evaluate)
    evaluate.add_argument("--llm", action="store_true", help="let the language model word the answers, and count")
    doctor = commands.add_parser("doctor", help="try each part, and say what is wrong and how to mend it")
    doctor.set_defaults(run=_doctor)
    report = commands.add_parser("report", help="for staff: what was asked in vain, and what the folder lacks")
    report.add_argument("--csv", type=Path, metavar="DIR", help="write each part as a table")
    report.add_argument("--html", type=Path, metavar="FILE", help="write one page")
    report.set_defaults(run=_report)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError("give a whole number from 1 to 100")
    return int(text)


def _chat(app: App, options: argparse.Namespace) -> int:
    """Talk on Telegram or in the terminal."""
    _ensure_index(app)
    token = app.settings.telegram_bot_token
    if token is None:
        return _talk_in_terminal(app)
    from bot.chat.telegram import run
    from bot.connect import connect

    records = app.open_records()
    try:
        with connect(app, records, token.get_secret_value()) as application:
            run(application)
    finally:
        records.close()
    return 0


def _talk_in_terminal(app: App) -> int:
    from bot.chat.terminal import converse, demonstrate

    if sys.stdin.isatty() and sys.stdout.isatty():
        converse(app.ask, app.show, app.answerer.show, input, print)
    else:
        demonstrate(app.ask, print)
    return 0


def _ask(app: App, options: argparse.Namespace) -> int:
    """Answer one question, or each line of standard input, from one start."""
    _ensure_index(app)
    for question in [options.question] if options.question is not None else _lines(sys.stdin):
        # A byte that is no UTF-8 costs a letter, not the answer.
        readable = question.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        answer = app.ask(readable, options.language, top=options.top)
        text = json.dumps(to_json(answer), ensure_ascii=False) if options.json else render_text(answer) + "\n"
        print(text, flush=True)
    return 0


def _evaluate(app: App, options: argparse.Namespace) -> int:
    """Measure the answers to question cases; 1 where a writing is under its floor."""
    _ensure_index(app)
    if options.llm and app.writer is None:
        raise SettingsError("LLM_MODEL is not set: name a model to measure answers with it.")
    ask = app.ask if options.llm else app.answerer.answer
    outcomes = run_cases(read_cases(options.cases), ask, app.answerer.find_by_words)
    counts = app.writer.counters.snapshot() if options.llm and app.writer else {}
    slices, bins = measure_slices(outcomes), measure_reliability(outcomes)
    faults = find_faults(slices)
    if options.json:
        report = {"slices": [asdict(part) for part in slices], "reliability": [asdict(part) for part in bins]}
        print(json.dumps(report | {"calibration_error": calibration_error(bins), "faults": faults, "llm": counts}))
    else:
        counted = [f"{name}: {number:g}" for name, number in counts.items()]
        print("\n".join([to_table(slices), to_lines(bins), *counted, *faults]))
    return 1 if faults else 0


def _doctor(app: App, options: argparse.Namespace) -> int:
    """Try each part; 1 where one fails."""
    call_model = app.writer.try_model if app.writer else None
    parts = Parts(app.settings, app.encoder, app.generations, app.reader, call_model, app.today())
    failed = False
    for finding in examine(parts.list_checks()):
        print(write_finding(finding), flush=True)
        failed = failed or finding.state == "wrong"
    return 1 if failed else 0


def _report(app: App, options: argparse.Namespace) -> int:
    """Tell staff what was asked in vain, what was found bad, and what the folder lacks."""
    _ensure_index(app)
    records = app.open_records()
    remarks = records.remarks
    try:
        with app.reader.use() as index:
            report = build_report(
                index.entries.all(),
                records.list_gaps(),
                records.list_feedback(),
                records.list_counts(),
                app.encoder.encode_passages,
                app.today(),
                remarks.list_blames(),
                remarks.list_notes(),
            )
    finally:
        records.close()
    if options.csv:
        write_tables(report, options.csv)
    if options.html:
        write_page(report, options.html)
    if not options.csv and not options.html:
        print(to_text(report))
    return 0


def _lines(stream: Iterable[str]) -> Iterable[str]:
    return (line.strip() for line in stream if line.strip())


def _ensure_index(app: App) -> None:
    """Build the index where there is none. Raises IndexMissingError where the folder has errors."""
    if app.generations.current() is not None:
        return
    try:
        report = publish(prepare_ingest(app.settings, lambda stage, done, total: None))
    except IngestBusyError:
        _await_index(app)
        return
    if report.has_errors:
        problems = "\n".join(f"  {problem}" for problem in report.problems if problem.severity == "error")
        raise IndexMissingError(f"There is no index yet, and the folder has errors:\n{problems}")


def _await_index(app: App) -> None:
    """Wait for the first index that another process is building."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while app.generations.current() is None:
        if time.monotonic() > deadline:
            raise IndexMissingError("Another ingest has not finished yet. Wait for it, then run this again.")
        time.sleep(0.2)


def to_json(answer: Answer) -> dict[str, object]:
    """Return an answer in the form of `ask --json`."""
    return {
        "question": answer.question,
        "language": answer.language,
        "outcome": answer.outcome,
        "answer": render_text(answer),
        "confidence": round(answer.confidence, 4),
        "passages": [
            {
                "id": passage.wording.id,
                "file": passage.wording.file,
                "title": passage.wording.title,
                "language": passage.language,
                "score": round(passage.score, 4),
            }
            for passage in answer.passages
        ],
        "sources": list(answer.sources),
        "choices": list(answer.choices),
        "generation": answer.generation,
        "seconds": round(answer.seconds, 4),
    }


if __name__ == "__main__":
    sys.exit(main())
