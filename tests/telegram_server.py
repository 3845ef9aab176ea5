"""A Bot API server on loopback: redelivers updates until they are confirmed, and refuses what Telegram refuses.

Updates are fetched, or posted to a webhook where one is set: again and again until it answers 200, one after another.

For tests it runs in threads of their own process; `python tests/telegram_server.py --port 8081` runs one to try the bot
by hand: what is typed is a student's message, `tap 2` taps a button, and each call of the bot is a line of JSON.
"""

import argparse
import http.client
import json
import operator
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]

TOKEN = "4242:AAtest-token-of-nobody"
BOT: Json = {"id": 4242, "is_bot": True, "first_name": "Rahnuma", "username": "rahnuma_test_bot"}

# Each method's parameters: `!` must be given; `chat` is a number or an @name; `json` is any object or list.
METHODS = {
    "getMe": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:list",
    "sendMessage": "chat_id:chat! text:str! parse_mode:str entities:list link_preview_options:dict reply_markup:dict "
    "reply_parameters:dict message_thread_id:int disable_notification:bool protect_content:bool "
    "allow_paid_broadcast:bool message_effect_id:str business_connection_id:str direct_messages_topic_id:int "
    "suggested_post_parameters:dict",
    "sendMessageDraft": "chat_id:int! draft_id:int! text:str parse_mode:str entities:list message_thread_id:int",
    "editMessageText": "chat_id:chat message_id:int inline_message_id:str text:str! parse_mode:str entities:list "
    "link_preview_options:dict reply_markup:dict business_connection_id:str",
    # `parse_mode` is none of Telegram's here, which ignores it: the library adds its default to every edit.
    "editMessageReplyMarkup": "chat_id:chat message_id:int inline_message_id:str reply_markup:dict "
    "business_connection_id:str parse_mode:str",
    "answerCallbackQuery": "callback_query_id:str! text:str show_alert:bool url:str cache_time:int",
    "editMessageCaption": "chat_id:chat message_id:int inline_message_id:str caption:str parse_mode:str "
    "caption_entities:list show_caption_above_media:bool reply_markup:dict business_connection_id:str",
    "copyMessage": "chat_id:chat! from_chat_id:chat! message_id:int! caption:str parse_mode:str caption_entities:list "
    "reply_markup:dict reply_parameters:dict message_thread_id:int disable_notification:bool protect_content:bool "
    "show_caption_above_media:bool",
    "deleteMessage": "chat_id:chat! message_id:int!",
    "getFile": "file_id:str!",
    "sendChatAction": "chat_id:chat! action:str! message_thread_id:int business_connection_id:str",
    "setMyCommands": "commands:list! scope:dict language_code:str",
    "setMyShortDescription": "short_description:str language_code:str",
    "setMyDescription": "description:str language_code:str",
    "answerInlineQuery": "inline_query_id:str! results:list! cache_time:int is_personal:bool next_offset:str "
    "button:dict",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "setWebhook": "url:str! ip_address:str max_connections:int allowed_updates:list drop_pending_updates:bool "
    "secret_token:str certificate:str",
}
ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
           "choose_sticker", "find_location", "record_video_note", "upload_video_note"}  # fmt: skip
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "code", "pre",
        "blockquote", "tg-emoji"}  # fmt: skip
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class Refusal(Exception):
    """What the server answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters


def refuse(description: str) -> NoReturn:
    raise Refusal(400, f"Bad Request: {description}")


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of a method.

    `status` answers so (429 with `retry_after`); `drop` closes the connection, "before" or "after" the call was
    carried out; `delay` only makes it slow. The method "webhook" is a post of an update: dropped "after", it arrives
    and is posted again, as it is where the bot's own answer is lost.
    """

    method: str
    times: int = 1
    status: int = 0
    retry_after: int = 0
    drop: str = ""
    delay: float = 0.0


