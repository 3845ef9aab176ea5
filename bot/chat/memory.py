"""What is remembered of a conversation for a while, in memory alone: gone with the process, or with /forget."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cachetools import TTLCache
from telegram import Update

from bot.chat.addressing import find_person
from bot.chat.reply import find_chat
from bot.types import Answer

# A chat, and who speaks there; for replies the number of the message.
Key = tuple[int, int]
_MOST_SPEAKERS, _REMEMBERED_SECONDS = 5_000, 900
_MOST_MESSAGES, _CORRECTED_SECONDS = 5_000, 3_600


@dataclass(frozen=True, slots=True)
class Reply:
    """The messages that answered somebody's question, and the answer that had come before it."""

    speaker: Key
    messages: tuple[int, ...]
    previous: Answer | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its asker's own words, however it was asked, and what was answered, where anything was."""

    text: str
    message_id: int | None  # None where no message of theirs asked it
    answer: Answer | None


def _remember_speakers() -> MutableMapping[Key, Any]:
    return TTLCache(_MOST_SPEAKERS, _REMEMBERED_SECONDS)


def _remember_replies() -> MutableMapping[Key, Reply]:
    return TTLCache(_MOST_MESSAGES, _CORRECTED_SECONDS)


@dataclass(frozen=True)
class Memory:
    """What each speaker was told last, which "and the fee?" leans on, and how each question was answered.

    Also what each asked last, and who was asked to write a question for a person.
    """

    told: MutableMapping[Key, Answer] = field(default_factory=_remember_speakers)
    asked: MutableMapping[Key, Asked] = field(default_factory=_remember_speakers)
    writing: MutableMapping[Key, None] = field(default_factory=_remember_speakers)
    replies: MutableMapping[Key, Reply] = field(default_factory=_remember_replies)

    def last(self, update: Update) -> Answer | None:
        """Return what the update's sender was told last; before the question, where that question is being mended."""
        mended = self.reply_to(update)
        return mended.previous if mended else self.told.get(find_speaker(update))

    def tell(self, update: Update, answer: Answer) -> None:
        """Remember what the update's sender was told."""
        # Only the first entry is ever leaned on; thousands of answers with all that was found are tens of megabytes.
        self.told[find_speaker(update)] = replace(answer, passages=answer.passages[:1])

    def ask(self, update: Update, question: str, answer: Answer | None = None) -> None:
        """Remember what the update's sender asked, so that it need not be written again for a person."""
        message = update.effective_message if update.callback_query is None else None
        # Staff are shown what it says, not all that was found.
        said = replace(answer, passages=()) if answer else None
        self.asked[find_speaker(update)] = Asked(question, message.message_id if message else None, said)

    def answer_by_person(self, update: Update, question: str) -> None:
        """Leave a question to a person, so that it is not handed on twice; one that was asked since stays."""
        asked = self.asked.get(find_speaker(update))
        if asked is not None and asked.text == question:
            self.asked.pop(find_speaker(update), None)

    def reply_to(self, update: Update) -> Reply | None:
        """Return how a question that is now edited was answered; None for a new one, or one of long ago."""
        message = update.edited_message
        return self.replies.get((message.chat.id, message.message_id)) if message else None

    def answered(self, update: Update, messages: Sequence[int], previous: Answer | None) -> None:
        """Remember how a question was answered."""
        message = update.effective_message
        if message is not None and update.callback_query is None:
            self.replies[message.chat.id, message.message_id] = Reply(find_speaker(update), tuple(messages), previous)

    def forget(self, person: int) -> None:
        """Forget what was said by and to a person, wherever it was."""
        for remembered in (self.told, self.asked, self.writing):
            for key in [key for key in remembered if key[1] == person]:
                remembered.pop(key, None)
        for place in [place for place, reply in self.replies.items() if reply.speaker[1] == person]:
            self.replies.pop(place, None)


def find_speaker(update: Update) -> Key:
    """Return who speaks where: in a group each has their own topic."""
    return find_chat(update), find_person(update)
