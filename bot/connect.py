"""The bot on Telegram, joined together as the settings say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial

from bot.app import App, read_limits
from bot.chat.inline import MOST_RESULTS
from bot.chat.pulse import Pulse
from bot.chat.services import Office, Services
from bot.chat.telegram import ChatApplication, Senses, build_application
from bot.chat.voice import OPENAI, Transcriber
from bot.chat.webhook import Webhook, derive_secret
from bot.operations.metrics import Metrics, serve_metrics
from bot.records import Records
from bot.settings import Settings
from bot.types import Answer, Language, OnProgress


@contextmanager
def connect(app: App, records: Records, token: str) -> Iterator[ChatApplication]:
    """Give the application that answers on Telegram, its figures served meanwhile.

    Raises SettingsError where a port is taken.
    """
    settings, metrics, pulse = app.settings, Metrics(), Pulse()

    def ask(
        question: str,
        language: Language | None = None,
        previous: Answer | None = None,
        *,
        speaker: str = "",
        on_progress: OnProgress | None = None,
    ) -> Answer:
        return metrics.count_answer(app.ask(question, language, previous, speaker=speaker, on_progress=on_progress))

    if app.writer is not None:
        metrics.show(app.writer.counters.snapshot)
    staff = settings.staff_chat_id
    services = Services(
        ask=ask,
        show=app.answerer.show,
        tell=app.show,
        records=records,
        today=app.today,
        stock=app.directory.stock,
        now=app.now,
        find_contact=app.answerer.find_contact,
        office=Office(staff, app.open_desk(records)) if staff is not None else None,
        quote=partial(app.answerer.answer, top=MOST_RESULTS),
        uses_llm=app.writer is not None,
        hears_voice=settings.transcribe_model is not None,
    )

    serving = serve_metrics(settings.metrics_port, metrics, pulse.is_alive) if settings.metrics_port else nullcontext(0)
    with serving:
        yield build_application(
            token=token,
            api_url=settings.telegram_api_url,
            services=services,
            webhook=_webhook(settings, token),
            senses=Senses(_transcriber(settings), count_calls(app), metrics, pulse),
        )


def _webhook(settings: Settings, token: str) -> Webhook | None:
    if settings.webhook_url is None:
        return None
    given = settings.webhook_secret
    secret = given.get_secret_value() if given else derive_secret(token)
    return Webhook(settings.webhook_url, settings.webhook_port, secret)


def _transcriber(settings: Settings) -> Transcriber | None:
    if settings.transcribe_model is None:
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    return Transcriber(settings.llm_base_url or OPENAI, settings.transcribe_model, key)


def count_calls(app: App) -> Callable[[str], bool]:
    """Return what counts a person's calls of models in an hour: a voice and an answer are counted together."""
    if app.writer is not None:
        return app.writer.budget.allows_speaker
    from bot.answering.generate.budget import Budget  # only a voice may cost anything here

    return Budget(app.usage, read_limits(app.settings), app.today).allows_speaker
