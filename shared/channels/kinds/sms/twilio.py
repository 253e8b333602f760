"""Twilio, and whoever speaks as it does. Source: Twilio documentation, Programmable Messaging."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from shared.base.times import to_iso
from shared.base.whole_numbers import whole_number
from shared.channels import gsm
from shared.channels.carrier import Maybe, Refused, Taken
from shared.channels.http import ask, busy, content_of, is_busy, json_of
from shared.channels.incoming import (
    Answer,
    Heard,
    MediaGone,
    MediaRef,
    Odd,
    Raw,
    Reported,
    ReportState,
    Request,
    Unsigned,
)
from shared.channels.kinds.sms.gateway import SmsGateway, heard

_STATES: Final[Mapping[str, ReportState]] = {
    "accepted": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
_OWN_HOSTS: Final = (".twilio.com",)
"""Where the password is known."""
_HOSTS: Final = (*_OWN_HOSTS, ".twiliocdn.com", ".amazonaws.com")
"""Where files lie."""
_MOST_FILES: Final = 10
_OTHER_WAY: Final = frozenset({21211, 21610, 21612, 21614, 30003, 30004, 30005, 30006})
"""No such number, opted out, unreachable, a landline."""


class Twilio:
    """Forms, signed over our public address and everything in the form."""

    keyed = False
    reports_delivery = True
    credential = "auth_token"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:  # noqa: ARG002 - no time is signed
        """By HMAC-SHA1 of the public address and the sorted fields, as its documents say."""
        given = request.headers.get("x-twilio-signature", "")
        if not given:
            raise Unsigned("no_signature")
        signed = request.url + "".join(f"{name}{value}" for name, value in sorted(request.form.items()))
        token = gateway.secrets.get("auth_token")
        # SHA-1 is what the provider signs with; as an HMAC it still holds.
        wanted = base64.b64encode(hmac.new(token.encode(), signed.encode(), "sha1").digest())
        if not hmac.compare_digest(wanted, given.encode("utf-8", "replace")):
            raise Unsigned("wrong_signature")

    def split(self, request: Request) -> Sequence[Raw]:
        """One message or one report a request, with when it came: neither tells a time."""
        given = {**request.form, "at": to_iso(request.at)}
        return (
            [{"report": given, "letter": request.query.get("letter", "")}]
            if request.path.endswith("/report")
            else [{"message": given}]
        )

    def item_id(self, raw: Raw) -> str:
        """Its SID."""
        return str(raw["message"].get("MessageSid", ""))

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One message or report."""
        if "report" in raw:
            told: Mapping[str, str] = raw["report"]
            state = _STATES.get(told.get("MessageStatus", ""))
            if state is None:
                return Odd("unknown_status")
            return Reported(
                account=gateway.id,
                provider_id=told.get("MessageSid", ""),
                key=str(raw.get("letter", "")),
                state=state,
                at=datetime.fromisoformat(told["at"]),
                code=told.get("ErrorCode", "")[:20],
            )
        told = raw["message"]
        return heard(
            gateway,
            id_=self.item_id(raw),
            sender=told.get("From", ""),
            at=datetime.fromisoformat(told["at"]),
            text=told.get("Body", ""),
            tells_time=False,  # nothing else is the same message but the same SID
            media=_files(gateway, told),
        )

    def fetch(self, client: Any, gateway: SmsGateway, url: str, most: int) -> bytes:
        """A file of an MMS: at its own address first, which leads to where it lies; there the password is nobody's
        business.

        :raises MediaGone: if there is none, or its address is nobody's of the provider.
        :raises Maybe: if it could not be had now.
        """
        if not _may_be_asked(gateway, url, _OWN_HOSTS):
            raise MediaGone("foreign_address")
        account = str(gateway.options.get("username") or "")
        try:
            answer = ask(client, "GET", url, stream=True, auth=(account, gateway.secrets.get("auth_token")))
            if answer.is_redirect:
                answer.close()
                url = urljoin(url, answer.headers.get("Location", ""))
                if not _may_be_asked(gateway, url):
                    raise MediaGone("foreign_address")
                answer = ask(client, "GET", url, stream=True)
        except Refused as refused:
            raise Maybe(refused.code) from None
        if answer.status_code in (404, 410):
            answer.close()
            raise MediaGone("gone")
        return content_of(answer, most)

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as every format
        """An empty document: any word in it would be sent to the person."""
        return Answer(200, b"<Response/>", "text/xml; charset=utf-8")

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:
        """By its Messages resource."""
        account = str(gateway.options.get("username") or "")
        letter = {
            "To": to,
            "From": gateway.number,
            "Body": text,
            "StatusCallback": f"{gateway.hook}/report?letter={key}",
        }
        url = f"{gateway.url}/2010-04-01/Accounts/{account}/Messages.json"
        answer = ask(client, "POST", url, data=letter, auth=(account, gateway.secrets.get("auth_token")))
        data = json_of(answer)
        if answer.status_code < 300 and isinstance(data.get("sid"), str):
            return Taken(data["sid"], gsm.parts(text))
        code = data.get("code")
        if answer.status_code in (401, 403):
            raise Refused(str(code or "authentication_failed")[:30], "shut")
        if is_busy(answer):
            raise busy(answer, str(code or "")[:20])
        if answer.status_code < 300:
            raise Maybe("unknown_answer")
        raise Refused(str(code or f"http_{answer.status_code}")[:20], "other_way" if code in _OTHER_WAY else "never")


def _files(gateway: SmsGateway, told: Mapping[str, str]) -> list[MediaRef]:
    """The files of an MMS, each with whose gateway has it; one that lies elsewhere is told as lost."""
    count = whole_number(told.get("NumMedia", ""), _MOST_FILES) or 0
    urls = [(told.get(f"MediaUrl{place}", ""), told.get(f"MediaContentType{place}", "")) for place in range(count)]
    return [MediaRef(f"{gateway.id} {url}", kind[:100]) for url, kind in urls if url]


def _may_be_asked(gateway: SmsGateway, url: str, hosts: tuple[str, ...] = _HOSTS) -> bool:
    try:
        parts, own = urlsplit(url), urlsplit(gateway.url)
        host = parts.hostname or ""
    except ValueError:
        return False
    same = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    return same or (parts.scheme == "https" and host.endswith(hosts))
