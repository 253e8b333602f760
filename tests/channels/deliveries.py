"""What providers deliver, with anything odd in any place, and how each of them delivers it."""

import hmac
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from cli.providers.sms import KEY
from cli.providers.telegram import SECRET as WORD
from cli.providers.whatsapp import NUMBER, SECRET
from tests.channels.line import Line

ODD: Final[tuple[object, ...]] = (
    "",
    "9" * 5000,
    "-1",
    "²",
    "\u0661\u0662",
    "\ud83d",
    "a\x00b",
    "\u202egnp.exe\u2066",
    "\ufffd",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "32503680000",
    "x" * 300,
    None,
    True,
    -1,
    10**30,
    1e308,
    [],
    ["a"],
    {},
    {"a": {"b": []}},
)
"""What may stand in any field."""
BOOK: Final = """
channels:
  - {{id: whatsapp, kind: whatsapp, api: "http://127.0.0.1:9", phone_number_id: "{number}"}}
  - {{id: telegram, kind: telegram, extra: true, api: "http://127.0.0.1:9", bot: aduan_bot}}
  - id: sms
    kind: sms
    extra: true
    number: "081111111111"
    gateways:
      - {{id: kannel, format: kannel, send_url: "http://127.0.0.1:9", username: a}}
      - {{id: jasmin, format: jasmin, send_url: "http://127.0.0.1:9", username: a}}
      - {{id: vonage, format: vonage, send_url: "http://127.0.0.1:9", username: a}}
      - {{id: smsgate, format: smsgate, send_url: "http://127.0.0.1:9", username: a}}
      - {{id: gammu, format: gammu}}
      - id: own
        format: custom
        custom:
          message: {{id: i, from: f, text: t, time: w, reference: r, total: n, number: p, coding: c}}
          report: {{key: k, state: s, states: {{"1": delivered}}}}
"""
WHATSAPP: Final = {
    "object": "whatsapp_business_account",
    "entry": [
        {
            "changes": [
                {
                    "field": "messages",
                    "value": {
                        "metadata": {"phone_number_id": NUMBER},
                        "contacts": [{"wa_id": "6281234567890", "profile": {"name": "Siti"}}],
                        "messages": [
                            {
                                "id": "wamid.1",
                                "from": "6281234567890",
                                "timestamp": "1760000000",
                                "type": "text",
                                "text": {"body": "Jalan rusak sekali di sini"},
                                "context": {"id": "wamid.0"},
                            },
                            {
                                "id": "wamid.2",
                                "from": "6281234567891",
                                "timestamp": "1760000000",
                                "type": "location",
                                "location": {"latitude": -7.6, "longitude": 109.1, "name": "Pasar"},
                            },
                        ],
                        "statuses": [
                            {
                                "id": "wamid.3",
                                "status": "failed",
                                "timestamp": "1760000000",
                                "biz_opaque_callback_data": "k",
                                "errors": [{"code": 131047}],
                            }
                        ],
                    },
                }
            ]
        }
    ],
}
TELEGRAM: Final = {
    "update_id": 7,
    "message": {
        "message_id": 3,
        "date": 1760000000,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "first_name": "Siti", "last_name": "R"},
        "text": "Lampu mati sejak kemarin malam",
        "reply_to_message": {"message_id": 1, "chat": {"id": 5}},
    },
}
PRESSED: Final = {
    "update_id": 8,
    "callback_query": {
        "id": "1",
        "data": "next:2",
        "from": {"id": 5, "first_name": "Siti"},
        "message": {"message_id": 4, "date": 1760000000, "chat": {"id": 5, "type": "private"}},
    },
}
EVENT: Final = {
    "event": "sms:received",
    "id": "e1",
    "payload": {
        "messageId": "m1",
        "sender": "+6281234567892",
        "message": "Air mati",
        "receivedAt": "2026-10-05T08:00:00+07:00",
    },
}
SPOOLED: Final = {
    "phone": "modem",
    "ids": ["IN1"],
    "text": "Air mati",
    "time": "2026-10-05T01:00:00Z",
    "parts": [{"number": "+6281234567893", "text": "Air mati", "class": "1", "ref": "2"}],
}
OWN: Final = {"i": "1", "f": "081234567894", "t": "Air", "w": "2026-10-05T01:00:00+07:00", "r": "1", "n": "2", "p": "1"}
FLAT: Final[Mapping[str, Mapping[str, Any]]] = {
    "kannel": {
        "id": "1",
        "from": "081234567895",
        "text": "Air",
        "time": "1760000000",
        "coding": "0",
        "charset": "UTF-8",
    },
    "jasmin": {"id": "1", "from": "6281234567896", "content": "Air", "coding": "8", "binary": "0041"},
    "vonage": {
        "messageId": "1",
        "msisdn": "6281234567897",
        "text": "Air",
        "message-timestamp": "2026-10-05 01:00:00",
        "concat": "true",
        "concat-ref": "1",
        "concat-total": "2",
        "concat-part": "1",
    },
}