def count_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Html(HTMLParser):
    """Reads a message's HTML as strictly as it can be read: a slip that Telegram lets pass is refused as well."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            refuse(f'can\'t parse entities: Unsupported start tag "{tag}"')
        if tag == "a" and not dict(attrs).get("href"):
            refuse("can't parse entities: a link without an address")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            refuse(f'can\'t parse entities: Unmatched end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        if set(data) & set("<>&"):
            refuse("can't parse entities: a bare <, > or &")
        self.text += data

    def handle_entityref(self, name: str) -> None:
        self.text += {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}.get(name) or refuse(
            f"can't parse entities: unknown entity {name}"
        )

    def handle_charref(self, name: str) -> None:
        self.text += chr(int(name[1:], 16) if name[0] in "xX" else int(name))

    def handle_comment(self, data: str) -> None:
        refuse("can't parse entities: a comment")

    def unknown_decl(self, data: str) -> None:
        refuse("can't parse entities: a declaration")


def read_html(html: str) -> str:
    """Return the text that a message's HTML shows. Raises Refusal."""
    if re.search(r"&", _ENTITY.sub("", html)):
        refuse("can't parse entities: a bare &")
    parser = _Html()
    parser.feed(html)
    parser.close()
    if parser.open:
        refuse(f"can't parse entities: Can't find end tag corresponding to start tag {parser.open[-1]}")
    return parser.text


def check_call(method: str, given: Json) -> Json:
    """Return a call's parameters as their types. Raises Refusal for an unknown, mistyped or missing one."""
    if method not in METHODS:
        raise Refusal(404, "Not Found")
    known = dict(entry.split(":") for entry in METHODS[method].split())
    for name in given.keys() - known.keys():
        refuse(f"unknown parameter {name}")
    for name, kind in known.items():
        if kind.endswith("!") and given.get(name) in (None, ""):
            refuse("message text is empty" if name == "text" else f"parameter {name} is required")
    return {name: _read_value(name, value, known[name].rstrip("!")) for name, value in given.items()}


def _read_value(name: str, value: object, kind: str) -> object:
    if isinstance(value, str) and kind in ("int", "bool", "list", "dict"):
        try:
            value = json.loads(value)
        except ValueError:
            refuse(f"can't parse {name}")
    if kind == "chat":
        if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
            value = int(value)
        kind = "int" if isinstance(value, int) else "str"
    wanted = {"int": int, "bool": bool, "list": list, "dict": dict, "str": str}[kind]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        refuse(f"{name} must be of type {kind}")
    return value


def check_buttons(markup: Json) -> None:
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        refuse("object expected as reply markup")
    for button in (button for row in rows for button in row):
        if not isinstance(button.get("text"), str) or not button["text"].strip():
            refuse('can\'t parse inline keyboard button: Field "text" must be of type String')
        if set(button) - {"text", "callback_data", "url"} or len(button) != 2:
            refuse("BUTTON_TYPE_INVALID")
        if not 1 <= len(button.get("callback_data", "u").encode()) <= 64:
            refuse("BUTTON_DATA_INVALID")
        if not re.fullmatch(r"(?:https?|tg)://[^\s/?#]+\.?[^\s]*", button.get("url", "tg://user")):
            refuse("BUTTON_URL_INVALID")


def check_article(article: Json) -> None:
    """Check a result of an inline query. Raises Refusal."""
    if article.get("type") != "article" or not article.get("title", "").strip():
        refuse("can't parse inline query result")
    if not 1 <= len(str(article.get("id", "")).encode()) <= 64:
        refuse("RESULT_ID_INVALID")
    content = article.get("input_message_content", {})
    text = content.get("message_text", "")
    shown = read_html(text) if content.get("parse_mode") == "HTML" else text
    if not shown.strip() or count_utf16(shown) > 4096:
        refuse("MESSAGE_EMPTY or MESSAGE_TOO_LONG")


