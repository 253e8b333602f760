"""A provider of WhatsApp on this machine: takes letters as the Cloud API does, and delivers messages and statuses.

Speaks what Meta's documents of the Cloud API say (Graph v25.0): bearer tokens, the day of free words, ids of users who
hide their numbers, files that are looked up first, error codes, and bodies whose other letters are escaped and signed.
"""

import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

import requests

from cli.providers.serving import Handler, listening

NUMBER = "106540352242922"
TOKEN = "token-of-the-number"
SECRET = "secret-of-the-app"
VERIFY = "word-of-the-handshake"
BUSINESS = "102290129340398"


@dataclass
class WhatsAppProvider:
    """The provider.

    :param address: where it listens.
    :param hook: where it delivers.
    :param letters: what it has taken, in order, each with its ``wamid``.
    :param open_windows: numbers that have written within the last day, as it sees it; all if none are named.
    :param refusals: codes with which it refuses the next letters; 0 takes one in between.
    :param mute: how many next letters it takes without an answer.
    :param paused: names of templates that it has paused: it thanks for a letter by one and delivers it to nobody.
    :param told: hears of every letter that is taken.
    :param read: ids of messages that were marked as read.
    :param token_ends: when its token runs out, in seconds since 1970, 0 for never; none if it does not tell.
    """

    address: str = ""
    hook: str = ""
    letters: list[dict[str, Any]] = field(default_factory=list)
    open_windows: set[str] | None = None
    refusals: list[int] = field(default_factory=list)
    mute: int = 0
    paused: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    failing_downloads: int = 0
    addresses: set[str] = field(default_factory=set)
    uploads: dict[str, bytes] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    subscribed: bool = True
    sent: int = 0
    names: dict[str, str] = field(default_factory=dict)
    told: Callable[[dict[str, Any]], None] | None = None
    read: list[str] = field(default_factory=list)
    token_ends: int | None = None
    client: requests.Session = field(default_factory=requests.Session)

    def text(
        self, number: str, text: str, *, name: str | None = None, id_: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """A text message of somebody's, not delivered yet."""
        return self.message(number, {"type": "text", "text": {"body": text}}, name=name, id_=id_, **more)

    def photo(
        self, number: str, content: bytes, *, caption: str = "", name: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """A photo of somebody's."""
        media = f"media{len(self.files) + 1}"
        self.files[media] = content
        told = {"id": media, "mime_type": "image/jpeg", "sha256": sha256(content).hexdigest(), "caption": caption}
        return self.message(number, {"type": "image", "image": told}, name=name, **more)

    def recording(self, number: str, content: bytes, kind: str = "audio/ogg; codecs=opus") -> dict[str, Any]:
        """A voice note, or a film, of somebody's."""
        media = f"media{len(self.files) + 1}"
        self.files[media] = content
        told = {"id": media, "mime_type": kind, "sha256": sha256(content).hexdigest()}
        type_ = kind.partition("/")[0]
        return self.message(number, {"type": type_, type_: {**told, **({"voice": True} if type_ == "audio" else {})}})

    def press(self, number: str, title: str) -> dict[str, Any]:
        """Somebody presses what bears a title, of the last letter that offered it."""
        for letter in reversed(self.letters_to(number)):
            for id_, offered in choices_of(letter):
                if offered == title:
                    said = {"type": "button_reply", "button_reply": {"id": id_, "title": title}}
                    return self.message(number, {"type": "interactive", "interactive": said})
        raise LookupError(title)

    def message(
        self, number: str, said: dict[str, Any], *, name: str | None = None, id_: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """Any message of somebody's; a number that begins with a letter is the id of who hides theirs."""
        self.sent += 1
        name = self.names.setdefault(number, name or "Warga")
        who = {"from": number} if number.isdigit() else {"from_user_id": number}
        contact = {"wa_id": number} if number.isdigit() else {"user_id": number}
        at = more.pop("at", int(time.time()))
        message = {"id": id_ or f"wamid.in{self.sent}", "timestamp": str(at), **who, **said, **more}
        return self.change({"contacts": [{"profile": {"name": name}, **contact}], "messages": [message]})

    def status(self, letter: dict[str, Any], state: str, **more: Any) -> dict[str, Any]:
        """What became of a letter."""
        key = letter.get("biz_opaque_callback_data", "")
        told = {
            "id": letter["wamid"],
            "status": state,
            "timestamp": str(int(time.time())),
            "biz_opaque_callback_data": key,
        }
        return self.change({"statuses": [{**told, **more}]})

    @staticmethod
    def change(value: dict[str, Any], number: str = NUMBER) -> dict[str, Any]:
        """A change of the account's."""
        metadata = {"display_phone_number": "6285290082800", "phone_number_id": number}
        return {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}

    def deliver(self, *changes: dict[str, Any]) -> requests.Response:
        """Deliver changes, as one delivery."""
        body = {"object": "whatsapp_business_account", "entry": [{"id": BUSINESS, "changes": list(changes)}]}
        return self.deliver_raw(escaped(body))

    def deliver_raw(self, body: bytes, secret: str = SECRET) -> requests.Response:
        """Deliver bytes, signed."""
        signature = hmac.new(secret.encode(), body, sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        return self.client.post(self.hook, data=body, headers=headers, timeout=30)

    def letters_to(self, number: str) -> list[dict[str, Any]]:
        """What was sent to somebody."""
        return [letter for letter in self.letters if number in (letter.get("to"), letter.get("recipient"))]

    def take(self, letter: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
        """A letter is handed in."""
        if token != f"Bearer {TOKEN}":
            return 401, _error(190)
        if letter.get("status") == "read":
            self.read.append(letter["message_id"])
            return 200, {"success": True}
        if self.refusals and (code := self.refusals.pop(0)):
            return 400, _error(code)
        whom = letter.get("to") or letter.get("recipient") or ""
        if letter.get("to") and not str(letter["to"]).isdigit():
            return 400, _error(100)
        windows = self.open_windows
        if letter.get("type") != "template" and windows is not None and whom not in windows:
            return 400, _error(131047)
        if letter.get("template", {}).get("name") in self.paused:
            return 200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.no", "message_status": "paused"}]}
        wamid = f"wamid.out{len(self.letters) + 1}"
        self.letters.append({**letter, "wamid": wamid})
        if self.told is not None:
            self.told(letter)
        return 200, {"messaging_product": "whatsapp", "messages": [{"id": wamid, "message_status": "accepted"}]}

    def uploaded(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """A file that is to go with a letter."""
        if b'name="messaging_product"' not in body or b'name="file"' not in body:
            return 400, _error(100)
        media = f"up{len(self.uploads) + 1}"
        self.uploads[media] = body
        return 200, {"id": media}


def escaped(body: Any) -> bytes:
    """JSON as the provider writes it: what is not ASCII escaped in small letters, slashes too."""
    return json.dumps(body).replace("/", "\\/").encode()


def text_of(letter: dict[str, Any]) -> str:
    """The words of a letter."""
    if letter["type"] == "document":
        return str(letter["document"]["filename"])
    if letter["type"] == "text":
        return str(letter["text"]["body"])
    if letter["type"] == "interactive":
        return str(letter["interactive"]["body"]["text"])
    return " ".join(
        str(value["text"]) for part in letter["template"].get("components", []) for value in part["parameters"]
    )


def choices_of(letter: dict[str, Any]) -> list[tuple[str, str]]:
    """What can be pressed of a letter."""
    action = letter.get("interactive", {}).get("action", {})
    buttons = [button["reply"] for button in action.get("buttons", [])]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return [(each["id"], each["title"]) for each in [*buttons, *rows]]


def _error(code: int) -> dict[str, Any]:
    return {"error": {"message": f"(#{code})", "type": "OAuthException", "code": code}}


class _Handler(Handler):
    content_type = "application/json"
    provider: WhatsAppProvider

    def posted(self, body: bytes) -> None:
        """A letter, or a file for one."""
        if self.path.endswith("/media"):
            known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            status, answer = self.provider.uploaded(body) if known else (401, _error(190))
            self.answer(status, json.dumps(answer).encode())
            return
        letter = json.loads(body)
        status, answer = self.provider.take(letter, self.headers.get("Authorization", ""))
        if self.provider.mute and status == 200 and "status" not in letter:
            self.provider.mute -= 1
            self.close_connection = True
            self.connection.close()
            return
        self.answer(status, json.dumps(answer).encode())

    def asked(self) -> None:
        """A look-up, or a download."""
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.answer(401, json.dumps(_error(190)).encode())
            return
        name = self.path.rsplit("/", 1)[-1]
        if "/download/" in self.path:
            if self.path not in self.provider.addresses:
                self.answer(404, b"")  # it has run out
            elif self.provider.failing_downloads:
                self.provider.failing_downloads -= 1
                self.provider.addresses.discard(self.path)
                self.answer(500, b"")
            else:
                self.answer(200, self.provider.files[name])
        elif name in self.provider.files:
            content = self.provider.files[name]
            path = f"/download/{uuid4()}/{name}"
            self.provider.addresses.add(path)
            told = {
                "url": f"{self.provider.address}{path}",
                "mime_type": "image/jpeg",
                "sha256": sha256(content).hexdigest(),
                "file_size": len(content),
                "id": name,
            }
            self.answer(200, escaped(told))
        elif name.partition("?")[0] == "message_templates":
            self.answer(200, escaped({"data": self.provider.templates}))
        elif name == f"debug_token?input_token={TOKEN}" and self.provider.token_ends is not None:
            self.answer(200, escaped({"data": {"is_valid": True, "expires_at": self.provider.token_ends}}))
        elif name == "subscribed_apps":
            subscribed = [{"whatsapp_business_api_data": {"id": "1", "name": "aduan"}}]
            self.answer(200, escaped({"data": subscribed if self.provider.subscribed else []}))
        elif name == NUMBER:
            self.answer(200, escaped({"id": NUMBER, "display_phone_number": "+62 852-9008-2800"}))
        else:
            self.answer(400, json.dumps(_error(100)).encode())


@contextmanager
def whatsapp_provider(
    port: int = 0, told: Callable[[dict[str, Any]], None] | None = None
) -> Iterator[WhatsAppProvider]:
    """The provider, listening on this machine.

    :param port: any that is free unless given.
    :param told: hears of every letter that is taken.
    """
    provider = WhatsAppProvider(told=told)
    provider.client.trust_env = False
    with listening(_Handler, port, provider=provider) as provider.address:
        yield provider
