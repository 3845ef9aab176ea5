"""A checked draft put in the place of the quoted text; facts, notes and sources stay as they are rendered by code."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.compose import compose_answer, course_title, write_source
from bot.answering.generate.draft import Draft
from bot.answering.generate.verify import join_sentences, list_cited
from bot.language.phrases import phrase
from bot.types import Answer, Language, Part, Passage

# What shows that more is to come: whatever happens then, nobody takes a part for the whole.
_MORE = " …"


def weave_answer(
    answer: Answer, draft: Draft, passages: Mapping[str, Passage], today: date, *, is_begun: bool = False
) -> Answer:
    """Return the answer with a draft's prose, its sources those that the draft cites.

    One that is only begun says that more is to come.
    """
    language = answer.language
    cited = [passages[number] for number in list_cited(draft)]
    others = [write_source(p.entry.source or p.wording.file, p.entry.as_of, language) for p in cited[1:]]
    quoted = compose_answer(cited[0], answer.question, language, today)
    prose = _write_prose(draft, language, is_begun=is_begun)
    rest = [passage for passage in answer.passages if passage not in cited]
    return replace(
        answer,
        parts=(*_replace_text(quoted, prose, cited[0], language), *_distinct(others, quoted)),
        passages=(*cited, *rest),
        sources=tuple(passage.wording.id for passage in cited),
        trace=answer.trace | {"written": 1.0},
    )


def weave_translation(answer: Answer, draft: Draft, *, is_begun: bool = False) -> Answer:
    """Return the answer with its entry in the asker's language, marked as a machine's, the original as a choice.

    One that is only begun says that more is to come, and offers nothing yet.
    """
    language, passage = answer.language, answer.passages[0]
    name = phrase(language, f"name_{passage.language}")
    prose = _write_prose(draft, language, is_begun=is_begun)
    note = Part("note", phrase(language, "llm_translated", language=name))
    original = [Part("choice", phrase(language, "llm_original", language=name), entry_id=passage.entry.id)]
    woven = _replace_text(answer.parts, prose, passage, language)
    title = [part for part in woven if part.kind == "title" and passage.entry.course]
    rest = [part for part in woven if part.kind != "title"]
    offered = [] if is_begun else original
    return replace(answer, parts=(*title, note, *rest, *offered), trace=answer.trace | {"translated": 1.0})


def doubt(answer: Answer) -> Answer:
    """Return a quoted answer with a note that it may not be what was asked: the model found no answer in it.

    It is not taken back: it is the staff's own words with their source, and a model alone refuses nothing.
    """
    return replace(answer, parts=(*answer.parts, Part("note", phrase(answer.language, "llm_unsure"))))


def _write_prose(draft: Draft, language: Language, *, is_begun: bool) -> Part:
    return Part("text", join_sentences(draft, language) + (_MORE if is_begun else ""))


def _replace_text(parts: Sequence[Part], prose: Part, passage: Passage, language: Language) -> list[Part]:
    """Return the parts with the prose after the title, without the text and the note that it stands for."""
    only_in = phrase(language, "only_in", language=phrase(language, f"name_{passage.language}"))
    kept = [part for part in parts if part.kind != "text" and part.text != only_in]
    is_titled = bool(kept) and kept[0].kind == "title"
    title = [replace(kept[0], text=course_title(passage.entry, language))] if is_titled and passage.entry.course else []
    return [*(title or kept[:is_titled]), prose, *kept[is_titled:]]


def _distinct(others: Sequence[Part], quoted: Sequence[Part]) -> list[Part]:
    return [part for part in dict.fromkeys(others) if part not in quoted]