def leaves(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a document, at whatever depth."""
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for name, each in items:
        yield (*path, name)
        if isinstance(each, dict | list):
            yield from leaves(each, (*path, name))


def changed(document: Any) -> Iterator[Any]:
    """The document with odd values in each place: a third of them, and in the next place another third."""
    for place, path in enumerate(leaves(document)):
        for odd in ODD[place % 3 :: 3]:
            copy = deepcopy(document)
            inner = copy
            for name in path[:-1]:
                inner = inner[name]
            inner[path[-1]] = odd
            yield copy


BODIES: Final = (b"\xff\xfe", b"{", b"[]", b"null", b"{}", b'"\xed\xa0\x80"', b"1" * 5000, b"[" * 3000)


class Providers:
    """All of them, delivering what they are told.

    :ivar refused: what was not answered with 200.
    """

    def __init__(self, made: Line) -> None:
        self._client = made.app.test_client()
        self.refused: list[tuple[int, str, object]] = []

    def whatsapp(self, body: bytes) -> None:
        """Signed over the raw body."""
        signed = hmac.new(SECRET.encode(), body, sha256).hexdigest()
        self._post("whatsapp", body, {"X-Hub-Signature-256": f"sha256={signed}"})

    def telegram(self, body: bytes) -> None:
        """With the word that was given when the hook was set."""
        self._post("telegram", body, {"X-Telegram-Bot-Api-Secret-Token": WORD})

    def smsgate(self, body: bytes) -> None:
        """Signed with the time."""
        stamp = str(int(datetime.now(UTC).timestamp()))
        signed = hmac.new(KEY.encode(), body + stamp.encode(), sha256).hexdigest()
        self._post("sms/smsgate", body, {"X-Signature": signed, "X-Timestamp": stamp})

    def gammu(self, body: bytes) -> None:
        """With the key in the address."""
        self._post(f"sms/gammu?key={KEY}", body, {})

    def own(self, body: bytes) -> None:
        """Likewise."""
        self._post(f"sms/own?key={KEY}", body, {})

    def flat(self, gateway: str, told: Mapping[str, Any]) -> None:
        """In a form; Kannel in the address."""
        form = {name: str(value).encode("utf-8", "surrogatepass") for name, value in told.items()}
        query, data = ({"key": KEY, **form}, None) if gateway == "kannel" else ({"key": KEY}, form)
        found = self._client.post(f"/hooks/v1/cilacap/sms/{gateway}", query_string=query, data=data)
        self._note(found.status_code, gateway, told)

    def _post(self, where: str, body: bytes, headers: dict[str, str]) -> None:
        found = self._client.post(
            f"/hooks/v1/cilacap/{where}", data=body, headers=headers, content_type="application/json"
        )
        self._note(found.status_code, where, body)

    def _note(self, status: int, where: str, told: object) -> None:
        if status != 200:
            self.refused.append((status, where, told))
