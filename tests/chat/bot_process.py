"""The real application as a process of its own, to be killed: `bot_process.py URL TOKEN DATABASE DELAY [STAFF]`."""

import sys
import time

from bot.chat.services import Office, Services
from bot.chat.telegram import build_application, run
from bot.records import Records
from bot.types import Answer, Language, Part
from tests.chat.office import ScriptedDesk
from tests.chat.scripted import make_answer


def main(url: str, token: str, database: str, delay: float, staff: int | None) -> None:
    def ask(
        question: str, language: Language | None = None, previous: Answer | None = None, *, speaker: str = ""
    ) -> Answer:
        time.sleep(delay)
        return make_answer(Part("text", f"You asked: {question}"), language=language or "en")

    def show(key: str, language: Language) -> Answer | None:
        return None

    records = Records(database, 30)
    office = Office(staff, ScriptedDesk()) if staff is not None else None
    run(build_application(token=token, api_url=url, services=Services(ask, show, records, office=office)))
    records.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5]) if sys.argv[5:] else None)
