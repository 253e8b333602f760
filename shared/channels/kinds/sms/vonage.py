"""Vonage (formerly Nexmo). Source: Vonage documentation, SMS API webhooks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.base.times import to_iso
from shared.channels import gsm
from shared.channels.carrier import Maybe, Refused, Taken
from shared.channels.http import ask, busy, is_busy, json_of
from shared.channels.incoming import Answer, Heard, Odd, Raw, Reported, ReportState, Request, SmsPart
from shared.channels.kinds.parsing import json_object, objects
from shared.channels.kinds.sms.gateway import SmsGateway, heard, instant, part_of

_STATES: Final[Mapping[str, ReportState]] = {
    "accepted": "accepted",
    "buffered": "accepted",
    "submitted": "sent",
    "delivered": "delivered",
    "failed": "failed",
    "rejected": "failed",
    "expired": "failed",
}
_LATER: Final = frozenset({"1", "5"})
_SHUT: Final = frozenset({"2", "3", "4", "8", "9", "14", "29"})


class Vonage:
    """Query, form or JSON."""

    keyed = True
    reports_delivery = True
    credential = "password"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:
        """The key in our address stands for its optional signature."""

    def split(self, request: Request) -> Sequence[Raw]:
        """One message or one report a request."""
        given: dict[str, Any] = {**request.query, **request.form, **json_object(request.body)}
        told = {name: str(value) for name, value in given.items() if name != "key"}
        if not request.path.endswith("/report"):
            return [{"message": told}]
        return [{"report": {**told, "message-timestamp": told.get("message-timestamp") or to_iso(request.at)}}]

    def item_id(self, raw: Raw) -> str:
        """Its id."""
        return str(raw["message"].get("messageId", ""))

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One message or report."""
        if "report" in raw:
            told: Mapping[str, str] = raw["report"]
            state = _STATES.get(told.get("status", ""))
            if state is None:
                return Odd("unknown_status")
            return Reported(
                account=gateway.id,
                provider_id=told.get("messageId", ""),
                key=told.get("client-ref", ""),
                state=state,
                at=instant(told.get("message-timestamp", "")),
                part=told.get("messageId", "")[:100],  # each part has an id of its own, and our key is common to them
                code=told.get("err-code", "")[:20],
            )
        told = raw["message"]
        return heard(
            gateway,
            id_=self.item_id(raw),
            sender=told.get("msisdn", ""),
            at=instant(told.get("message-timestamp", "")),
            text=told.get("text", ""),
            part=_part(told),
        )

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as every format
        """Any success ends its repeats."""
        return Answer(200)

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:
        """By ``/sms/json``."""
        letter = {
            "api_key": str(gateway.options.get("username") or ""),
            "api_secret": gateway.secrets.get("password"),
            "to": to.lstrip("+"),
            "from": gateway.number.lstrip("+"),
            "text": text,
            "client-ref": key,
            "callback": gateway.report_address(),
            **({} if gsm.fits(text) else {"type": "unicode"}),
        }
        answer = ask(client, "POST", f"{gateway.url}/sms/json", data=letter)
        if is_busy(answer):
            raise busy(answer)
        told = objects(json_of(answer).get("messages"))
        codes = [str(each.get("status")) for each in told]
        if told and all(code == "0" for code in codes):
            return Taken(str(told[0].get("message-id", "")), len(told))
        if not told and answer.status_code < 300:
            raise Maybe("unknown_answer")
        code = next((each for each in codes if each != "0"), f"http_{answer.status_code}")[:20]
        raise Refused(code, "later" if code in _LATER else "shut" if code in _SHUT else "never")


def _part(told: Mapping[str, str]) -> SmsPart | None:
    """Long messages come in parts, each by itself."""
    if told.get("concat", "").lower() != "true":
        return None
    return part_of(told.get("concat-ref", ""), told.get("concat-total", ""), told.get("concat-part", ""))
