"""What is sent that is no text: each kind gets a short word that helps on, or deliberately none.

Voice is heard where it can be. A caption is a question like any other. What a group does to itself (a title, a pin, who
comes and goes), what this bot wrote itself, and the further pictures of an album get nothing.
"""

from collections.abc import Callable, MutableMapping
from typing import Any

from cachetools import TTLCache
from telegram import ChatMember, Message, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters
from telegram.helpers import effective_message_type

from bot.chat.addressing import find_question, is_addressed
from bot.chat.groups import is_group
from bot.chat.journal import Journal
from bot.chat.speaking import Context, Handler, Speaker
from bot.chat.voice import Transcribe, UnheardError, fetch_sound, find_sound
from bot.language.identify import identify
from bot.language.phrases import phrase

# The phrase for each kind that Telegram names; any other is `text_only`.
REPLIES = {
    "voice": "input_voice",
    "audio": "input_voice",
    "video_note": "input_voice",
    "photo": "input_photo",
    "video": "input_photo",
    "animation": "input_sticker",
    "sticker": "input_sticker",
    "document": "input_file",
    "location": "input_location",
    "venue": "input_location",
    "contact": "input_contact",
    "poll": "input_poll",
    "dice": "input_game",
    "game": "input_game",
}
_ALBUM_SECONDS, _MOST_ALBUMS = 60, 1000
# An edit of what was heard or seen changes nothing; an edited text or caption is asked anew.
_OTHER = ~filters.TEXT & ~filters.StatusUpdate.ALL


class Inputs:
    """Answers what is no text."""

    def __init__(
        self,
        speaker: Speaker,
        journal: Journal,
        transcribe: Transcribe | None,
        allows: Callable[[str], bool],
    ) -> None:
        """Listen with `transcribe`, as often as `allows` lets a speaker; without it voices are not heard."""
        self._speaker = speaker
        self._journal = journal
        self._transcribe = transcribe
        self._allows = allows
        self._albums: MutableMapping[tuple[int, str], bool] = TTLCache(_MOST_ALBUMS, _ALBUM_SECONDS)

    def handlers(self) -> list[Handler]:
        """Return what takes these updates, in order."""
        return [
            ChatMemberHandler(self.greet_group, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(_OTHER & filters.CAPTION, self.answer_caption),
            MessageHandler(_OTHER, self.answer),
        ]

    def fallbacks(self) -> list[Handler]:
        """Return what takes the commands of a group that nothing else knows."""
        return [MessageHandler(filters.COMMAND & filters.ChatType.GROUPS, self.answer_command)]

    async def answer_command(self, update: Update, context: Context) -> None:
        """Tell how to ask where an unknown command names this bot; one that names none may be another bot's."""
        message = update.message
        if message is not None and (message.text or "").split()[0].lower().endswith(f"@{context.bot.username}".lower()):
            await self._speaker.say(update, context, "group_hello", name=f"@{context.bot.username}")

    async def answer(self, update: Update, context: Context) -> None:
        """Answer anything that has no words."""
        message = update.message
        if message is None or not is_addressed(message, context.bot) or self._is_of_album(message):
            return
        if self._transcribe is not None and find_sound(message) is not None:
            await self._answer_sound(update, context, message, self._transcribe)
        else:
            language = await self._speaker.language(update)
            text = phrase(language, REPLIES.get(name_kind(message), "text_only"), example=phrase(language, "example_4"))
            await self._speaker.send(update, context, text, language)

    async def answer_caption(self, update: Update, context: Context) -> None:
        """Answer what a caption asks."""
        message = update.effective_message
        caption = find_question(message, context.bot) if message is not None else ""
        # A command under a picture is no question, and none that anybody may give there.
        if message is not None and caption and not caption.startswith("/"):
            self._is_of_album(message)
            await _answer_as_text(update, context, message.caption or "")
        else:
            await self.answer(update, context)

    async def greet_group(self, update: Update, context: Context) -> None:
        """Say how to ask in a group that the bot was added to; who blocks it in private, or comes back, hears none."""
        change = update.my_chat_member
        if change is None or not is_group(update):
            return
        inside = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)
        if change.new_chat_member.status in inside and change.old_chat_member.status not in inside:
            await self._speaker.say(update, context, "group_hello", name=f"@{context.bot.username}")

    async def _answer_sound(self, update: Update, context: Context, message: Message, transcribe: Transcribe) -> None:
        """Say what was heard, then answer it."""
        try:
            sound = await fetch_sound(message, context.bot, self._journal.stopping)
            if not self._allows(self._speaker.stand_for(update)):
                raise UnheardError("voice_too_many")
            heard = await transcribe(sound)
        except UnheardError as error:
            await self._speaker.say(update, context, error.key)
            return
        language = await self._speaker.chosen(update) or identify(heard)
        await self._speaker.send(update, context, phrase(language, "voice_heard", text=heard), language)
        # Among others the bot answers what names it, as the voice's caption did, or what it replied to.
        await _answer_as_text(update, context, f"@{context.bot.username} {heard}" if is_group(update) else heard)

    def _is_of_album(self, message: Message) -> bool:
        """Tell whether a message is a further one of an album that was answered."""
        if message.media_group_id is None:
            return False
        album = (message.chat.id, message.media_group_id)
        seen = album in self._albums
        self._albums[album] = True
        return seen


def name_kind(message: Message) -> str:
    """Return what Telegram calls the content of a message."""
    return str(effective_message_type(message) or "")


async def _answer_as_text(update: Update, context: Context, text: str) -> None:
    """Answer an update as if the words that it says or shows had been typed: whatever they are, they mean the same."""
    raw: dict[str, Any] = update.to_dict()
    kind = "message" if update.message is not None else "edited_message"
    left_out = (name_kind(message) if (message := update.effective_message) else "", "caption", "caption_entities")
    raw[kind] = {key: value for key, value in raw[kind].items() if key not in left_out} | {"text": text}
    await context.application.process_update(Update.de_json(raw, update.get_bot()))
