"""Gateways of SMS on this machine, each speaking its own protocol in both directions.

As documented by Kannel (user guide 1.4), Jasmin (HTTP API 0.11), SMS Gateway for Android, Twilio and Vonage.
"""

import base64
import hmac
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import requests

from cli.providers.serving import Handler, listening
from shared.channels import gsm

PASSWORD = "password-of-the-gateway"
KEY = "key-in-our-address"
NUMBER = "+6281100001111"


@dataclass
class PlayedGateway(ABC):
    """A gateway.

    :param address: where it takes letters.
    :param hook: where it delivers.
    :param letters: what it has taken: ``id``, ``to``, ``text``, ``report`` (where it reports), ``key``.
    :param answers: what our hook has answered, in order.
    :param mute: how many next letters it takes without an answer.
    """

    address: str = ""
    hook: str = ""
    letters: list[dict[str, str]] = field(default_factory=list)
    answers: list[requests.Response] = field(default_factory=list)
    down: bool = False
    mute: int = 0
    received: int = 0

    format: ClassVar[str] = ""
    path: ClassVar[str] = ""

    def text(self, number: str, text: str, *, at: datetime | None = None, id_: str | None = None) -> requests.Response:
        """Somebody sends an SMS, and the gateway delivers it."""
        self.received += 1
        answer = self.deliver(number, text, at or datetime.now(UTC), id_ or f"in-{self.received}-{uuid4()}")
        self.answers.append(answer)
        return answer

    @abstractmethod
    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:
        """As this format does."""

    @abstractmethod
    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """What became of a letter: ``sent``, ``delivered`` or ``failed``."""

    @abstractmethod
    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:
        """A letter is handed in."""

    def texts_to(self, number: str) -> list[str]:
        """What somebody has received."""
        return [letter["text"] for letter in self.letters if letter["to"] == number]

    def keep(self, **letter: str) -> dict[str, str]:
        """Take a letter."""
        self.letters.append(letter)
        return letter


class KannelGateway(PlayedGateway):
    """Kannel."""

    format = "kannel"
    path = "/cgi-bin/sendsms"
    states: ClassVar = {"sent": "8", "delivered": "1", "failed": "2"}

    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:
        """As its ``get-url`` says."""
        query = {"key": KEY, "id": id_, "from": number, "to": NUMBER, "text": text, "time": str(int(at.timestamp()))}
        return requests.get(f"{self.hook}?{urlencode(query)}", timeout=20)

    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """At the address that came with the letter."""
        url = letter["report"].replace("%d", self.states[state]).replace("%T", str(int(time.time())))
        return requests.get(url, timeout=20)

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:  # noqa: ARG002 - as every format
        """``sendsms``."""
        told = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        if (method, told["username"], told["password"]) != ("GET", "aduan", PASSWORD):
            return 403, "Authorization failed for sendsms"
        self.keep(id="", to=told["to"], text=told["text"], report=told["dlr-url"])
        return 202, "0: Accepted for delivery"


class JasminGateway(PlayedGateway):
    """Jasmin."""

    format = "jasmin"
    path = "/send"
    states: ClassVar = {"sent": "ESME_ROK", "delivered": "DELIVRD", "failed": "UNDELIV"}

    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:  # noqa: ARG002 - as every format
        """A form."""
        form = {"id": id_, "from": number.lstrip("+"), "to": NUMBER, "origin-connector": "smpp1", "coding": "0"}
        form |= {"content": text, "binary": text.encode().hex(), "priority": "1"}
        if not text.isascii():
            form |= {"coding": "8", "binary": text.encode("utf-16-be").hex(), "content": "?"}
        return requests.post(f"{self.hook}?key={KEY}", data=form, timeout=20)

    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """Its ids are spelled otherwise than in its answers."""
        form = {"id": letter["id"].upper(), "message_status": self.states[state], "level": "2"}
        return requests.post(letter["report"], data=form, timeout=20)

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:  # noqa: ARG002 - as every format
        """``/send``."""
        told = dict(parse_qsl(body.decode()))
        if (method, told["username"], told["password"]) != ("POST", "aduan", PASSWORD):
            return 403, 'Error "Authentication failure for username:aduan"'
        text = told.get("content") or bytes.fromhex(told["hex-content"]).decode("utf-16-be")
        letter = self.keep(id=str(uuid4()), to=told["to"], text=text, report=told["dlr-url"])
        return 200, f'Success "{letter["id"]}"'


