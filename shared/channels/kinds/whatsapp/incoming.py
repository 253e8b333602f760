"""What WhatsApp delivers: handshakes, messages, statuses. Sources: Meta's documents of the Cloud API, Graph v25.0."""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from shared.channels.incoming import (
    REPORT_STATES,
    Answer,
    Heard,
    HeardKind,
    MediaRef,
    Odd,
    Pin,
    Raw,
    Reported,
    Request,
    Sender,
    Unsigned,
)
from shared.channels.kinds.parsing import instant, json_object, objects, part, text
from shared.channels.numbers import persons_number
from shared.channels.secrets import Secrets

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_SIGNED: Final = re.compile(r"sha256=([0-9a-f]{64})")
_FILES: Final = ("image", "video", "document", "audio")


class WhatsAppIncoming:
    """One number's way in.

    :param number: its id at the provider: what is for another is none of ours.
    """

    def __init__(self, number: str, secrets: Secrets) -> None:
        self._number = number
        self._secrets = secrets

    def verify(self, request: Request, now: datetime) -> None:  # noqa: ARG002 - no time is signed
        """By the app's secret over the raw body; a handshake by its own word.

        The provider escapes what is not ASCII: only the bytes that came can be checked, not what they mean.
        """
        if request.method == "GET":
            self._verify_handshake(request)
            return
        given = _SIGNED.fullmatch(request.headers.get("x-hub-signature-256", ""))
        if given is None:
            raise Unsigned("no_signature")
        current, previous = self._secrets.get("app_secret"), self._secrets.find("app_secret_previous")
        for secret in (current, previous):
            if secret and hmac.compare_digest(hmac.new(secret.encode(), request.body, sha256).hexdigest(), given[1]):
                return
        raise Unsigned("wrong_signature")

    def split(self, request: Request) -> Sequence[Raw]:
        """Of every entry and change each message and each status, with who it is of."""
        if request.method == "GET":
            return []
        delivery = json_object(request.body)
        if delivery.get("object") != "whatsapp_business_account":
            return [{"odd": "not_a_delivery", "delivery": delivery}] if request.body else []
        return list(self._items(delivery))

    def item_id(self, raw: Raw) -> str:
        """The wamid."""
        return text(part(raw, "message").get("id"))

    def read(self, raw: Raw) -> Heard | Reported | Odd:
        """One message or status."""
        if "odd" in raw:
            return Odd(text(raw["odd"]))
        if "status" in raw:
            return self._status(part(raw, "status"))
        return self._message(part(raw, "message"), part(raw, "contact"))

    def answer(self, request: Request) -> Answer:
        """Nothing but the handshake's own word."""
        if request.method == "GET":
            return Answer(200, request.query.get("hub.challenge", "").encode())
        return Answer(200)

    def _verify_handshake(self, request: Request) -> None:
        told, challenge = request.query.get("hub.verify_token", ""), request.query.get("hub.challenge", "")
        wanted = self._secrets.get("verify_token")
        same = hmac.compare_digest(told.encode("utf-8", "replace"), wanted.encode())
        if request.query.get("hub.mode") != "subscribe" or not same or not _CHALLENGE.fullmatch(challenge):
            raise Unsigned("wrong_handshake")

    def _items(self, delivery: Mapping[str, Any]) -> Iterator[Raw]:
        for entry in objects(delivery.get("entry")):
            for change in objects(entry.get("changes")):
                value = part(change, "value")
                if change.get("field") != "messages":
                    yield {"odd": f"field {text(change.get('field'), 40)}", "change": change}
                    continue
                if part(value, "metadata").get("phone_number_id") != self._number:
                    yield {"odd": "foreign_number", "change": change}
                    continue
                contacts = objects(value.get("contacts"))
                for message in objects(value.get("messages")):
                    yield {"message": message, "contact": _contact_of(message, contacts)}
                for status in objects(value.get("statuses")):
                    yield {"status": status}

    def _status(self, status: Mapping[str, Any]) -> Reported | Odd:
        state = next((each for each in REPORT_STATES if each == status.get("status")), None)
        if state is None:
            return Odd("unknown_status")
        error = next(iter(objects(status.get("errors"))), {})
        return Reported(
            account=self._number,
            provider_id=text(status.get("id")),
            key=text(status.get("biz_opaque_callback_data")),
            state=state,
            at=instant(status.get("timestamp")),
            code=str(error.get("code", ""))[:20],
        )

    def _message(self, message: Mapping[str, Any], contact: Mapping[str, Any]) -> Heard | Odd:
        sender = _sender(message, contact)
        if not sender.ids:
            return Odd("no_sender")
        if message.get("errors") and message.get("type") not in ("unsupported", "unknown"):
            return Odd("with_errors")
        kind, said = _said(message)
        context = part(message, "context")
        forwarded = context.get("forwarded") or context.get("frequently_forwarded")
        return Heard(
            account=self._number,
            message_id=text(message.get("id")),
            sender=sender,
            at=instant(message.get("timestamp")),
            kind=kind,
            **{"quotes": text(context.get("id")), "note": "forwarded" if forwarded else "", **said},
        )


