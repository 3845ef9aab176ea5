"""What is shown of an answer while its reply is coming: whole sentences that passed the guards, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.generate.draft import Draft, read_begun
from bot.answering.generate.verify import Fault

Check = Callable[[Draft], list[Fault]]


@dataclass
class Stream:
    """Shows an answer sentence by sentence while its reply is coming: what passes the guards, and never less of it."""

    check: Check
    show: Callable[[Draft], None]
    seen: int = 0
    is_shown: bool = False

    def follow(self, text: str) -> None:
        """Take what has come of the reply so far, and show as many of its new whole sentences as hold."""
        draft = read_begun(text)
        begun = draft.sentences if draft is not None else ()
        prefixes = [Draft(found=True, sentences=begun[:number]) for number in range(self.seen + 1, len(begun) + 1)]
        self.seen = max(self.seen, len(begun))
        holding = [prefix for prefix in prefixes if not self.check(prefix)]
        if holding:
            self.is_shown = True
            self.show(holding[-1])
