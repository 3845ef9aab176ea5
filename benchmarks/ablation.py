"""What each part of retrieval is worth, in every writing.

    python -m benchmarks.ablation [FOLDER=CASES ...]

Prints how often a right entry comes first, and among the first five, for: plain BM25, the dense side alone, the lexical
side alone, both fused, and both without the agreement of an entry's chunks, the alignment of pieces, the folder's
glossary, the bot's own (`bot/language/concepts.txt`) or the sounds of words.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.answering.baseline import first_by_words
from bot.answering.bridge import Bridge, Glossary
from bot.answering.retrieve import AGREEMENT_WEIGHT, ALIGNMENT_WEIGHT, Hit, retrieve
from bot.app import build, prepare_ingest
from bot.evaluation import Case, read_cases
from bot.index.lexical import Weighted
from bot.index.publish import publish
from bot.index.reader import Index
from bot.language.tokens import SOUND
from bot.settings import load_settings

_DEFAULT = ("knowledge=tests/cases/report", "tests/data/library=tests/cases/library/report.yaml")
_DEPTH = 100
_WRITINGS = ("en", "ur", "ur-Latn", "zh", "mixed")
Ranked = Callable[[str], Sequence[str]]  # a question's entries, best first


class _Soundless(Bridge):
    """The glossary without the sounds of words."""

    def expand(self, question: str) -> list[Weighted]:
        units = super().expand(question)
        return [tuple(pair for pair in unit if not pair[0].startswith(SOUND)) or unit for unit in units]


def main() -> None:
    """Print the table of each folder."""
    parser = argparse.ArgumentParser(description="What each part of retrieval is worth.")
    parser.add_argument("pairs", nargs="*", default=_DEFAULT, metavar="FOLDER=CASES")
    for pair in parser.parse_args().pairs:
        folder, cases = map(Path, pair.split("="))
        with tempfile.TemporaryDirectory() as data:
            measure(folder, [case for case in read_cases(cases) if case.expect], Path(data))


def measure(folder: Path, cases: Sequence[Case], data: Path) -> None:
    """Print what each part finds of `cases` in a fresh index of `folder`."""
    settings = load_settings(knowledge_dir=folder, data_dir=data)
    publish(prepare_ingest(settings, lambda stage, done, total: None))
    app = build(settings)
    print(f"\n{folder}: right first / among five, {len(cases)} questions")
    print(f"{'':<24}" + "".join(f"{writing:<12}" for writing in ("all", *_WRITINGS)))
    with app.reader.use() as index:
        for name, ranked in rankings(
            index, lambda q, bridge: retrieve(q, index, app.encoder, bridge, _DEPTH).hits
        ).items():
            right = [(case.writing, place(case, ranked(case.question), index)) for case in cases]
            print(f"{name:<24}" + "".join(f"{share(right, writing):<12}" for writing in (None, *_WRITINGS)))
    app.reader.close()


def rankings(index: Index, find: Callable[[str, Bridge], list[Hit]]) -> dict[str, Ranked]:
    """Return each way of ranking by its name."""
    whole, bare, unread = Bridge(index.terms), Bridge([]), Bridge(index.terms, Glossary([]))
    soundless = _Soundless(index.terms)

    def ranked(bridge: Bridge, key: Callable[[Hit], float]) -> Ranked:
        return lambda question: [hit.entry_id for hit in sorted(find(question, bridge), key=key, reverse=True)]

    return {
        "plain BM25": lambda question: [found] if (found := first_by_words(question, index)) else [],
        "dense alone": ranked(whole, lambda hit: hit.cosine),
        "lexical alone": ranked(whole, lambda hit: hit.lexical),
        "fused": ranked(whole, lambda hit: hit.score),
        "  without agreement": ranked(whole, lambda hit: hit.score - AGREEMENT_WEIGHT * hit.agreement),
        "  without alignment": ranked(whole, lambda hit: hit.score - ALIGNMENT_WEIGHT * hit.alignment),
        "  without its glossary": ranked(bare, lambda hit: hit.score),
        "  without our own": ranked(unread, lambda hit: hit.score),
        "  without sounds": ranked(soundless, lambda hit: hit.score),
    }


def place(case: Case, ranked: Sequence[str], index: Index) -> int:
    """Return the place of the first right entry, 0 where there is none among five."""
    found = index.entries.get(list(ranked[:5]))
    for number, key in enumerate(ranked[:5], 1):
        if any(wording.id in case.expect for wording in found[key].wordings.values()):
            return number
    return 0


def share(places: Sequence[tuple[str, int]], writing: str | None) -> str:
    """Return the shares of a writing's questions that have a right entry first and among five."""
    own = [number for name, number in places if writing in (None, name)]
    if not own:
        return "-"
    return f"{sum(number == 1 for number in own) / len(own):.2f} / {sum(number > 0 for number in own) / len(own):.2f}"


if __name__ == "__main__":
    main()
