"""Jasmin: an SMPP gateway that a government or its provider runs. Source: Jasmin documentation 0.11, HTTP API."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.base.times import to_iso
from shared.channels import gsm
from shared.channels.carrier import Maybe, Refused, Taken
from shared.channels.http import ask, busy, is_busy
from shared.channels.incoming import Answer, Heard, Odd, Raw, Reported, ReportState, Request
from shared.channels.kinds.sms.gateway import SmsGateway, heard, instant
from shared.channels.kinds.sms.octets import decoded, of_one_byte

_SUCCESS: Final = re.compile(r'Success "([0-9a-fA-F-]{8,64})"')
_STATES: Final[Mapping[str, ReportState]] = {
    "ESME_ROK": "sent",
    "ACCEPTD": "sent",
    "ENROUTE": "sent",
    "DELIVRD": "delivered",
    "UNDELIV": "failed",
    "EXPIRED": "failed",
    "REJECTD": "failed",
    "DELETED": "failed",
}
_CENTRE: Final = "1"


class Jasmin:
    """A form for each message and each report; both want ``ACK/Jasmin``."""

    keyed = True
    reports_delivery = True
    credential = "password"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:
        """It does not sign: the key in our address does."""

    def split(self, request: Request) -> Sequence[Raw]:
        """One message or one report a request; when it came is noted, since a message tells no time."""
        given = {name: value for name, value in {**request.query, **request.form}.items() if name != "key"}
        what = "report" if request.path.endswith("/report") else "message"
        return [{what: given, "at": to_iso(request.at)}]

    def item_id(self, raw: Raw) -> str:
        """Its id, in small letters: its answers and its reports spell it differently."""
        return str(raw["message"].get("id", "")).lower()

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One message or report."""
        if "report" in raw:
            return self._report(gateway, raw["report"], instant(str(raw["at"])))
        told: Mapping[str, str] = raw["message"]
        text = told.get("content", "")
        if told.get("coding") == "8" and told.get("binary"):
            text = decoded("", "8", "UCS-2", told["binary"])
        elif told.get("coding") not in (None, "", "0", "1", "3", "8"):
            return Odd("unknown_coding")
        elif told.get("binary"):
            text = of_one_byte(text, bytes.fromhex(told["binary"]))
        return heard(
            gateway,
            id_=self.item_id(raw),
            sender=told.get("from", ""),
            at=instant(str(raw["at"])),
            text=text,
            tells_time=False,
        )

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as every format
        """Exactly this, or it repeats."""
        return Answer(200, b"ACK/Jasmin")

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:
        """By ``/send``."""
        query = {
            "username": str(gateway.options.get("username") or ""),
            "password": gateway.secrets.get("password"),
            "to": to,
            **({"from": gateway.number} if gateway.number else {}),
            **({"content": text} if gsm.fits(text) else {"hex-content": text.encode("utf-16-be").hex(), "coding": "8"}),
            "dlr": "yes",
            "dlr-level": "3",
            "dlr-method": "POST",
            "dlr-url": gateway.report_address(letter=key),
        }
        answer = ask(client, "POST", gateway.url, data=query)
        said = answer.text.strip()[:300]
        if found := _SUCCESS.search(said):
            return Taken(found[1].lower(), gsm.parts(text))
        if answer.status_code == 403 or "uthentication" in said:
            raise Refused("authentication_failed", "shut")
        if is_busy(answer) or "throttl" in said.lower():
            raise busy(answer)
        if answer.status_code < 300:
            raise Maybe("unknown_answer")
        raise Refused(f"http_{answer.status_code}", "never")

    def _report(self, gateway: SmsGateway, told: Mapping[str, str], at: datetime) -> Reported | Odd:
        state = _STATES.get(told.get("message_status", "").upper())
        if state is None:
            state = "failed" if told.get("message_status", "").upper().startswith("ESME_R") else None
        if state is None:
            return Odd("unknown_status")
        if told.get("level") == _CENTRE and state == "delivered":
            state = "sent"
        return Reported(
            account=gateway.id,
            provider_id=told.get("id", "").lower(),
            key=told.get("letter", ""),
            state=state,
            at=at,
            code=told.get("err", "")[:20],
        )
