"""The cases of replies that come in pieces and go wrong on the way."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.types import Language
from tests.llm_server import Say

CASES = Path("tests/cases/attacks")
QUESTIONS: dict[str, dict[str, str]] = yaml.safe_load((CASES / "questions.yaml").read_text("utf-8"))
# A piece is there before the next one comes, so that it can be seen by itself.
PAUSE = 0.01


@dataclass(frozen=True)
class Streamed:
    about: str
    writing: Language
    says: Sequence[str]
    shown: int
    cites: Sequence[Sequence[str]] = ()
    then: str = "]}"
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.about} {self.writing} {self.fault or self.says[-1]}"[:80]

    @property
    def question(self) -> str:
        return QUESTIONS[self.about][self.writing]

    @property
    def say(self) -> Say:
        cites = self.cites or [["1"]] * len(self.says)
        written = [{"text": text, "cites": cited} for text, cited in zip(self.says, cites, strict=True)]
        begun = json.dumps({"found": True, "sentences": written}, ensure_ascii=False).removesuffix("]}")
        faults: dict[str, Any] = {self.fault: True} if self.fault else {}
        return Say(begun + self.then, pieces=24, pause=PAUSE, **faults)

    def join(self, number: int) -> str:
        return ("" if self.writing == "zh" else " ").join(self.says[:number])


STREAMED = [Streamed(**item) for item in yaml.safe_load((CASES / "streamed.yaml").read_text("utf-8"))]