class SmsGateGateway(PlayedGateway):
    """SMS Gateway for Android."""

    format = "smsgate"
    path = "/3rdparty/v1"

    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:
        """An event; its message's id follows from the words, its own does not."""
        words = sha256(f"{number}{text}".encode()).hexdigest()[:8]
        payload = {"messageId": words, "message": text, "sender": number, "simNumber": 1, "receivedAt": at.isoformat()}
        return self._event("sms:received", payload, id_)

    def mms(self, number: str, text: str, kind: str, content: bytes) -> requests.Response:
        """Somebody's MMS, with its file, once the telephone has fetched it."""
        file = {"partId": "1", "contentType": kind, "name": "IMG_1", "size": len(content)}
        layout = {"partId": "0", "contentType": "application/smil", "name": "smil.xml", "size": 4, "data": "PHNtPg=="}
        payload = {
            "messageId": "7",
            "sender": number,
            "subject": None,
            "body": text,
            "receivedAt": datetime.now(UTC).isoformat(),
            "attachments": [layout, {**file, "data": base64.b64encode(content).decode()}],
        }
        return self._event("mms:downloaded", payload)

    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """One event for a part."""
        return self._event(f"sms:{state}", {"messageId": letter["id"], "phoneNumber": letter["to"], **self._at(state)})

    def part(self, letter: dict[str, str], number: int) -> requests.Response:
        """A part of a letter has arrived."""
        told = {"messageId": letter["id"], "phoneNumber": letter["to"], "partNumber": number, **self._at("delivered")}
        return self._event("sms:delivered", told)

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:  # noqa: ARG002 - as every format
        """``/messages``; the same id a second time is there already."""
        given = base64.b64encode(f"aduan:{PASSWORD}".encode()).decode()
        if headers.get("Authorization") != f"Basic {given}":
            return 401, "{}"
        told = json.loads(body)
        if any(letter["id"] == told["id"] for letter in self.letters):
            return 409, "{}"
        [to] = told["phoneNumbers"]
        self.keep(id=told["id"], to=to, text=told["textMessage"]["text"])
        return 202, json.dumps({"id": told["id"], "state": "Pending"})

    def _event(self, event: str, payload: dict[str, Any], id_: str | None = None) -> requests.Response:
        body = json.dumps({"event": event, "payload": payload, "deviceId": "d", "id": id_ or str(uuid4())}).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(KEY.encode(), body + stamp.encode(), sha256).hexdigest()
        return requests.post(self.hook, data=body, headers={"X-Signature": signature, "X-Timestamp": stamp}, timeout=20)

    @staticmethod
    def _at(state: str) -> dict[str, str]:
        return {f"{state}At": datetime.now(UTC).isoformat()}


