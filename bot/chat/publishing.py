"""What staff do about the folder in their chat: gaps, the day's figures, problems, publishing, a file that is added."""

import asyncio
import logging
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from telegram import Bot, Document, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.chat.buttons import make_button, make_keyboard
from bot.chat.delivery import UndeliveredError, attempt, insist, type_while
from bot.chat.journal import Journal
from bot.chat.office import InStaffChat, StaffChat
from bot.chat.pages import GapPages
from bot.chat.render import render_phrase
from bot.chat.reply import change_buttons, find_chat, find_thread, stop_spinner, turn
from bot.chat.services import Desk, Services, Unanswered
from bot.chat.speaking import Context, Handler, on_command, payload_of
from bot.chat.split import cut
from bot.corpus.problems import write_problem
from bot.errors import IndexUnavailableError, IngestBusyError, KnowledgeError, RahnumaError
from bot.index.publish import Report
from bot.language.identify import content_language
from bot.language.phrases import phrase, write_date
from bot.types import CONTENT_LANGUAGES, LANGUAGES, Entry, Kind, Language, Outcome, Problem, Submission

_LOGGER = logging.getLogger(__name__)

STAFF = "s:"
# What Telegram gives a bot to download.
MOST_BYTES = 20_000_000
PROGRESS_SECONDS = 5.0
_GAPS_A_PAGE = 5
_MOST_WORDINGS = 3
_MOST_PROBLEMS = 60
_MOST_NAMED = 8
_MOST_TITLES = 5
_LONGEST_LINE = 150
_REASONS = {KnowledgeError: "staff_no_folder", IndexUnavailableError: "staff_no_index"}
_ADD = re.compile(r"^/add(?:@\w+)?(?:\s+(?P<folder>\S.*))?$", re.IGNORECASE)
ADDING = filters.Document.ALL & filters.CaptionRegex(_ADD)


