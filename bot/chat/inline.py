"""Inline mode: `@bot question` typed in any chat gives answers to pick and send there."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.ext import InlineQueryHandler

from bot.chat.addressing import guess_language
from bot.chat.brief import shorten
from bot.chat.delivery import attempt
from bot.chat.greeting import EXAMPLES
from bot.chat.render import MESSAGE_LIMIT, render_html
from bot.chat.services import Services
from bot.chat.speaking import Context, Handler, Speaker
from bot.errors import RahnumaError
from bot.index.entries import entry_key
from bot.language.direction import isolate
from bot.language.phrases import phrase
from bot.types import Answer, Language

_LOGGER = logging.getLogger(__name__)
MOST_RESULTS = 10
_DESCRIPTION_LENGTH = 120
# Telegram keeps results for whoever types the same: short enough that a change of the folder shows the same hour.
_CACHE_SECONDS = 300
_NO_CACHE = 0


@dataclass(frozen=True)
class Results:
    """What an inline query is answered with."""

    articles: tuple[InlineQueryResultArticle, ...]
    language: Language
    is_lasting: bool = True  # the same question has the same answer a minute later


class Inline:
    """Answers inline queries."""

    def __init__(self, services: Services, speaker: Speaker) -> None:
        """Answer from `services`, in the language that `speaker` knows."""
        self._services = services
        self._ask = services.quote or services.ask
        self._speaker = speaker

    def handlers(self) -> list[Handler]:
        """Return what takes inline queries."""
        return [InlineQueryHandler(self.answer)]

    async def answer(self, update: Update, context: Context) -> None:
        """Answer a query; one that is answered too late is refused by Telegram, and no loss."""
        query = update.inline_query
        if query is None:
            return
        chosen = await self._speaker.chosen(update)
        results = await asyncio.to_thread(self.find, query.query, chosen, guess_language(update) or "en")
        # An empty query is answered in the language of the phone, any other in that of its words.
        is_personal = chosen is not None or not _is_question(query.query)
        await attempt(partial(self._send, query, results, is_personal=is_personal))

    async def _send(self, query: InlineQuery, results: Results, *, is_personal: bool) -> None:
        text = phrase(results.language, "inline_more" if results.articles else "inline_none")
        await query.answer(
            results.articles,
            cache_time=_CACHE_SECONDS if results.is_lasting else _NO_CACHE,
            is_personal=is_personal,
            button=InlineQueryResultsButton(isolate(text, results.language), start_parameter="inline"),
        )

    def find(self, query: str, chosen: Language | None, guessed: Language) -> Results:
        """Return the answers to a query; to an empty one those to the examples. May block."""
        question = query.strip()
        try:
            if not _is_question(query):
                return Results(tuple(self._show_examples(chosen or guessed)), chosen or guessed)
            answer = self._ask(question, chosen)
            return Results(tuple(self._show_found(answer)), answer.language)
        except RahnumaError as error:
            _LOGGER.error("An inline query found no index: %s", type(error).__name__)
            return Results((), chosen or guessed, is_lasting=False)

    def _show_examples(self, language: Language) -> Iterator[InlineQueryResultArticle]:
        for key in EXAMPLES:
            question = phrase(language, key)
            answer = self._ask(question, language)
            if answer.outcome == "answered":
                yield _write(key, question, answer)

    def _show_found(self, answer: Answer) -> Iterator[InlineQueryResultArticle]:
        """Yield the answer itself, then what each further passage says; nothing where the question was refused."""
        if answer.outcome == "refused":
            return
        if answer.outcome == "answered":
            yield _write("answer", _title(answer), answer)
        first = 1 if answer.outcome == "answered" else 0
        for passage in answer.passages[first : MOST_RESULTS - 1 + first]:
            key = entry_key(passage.entry.id)
            shown = self._services.show(key, answer.language)
            if shown is not None:
                yield _write(key, _title(shown), shown)


def _is_question(query: str) -> bool:
    return any(character.isalnum() for character in query)


def _write(key: str, title: str, answer: Answer) -> InlineQueryResultArticle:
    texts = [part.text for part in answer.parts if part.kind == "text"]
    facts = [f"{part.label}: {part.text}" for part in answer.parts if part.kind == "fact"]
    description = " · ".join([*facts, *texts]).replace("\n", " ")
    return InlineQueryResultArticle(
        key,
        isolate(title, answer.language),
        InputTextMessageContent(render_html(shorten(answer, MESSAGE_LIMIT))[0]),
        description=isolate(description[:_DESCRIPTION_LENGTH], answer.language) or None,
    )


def _title(answer: Answer) -> str:
    """Return what an answer is about."""
    titles = (part.text for part in answer.parts if part.kind == "title")
    return next(titles, answer.question) or answer.question or "…"
