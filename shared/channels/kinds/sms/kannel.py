"""Kannel (or Kamex): the modem box that a government runs itself. Source: Kannel user guide 1.4/1.5."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

from shared.base.times import to_iso
from shared.channels import gsm
from shared.channels.carrier import Maybe, Refused, Taken
from shared.channels.http import ask, busy, is_busy
from shared.channels.incoming import NO_TIME, Answer, Heard, Odd, Raw, Reported, ReportState, Request
from shared.channels.kinds.parsing import instant as seconds_of
from shared.channels.kinds.sms.gateway import SmsGateway, heard, instant
from shared.channels.kinds.sms.octets import decoded, octets_of

_STATES: Final[Mapping[str, ReportState]] = {
    "1": "delivered",
    "2": "failed",
    "4": "accepted",
    "8": "sent",
    "16": "failed",
}
_NO_ID: Final = "%I"
_REPORTS: Final = 19  # delivered, failed, refused by the centre


class Kannel:
    """``GET`` with a query, as its ``get-url`` says: ``id=%I&from=%p&to=%P&text=%b&time=%T&coding=%c&charset=%C``.

    Its ``%a`` and ``%b`` are the bytes of the message: UTF-16 for all of it where one letter needs that.
    """

    keyed = True
    reports_delivery = True
    credential = "password"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:
        """It does not sign: the key in our address does."""

    def split(self, request: Request) -> Sequence[Raw]:
        """One message or one report a request."""
        given = {name: value for name, value in {**request.query, **request.form}.items() if name != "key"}
        if request.path.endswith("/report"):
            return [{"report": given}]
        octets = octets_of(request, "text", given.get("coding", ""))
        return [{"message": given, "octets": octets, "at": to_iso(request.at)}]

    def item_id(self, raw: Raw) -> str:
        """Its ``%I``; of old builds, which have none and hand over the very sign, a digest: with when it came, where
        they tell no time either.
        """
        told: Mapping[str, str] = raw["message"]
        if told.get("id") not in (None, "", _NO_ID):
            return told["id"]
        parts = [told.get(name, "") for name in ("from", "time", "text")]
        whole = "\n".join([*parts, str(raw.get("at", ""))] if _time(told.get("time", "")) == NO_TIME else parts)
        return f"synthetic:{sha256(whole.encode('utf-8', 'replace')).hexdigest()}"

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One message or report."""
        if "report" in raw:
            told: Mapping[str, str] = raw["report"]
            state = _STATES.get(told.get("status", ""))
            if state is None:
                return Odd("unknown_status")
            at = _time(told.get("time", ""))
            return Reported(
                account=gateway.id, provider_id=told.get("id", ""), key=told.get("letter", ""), state=state, at=at
            )
        told = raw["message"]
        coding, charset = told.get("coding", ""), told.get("charset", "UTF-8")
        text = decoded(told.get("text", ""), coding, charset, str(raw.get("octets", "")))
        return heard(
            gateway, id_=self.item_id(raw), sender=told.get("from", ""), at=_time(told.get("time", "")), text=text
        )

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as every format
        """Nothing at all: any word would be sent to the person."""
        return Answer(200, b"")

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:
        """By ``sendsms``; 202 with a 0 or a 3 is taken."""
        query = {
            "username": str(gateway.options.get("username") or ""),
            "password": gateway.secrets.get("password"),
            "from": gateway.number,
            "to": to,
            "text": text,
            "charset": "UTF-8",
            "coding": "0" if gsm.fits(text) else "2",
            "dlr-mask": str(_REPORTS),
            "dlr-url": f"{gateway.report_address(letter=key)}&status=%d&time=%T",
        }
        answer = ask(client, "GET", f"{gateway.url}?{urlencode(query)}")
        said = answer.text.strip()[:200]
        if answer.status_code in (200, 202) and said[:2] in ("0:", "3:"):
            return Taken("", gsm.parts(text))
        if "uthorization" in said or answer.status_code in (401, 403):
            raise Refused("authorization_failed", "shut")
        if is_busy(answer):
            raise busy(answer)
        if answer.status_code < 300:
            raise Maybe("unknown_answer")
        raise Refused(f"http_{answer.status_code}", "never")


def _time(told: str) -> datetime:
    """Its ``%T``: seconds since 1970; or ``%t`` in UTC."""
    return instant(told) if "-" in told else seconds_of(told)
