"""The one module that speaks to a language model: any of langchain's, by `LLM_MODEL`.

Calls have a deadline that holds whatever the service does, are tried again where that may help, and stop for a while
where the service keeps failing. A reply may be followed while it comes; a service that sends none in pieces sends it
whole. Nothing that is said is logged, and langchain's own tracing to a service is off.
"""

import importlib.util
import logging
import threading
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pybreaker
from langchain_core.callbacks import BaseCallbackHandler
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from bot.answering.generate.counters import LlmCounters
from bot.answering.generate.draft import MOST_BYTES
from bot.answering.generate.loop import LOOP, Take
from bot.answering.generate.prompts import Message, estimate_tokens
from bot.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk
    from langchain_core.outputs import LLMResult

_LOGGER = logging.getLogger(__name__)

MOST_ANSWER_TOKENS = 1_500
_ATTEMPTS = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.3, 4.0
# After so many failures in a row the service is left alone for a while.
_FAILURES, _REST_SECONDS = 5, 60.0
# Students of a stalled service get their quoted answers at once where so many already wait for it.
_MOST_AT_ONCE = 16
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
# How a service refuses to send its replies in pieces; what it says to anybody (no key, no money, too much) is none.
_NO_STREAM = frozenset({400, 404, 405, 406, 415, 422, 501})
# Connections that break in the middle of a reply, by the names that the providers' libraries give them.
_BREAKS = ("connect", "protocol", "readerror")
_CHATTY = (
    "openai", "anthropic", "google_genai", "ollama", "httpx", "httpx2", "httpcore", "httpcore2", "langchain",
    "langsmith",
)  # fmt: skip

# Providers with their module, and with the extra that brings it.
_PACKAGES = {
    "openai": ("langchain_openai", "."),
    "anthropic": ("langchain_anthropic", ".[anthropic]"),
    "google_genai": ("langchain_google_genai", ".[google]"),
    "ollama": ("langchain_ollama", ".[ollama]"),
}
_NEEDS_KEY = frozenset({"openai", "anthropic", "google_genai"})
# A service of one's own asks for no key, but the libraries do.
_NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Which model to call, and where."""

    name: str  # provider:model
    base_url: str = ""
    api_key: str = field(default="", repr=False)

    @property
    def provider(self) -> str:
        """What stands before the colon."""
        return self.name.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and what it cost."""

    text: str
    tokens: int


def check_spec(spec: ModelSpec) -> None:
    """Check that a model could be called, without calling it.

    Raises SettingsError where the provider is not known or installed, or a key is missing.
    """
    module, extra = _PACKAGES.get(spec.provider, (f"langchain_{spec.provider}", ""))
    if importlib.util.find_spec(module) is None:
        if not extra:
            raise SettingsError(
                f"LLM_MODEL: there is no provider {spec.provider!r}. Give provider:model with one of "
                f"{', '.join(_PACKAGES)}; services that speak OpenAI's way are openai:MODEL with LLM_BASE_URL."
            )
        raise SettingsError(f"LLM_MODEL: {spec.provider} is not installed. Install it with: pip install '{extra}'")
    if spec.provider in _NEEDS_KEY and not spec.api_key and not spec.base_url:
        raise SettingsError(f"LLM_API_KEY: {spec.provider} needs a key; get one from the service and set it.")