class _Progress:
    """How far a publishing is: told by its thread, read by the event loop. Raises UndeliveredError in that thread."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping
        self.done = self.total = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        # A process that is to stop does not wait for an hour's work: the next start takes the command up again.
        if self._stopping.is_set():
            raise UndeliveredError
        self.done, self.total = done, total


@dataclass(frozen=True)
class Publishing:
    """The staff's commands about the folder. They work in the staff's chat alone."""

    services: Services
    desk: Desk
    staff: StaffChat
    journal: Journal
    pages: GapPages

    def handlers(self) -> list[Handler]:
        """Return what takes the updates of the staff's chat, before those of the conversation."""
        inner: list[Handler] = [
            on_command("gaps", self.list_gaps),
            on_command("today", self.sum_up),
            on_command("check", self.check),
            on_command("publish", self.publish),
            on_command("add", self.explain_add),
            MessageHandler(ADDING & filters.UpdateType.MESSAGE, self.add),
            CallbackQueryHandler(self.turn_gaps, pattern=rf"^{STAFF}g:\d{{1,5}}$"),
            CallbackQueryHandler(self.undo, pattern=rf"^{STAFF}u:[\w-]{{1,60}}$"),
            CallbackQueryHandler(self.place, pattern=rf"^{STAFF}p:\d{{1,20}}$"),
            CallbackQueryHandler(self.discard, pattern=rf"^{STAFF}d:\d{{1,20}}$"),
        ]
        return [InStaffChat(handler, self.staff) for handler in inner]

    async def list_gaps(self, update: Update, context: Context) -> None:
        """Show the first page of the unanswered questions."""
        language = await self.staff.language()
        async with self.pages.turn:
            work = asyncio.to_thread(self.desk.list_gaps)
            gaps = await type_while(work, context.bot, find_chat(update), find_thread(update))
            text, buttons = _write_gaps(gaps, 0, language), _offer_pages(gaps, 0, language)
            posted = await self.staff.post(update, context.bot, text, language, buttons)
            numbers = [message.message_id for message in posted]
            await self.pages.note(numbers, _list_shown(gaps, 0), self.services.today())

    async def turn_gaps(self, update: Update, context: Context) -> None:
        """Show another page in place of this one."""
        language = await self.staff.language()
        async with self.pages.turn:
            gaps = await asyncio.to_thread(self.desk.list_gaps)
            last = max(0, (len(gaps) - 1) // _GAPS_A_PAGE)
            page = min(int(payload_of(update).rpartition(":")[2]), last)
            messages, buttons = (
                render_phrase(_write_gaps(gaps, page, language), language),
                _offer_pages(gaps, page, language),
            )
            numbers = await turn(update, context.bot, messages, self.journal.stopping, buttons)
            await self.pages.note(numbers, _list_shown(gaps, page), self.services.today())

    async def sum_up(self, update: Update, context: Context) -> None:
        """Tell what was asked today and what came of it."""
        language = await self.staff.language()
        await self.staff.say(update, context.bot, await asyncio.to_thread(self._sum_up, language), language)

    async def check(self, update: Update, context: Context) -> None:
        """Tell what is wrong in the folder."""
        language = await self.staff.language()
        try:
            work = asyncio.to_thread(self.desk.check)
            report = await type_while(work, context.bot, find_chat(update), find_thread(update))
            text = _write_check(report, language)
        except RahnumaError as error:
            text = phrase(language, "staff_failed", reason=_name_reason(error, language))
        await self.staff.say(update, context.bot, text, language)

    async def publish(self, update: Update, context: Context) -> None:
        """Publish the folder."""
        await self._publish(update, context)

    async def undo(self, update: Update, context: Context) -> None:
        """Put the index back that answered before, where what was published then answers still."""
        language = await self.staff.language()
        await stop_spinner(update)
        try:
            is_done = await asyncio.to_thread(self.desk.undo, payload_of(update).split(":", 2)[2])
        except IngestBusyError:
            await self.staff.say(update, context.bot, phrase(language, "staff_busy"), language)
            return
        except RahnumaError as error:
            text = phrase(language, "staff_failed", reason=_name_reason(error, language))
        else:
            text = phrase(language, "staff_undone" if is_done else "staff_undo_late")
        await change_buttons(update, None)
        await self.staff.say(update, context.bot, text, language)

    async def explain_add(self, update: Update, context: Context) -> None:
        """Tell how a file is added."""
        language = await self.staff.language()
        await self.staff.say(update, context.bot, phrase(language, "staff_add_how"), language)

    async def add(self, update: Update, context: Context) -> None:
        """Keep a file aside and show what would come of it."""
        language = await self.staff.language()
        message = update.effective_message
        document = message.document if message is not None else None
        if message is None or document is None:
            return
        if (document.file_size or 0) > MOST_BYTES:
            text = phrase(language, "staff_too_large", megabytes=MOST_BYTES // 1_000_000)
            await self.staff.say(update, context.bot, text, language)
            return
        found = _ADD.match(message.caption or "")
        folder = (found["folder"] if found else None) or ""
        key = str(message.message_id)
        try:
            content = await self._download(document, context.bot)
            work = asyncio.to_thread(self.desk.receive, key, document.file_name or "", folder, content)
            draft = await type_while(work, context.bot, find_chat(update), find_thread(update))
        except (BadRequest, InvalidToken, OSError, RahnumaError) as error:
            reason = _name_reason(error, language)
            await self.staff.say(update, context.bot, phrase(language, "staff_failed", reason=reason), language)
            return
        buttons = _offer_draft(key, draft, language)
        await self.staff.say(update, context.bot, _write_draft(draft, language), language, buttons)

    async def place(self, update: Update, context: Context) -> None:
        """Put a kept file into the folder and publish that."""
        language = await self.staff.language()
        key = payload_of(update).rpartition(":")[2]
        await stop_spinner(update)
        await change_buttons(update, None)
        try:
            file = await asyncio.to_thread(self.desk.place, key)
        except OSError as error:
            text = phrase(language, "staff_failed", reason=_name_reason(error, language))
            await self.staff.say(update, context.bot, text, language)
            return
        if file is None:
            await self.staff.say(update, context.bot, phrase(language, "staff_draft_gone"), language)
            return
        await self._publish(update, context, phrase(language, "staff_placed", file=file) + "\n\n")
        # Only now: a start after a crash places it again, which changes nothing, and then publishes.
        await asyncio.to_thread(self.desk.discard, key)

    async def discard(self, update: Update, context: Context) -> None:
        """Delete a kept file."""
        language = await self.staff.language()
        await stop_spinner(update)
        await change_buttons(update, None)
        is_done = await asyncio.to_thread(self.desk.discard, payload_of(update).rpartition(":")[2])
        text = phrase(language, "staff_discarded" if is_done else "staff_draft_gone")
        await self.staff.say(update, context.bot, text, language)

    async def _publish(self, update: Update, context: Context, head: str = "") -> None:
        """Publish the folder, with the progress and then what changed in one message."""
        language = await self.staff.language()
        shown = await self.staff.say(update, context.bot, head + phrase(language, "staff_publishing"), language)
        progress = _Progress(self.journal.stopping)
        showing = asyncio.create_task(_show_progress(shown, progress, head, language))
        buttons = None
        try:
            report = await asyncio.to_thread(self.desk.publish, progress)
            text, buttons = head + _write_published(report, language), _offer_undo(report, language)
        except IngestBusyError:
            text = head + phrase(language, "staff_busy")
        except RahnumaError as error:
            text = head + phrase(language, "staff_failed", reason=_name_reason(error, language))
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing
        first, *others = render_phrase(text, language)
        await insist(partial(shown.edit_text, first, reply_markup=None if others else buttons), self.journal.stopping)
        for number, other in enumerate(others, 1):
            markup = buttons if number == len(others) else None
            send = partial(context.bot.send_message, text=other, reply_markup=markup)
            await self.staff.send(partial(send, message_thread_id=find_thread(update)))

    async def _download(self, document: Document, bot: Bot) -> bytes:
        async def fetch() -> bytes:
            file = await bot.get_file(document.file_id)
            return bytes(await file.download_as_bytearray())

        return await insist(fetch, self.journal.stopping)

    def _sum_up(self, language: Language) -> str:
        records, today = self.services.records, self.services.today()
        counts = [count for count in records.list_counts() if count.day == today]
        feedback = records.list_feedback(today)

        def sum_outcome(outcome: Outcome) -> int:
            return sum(count.number for count in counts if count.outcome == outcome)

        asked = {each: sum(count.number for count in counts if count.language == each) for each in LANGUAGES}
        languages = [f"{phrase(each, 'language_name')} {number}" for each, number in asked.items() if number]
        return phrase(
            language,
            "staff_today",
            day=write_date(language, today),
            asked=sum(asked.values()),
            answered=sum_outcome("answered"),
            clarified=sum_outcome("clarify"),
            refused=sum_outcome("refused"),
            languages=" · ".join(languages) or "–",
            good=sum(said.good for said in feedback),
            bad=sum(said.bad for said in feedback),
            open=records.cases.count_open(),
        )


async def _show_progress(message: Message, progress: _Progress, head: str, language: Language) -> None:
    shown = 0
    while True:
        await asyncio.sleep(PROGRESS_SECONDS)
        if progress.done != shown:
            shown = progress.done
            text = phrase(language, "staff_progress", done=f"{shown:,}", total=f"{progress.total:,}")
            await attempt(partial(message.edit_text, render_phrase(head + text, language)[0]))


def _write_gaps(gaps: Sequence[Unanswered], page: int, language: Language) -> str:
    if not gaps:
        return phrase(language, "staff_no_gaps")
    lines = [phrase(language, "staff_gaps", number=len(gaps))]
    for number, gap in enumerate(_cut_page(gaps, page), page * _GAPS_A_PAGE + 1):
        asked_in = phrase(gap.language, "language_name")
        times = phrase(language, "staff_gap_times", number=gap.asked)
        facts = f"{number}. {asked_in} · {times} · {write_date(language, gap.newest)}"
        lines += ["", facts, *(_shorten(question) for question in gap.questions[:_MOST_WORDINGS])]
        if len(gap.questions) > _MOST_WORDINGS:
            lines.append(phrase(language, "staff_more_wordings", number=len(gap.questions) - _MOST_WORDINGS))
    return "\n".join(lines)


def _cut_page(gaps: Sequence[Unanswered], page: int) -> Sequence[Unanswered]:
    return gaps[page * _GAPS_A_PAGE : (page + 1) * _GAPS_A_PAGE]


def _list_shown(gaps: Sequence[Unanswered], page: int) -> list[str]:
    """Return the questions that a page shows, as they were asked."""
    return [question for gap in _cut_page(gaps, page) for question in gap.questions[:_MOST_WORDINGS]]


def _offer_pages(gaps: Sequence[Unanswered], page: int, language: Language) -> InlineKeyboardMarkup | None:
    last = (len(gaps) - 1) // _GAPS_A_PAGE
    row = [
        make_button(phrase(language, key), f"{STAFF}g:{other}", language)
        for key, other in (("page_previous", page - 1), ("page_next", page + 1))
        if 0 <= other <= last
    ]
    return make_keyboard([row], language) if row else None


def _write_check(report: Report, language: Language) -> str:
    if not report.problems:
        return phrase(language, "staff_no_problems", entries=report.entries)
    verdict = phrase(language, "staff_unfit" if report.has_errors else "staff_fit")
    return f"{verdict}\n\n{_write_problems(report.problems, language)}"


def _write_problems(problems: Sequence[Problem], language: Language) -> str:
    parts = []
    left = _MOST_PROBLEMS
    for severity, key in (("error", "staff_errors"), ("warning", "staff_warnings")):
        found = [problem for problem in problems if problem.severity == severity]
        if found:
            lines = [f"• {write_problem(problem, language)}" for problem in found[:left]]
            parts.append("\n".join((phrase(language, key, number=len(found)), *lines)))
            left -= len(lines)
    if len(problems) > _MOST_PROBLEMS:
        parts.append(phrase(language, "staff_more_problems", number=len(problems) - _MOST_PROBLEMS))
    return "\n\n".join(parts)


def _write_published(report: Report, language: Language) -> str:
    if not report.published:
        if report.has_errors:
            errors = [one for one in report.problems if one.severity == "error"]
            return phrase(language, "staff_not_published") + "\n\n" + _write_problems(errors, language)
        return phrase(language, "staff_up_to_date", entries=report.entries)
    changes = report.changes
    lines = [
        phrase(
            language,
            "staff_published",
            added=len(changes.added),
            changed=len(changes.changed),
            removed=len(changes.removed),
            entries=report.entries,
        )
    ]
    for sign, names in (("+", changes.added), ("±", changes.changed), ("−", changes.removed)):
        lines += [f"{sign} {name}" for name in names[:_MOST_NAMED]]
        if len(names) > _MOST_NAMED:
            lines.append(f"{sign} … {len(names) - _MOST_NAMED}")
    return "\n".join(lines)


def _offer_undo(report: Report, language: Language) -> InlineKeyboardMarkup | None:
    if not report.published:
        return None
    button = make_button(phrase(language, "staff_undo"), f"{STAFF}u:{report.generation}", language)
    return make_keyboard([[button]], language)


def _write_draft(draft: Submission, language: Language) -> str:
    head = phrase(language, "staff_draft_replaces" if draft.replaces else "staff_draft_new", file=draft.file)
    problems = _write_problems(draft.problems, language) if draft.problems else ""
    if draft.has_errors:
        return "\n\n".join((head, phrase(language, "staff_draft_bad"), problems))
    changes = phrase(
        language, "staff_draft_changes", added=draft.added, changed=draft.changed, removed=draft.removed
    )  # fmt: skip
    titles = [f"• {_shorten(title)}" for title in _name_titles(draft.entries, language)]
    preview = "\n".join((*_count_entries(draft.entries, language), *titles))
    return "\n\n".join(filter(None, (head, preview, changes, problems)))


def _count_entries(entries: Iterable[Entry], language: Language) -> list[str]:
    """Return a line for each kind of entry: how many, and how many of them in each language."""
    kinds: dict[Kind, list[Entry]] = {}
    for entry in entries:
        kinds.setdefault(entry.kind, []).append(entry)
    return [
        phrase(
            language,
            "in_brackets",
            text=phrase(language, "fact", label=phrase(language, f"staff_kind_{kind}"), text=len(members)),
            more=_count_languages(members, language),
        )
        for kind, members in kinds.items()
    ]


def _count_languages(entries: Sequence[Entry], language: Language) -> str:
    counts = {each: sum(each in entry.wordings for entry in entries) for each in CONTENT_LANGUAGES}
    told = (f"{phrase(language, f'name_{each}')} {number}" for each, number in counts.items())
    return phrase(language, "listing_separator").join(told)


def _name_titles(entries: Sequence[Entry], language: Language) -> list[str]:
    """Return the first entries' titles, in the staff's language where they have it."""
    spoken = content_language(language)
    wordings = (entry.wordings.get(spoken) or next(iter(entry.wordings.values())) for entry in entries[:_MOST_TITLES])
    return [wording.title for wording in wordings]


def _offer_draft(key: str, draft: Submission, language: Language) -> InlineKeyboardMarkup | None:
    if not draft.is_kept:
        return None
    publish = make_button(phrase(language, "staff_publish"), f"{STAFF}p:{key}", language)
    discard = make_button(phrase(language, "staff_discard"), f"{STAFF}d:{key}", language)
    return make_keyboard([[discard] if draft.has_errors else [publish, discard]], language)


def _name_reason(error: Exception, language: Language) -> str:
    """Return what to tell staff of an error; the log has it whole, for whoever runs the bot.

    A file that Telegram no longer gives out has the bad token's number.
    """
    if isinstance(error, TelegramError):
        return phrase(language, "staff_no_file")
    _LOGGER.error("The staff's command failed: %s", error)
    if isinstance(error, OSError):
        return phrase(language, "staff_disk", reason=error.strerror or type(error).__name__)
    return phrase(language, next((key for kind, key in _REASONS.items() if isinstance(error, kind)), "staff_broken"))


def _shorten(text: str) -> str:
    return cut(" ".join(text.split()), _LONGEST_LINE)
