"""What the conversation is given by whoever builds it: how questions are answered, and what is remembered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.answering.directory import Stock
from bot.index.publish import Progress, Report
from bot.records import Records
from bot.types import Answer, Language, OnProgress, Submission


class Ask(Protocol):
    """Question, the chat's chosen language (None follows the question's writing), the answer before. Thread-safe."""

    def __call__(
        self,
        question: str,
        language: Language | None = None,
        previous: Answer | None = None,
        *,
        speaker: str = "",
        on_progress: OnProgress | None = None,
    ) -> Answer:
        """Return the answer; may block. `speaker` stands for who asks, and tells nothing of them.

        `on_progress` is shown, on the same thread, what is worded and checked while the rest is still written.
        """
        ...


# An entry's short name (`entry_key`) and a language to answer, None where the entry is gone. Thread-safe, may block.
Show = Callable[[str, Language], Answer | None]


class Tell(Protocol):
    """What is shown to somebody who wants an entry: translated where it must be and may be. Thread-safe, may block."""

    def __call__(
        self, key: str, language: Language, *, speaker: str = "", on_progress: OnProgress | None = None
    ) -> Answer | None:
        """Return the answer, None where the entry is gone; `speaker` and `on_progress` as for a question."""
        ...


# What the folder says of how to reach a person, None where it says nothing. Thread-safe, may block.
FindContact = Callable[[Language], str | None]


class Unanswered(Protocol):
    """Refused questions of one language that ask for the same."""

    @property
    def language(self) -> Language:
        """The language they were asked in."""
        ...

    @property
    def newest(self) -> date:
        """When the last of them was asked."""
        ...

    @property
    def questions(self) -> tuple[str, ...]:
        """Their wordings, the most typical first."""
        ...

    @property
    def asked(self) -> int:
        """How many they are."""
        ...


class Desk(Protocol):
    """What staff do about the folder from their chat. Thread-safe; every method may block."""

    def list_gaps(self) -> Sequence[Unanswered]:
        """Return the unanswered questions, those alike together, what was asked last first."""
        ...

    def check(self) -> Report:
        """Return what is wrong in the folder."""
        ...

    def publish(self, progress: Progress) -> Report:
        """Publish the folder. Raises IngestBusyError where another ingest runs, and what `progress` raises."""
        ...

    def undo(self, generation: str) -> bool:
        """Make the index before `generation` answer again where that one answers now; tell whether it was done."""
        ...

    def receive(self, key: str, name: str, folder: str, content: bytes) -> Submission:
        """Keep a file aside under `key`, a number, and return it as it would stand in the folder."""
        ...

    def place(self, key: str) -> str | None:
        """Put a kept file into the folder; return its place there, None where it is gone."""
        ...

    def discard(self, key: str) -> bool:
        """Delete a kept file, and tell whether it was there."""
        ...


@dataclass(frozen=True)
class Office:
    """The people behind the bot: their chat, and what they do from it."""

    chat_id: int
    desk: Desk


@dataclass(frozen=True)
class Services:
    """All that the bot on Telegram works with."""

    ask: Ask
    show: Show
    records: Records
    today: Callable[[], date] = date.today
    # What can be leafed through; may block, and raises IndexUnavailableError.
    stock: Callable[[], Stock] = Stock
    now: Callable[[], datetime] = datetime.now
    find_contact: FindContact = lambda language: None
    office: Office | None = None  # None where no chat of the staff is set
    # Quoted answers with as many passages as inline mode shows: each letter that is typed asks, so no model words them.
    quote: Ask | None = None
    tell: Tell | None = None  # as `show`, in the asker's language where a model translates
    uses_llm: bool = False  # questions go to a language model, which /privacy must tell
    hears_voice: bool = False  # voice messages go to a service that writes them down, which /privacy must tell

    def show_to(
        self, speaker: str, key: str, language: Language, *, on_progress: OnProgress | None = None
    ) -> Answer | None:
        """Return what an entry answers to whoever `speaker` stands for; None where it is gone. May block."""
        if self.tell is None:
            return self.show(key, language)
        return self.tell(key, language, speaker=speaker, on_progress=on_progress)