class ChatModel:
    """A language model. Thread-safe; a call blocks for as long as its deadline says, and no longer."""

    def __init__(self, spec: ModelSpec, counters: LlmCounters) -> None:
        self._spec = spec
        self._counters = counters
        self._breaker = pybreaker.CircuitBreaker(_FAILURES, _REST_SECONDS)
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)
        self._streams = True

    def call(self, messages: Sequence[Message], seconds: float, on_text: Take | None = None) -> Reply:
        """Return the model's reply within `seconds`.

        `on_text` is given what has come of it so far, on the caller's thread: not each word, but what is newest
        whenever it has taken the last. After a new attempt that is shorter than it was.

        Raises ModelError with one word on why there is none: timeout, resting, busy, refused or broken.
        """
        if not self._places.acquire(blocking=False):
            raise ModelError("busy")
        began = time.monotonic()
        try:
            with self._breaker.calling():
                return self._try(messages, seconds, on_text)
        except pybreaker.CircuitBreakerError:
            raise ModelError("resting") from None
        finally:
            self._counters.add_seconds(time.monotonic() - began)
            self._places.release()

    def _try(self, messages: Sequence[Message], seconds: float, on_text: Take | None) -> Reply:
        try:
            if on_text is None:
                return LOOP.run(self._invoke(messages), seconds)
            return LOOP.follow(partial(self._invoke, messages), seconds, on_text)
        except TimeoutError:
            self._fail("timeout")
        # Each provider has its own errors, whose text may hold the prompt: only their kind is told.
        except Exception as error:
            _LOGGER.warning("The language model failed: %s", _describe(error))
            self._fail("refused" if (_status_of(error) or 500) in range(400, 500) else "broken")
        raise AssertionError  # `_fail` raises

    def _fail(self, reason: str) -> None:
        self._counters.add("failures")
        raise ModelError(reason) from None

    async def _invoke(self, messages: Sequence[Message], tell: Take | None = None) -> Reply:
        from langsmith import tracing_context

        retrying = AsyncRetrying(
            retry=retry_if_exception(_is_transient),
            wait=wait_exponential_jitter(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT, jitter=_FIRST_WAIT),
            stop=stop_after_attempt(_ATTEMPTS),
            reraise=True,
        )
        # Words of a chat go to the configured model and to nobody else, whatever the environment says.
        with tracing_context(enabled=False):
            reply: Reply = await retrying(self._invoke_once, messages, tell)
        return reply

    async def _invoke_once(self, messages: Sequence[Message], tell: Take | None) -> Reply:
        result = await (self._stream(messages, tell) if tell and self._streams else self._fetch(messages))
        text = result.text
        usage = result.usage_metadata
        spent = usage["total_tokens"] if usage else estimate_tokens([*messages, ("ai", text)])
        return Reply(text, spent)

    async def _fetch(self, messages: Sequence[Message]) -> "AIMessage":
        """Return a reply that comes whole."""
        self._counters.add("calls")
        return await self._model.ainvoke(list(messages), config={"callbacks": [_Tracer()]})

    async def _stream(self, messages: Sequence[Message], tell: Take) -> "AIMessage":
        """Return a reply that comes in pieces, and tell what has come; where the service sends none, one that is whole.

        A service that turns out to send none is not asked to again.
        """
        self._counters.add("calls")
        whole: Any = None
        coming = self._model.astream(list(messages), config={"callbacks": [_Tracer()]})
        try:
            async with aclosing(cast("AsyncGenerator[AIMessageChunk]", coming)) as pieces:
                async for piece in pieces:
                    whole = piece if whole is None else whole + piece
                    tell(whole.text)
                    # No answer is so long: what floods is not read to its end.
                    if len(whole.text) > MOST_BYTES:
                        break
        # Each library has its own errors here too: of a model that does not stream, a body that is no stream.
        except Exception as error:
            if whole is not None or _is_transient(error) or (_status_of(error) or 400) not in _NO_STREAM:
                raise
            whole = await self._fetch(messages)
            self._streams = False
        return cast("AIMessage", whole)

    @cached_property
    def _model(self) -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        _silence_libraries()
        options: dict[str, Any] = {"timeout": None, "max_retries": 0, "max_tokens": MOST_ANSWER_TOKENS}
        if self._spec.provider == "ollama":
            options = {"num_predict": MOST_ANSWER_TOKENS}
        if self._spec.base_url:
            options["base_url"] = self._spec.base_url
        if key := self._spec.api_key or (_NO_KEY if self._spec.provider in _NEEDS_KEY else ""):
            options["api_key"] = key
        return cast("BaseChatModel", init_chat_model(self._spec.name, **options))


class _Tracer(BaseCallbackHandler):
    """Logs how long each call took, what it cost and how it ended, without a word of it."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def on_llm_end(self, response: "LLMResult", *, run_id: UUID, **_: object) -> None:
        """Log a call that came back."""
        generation = response.generations[0][0] if response.generations and response.generations[0] else None
        usage = getattr(getattr(generation, "message", None), "usage_metadata", None) or {}
        spent = (usage.get("input_tokens", "?"), usage.get("output_tokens", "?"))
        _LOGGER.debug(
            "Model call %s: %.2f s, %s tokens in, %s out", run_id.hex[:8], time.monotonic() - self._began, *spent
        )

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: object) -> None:
        """Log a call that failed."""
        _LOGGER.debug("Model call %s: %.2f s, %s", run_id.hex[:8], time.monotonic() - self._began, _describe(error))


def _status_of(error: BaseException) -> int | None:
    """Return the HTTP status of any provider's error."""
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    status = status or getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _is_transient(error: BaseException) -> bool:
    """Tell whether the same call may succeed a moment later: no answer at all, or one that says so."""
    status = _status_of(error)
    if status is not None:
        return status in _TRANSIENT
    kind = type(error).__name__.lower()
    return isinstance(error, (ConnectionError, OSError)) or any(name in kind for name in _BREAKS)


def _describe(error: BaseException) -> str:
    status = _status_of(error)
    return f"{type(error).__name__} {status}" if status else type(error).__name__


def _silence_libraries() -> None:
    """Keep prompts and addresses out of the log, which the libraries write into it at DEBUG and INFO."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
