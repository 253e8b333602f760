"""Telegram on this machine: the methods that a bot calls, and updates delivered to its hook."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import requests

from cli.providers.serving import Handler, listening

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "word-of-the-hook"
BOT = "aduan_bot"


@dataclass
class TelegramProvider:
    """The provider.

    :param waiting: updates that are to be fetched.
    :param presses: of buttons, that were answered.
    :param blocked: chats whose person has blocked the bot.
    :param fast: how many calls it answers before it is busy.
    :param vague: how many next letters it takes and does not name.
    :param last: the update that was told last.
    :param failing: what it was answered by the hook, where it could deliver nothing last.
    :param too_late: whether what was pressed was so too long ago to be answered.
    """

    address: str = ""
    hook: str = ""
    letters: list[dict[str, Any]] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    presses: list[str] = field(default_factory=list)
    updates: int = 0
    busy: int = 0
    vague: int = 0
    fast: int = 0
    too_late: bool = False
    failing: str = ""
    last: dict[str, Any] = field(default_factory=dict)

    def text(self, person: int, text: str, **more: Any) -> requests.Response:
        """Somebody writes."""
        return self.message(person, {"text": text, **more})

    def photo(self, person: int, content: bytes, caption: str) -> requests.Response:
        """Somebody sends a photo: in two sizes, as Telegram does."""
        id_ = f"file{len(self.files)}"
        self.files[id_] = content
        sizes = [{"file_id": "small", "file_size": 1}, {"file_id": id_, "file_size": len(content)}]
        return self.message(person, {"photo": sizes, "caption": caption})

    def file(self, person: int, name: str, content: bytes, **more: Any) -> requests.Response:
        """Somebody sends a file: a ``voice``, a ``video``, a ``document`` or the like."""
        id_ = f"file{len(self.files)}"
        self.files[id_] = content
        return self.message(person, {name: {"file_id": id_, "file_size": len(content), **more}})

    def message(self, person: int, said: dict[str, Any], chat: str = "private") -> requests.Response:
        """Somebody's message."""
        self.updates += 1
        told = {
            "message_id": self.updates,
            "date": int(time.time()),
            "chat": {"id": person, "type": chat},
            "from": {"id": person, "is_bot": False, "first_name": "Siti", "last_name": "Rahayu"},
            **said,
        }
        return self.deliver({"update_id": self.updates, "message": told})

    def edit(self, text: str) -> requests.Response:
        """Somebody changes what they have written last."""
        told = next(each for each in self.last.values() if isinstance(each, dict))
        self.updates += 1
        edited = {**told, "text": text, "edit_date": told["date"]}
        return self.deliver({"update_id": self.updates, "edited_message": edited})

    def repeat(self) -> requests.Response:
        """The last update is told once more."""
        return self.deliver(self.last)

    def press(self, person: int, title: str) -> requests.Response:
        """Somebody presses what bears a title."""
        self.updates += 1
        chat = {"id": person, "type": "private"}
        for letter in reversed(self.letters):
            for row in letter.get("reply_markup", {}).get("inline_keyboard", []):
                if row[0]["text"] == title and letter["chat_id"] == str(person):
                    pressed = {
                        "id": str(self.updates),
                        "from": {"id": person, "is_bot": False, "first_name": "Siti", "last_name": "Rahayu"},
                        # When the letter came; of the press no time is told.
                        "message": {"message_id": 1, "date": int(time.time()) - 60, "chat": chat},
                        "data": row[0]["callback_data"],
                    }
                    return self.deliver({"update_id": self.updates, "callback_query": pressed})
        raise LookupError(title)

    def deliver(self, update: dict[str, Any], secret: str = SECRET) -> requests.Response:
        """Deliver an update; where no hook is set it waits until it is fetched."""
        self.last = update
        if not self.hook:
            self.waiting.append(update)
            taken = requests.Response()
            taken.status_code = 200
            return taken
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return requests.post(self.hook, json=update, headers=headers, timeout=20)

    def call(self, method: str, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A method is called."""
        if self.busy and self.fast:
            self.fast -= 1
        elif self.busy:
            self.busy -= 1
            return 429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 1}}
        if method == "getMe":
            return 200, {"ok": True, "result": {"id": 1, "is_bot": True, "username": BOT}}
        if method in ("getWebhookInfo", "getUpdates", "answerCallbackQuery"):
            return self._fetched(method, given)
        if method == "getFile":
            found = {"file_id": given["file_id"], "file_path": f"photos/{given['file_id']}"}
            return 200, {"ok": True, "result": found}
        if given["chat_id"] in self.blocked:
            return 403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
        for row in given.get("reply_markup", {}).get("inline_keyboard", []):
            if len(row[0]["callback_data"].encode()) > 64:
                return 400, {"ok": False, "error_code": 400, "description": "Bad Request: BUTTON_DATA_INVALID"}
        self.letters.append(given)
        if self.vague:
            self.vague -= 1
            return 200, {"ok": True, "result": True}
        result = {"message_id": 1000 + len(self.letters), "chat": {"id": int(given["chat_id"])}}
        return 200, {"ok": True, "result": result}

    def _fetched(self, method: str, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if method == "getWebhookInfo":
            trouble = {"pending_update_count": 1, "last_error_message": self.failing} if self.failing else {}
            return 200, {"ok": True, "result": {"url": self.hook, "pending_update_count": 0, **trouble}}
        if method == "answerCallbackQuery" and self.too_late:
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: query is too old"}
        if method == "answerCallbackQuery":
            self.presses.append(given["callback_query_id"])
            return 200, {"ok": True, "result": True}
        if self.hook:
            return 409, {"ok": False, "error_code": 409, "description": "Conflict: webhook is active"}
        self.waiting = [each for each in self.waiting if each["update_id"] >= given.get("offset", 0)]
        return 200, {"ok": True, "result": self.waiting[: given["limit"]]}


def of_form(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a form; of a file its name as text and its content."""
    whole = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found: dict[str, Any] = {}
    for each in whole.walk():
        name, content = each.get_param("name", header="Content-Disposition"), each.get_payload(decode=True)
        if name and isinstance(content, bytes):
            file = each.get_filename()
            found |= {"text": file, "document": content} if file else {str(name): content.decode()}
    return found


class _Handler(Handler):
    provider: TelegramProvider

    def posted(self, body: bytes) -> None:
        """A method."""
        form = "multipart/" in self.headers.get("Content-Type", "")
        given = of_form(self.headers["Content-Type"], body) if form else json.loads(body)
        _, bot, method = self.path.split("/")
        status, answer = self.provider.call(method, given) if bot == f"bot{TOKEN}" else (401, {"ok": False})
        self.answer(status, json.dumps(answer).encode())

    def asked(self) -> None:
        """A file."""
        self.answer(200, self.provider.files[self.path.rsplit("/", 1)[1]])


@contextmanager
def telegram_provider() -> Iterator[TelegramProvider]:
    """The provider, listening on a port of its own."""
    provider = TelegramProvider()
    with listening(_Handler, provider=provider) as provider.address:
        yield provider