class TwilioGateway(PlayedGateway):
    """Twilio."""

    format = "twilio"
    path = ""
    states: ClassVar = {"sent": "sent", "delivered": "delivered", "failed": "undelivered"}
    public = ""
    """Our hook as the public knows it: what is signed."""
    file = b""

    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:  # noqa: ARG002 - as every format
        """A form, signed over the public address."""
        return self._post("", {"MessageSid": f"SM{id_}", "From": number, "To": NUMBER, "Body": text, "NumMedia": "0"})

    def mms(self, number: str, text: str, kind: str, content: bytes) -> requests.Response:
        """Somebody's MMS: its file lies here, behind an address that leads to another."""
        self.file = content
        form = {"MessageSid": f"MM{uuid4().hex}", "From": number, "To": NUMBER, "Body": text, "NumMedia": "1"}
        return self._post("", {**form, "MediaUrl0": f"{self.address}/Media/ME1", "MediaContentType0": kind})

    def fetched(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        """Its file, for who has the password; where it lies nobody asks for that."""
        if path.endswith("/kept"):
            return (400, b"", "") if headers.get("Authorization") else (200, self.file, "")
        given = base64.b64encode(f"aduan:{PASSWORD}".encode()).decode()
        known = headers.get("Authorization") == f"Basic {given}"
        return (307, b"", f"{self.address}/Media/ME1/kept") if known else (401, b"", "")

    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """Likewise."""
        query = f"/report?{urlsplit(letter['report']).query}"
        return self._post(query, {"MessageSid": letter["id"], "MessageStatus": self.states[state]})

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:  # noqa: ARG002 - as every format
        """Its Messages resource."""
        given = base64.b64encode(f"aduan:{PASSWORD}".encode()).decode()
        if headers.get("Authorization") != f"Basic {given}":
            return 401, json.dumps({"code": 20003})
        told = dict(parse_qsl(body.decode()))
        sid = f"SM{uuid4().hex}"
        self.keep(id=sid, to=told["To"], text=told["Body"], report=told["StatusCallback"])
        return 201, json.dumps({"sid": sid, "status": "queued"})

    def _post(self, below: str, form: dict[str, str]) -> requests.Response:
        signed = f"{self.public}{below}" + "".join(f"{name}{value}" for name, value in sorted(form.items()))
        signature = base64.b64encode(hmac.new(PASSWORD.encode(), signed.encode(), "sha1").digest()).decode()
        return requests.post(f"{self.hook}{below}", data=form, headers={"X-Twilio-Signature": signature}, timeout=20)


class VonageGateway(PlayedGateway):
    """Vonage."""

    format = "vonage"
    path = ""
    states: ClassVar = {"sent": "buffered", "delivered": "delivered", "failed": "failed"}

    def deliver(self, number: str, text: str, at: datetime, id_: str) -> requests.Response:
        """JSON, with an instant in UTC that names no zone."""
        told = {"msisdn": number.lstrip("+"), "to": NUMBER.lstrip("+"), "messageId": id_, "text": text, "type": "text"}
        told["message-timestamp"] = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        return requests.post(f"{self.hook}?key={KEY}", json=told, timeout=20)

    def deliver_part(self, number: str, text: str, at: datetime, part: int, total: int) -> requests.Response:
        """A part of a long message, by itself."""
        told = {"msisdn": number.lstrip("+"), "to": NUMBER.lstrip("+"), "messageId": uuid4().hex, "text": text}
        told |= {"concat": "true", "concat-ref": "17", "concat-total": str(total), "concat-part": str(part)}
        told["message-timestamp"] = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        return requests.post(f"{self.hook}?key={KEY}", json=told, timeout=20)

    def report(self, letter: dict[str, str], state: str) -> requests.Response:
        """A form, here without an instant."""
        told = {"messageId": letter["id"], "client-ref": letter["key"], "status": self.states[state], "err-code": "0"}
        return requests.post(letter["report"], data=told, timeout=20)

    def part(self, letter: dict[str, str], number: int) -> requests.Response:
        """A part of a letter has arrived: each has an id of its own."""
        return self.report({**letter, "id": letter["id"] if number == 1 else f"{letter['id']}{number}"}, "delivered")

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:  # noqa: ARG002 - as every format
        """``/sms/json``: 200 for whatever came, with a status for each part."""
        told = dict(parse_qsl(body.decode()))
        if (method, urlsplit(url).path) != ("POST", "/sms/json"):
            return 404, ""
        if (told["api_key"], told["api_secret"]) != ("aduan", PASSWORD):
            return 200, json.dumps({"messages": [{"status": "4"}]})
        id_ = uuid4().hex
        self.keep(id=id_, to=f"+{told['to']}", text=told["text"], report=told["callback"], key=told["client-ref"])
        ids = [id_, *(f"{id_}{number}" for number in range(2, gsm.parts(told["text"]) + 1))]
        taken = [{"message-id": each, "status": "0"} for each in ids]
        return 200, json.dumps({"message-count": str(len(ids)), "messages": taken})


GATEWAYS: tuple[type[PlayedGateway], ...] = (KannelGateway, JasminGateway, SmsGateGateway, TwilioGateway, VonageGateway)


class _Handler(Handler):
    gateway: PlayedGateway

    def asked(self) -> None:
        """A letter in a query, or a file."""
        if isinstance(self.gateway, TwilioGateway) and "/Media/" in self.path:
            status, content, leads_to = self.gateway.fetched(self.path, self.headers)
            self.answer(status, content, {"Location": leads_to} if leads_to else {})
            return
        self._take("GET", b"")

    def posted(self, body: bytes) -> None:
        """A letter in a body."""
        self._take("POST", body)

    def _take(self, method: str, body: bytes) -> None:
        status, said = (503, "") if self.gateway.down else self.gateway.take(method, self.path, self.headers, body)
        if self.gateway.mute and status < 300:
            self.gateway.mute -= 1
            self.close_connection = True
            self.connection.close()
            return
        self.answer(status, said.encode())


@contextmanager
def gateway_of(kind: type[PlayedGateway]) -> Iterator[PlayedGateway]:
    """A gateway, listening on a port of its own."""
    gateway = kind()
    with listening(_Handler, gateway=gateway) as address:
        gateway.address = f"{address}{kind.path}"
        yield gateway