def _contact_of(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The contact of a message: by id and never by its place in the list."""
    ids = {message.get("from"), message.get("from_user_id")} - {None, ""}
    return next((each for each in contacts if {each.get("wa_id"), each.get("user_id")} & ids), {})


def _sender(message: Mapping[str, Any], contact: Mapping[str, Any]) -> Sender:
    number, user = text(message.get("from"), 40), text(message.get("from_user_id"), 200)
    phone = persons_number(number) if number.isdigit() else None
    ids = {kind: id_ for kind, id_ in (("phone", phone), ("wa", number), ("bsuid", user)) if id_}
    return Sender(ids, number or user, text(part(contact, "profile").get("name"), 100))


def _said(message: Mapping[str, Any]) -> tuple[HeardKind, dict[str, Any]]:
    """What a message says, by its type."""
    type_ = text(message.get("type"))
    match type_:
        case "text":
            return "text", {"text": text(part(message, "text").get("body"))}
        case "image" | "video" | "document" | "audio":
            return "media", _file(part(message, type_))
        case "location":
            return "place", {"place": _place(part(message, "location"))}
        case "interactive":
            reply = part(message, "interactive", "button_reply") or part(message, "interactive", "list_reply")
            return "choice", {"choice": text(reply.get("id"), 300), "text": text(reply.get("title"), 100)}
        case "button":
            pressed = part(message, "button")
            return "choice", {"choice": text(pressed.get("payload"), 300), "text": text(pressed.get("text"), 100)}
        case "reaction" | "sticker" | "system":
            return "reaction", {}
        case "contacts":
            return "contact", {}
        case "edit":
            return "edit", _edited(part(message, "edit"))
        case "revoke":
            return "revoke", {"quotes": text(part(message, "revoke").get("original_message_id"))}
    return "unreadable", {}


def _edited(changed: Mapping[str, Any]) -> dict[str, Any]:
    inner = part(changed, "message")
    captions = (part(inner, each).get("caption") for each in _FILES)
    new = part(inner, "text").get("body") or next(filter(None, captions), "")
    return {"text": text(new), "quotes": text(changed.get("original_message_id"))}


def _file(media: Mapping[str, Any]) -> dict[str, Any]:
    found = MediaRef(
        text(media.get("id"), 200),
        text(media.get("mime_type"), 100),
        text(media.get("filename"), 200),
        text(media.get("sha256"), 100),
    )
    return {"media": (found,), "text": text(media.get("caption"))}


def _place(location: Mapping[str, Any]) -> Pin:
    words = ", ".join(filter(None, (text(location.get("name"), 150), text(location.get("address"), 150))))
    lat, lon = float(location["latitude"]), float(location["longitude"])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("no place on earth")
    return Pin(lat, lon, words)
