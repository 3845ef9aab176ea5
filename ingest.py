"""Turn the knowledge folder into the index that the bot answers from.

Exit status: 0 published or already up to date, 1 the folder has errors, 2 misuse, a bad setting or another ingest.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.app import prepare_ingest
from bot.errors import IndexUnavailableError, RahnumaError
from bot.index.generations import Generations
from bot.index.publish import Report, check, compare, publish, roll_back
from bot.settings import Settings, load_settings
from bot.types import Problem

_NAMED = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one ingest and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(knowledge_dir=options.knowledge, data_dir=options.data)
        if options.rollback:
            return _roll_back(settings, as_json=options.json)
        report = _run(options, settings)
    except RahnumaError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"{error.filename}: {error.strerror}. Check the folder, its rights and the space on the disk.",
            file=sys.stderr,
        )
        return 2
    print(json.dumps(_to_json(report), ensure_ascii=False) if options.json else _to_text(report, options))
    return 1 if report.has_errors else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ingest.py", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--knowledge", type=Path, metavar="DIR", help="the folder to read (KNOWLEDGE_DIR)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the index goes (DATA_DIR)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="report problems only")
    what.add_argument("--dry-run", action="store_true", help="say what would be added, changed and removed")
    what.add_argument("--rollback", action="store_true", help="put the previous index back")
    parser.add_argument("--rebuild", action="store_true", help="embed everything anew")
    parser.add_argument("--keep-going", action="store_true", help="publish what has no error in spite of errors")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _run(options: argparse.Namespace, settings: Settings) -> Report:
    progress = _show_progress if sys.stderr.isatty() and not options.json else _stay_quiet
    ingest = prepare_ingest(settings, progress)
    if options.check:
        return check(ingest)
    if options.dry_run:
        return compare(ingest)
    return publish(ingest, rebuild=options.rebuild, keep_going=options.keep_going)


def _roll_back(settings: Settings, *, as_json: bool) -> int:
    try:
        report = roll_back(Generations(settings.data_dir))
    except IndexUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    counts = _count_changes(report)
    print(
        json.dumps(_to_json(report), ensure_ascii=False) if as_json else f"Back to index {report.generation}: {counts}."
    )
    return 0


def _stay_quiet(stage: str, done: int, total: int) -> None:
    pass


def _show_progress(stage: str, done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{stage}: {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)


def _to_json(report: Report) -> dict[str, object]:
    return {
        "published": report.published,
        "generation": report.generation,
        "added": list(report.changes.added),
        "changed": list(report.changes.changed),
        "removed": list(report.changes.removed),
        "unchanged": report.changes.unchanged,
        "entries": report.entries,
        "chunks": report.chunks,
        "embedded": report.embedded,
        "problems": [
            {name: getattr(problem, name) for name in ("severity", "file", "line", "message")}
            for problem in report.problems
        ],
        "coverage": report.coverage,
        "seconds": round(report.seconds, 3),
    }


def _to_text(report: Report, options: argparse.Namespace) -> str:
    errors = [problem for problem in report.problems if problem.severity == "error"]
    warnings = [problem for problem in report.problems if problem.severity == "warning"]
    lines = [*_list_problems("error", errors), *_list_problems("warning", warnings)]
    if options.dry_run:
        for name in ("added", "changed", "removed"):
            lines += _list_ids(name, getattr(report.changes, name))
    return "\n".join([*lines, _summarise(report, options)])


def _count_changes(report: Report) -> str:
    changes = report.changes
    return f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} removed"


def _list_problems(severity: str, problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return []
    return [f"{len(problems)} {severity}{'s' if len(problems) > 1 else ''}:", *(f"  {p}" for p in problems), ""]


def _list_ids(name: str, ids: Sequence[str]) -> list[str]:
    more = [f"  and {len(ids) - _NAMED} more"] if len(ids) > _NAMED else []
    return [f"{name}: {len(ids)}", *(f"  {key}" for key in ids[:_NAMED]), *more]


def _summarise(report: Report, options: argparse.Namespace) -> str:
    coverage = ", ".join(f"{language} {count}" for language, count in report.coverage.items())
    held = f"{report.entries} entries ({coverage}) in {report.seconds:.1f} s"
    if options.check:
        verdict = "Not fit to publish: mend the errors above." if report.has_errors else "Fit to publish."
        return f"{verdict} {held}"
    if report.published:
        counts = _count_changes(report)
        left_out = " What has errors was left out." if report.has_errors else ""
        return f"Published index {report.generation}: {counts}; {report.embedded} texts embedded; {held}.{left_out}"
    if report.has_errors:
        return f"Nothing was published: mend the errors above, or add --keep-going. {held}"
    if options.dry_run:
        return f"Nothing was written. {held}"
    return f"Already up to date: index {report.generation}, {held}."


if __name__ == "__main__":
    sys.exit(main())
