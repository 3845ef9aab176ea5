"""What is remembered: the language of a chat, which updates are done, counts of a day, questions without an answer."""

from bot.errors import RecordsError
from bot.records.store import Count, Feedback, Gap, Records
from bot.records.usage import Usage

__all__ = ["Count", "Feedback", "Gap", "Records", "RecordsError", "Usage"]
