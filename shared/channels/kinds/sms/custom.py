"""A gateway of one's own: what its fields are called stands in ``channels.yaml``, so that a new one needs no code."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.base.times import to_iso
from shared.channels import gsm
from shared.channels.carrier import Maybe, Refused, Taken
from shared.channels.http import ask, busy, is_busy, json_of
from shared.channels.incoming import NO_TIME, Answer, Heard, Odd, Raw, Reported, Request, SmsPart
from shared.channels.kinds.parsing import instant as seconds_of
from shared.channels.kinds.parsing import json_object, no_delivery
from shared.channels.kinds.sms.gateway import SmsGateway, heard, instant, part_of
from shared.channels.kinds.sms.octets import decoded, octets_of

_DEEPEST: Final = 6


class Custom:
    """A format that is told, see :class:`shared.channels.kinds.sms.custom_layout.CustomSchema`."""

    keyed = True

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self._message: Mapping[str, str] = layout["message"]
        self._report: Mapping[str, Any] | None = layout["report"]
        self._send: Mapping[str, Any] | None = layout["send"]
        self._times: str = layout["times"]
        self._zone = ZoneInfo(layout["zone"])
        self._answer: str = layout["answer"]
        self.reports_delivery = self._report is not None and "delivered" in self._report["states"].values()
        needs_password = self._send is not None and (self._send["basic"] or "password" in self._send["fields"])
        self.credential = "password" if needs_password else "key"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:
        """The key in our address proves it."""

    def split(self, request: Request) -> Sequence[Raw]:
        """One message or one report a request: of a query, a form or a JSON object."""
        query = {name: value for name, value in request.query.items() if name != "key"}  # that is ours, see `verify`
        told = {**query, **request.form, **_flat(json_object(request.body))}
        kind = "report" if request.path.endswith("/report") else "message"
        if not told:
            return no_delivery(request)
        written = octets_of(request, self._message["text"], self._of(told, "coding")) if kind == "message" else ""
        return [{kind: told, "at": to_iso(request.at), **({"octets": written} if written else {})}]

    def item_id(self, raw: Raw) -> str:
        """Its id; a digest of what tells it from others, if it has none."""
        told = raw["message"]
        id_ = self._of(told, "id")
        if id_:
            return id_[:250]
        parts = ("from", "time", "text", "reference", "number")
        whole = "\n".join([*(self._of(told, name) for name in parts), "" if self._of(told, "time") else raw["at"]])
        return f"synthetic:{sha256(whole.encode('utf-8', 'replace')).hexdigest()}"

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One message or report."""
        if "report" in raw:
            return self._reported(gateway, raw)
        told = raw["message"]
        when = self._of(told, "time")
        return heard(
            gateway,
            id_=self.item_id(raw),
            sender=self._of(told, "from"),
            at=self._time(when) if when else instant(raw["at"]),
            text=decoded(
                self._of(told, "text"), self._of(told, "coding"), self._of(told, "charset"), str(raw.get("octets", ""))
            ),
            tells_time=bool(when) and "id" not in self._message,
            part=self._part(told),
        )

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as every format
        """What it wants to hear, to the letter."""
        return Answer(200, self._answer.encode())

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:
        """As told: in a query, a form or a JSON object."""
        told = self._send
        if told is None:
            raise Refused("cannot_send", "other_way")
        letter = {**told["always"], **self._letter(told["fields"], gateway, to, text, key)}
        basic = (str(gateway.options.get("username") or ""), gateway.secrets.get("password")) if told["basic"] else None
        as_ = {"query": "params", "form": "data", "json": "json"}[told["as"]]
        method = "GET" if told["as"] == "query" else "POST"
        answer = ask(client, method, gateway.url, auth=basic, **{as_: letter})
        if answer.status_code in (401, 403):
            raise Refused("authorization_failed", "shut")
        if is_busy(answer):
            raise busy(answer)
        if answer.status_code >= 300:
            raise Refused(f"http_{answer.status_code}", "never")
        said = {name: str(value) for name, value in _flat(json_of(answer)).items()}
        if told["taken"]:
            found = [said.get(name) for name in told["taken"]]
            if None in found:
                raise Maybe("unknown_answer")
            if any(said[name] not in wanted for name, wanted in told["taken"].items()):
                raise Refused(str(found[0])[:50] or "refused", "never")
        return Taken(said.get(told["id"], "")[:250] if told["id"] else "", gsm.parts(text))

    def _letter(self, fields: Mapping[str, str], gateway: SmsGateway, to: str, text: str, key: str) -> dict[str, str]:
        values = {
            "to": to,
            "digits": to.lstrip("+"),
            "text": text,
            "key": key,
            "from": gateway.number,
            "username": str(gateway.options.get("username") or ""),
            "password": gateway.secrets.get("password") if "password" in fields else "",
            "report": gateway.report_address(),
        }
        return {theirs: values[ours] for ours, theirs in fields.items()}

    def _reported(self, gateway: SmsGateway, raw: Raw) -> Reported | Odd:
        told, layout = raw["report"], self._report
        if layout is None:
            return Odd("unknown_status")
        state = layout["states"].get(str(told.get(layout["state"], "")))
        if state is None:
            return Odd("unknown_status")
        when = str(told.get(layout.get("time", ""), ""))
        return Reported(
            account=gateway.id,
            provider_id=str(told.get(layout.get("id", ""), ""))[:250],
            key=str(told.get(layout.get("key", ""), ""))[:100],
            state=state,
            at=self._time(when) if when else instant(raw["at"]),
            code=str(told.get(layout.get("code", ""), ""))[:50],
            part=str(told.get(layout.get("part", ""), ""))[:10],
        )

    def _of(self, told: Mapping[str, Any], name: str) -> str:
        value = told.get(self._message.get(name, ""))
        return "" if value is None else str(value).replace("\x00", "")

    def _part(self, told: Mapping[str, Any]) -> SmsPart | None:
        return part_of(self._of(told, "reference"), self._of(told, "total"), self._of(told, "number"))

    def _time(self, told: str) -> datetime:
        """An instant as it writes them; none that can be read if they are written in another way than was said."""
        if self._times == "seconds":
            return seconds_of(told)
        if self._times == "milliseconds":
            return seconds_of(told.strip()[:-3])
        try:
            found = datetime.fromisoformat(told) if self._times == "iso" else datetime.strptime(told, self._times)  # noqa: DTZ007
            return (found if found.tzinfo else found.replace(tzinfo=self._zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            return NO_TIME


def _flat(value: Mapping[str, Any], before: str = "", deep: int = _DEEPEST) -> dict[str, str]:
    """Every value of a JSON object by its dotted name; of a list its places are names."""
    found: dict[str, str] = {}
    for name, each in value.items():
        whole = f"{before}{name}"
        if isinstance(each, list):
            each = {str(place): one for place, one in enumerate(each)}  # noqa: PLW2901 - the same, with names
        if isinstance(each, Mapping):
            found |= _flat(each, f"{whole}.", deep - 1) if deep else {}
        elif each is not None:
            found[whole] = str(each).lower() if isinstance(each, bool) else str(each)
    return found
