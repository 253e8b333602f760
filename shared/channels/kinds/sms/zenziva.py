"""Zenziva, a provider in Indonesia: letters are handed in, and what people wrote is fetched from its inbox.

Its documentation is for customers only; fields are as published clients read them (``messageId``, ``dari``,
``isiPesan``). It is asked for the days since the last look, so that what came late is not missed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from shared.base.times import to_iso
from shared.channels import gsm
from shared.channels.carrier import Maybe, Refused, Taken
from shared.channels.http import ask, busy, is_busy, json_of
from shared.channels.incoming import Answer, Heard, Odd, Raw, Reported, Request, Unsigned
from shared.channels.kinds.parsing import objects
from shared.channels.kinds.sms.gateway import SmsGateway, heard, instant

_TAKEN: Final = "1"
_OUT_OF: Final = ("userkey", "passkey", "kredit", "credit", "saldo", "quota", "kuota", "expired")
_BACK: Final = timedelta(days=1)


class Zenziva:
    """Forms and JSON, over ``/reguler/api``."""

    keyed = False
    reports_delivery = False
    credential = "password"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:  # noqa: ARG002 - nothing is verified
        """It delivers nothing: whoever does is nobody."""
        raise Unsigned("polled")

    def split(self, request: Request) -> Sequence[Raw]:  # noqa: ARG002 - as above
        """Nothing."""
        return []

    def item_id(self, raw: Raw) -> str:
        """Its id; a digest of old entries that have none."""
        told: Mapping[str, str] = raw["message"]
        id_ = told.get("messageId") or told.get("id") or ""
        if id_:
            return id_[:250]
        whole = "\n".join(f"{name}={told[name]}" for name in sorted(told))
        return f"synthetic:{sha256(whole.encode('utf-8', 'replace')).hexdigest()}"

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One entry of the inbox."""
        told: Mapping[str, str] = raw["message"]
        return heard(
            gateway,
            id_=self.item_id(raw),
            sender=told.get("dari", ""),
            at=instant(raw["at"]),
            text=told.get("isiPesan", ""),
            tells_time=False,
        )

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as above
        """Nothing."""
        return Answer(404)

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:  # noqa: ARG002 - it carries no key
        """By ``sendsms``."""
        letter = {**_credentials(gateway), "to": to, "message": text}
        answer = ask(client, "POST", f"{gateway.url}/reguler/api/sendsms/", data=letter)
        if answer.status_code in (401, 403):
            raise Refused("authorization_failed", "shut")
        if is_busy(answer):
            raise busy(answer)
        told = json_of(answer)
        status, why = str(told.get("status", "")), str(told.get("text", "")).lower()
        if status == _TAKEN:
            return Taken(str(told.get("messageId") or "")[:250], gsm.parts(text))
        if answer.status_code < 300 and not status:
            raise Maybe("unknown_answer")
        raise Refused(f"status_{status[:10]}", "shut" if any(each in why for each in _OUT_OF) else "never")


def fetched(client: Any, gateway: SmsGateway, position: str, now: datetime) -> tuple[list[Raw], str]:
    """What lies in the inbox since the last look, the earlier first, and the position behind it.

    :raises Refused: as :func:`shared.channels.http.ask`; also where it is shut, or answers what nobody understands.
    :raises Maybe: likewise.
    """
    since = (datetime.fromisoformat(position).replace(tzinfo=UTC) if position else now) - _BACK
    days = {"startdate": since.date().isoformat(), "enddate": (now + _BACK).date().isoformat()}
    answer = ask(client, "POST", f"{gateway.url}/reguler/api/getinbox/", data={**_credentials(gateway), **days})
    if answer.status_code != 200:
        raise Refused(f"http_{answer.status_code}", "shut") if answer.status_code in (401, 403) else busy(answer)
    data = json_of(answer)
    if not data:
        raise Refused("unknown_answer", "later")
    lists = [data[name] for name in ("message", "data", "inbox") if isinstance(data.get(name), list)]
    status, why = str(data.get("status", "")), str(data.get("text", "")).lower()
    if not lists and status != _TAKEN and any(each in why for each in _OUT_OF):
        raise Refused(f"status_{status[:10]}", "shut")
    found = objects(next((each for each in lists if each), []))
    told = [{name: str(value) for name, value in each.items() if value is not None} for each in found]
    told.sort(key=lambda each: (each.get("tgl", ""), each.get("waktu", ""), each.get("messageId", "").zfill(20)))
    items: list[Raw] = [{"message": each, "at": to_iso(now), "gateway": gateway.id} for each in told]
    # Who names no list may have nothing, or not have looked: then those days are asked for again.
    return items, now.date().isoformat() if lists or not position else position


def _credentials(gateway: SmsGateway) -> dict[str, str]:
    user = str(gateway.options.get("username") or "")
    return {"userkey": user, "passkey": gateway.secrets.get("password")}
