"""Spoken questions, written down by an OpenAI-compatible service."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import httpx
from telegram import Audio, Bot, Message, VideoNote, Voice
from telegram.error import BadRequest

from bot.chat.delivery import insist

_LOGGER = logging.getLogger(__name__)
OPENAI = "https://api.openai.com/v1"
# A question takes seconds; what is longer is a recording, and costs the student's patience and the office's money.
_MOST_SECONDS, _MOST_BYTES = 120, 5_000_000
_SERVICE_SECONDS = 60.0
_MOST_CHARACTERS = 1000

_Sounding = Voice | Audio | VideoNote


class UnheardError(Exception):
    """A voice could not be written down. `key` is the phrase that says so."""

    def __init__(self, key: str) -> None:
        """Name the phrase."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Sound:
    """A recording, with a name that tells its form."""

    name: str
    content: bytes


# What is said in a recording. Raises UnheardError.
Transcribe = Callable[[Sound], Awaitable[str]]


def find_sound(message: Message) -> _Sounding | None:
    """Return what can be heard in a message."""
    return message.voice or message.audio or message.video_note


async def fetch_sound(message: Message, bot: Bot, stopping: asyncio.Event) -> Sound:
    """Return a message's recording. Raises UnheardError where it is too long or gone, and what `insist` raises."""
    sounding = find_sound(message)
    if sounding is None or _seconds(sounding) > _MOST_SECONDS or (sounding.file_size or 0) > _MOST_BYTES:
        raise UnheardError("voice_long")
    try:
        file = await insist(partial(bot.get_file, sounding.file_id), stopping)
        if (file.file_size or 0) > _MOST_BYTES:
            raise UnheardError("voice_long")
        content = await insist(file.download_as_bytearray, stopping)
    except BadRequest:
        raise UnheardError("voice_failed") from None
    name = "question.mp4" if isinstance(sounding, VideoNote) else _name(sounding)
    return Sound(name, bytes(content))


@dataclass(frozen=True)
class Transcriber:
    """Writes down what is said, through a service's `/audio/transcriptions`."""

    base_url: str
    model: str
    key: str

    async def __call__(self, sound: Sound) -> str:
        """Return what is said. Raises UnheardError."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            async with httpx.AsyncClient(timeout=_SERVICE_SECONDS) as client:
                response = await client.post(
                    f"{self.base_url}/audio/transcriptions",
                    headers=headers,
                    data={"model": self.model, "response_format": "json"},
                    files={"file": (sound.name, sound.content)},
                )
            text = response.raise_for_status().json()["text"].strip()
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            # The error's text may hold the address; the response may hold what was said.
            _LOGGER.error("A voice was not written down: %s", type(error).__name__)
            raise UnheardError("voice_failed") from None
        if not any(character.isalnum() for character in text):
            raise UnheardError("voice_unclear")
        return str(text[:_MOST_CHARACTERS])


def _seconds(sounding: _Sounding) -> float:
    duration = sounding.duration
    return float(duration) if isinstance(duration, int) else duration.total_seconds()


def _name(sounding: Voice | Audio) -> str:
    """Return a name whose ending the service tells the form by: Telegram's voices are Opus in Ogg."""
    form = (sounding.mime_type or "audio/ogg").partition("/")[2]
    return "question." + {"mpeg": "mp3", "mp4": "m4a", "x-m4a": "m4a", "x-wav": "wav"}.get(form, form)
