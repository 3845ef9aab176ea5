"""The real application as a process of its own, to be killed: `bot_process.py URL TOKEN DATABASE DELAY [REST]`.

REST is the chat of the staff, or a webhook: an address, a port and a secret. FIRST_PAUSE in the environment makes it
try again sooner, END_SECONDS end sooner after a signal, STREAM show a part of each answer before it is there.
"""

import os
import sys
import time
from collections.abc import Sequence

from bot.chat import delivery, preview, telegram
from bot.chat.services import Office, Services
from bot.chat.telegram import build_application, run
from bot.chat.webhook import Webhook
from bot.records import Records
from bot.types import Answer, Language, OnProgress, Part
from tests.chat.office import ScriptedDesk
from tests.chat.scripted import make_answer


def main(url: str, token: str, database: str, delay: float, rest: Sequence[str]) -> None:
    delivery.FIRST_PAUSE = float(os.environ.get("FIRST_PAUSE", delivery.FIRST_PAUSE))
    telegram._END_SECONDS = float(os.environ.get("END_SECONDS", telegram._END_SECONDS))
    streams = "STREAM" in os.environ
    preview.PAUSE_SECONDS = 0.0
    webhook = Webhook(rest[0], int(rest[1]), rest[2]) if len(rest) == 3 else None
    office = Office(int(rest[0]), ScriptedDesk()) if len(rest) == 1 else None

    def ask(
        question: str,
        language: Language | None = None,
        previous: Answer | None = None,
        *,
        speaker: str = "",
        on_progress: OnProgress | None = None,
    ) -> Answer:
        if on_progress is not None:
            for _ in range(3):
                on_progress(make_answer(Part("text", f"You asked: {question} …"), language=language or "en"))
                time.sleep(0.01)
        time.sleep(delay)
        return make_answer(Part("text", f"You asked: {question}"), language=language or "en")

    def show(key: str, language: Language) -> Answer | None:
        return None

    records = Records(database, 30)
    services = Services(ask, show, records, office=office, uses_llm=streams)
    run(build_application(token=token, api_url=url, services=services, webhook=webhook))
    records.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5:])