class TelegramServer:
    """The server with what it was told and what it holds. Thread-safe; `with` starts and stops it."""

    def __init__(self, port: int = 0, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[tuple[str, Json]] = []
        self.sent: list[Json] = []  # the bot's messages as they were sent, in order
        self.sent_at: list[float] = []  # when each of them came
        self.messages: dict[tuple[int, int], Json] = {}  # as they are now, by chat and number
        self.faults: list[Fault] = []
        # All that can be read of the bot, in order: "sendMessage", "sendMessageDraft" or "editMessageText", chat, text.
        self.shown: list[tuple[str, int, str]] = []
        self.lacks: set[str] = set()  # methods that it does not know, as an older one
        self.blocked: set[int] = set()
        self.keeps_all = False  # nothing can be deleted, as what is older than two days
        self.migrated: dict[int, int] = {}  # groups that became supergroups, with their new ids
        self.files: dict[str, bytes] = {}  # what can be downloaded, by its file_id
        self.webhook = ""
        self.secret_token = ""
        self.posted: list[int] = []  # what a webhook answered to each post, 0 for nothing
        self.chance: Callable[[str], Fault | None] = lambda method: None  # faults beside those that are told
        self._chats: dict[int, Json] = {}
        self._queries: set[str] = set()
        self.history: dict[int, Json] = {}  # every update ever, by number
        self._waiting: list[Json] = []  # those that are not confirmed
        self._repeats: list[Json] = []  # those that come once more
        self._allowed: list[str] = []
        self._poll = 0
        self._closing = False
        # A bot's numbers start anywhere, and two servers in a row are two bots.
        self._number = time.time_ns() // 1000 % 1_000_000_000
        self.changed = threading.Condition()
        self._http = _HttpServer(("127.0.0.1", port), _Handler)
        self._http.telegram = self
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> "TelegramServer":
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self._posting = threading.Thread(target=self._post_updates, daemon=True)
        self._posting.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.changed:
            self._closing = True
            self.changed.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self._posting.join()

    # What a person does

    def text(self, chat_id: int, text: str, **person: Any) -> int:  # noqa: ANN401
        """Send a text to the bot: `language_code`, `chat_type`, `reply_to` (a message); return the update's number."""
        return self.inject({"message": self._write(chat_id, {"text": text} | _find_entities(text), **person)})

    def photo(self, chat_id: int, caption: str = "", album: str = "", **person: Any) -> int:  # noqa: ANN401
        size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
        content: Json = {"photo": [size]} | (
            {"caption": caption} | _find_entities(caption, "caption_entities") if caption else {}
        )
        content |= {"media_group_id": album} if album else {}
        return self.inject({"message": self._write(chat_id, content, **person)})

    def message(self, chat_id: int, content: Json, **person: Any) -> int:  # noqa: ANN401
        """Send anything else: a voice, a sticker, a location."""
        return self.inject({"message": self._write(chat_id, content, **person)})

    def document(self, chat_id: int, name: str, content: bytes, caption: str = "", **person: Any) -> int:  # noqa: ANN401
        """Send a file."""
        file_id = f"file{self._count()}"
        self.files[file_id] = content
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": len(content)}
        extra: Json = {"caption": caption} if caption else {}
        return self.message(chat_id, {"document": document} | extra, **person)

    def join(self, chat_id: int, chat_type: str = "group") -> None:
        """Make the bot a member of a chat in which nobody has written yet."""
        with self.changed:
            self._chats.setdefault(chat_id, {"id": chat_id, "type": chat_type})

    def voice(self, chat_id: int, sound: bytes, **person: Any) -> int:  # noqa: ANN401
        """Send a voice message that can be downloaded."""
        name = f"voice-{self._count()}"
        self.files[name] = sound
        voice = {"file_id": name, "file_unique_id": name, "duration": 3, "mime_type": "audio/ogg"}
        return self.message(chat_id, {"voice": voice | {"file_size": len(sound)}}, **person)

    def inline(self, user_id: int, query: str, language_code: str = "en") -> str:
        """Type a query after the bot's name in some chat; return its number."""
        number = str(self._count())
        self._queries.add(number)
        person = _write_person(user_id, language_code)
        self.inject({"inline_query": {"id": number, "from": person, "query": query, "offset": ""}})
        return number

    def member(self, chat_id: int, before: str, after: str, chat_type: str = "supergroup") -> int:
        """Let the bot be added to a chat, or blocked in it."""
        chat = self._chats.setdefault(chat_id, {"id": chat_id, "type": chat_type})
        change: Json = {"chat": chat, "from": _write_person(9, "en"), "date": int(time.time())}
        for name, status in (("old_chat_member", before), ("new_chat_member", after)):
            change[name] = {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})
        return self.inject({"my_chat_member": change})

    def edit(self, update_id: int, text: str, **person: Any) -> int:  # noqa: ANN401
        """Change a text that was sent as `update_id`."""
        edited = self.history[update_id]["message"] | {"text": text, "edit_date": int(time.time())}
        return self.inject({"edited_message": edited | _find_entities(text)})

    def tap(self, message: Json, button: str, **person: Any) -> int:  # noqa: ANN401
        """Tap the button of a message whose label holds `button`."""
        buttons = [each for row in message["reply_markup"]["inline_keyboard"] for each in row]
        return self.tap_data(message, next(b["callback_data"] for b in buttons if button in b["text"]), **person)

    def tap_data(self, message: Json, data: str, **person: Any) -> int:  # noqa: ANN401
        """Tap a button that carries `data`, as an older version may have sent it."""
        query_id = str(self._count())
        self._queries.add(query_id)
        sender = person.get("from") or _write_person(message["chat"]["id"], person.get("language_code", "en"))
        return self.inject({"callback_query": {"id": query_id, "from": sender, "message": message,
                                               "chat_instance": "1", "data": data}})  # fmt: skip

    def inject(self, content: Json) -> int:
        """Send an update as it is, whatever its form; return its number."""
        with self.changed:
            update: Json = {"update_id": self._count(), **content}
            self.history[update["update_id"]] = update
            if not self._allowed or set(content) & set(self._allowed):
                self._waiting.append(update)
            self.changed.notify_all()
        return int(update["update_id"])

    def repeat(self, update_id: int) -> None:
        """Deliver an update once more that the bot has confirmed; one that waits comes in its turn."""
        with self.changed:
            if all(update["update_id"] != update_id for update in self._waiting):
                self._repeats.append(self.history[update_id])
                self.changed.notify_all()

    # What a test waits for

    def wait_for_replies(self, number: int, timeout: float = 10.0) -> list[Json]:
        """Return the bot's messages once there are `number` of them."""
        self.wait_until(lambda: len(self.sent) >= number, timeout)
        return list(self.sent)

    def wait_for_call(self, method: str, timeout: float = 10.0) -> Json:
        """Return the parameters of the first call of a method."""
        self.wait_until(lambda: any(name == method for name, _ in self.calls), timeout)
        return next(given for name, given in self.calls if name == method)

    def wait_until_confirmed(self, timeout: float = 10.0) -> None:
        """Wait until the bot has fetched and confirmed every update."""
        self.wait_until(lambda: not self._waiting, timeout)

    def wait_until(self, condition: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait for what the server holds, or for what the bot has done elsewhere: raises TimeoutError."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while not condition():
                if time.monotonic() > deadline:
                    raise TimeoutError(f"sent {len(self.sent)}, {len(self._waiting)} unconfirmed after {timeout} s")
                self.changed.wait(0.05)

    # What the bot does

    def answer(self, token: str, method: str, given: Json) -> tuple[int, Json]:
        """Return the status and body of a call, like Telegram's own."""
        try:
            if token != self.token:
                raise Refusal(401, "Unauthorized")
            if method in self.lacks:
                raise Refusal(404, "Not Found: method not found")
            values = check_call(method, given)
            with self.changed:
                self.calls.append((method, values))
                self.changed.notify_all()
                result = getattr(self, f"_{method}")(values)
                self.changed.notify_all()
            return 200, {"ok": True, "result": result}
        except Refusal as refusal:
            body: Json = {"ok": False, "error_code": refusal.status, "description": str(refusal)}
            return refusal.status, body | ({"parameters": refusal.parameters} if refusal.parameters else {})

    def take_fault(self, method: str) -> Fault | None:
        with self.changed:
            fault = next((fault for fault in self.faults if fault.method == method and fault.times > 0), None)
            if fault is None:
                return self.chance(method)
            fault.times -= 1
            self.changed.notify_all()
            return fault

    def _getMe(self, _: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}

    def _getUpdates(self, values: Json) -> list[Json]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        poll, deadline = self._poll, time.monotonic() + min(values.get("timeout", 0), 50)
        self._allowed = values.get("allowed_updates", self._allowed)
        if values.get("offset", 0) > 0:
            self._waiting = [update for update in self._waiting if update["update_id"] >= values["offset"]]
        self.changed.notify_all()
        while not self._waiting and not self._closing and (left := deadline - time.monotonic()) > 0:
            self.changed.wait(left)
            if poll != self._poll:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
        repeats, self._repeats = self._repeats, []
        return [*repeats, *self._waiting[: min(values.get("limit", 100), 100)]]

    def _sendMessage(self, values: Json) -> Json:
        chat = self._find_chat(values)
        quoted = values.get("reply_parameters")
        if (
            quoted
            and (chat["id"], quoted["message_id"]) not in self.messages
            and not quoted.get("allow_sending_without_reply")
        ):
            refuse("message to be replied not found")
        message = {"message_id": self._count(), "chat": chat, "from": BOT, "date": int(time.time()),
                   **self._write_content(values)}  # fmt: skip
        if quoted and (chat["id"], quoted["message_id"]) in self.messages:
            message["reply_to_message"] = self.messages[chat["id"], quoted["message_id"]]
        self.messages[chat["id"], message["message_id"]] = message
        self.sent.append(message)
        self.sent_at.append(time.monotonic())
        self._note("sendMessage", values, message["text"])
        return message

    def _sendMessageDraft(self, values: Json) -> bool:
        chat = self._find_chat(values)
        if chat["type"] != "private":
            refuse("message drafts can be sent to private chats only")
        if not values["draft_id"]:
            refuse("draft_id must be non-zero")
        if values.get("text"):
            self._note("sendMessageDraft", values, self._write_content(values)["text"])
        return True

    def _note(self, method: str, values: Json, text: str) -> None:
        self.shown.append((method, values["chat_id"], text))

    def _copyMessage(self, values: Json) -> Json:
        chat = self._find_chat(values)
        source = self.messages.get((values["from_chat_id"], values["message_id"])) or refuse(
            "message to copy not found"
        )
        caption = values.get("caption", "")
        shown = read_html(caption) if values.get("parse_mode") == "HTML" else caption
        if count_utf16(shown) > 1024:
            refuse("message caption is too long")
        media: Json = {key: source[key] for key in ("photo", "document", "voice", "video", "audio") if key in source}
        markup = values.get("reply_markup")
        if markup:
            check_buttons(markup)
        message: Json = {"message_id": self._count(), "chat": chat, "from": BOT, "date": int(time.time()), **media}
        message |= ({"caption": shown} if shown else {}) | ({"reply_markup": markup} if markup else {})
        quoted = values.get("reply_parameters", {}).get("message_id")
        if (chat["id"], quoted) in self.messages:
            message["reply_to_message"] = self.messages[chat["id"], quoted]
        self.messages[chat["id"], message["message_id"]] = message
        self.sent.append(message)
        return {"message_id": message["message_id"]}

    def _deleteMessage(self, values: Json) -> bool:
        if self.keeps_all:
            refuse("message can't be deleted")
        self._find_chat(values)
        if self.messages.pop((values["chat_id"], values["message_id"]), None) is None:
            refuse("message to delete not found")
        return True

    def _getFile(self, values: Json) -> Json:
        content = self.files.get(values["file_id"])
        if content is None:
            refuse("wrong file_id or the file is temporarily unavailable")
        if len(content) > 20_000_000:
            refuse("file is too big")
        return {"file_id": values["file_id"], "file_unique_id": values["file_id"], "file_size": len(content),
                "file_path": f"documents/{values['file_id']}"}  # fmt: skip

    def _editMessageText(self, values: Json) -> Json:
        chat = self._find_chat(values)
        message = self.messages.get((chat["id"], values.get("message_id", 0)))
        if message is None or message["from"]["id"] != BOT["id"]:
            refuse("message to edit not found")
        if "text" not in message:
            refuse("there is no text in the message to edit")
        edited = {key: value for key, value in message.items() if key != "reply_markup"} | self._write_content(values)
        if edited == message:
            refuse("message is not modified: specified new message content and reply markup are exactly the same")
        edited["edit_date"] = int(time.time())
        self.messages[chat["id"], message["message_id"]] = edited
        self._note("editMessageText", values, edited["text"])
        return edited

    def _editMessageCaption(self, values: Json) -> Json:
        chat = self._find_chat(values)
        message = self.messages.get((chat["id"], values.get("message_id", 0)))
        if message is None or message["from"]["id"] != BOT["id"] or "text" in message:
            refuse("message to edit not found")
        edited = {key: value for key, value in message.items() if key != "reply_markup"}
        edited["caption"] = read_html(values.get("caption", ""))
        self.messages[chat["id"], message["message_id"]] = edited
        return edited

    def _editMessageReplyMarkup(self, values: Json) -> Json:
        chat = self._find_chat(values)
        message = self.messages.get((chat["id"], values.get("message_id", 0)))
        if message is None or message["from"]["id"] != BOT["id"]:
            refuse("message to edit not found")
        edited = {key: value for key, value in message.items() if key != "reply_markup"}
        if "reply_markup" in values:
            check_buttons(values["reply_markup"])
            edited["reply_markup"] = values["reply_markup"]
        if edited == message:
            refuse("message is not modified: specified new message content and reply markup are exactly the same")
        self.messages[chat["id"], message["message_id"]] = edited
        return edited

    def _answerCallbackQuery(self, values: Json) -> bool:
        if values["callback_query_id"] not in self._queries:
            refuse("query is too old and response timeout expired or query ID is invalid")
        self._queries.discard(values["callback_query_id"])
        return True

    def _sendChatAction(self, values: Json) -> bool:
        self._find_chat(values)
        if values["action"] not in ACTIONS:
            refuse("wrong parameter action in request")
        return True

    def _setMyCommands(self, values: Json) -> bool:
        for command in values["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                refuse("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                refuse("BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    def _setMyShortDescription(self, values: Json) -> bool:
        if len(values.get("short_description", "")) > 120:
            refuse("short description is too long")
        return True

    def _setMyDescription(self, values: Json) -> bool:
        if len(values.get("description", "")) > 512:
            refuse("description is too long")
        return True

    def _answerInlineQuery(self, values: Json) -> bool:
        if values["inline_query_id"] not in self._queries:
            refuse("query is too old and response timeout expired or query ID is invalid")
        self._queries.discard(values["inline_query_id"])
        results = values["results"]
        if len(results) > 50 or len({article.get("id") for article in results}) < len(results):
            refuse("RESULTS_TOO_MUCH or RESULT_ID_DUPLICATE")
        for article in results:
            check_article(article)
        button = values.get("button")
        if button and not re.fullmatch(r"[\w-]{1,64}", button.get("start_parameter", "")):
            refuse("START_PARAM_INVALID")
        return True

    def _setWebhook(self, values: Json) -> bool:
        if not re.fullmatch(r"[\w-]{0,256}", values.get("secret_token", "")):
            refuse("secret token contains unallowed characters")
        if urlsplit(values["url"]).scheme not in ("https", "http"):
            refuse("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook, self.secret_token = values["url"], values.get("secret_token", "")
        self._allowed = values.get("allowed_updates", self._allowed)
        return True

    def _deleteWebhook(self, values: Json) -> bool:
        self.webhook = ""
        if values.get("drop_pending_updates"):
            self._waiting = []
        return True

    def _getWebhookInfo(self, _: Json) -> Json:
        return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": len(self._waiting)}

    def _post_updates(self) -> None:
        """Post what waits to the webhook, as long as one is set: the first that waits until it is taken."""
        pause = 0.05
        while not self._closing:
            with self.changed:
                if not (self._waiting or self._repeats) or not self.webhook:
                    self.changed.wait(0.05)
                    continue
                repeated = bool(self._repeats)
                update = self._repeats.pop() if repeated else self._waiting[0]
                address, secret = self.webhook, self.secret_token
            fault = self.take_fault("webhook") or Fault("webhook")
            time.sleep(fault.delay)
            status = 0 if fault.drop == "before" else post_update(address, update, secret)
            with self.changed:
                self.posted.append(status)
                if repeated:
                    continue
                if status == 200 and not fault.drop:
                    self._waiting = [each for each in self._waiting if each is not update]
                    pause = 0.05
                    self.changed.notify_all()
                    continue
                self.changed.wait_for(lambda: self._closing, pause)
                pause = min(2 * pause, 0.2)

    def _find_chat(self, values: Json) -> Json:
        if values.get("chat_id") in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if (moved := self.migrated.get(values.get("chat_id", 0))) is not None:
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
        return self._chats.get(values.get("chat_id", 0)) or refuse("chat not found")

    def _write_content(self, values: Json) -> Json:
        """Return what a message shows, checked as Telegram checks it."""
        text = read_html(values["text"]) if values.get("parse_mode") == "HTML" else values["text"]
        if not text.strip():
            refuse("message text is empty")
        if count_utf16(text) > 4096:
            refuse("message is too long")
        markup = values.get("reply_markup")
        if markup:
            check_buttons(markup)
        # `html` is not Telegram's: it shows tests what was sent.
        return {"text": text, "html": values["text"]} | ({"reply_markup": markup} if markup else {})

    def _write(self, chat_id: int, content: Json, **person: Any) -> Json:  # noqa: ANN401
        """Return a person's message, and remember it and its chat."""
        kind = person.get("chat_type", "private")
        with self.changed:
            chat = self._chats.setdefault(chat_id, {"id": chat_id, "type": kind})
            sender = _write_person(person.get("user_id", abs(chat_id)), person.get("language_code", "en"))
            message = {"message_id": self._count(), "chat": chat, "from": sender, "date": int(time.time()), **content}
            message |= {name: person[name] for name in ("sender_chat", "via_bot", "from") if name in person}
            if person.get("reply_to"):
                message["reply_to_message"] = person["reply_to"]
            self.messages[chat_id, message["message_id"]] = message
        return message

    def _count(self) -> int:
        self._number += 1
        return self._number


def post_update(address: str, update: object, secret: str) -> int:
    """Post an update to a webhook and return what it answers, 0 for nothing."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    headers = {"Content-Type": "application/json"} | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    try:
        connection.request("POST", parts.path or "/", body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _write_person(user_id: int, language_code: str) -> Json:
    return {"id": user_id, "is_bot": False, "first_name": "Ayesha", "language_code": language_code}


def _find_entities(text: str, name: str = "entities") -> Json:
    """Return the commands and mentions that Telegram marks in a text."""
    marks = {"bot_command": r"(?<![\w/])/\w{1,32}(?:@\w+)?", "mention": r"(?<!\w)@\w{3,}"}
    found = [
        {"type": kind, "offset": count_utf16(text[: match.start()]), "length": count_utf16(match[0])}
        for kind, pattern in marks.items()
        for match in re.finditer(pattern, text)
    ]
    return {name: sorted(found, key=lambda mark: mark["offset"])} if found else {}


class _HttpServer(ThreadingHTTPServer):
    telegram: TelegramServer
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a bot that hung up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _HttpServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        given = json.loads(body) if "json" in self.headers.get("Content-Type", "") else dict(parse_qsl(body.decode()))
        self._respond(given)

    def do_GET(self) -> None:
        if self.path.startswith("/file/"):
            content = self._find_file()
            self._send(404 if content is None else 200, content or b"")
            return
        self._respond(dict(parse_qsl(self.path.partition("?")[2])))

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _find_file(self) -> bytes | None:
        token, _, file_id = unquote(self.path).removeprefix("/file/bot").partition("/documents/")
        telegram = self.server.telegram
        return telegram.files.get(file_id) if token == telegram.token else None

    def _respond(self, given: Json) -> None:
        match = re.match(r"/bot([^/]+)/(\w+)", self.path)
        token, method = match.groups() if match else ("", "")
        fault = self.server.telegram.take_fault(method) or Fault(method)
        time.sleep(fault.delay)
        if fault.drop == "before":
            self.close_connection = True
        elif fault.status == 429:
            self._send(429, {"ok": False, "error_code": 429, "description": "Too Many Requests: retry later",
                             "parameters": {"retry_after": fault.retry_after}})  # fmt: skip
        elif fault.status:
            self._send(fault.status, b"<html><body><h1>Bad Gateway</h1></body></html>")
        else:
            status, body = self.server.telegram.answer(token, method, given)
            if fault.drop == "after":
                self.close_connection = True
            else:
                self._send(status, body)

    def _send(self, status: int, body: Json | bytes) -> None:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(body, bytes) else "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()


def main() -> None:
    """Run a server for a person at the terminal, for an hour at most."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--without-drafts", action="store_true", help="know no sendMessageDraft, as an older server")
    options = parser.parse_args()
    with TelegramServer(options.port) as server:
        server.lacks = {"sendMessageDraft"} if options.without_drafts else set()
        sys.stdout.write(f"TELEGRAM_API_URL={server.url} TELEGRAM_BOT_TOKEN={server.token}\n")
        threading.Thread(target=_print_calls, args=(server,), daemon=True).start()
        typing = threading.Thread(target=_type, args=(server,), daemon=True)
        typing.start()
        typing.join(options.seconds)


def _print_calls(server: TelegramServer) -> None:
    calls: list[tuple[str, Json]] = []
    while True:
        with server.changed:
            server.changed.wait_for(partial(operator.ne, server.calls, calls))
            new, calls = server.calls[len(calls) :], list(server.calls)
        for method, values in new:
            if method != "getUpdates":
                sys.stdout.write(json.dumps({"method": method, **values}, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _type(server: TelegramServer) -> None:
    for line in sys.stdin:
        tap = re.fullmatch(r"tap (\d)\s*", line)
        if tap and server.sent and "reply_markup" in server.sent[-1]:
            server.tap(server.sent[-1], f"{tap[1]}.")
        else:
            server.text(1, line.strip())


if __name__ == "__main__":
    main()
