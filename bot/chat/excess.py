"""What a person is told who sends more at once than is taken in hand."""

from telegram.error import InvalidToken, TelegramError
from telegram.ext import TypeHandler

from bot.chat.delivery import UndeliveredError
from bot.chat.journal import Journal
from bot.chat.limits import Excess
from bot.chat.speaking import Context, Handler, Speaker


class Notices:
    """Says once for all of a burst that it was too much."""

    def __init__(self, speaker: Speaker, journal: Journal) -> None:
        """Speak through `speaker`, and leave in `journal` what could not be said."""
        self._speaker = speaker
        self._journal = journal

    def handlers(self) -> list[Handler]:
        """Return what takes a burst."""
        return [TypeHandler(Excess, self.tell)]

    async def tell(self, excess: Excess, context: Context) -> None:
        """Say that the first messages are answered, and ask for the others one after another."""
        try:
            await self._speaker.say(excess.first, context, "one_by_one")
        except (UndeliveredError, InvalidToken):
            for number in excess.numbers:
                self._journal.leave(number)
        except TelegramError:
            # The chat is closed to the bot: nobody is left to be told.
            return
