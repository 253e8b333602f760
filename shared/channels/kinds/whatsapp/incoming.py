"""What WhatsApp delivers: handshakes, messages, statuses. Sources: Meta's documents of the Cloud API, Graph v25.0."""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from shared.channels.incoming import (
    FORWARDED,
    REFERRED,
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
from shared.channels.kinds.parsing import instant, json_object, no_delivery, objects, part, text
from shared.channels.kinds.whatsapp.outgoing import OF_A_PART
from shared.channels.numbers import persons_number
from shared.channels.secrets import Secrets

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_SIGNED: Final = re.compile(r"sha256=([0-9a-f]{64})")
_FILES: Final = ("image", "video", "document", "audio")
_TROUBLES: Final = frozenset(
    {"message_template_status_update", "template_category_update", "phone_number_quality_update", "account_update"}
)
_GOOD: Final = frozenset({"APPROVED", "REINSTATED", "UPGRADE", "ONBOARDING", "UNFLAGGED", "VERIFIED_ACCOUNT"})
"""Events of those that are no trouble."""


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
            return no_delivery(request)
        return list(self._items(delivery))

    def item_id(self, raw: Raw) -> str:
        """The wamid."""
        return text(part(raw, "message").get("id"))

    def read(self, raw: Raw) -> Heard | Reported | Odd:
        """One message or status."""
        if "odd" in raw:
            return Odd(text(raw["odd"]), _trouble(part(raw, "change")))
        if "status" in raw:
            return self._status(part(raw, "status"))
        message = part(raw, "message")
        if message.get("type") == "system":
            return self._moved(message)
        return self._message(message, part(raw, "contact"))

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
                    # With its time: the same may happen again next month.
                    odd = {"odd": f"field {text(change.get('field'), 40)}", "time": entry.get("time")}
                    yield {**odd, "change": change}
                    continue
                if part(value, "metadata").get("phone_number_id") != self._number:
                    yield {"odd": "foreign_number", "change": change}
                    continue
                contacts = objects(value.get("contacts"))
                for message in objects(value.get("messages")):
                    yield {"message": message, "contact": _contact_of(message, contacts)}
                for status in objects(value.get("statuses")):
                    if status.get("biz_opaque_callback_data") != OF_A_PART:
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
        note = FORWARDED if forwarded else REFERRED if part(message, "referral") else ""
        return Heard(
            account=self._number,
            message_id=text(message.get("id")),
            sender=sender,
            at=instant(message.get("timestamp")),
            kind=kind,
            **{"quotes": text(context.get("id")), "note": note, **said},
        )

    def _moved(self, message: Mapping[str, Any]) -> Heard | Odd:
        """The provider's word that somebody has another number, or another id, now."""
        told = part(message, "system")
        number, user = text(told.get("wa_id") or told.get("new_wa_id"), 40), text(told.get("user_id"), 200)
        former = _ids(
            text(told.get("customer"), 40) or text(message.get("from"), 40), text(message.get("from_user_id"), 200)
        )
        ids = _ids(number, user)
        if not ids or not former or ids == former:
            return Odd(f"system {text(told.get('type'), 40)}")
        return Heard(
            account=self._number,
            message_id=text(message.get("id")),
            sender=Sender(ids, number or user, former=former),
            at=instant(message.get("timestamp")),
            kind="moved",
        )


def _contact_of(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The contact of a message: by id and never by its place in the list."""
    ids = {text(message.get(name)) for name in ("from", "from_user_id")} - {""}
    return next((each for each in contacts if {text(each.get("wa_id")), text(each.get("user_id"))} & ids), {})


def _sender(message: Mapping[str, Any], contact: Mapping[str, Any]) -> Sender:
    number, user = text(message.get("from"), 40), text(message.get("from_user_id"), 200)
    return Sender(_ids(number, user), number or user, text(part(contact, "profile").get("name"), 100))


def _ids(number: str, user: str) -> dict[str, str]:
    """The ids of a person, by kind: of a number that is a telephone's, of a WhatsApp id, of a user's id."""
    phone = persons_number(number) if number.isdigit() else None
    return {kind: id_ for kind, id_ in (("phone", phone), ("wa", number), ("bsuid", user)) if id_}


def _trouble(change: Mapping[str, Any]) -> str:
    """What a change of the account's own says that its operator has to see to; blank if it is nothing."""
    field, value = text(change.get("field"), 40), part(change, "value")
    event = text(value.get("event"), 40) or text(value.get("new_category"), 40)
    if field not in _TROUBLES or event.upper() in _GOOD:
        return ""
    named = text(value.get("message_template_name"), 80) or text(value.get("display_phone_number"), 40)
    return " ".join(filter(None, (field, event, named)))


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
        case "reaction" | "sticker":
            return "reaction", {}
        case "contacts":
            return "contact", {"text": "\n".join(filter(None, map(_card, objects(message.get("contacts")))))}
        case "edit":
            return "edit", _edited(part(message, "edit"))
        case "revoke":
            return "revoke", {"quotes": text(part(message, "revoke").get("original_message_id"))}
    return "unreadable", {}


def _card(contact: Mapping[str, Any]) -> str:
    """Somebody's card as text: their name, and their numbers."""
    numbers = (text(each.get("phone"), 40) for each in objects(contact.get("phones")))
    return " ".join(filter(None, (text(part(contact, "name").get("formatted_name"), 100), *numbers)))


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
