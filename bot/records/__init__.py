"""What is remembered: the language of a chat, which updates are done, counts of a day, questions without an answer."""

from bot.errors import RecordsError
from bot.records.cases import Case, Cases, Copies
from bot.records.pages import Pages
from bot.records.remarks import Blame, Note, Remarks
from bot.records.reminders import Reminder, Reminders
from bot.records.store import Count, Feedback, Gap, Records
from bot.records.usage import Usage

__all__ = [
    "Blame", "Case", "Cases", "Copies", "Count", "Feedback", "Gap", "Note", "Pages", "Records", "RecordsError",
    "Remarks", "Reminder", "Reminders", "Usage",
]  # fmt: skip
