"""SMS Gateway for Android: a telephone on the office's windowsill. Source: its documentation (docs.sms-gate.app)."""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from shared.base.whole_numbers import whole_number
from shared.channels import gsm
from shared.channels.carrier import Refused, Taken
from shared.channels.http import ask, busy, is_busy, json_of
from shared.channels.incoming import Answer, Heard, MediaRef, Odd, Raw, Reported, ReportState, Request, Unsigned
from shared.channels.kinds.parsing import MOST_BYTES, json_object, no_delivery, objects, part, text
from shared.channels.kinds.sms.gateway import SmsGateway, heard, instant

_OLDEST_SECONDS: Final = 300
_LATEST: Final = 10**11
"""Seconds since 1970 that a signature may name at most."""
_MMS: Final = "mms:downloaded"
_HEARD: Final = ("sms:received", "sms:data-received", "mms:received", _MMS)
_NO_FILES: Final = ("text/plain", "application/smil")
"""Parts of an MMS that are its words, and how it is laid out."""
_STATES: Final[Mapping[str, ReportState]] = {
    "sms:sent": "sent",
    "sms:delivered": "delivered",
    "sms:failed": "failed",
}


class SmsGate:
    """JSON, signed: an event for each message and for each state of a letter's parts."""

    keyed = False
    reports_delivery = True
    credential = "password"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:
        """By HMAC over the raw body and the time beside it, which must be of the last five minutes."""
        stamp, given = request.headers.get("x-timestamp", ""), request.headers.get("x-signature", "").lower()
        at = whole_number(stamp, _LATEST)
        if at is None or not given:
            raise Unsigned("no_signature")
        secret = gateway.secrets.get("signing_key")
        wanted = hmac.new(secret.encode(), request.body + stamp.encode(), sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            raise Unsigned("wrong_signature")
        if abs(now.timestamp() - at) > _OLDEST_SECONDS:
            raise Unsigned("too_old")

    def split(self, request: Request) -> Sequence[Raw]:
        """One event a request."""
        event = json_object(request.body)
        if text(event.get("event")) in _STATES:
            return [{"report": event}]
        if not event:
            return no_delivery(request)
        return [{"message": event}]

    def item_id(self, raw: Raw) -> str:
        """Its id and its time: the id alone follows from the words, and the second "1" of a day would be lost."""
        event: Mapping[str, Any] = raw["message"]
        told = part(event, "payload")
        id_, at = text(told.get("messageId"), 100), text(told.get("receivedAt"), 40)
        if not id_ or str(event.get("event")).startswith("mms"):
            files = [f"{each.type} {each.size}" for each in _files(told)]
            whole = "\n".join((text(told.get("sender")), at, _words(told), *files))
            return f"synthetic:{sha256(whole.encode('utf-8', 'replace')).hexdigest()}"
        return f"{id_}@{at}"

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One event."""
        if "report" in raw:
            return self._report(gateway, raw["report"])
        event: Mapping[str, Any] = raw["message"]
        if event.get("event") not in _HEARD:
            return Odd("unknown_event")
        told = part(event, "payload")
        found = heard(
            gateway,
            id_=self.item_id(raw),
            sender=text(told.get("sender") or told.get("phoneNumber")),
            at=instant(text(told.get("receivedAt"))),
            text=_words(told),
            tells_time=event.get("event") != _MMS,  # two photos of one second are two
            media=_files(told),
        )
        if isinstance(found, Heard) and str(event.get("event")).startswith("mms") and not (found.text or found.media):
            return replace(found, kind="unreadable")  # its content stayed in the telephone
        return found

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as every format
        """Any success ends its repeats."""
        return Answer(200)

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:
        """Under our key as its id, which makes a repeated send one: 409 says that it is there."""
        letter = {
            "id": key,
            "textMessage": {"text": text},
            "phoneNumbers": [to],
            "withDeliveryReport": True,
            "ttl": 86400,
        }
        user = str(gateway.options.get("username") or "")
        answer = ask(
            client, "POST", f"{gateway.url}/messages", json=letter, auth=(user, gateway.secrets.get("password"))
        )
        if answer.status_code == 409 or answer.status_code < 300:
            return Taken(str(json_of(answer).get("id") or key), gsm.parts(text))
        if answer.status_code in (401, 403):
            raise Refused("authorization_failed", "shut")
        if is_busy(answer):
            raise busy(answer)
        raise Refused(f"http_{answer.status_code}", "never")

    def _report(self, gateway: SmsGateway, event: Mapping[str, Any]) -> Reported:
        told = part(event, "payload")
        state = _STATES[str(event.get("event"))]
        at = next((told[name] for name in ("deliveredAt", "sentAt", "failedAt") if told.get(name)), "")
        return Reported(
            account=gateway.id,
            provider_id=text(told.get("messageId"), 100),
            key=text(told.get("messageId"), 100),
            state=state,
            at=instant(text(at)),
            # One event for each part, each with an id of its own; the same part may be told again and again.
            part=str(told.get("partNumber", "")) if told.get("partNumber") is not None else "",
            code=text(told.get("reason"), 100),
        )


def _words(told: Mapping[str, Any]) -> str:
    """What is written in a message: of an MMS its subject is the first line."""
    return "\n".join(filter(None, (text(told.get("subject")), text(told.get("message") or told.get("body")))))


def _files(told: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """The files of an MMS; one that the telephone could not read has no content, and is told as lost."""
    found = []
    for each in objects(told.get("attachments")):
        kind = text(each.get("contentType"), 100)
        if kind in _NO_FILES:
            continue
        try:
            content = b64decode(text(each.get("data"), MOST_BYTES), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        name = text(each.get("name"), 200)
        found.append(MediaRef(text(each.get("partId"), 100), kind, name, size=len(content), content=content))
    return tuple(found)
