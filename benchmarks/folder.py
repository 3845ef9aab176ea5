"""Knowledge folders of any size, made from the shipped FAQ so that texts are as long and as mixed as real ones."""

import csv
import random
from pathlib import Path

_COLUMNS = (
    "id", "topic", "question_en", "question_ur", "question_zh", "answer_en", "answer_ur", "answer_zh", "also_asked",
    "source", "as_of",
)  # fmt: skip
_PLACES = (
    ("Lahore", "لاہور", "拉合尔"), ("Multan", "ملتان", "木尔坦"), ("Karachi", "کراچی", "卡拉奇"),
    ("Quetta", "کوئٹہ", "奎达"),
    ("Gwadar", "گوادر", "瓜达尔"), ("Taxila", "ٹیکسلا", "塔克西拉"), ("Sialkot", "سیالکوٹ", "锡亚尔科特"),
)  # fmt: skip
_LANGUAGES = ("en", "ur", "zh")


def write_folder(folder: Path, rows: int, *, changed: int | None = None) -> None:
    """Write `rows` trilingual rows, one in ten a course; the FAQ row of number `changed` has another answer."""
    chance = random.Random(rows)
    _write_courses(folder, rows // 10, chance)
    rows -= rows // 10
    shipped = [row for path in sorted(Path("knowledge/faq").glob("*.csv")) for row in _read(path)]
    with (folder / "faq.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS)
        writer.writeheader()
        for number in range(rows):
            question, answer = chance.choice(shipped), chance.choice(shipped)
            place = chance.choice(_PLACES)
            row = {"id": f"row-{number}", "source": question["source"], "as_of": question["as_of"]}
            for language, name in zip(_LANGUAGES, place, strict=True):
                row[f"question_{language}"] = f"{name} {number}: {question[f'question_{language}']}"
                row[f"answer_{language}"] = answer[f"answer_{language}"] + (" *" if number == changed else "")
            writer.writerow(row)


def _write_courses(folder: Path, count: int, chance: random.Random) -> None:
    shipped = list(_read(Path("knowledge/courses.csv")))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "courses.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(shipped[0]))
        writer.writeheader()
        for number in range(count):
            course, place = chance.choice(shipped), chance.choice(_PLACES)
            changes = {"id": f"course-{number}", "fee_pkr": chance.choice(("", "0", "2500", "9000"))}
            for language, name in zip(_LANGUAGES, place, strict=True):
                changes |= {f"title_{language}": f"{course[f'title_{language}']} {number}", f"city_{language}": name}
            writer.writerow(course | changes)


def read_questions() -> list[str]:
    """Return the questions of the shipped tuning cases: what students type, in four writings."""
    import yaml

    files = sorted(Path("tests/cases/tune").glob("*.yaml"))
    return [item["question"] for file in files for item in yaml.safe_load(file.read_text("utf-8"))]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
