"""A government's SMS number: what ``channels.yaml`` says of it, its gateways, and its two halves."""

import hmac
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.channels import gsm
from shared.channels.carrier import Maybe, Taken, Traits, Words
from shared.channels.http import session
from shared.channels.incoming import Answer, Fetched, Heard, MediaGone, MediaRef, Odd, Raw, Reported, Request, Unsigned
from shared.channels.kinds.sms.custom import Custom
from shared.channels.kinds.sms.custom_layout import CustomSchema
from shared.channels.kinds.sms.gammu import Gammu, outbox_of
from shared.channels.kinds.sms.gateway import Format, SmsGateway
from shared.channels.kinds.sms.inboxes import Inboxes
from shared.channels.kinds.sms.jasmin import Jasmin
from shared.channels.kinds.sms.kannel import Kannel
from shared.channels.kinds.sms.smsgate import SmsGate
from shared.channels.kinds.sms.twilio import Twilio
from shared.channels.kinds.sms.vonage import Vonage
from shared.channels.kinds.sms.zenziva import Zenziva
from shared.channels.registry import Channel, ChannelPlace, Spec
from shared.channels.secrets import Secrets
from shared.channels.spans import Span
from shared.domain.sop.reading.schema import Name, WordField

_WITH_FILES: Final = "twilio"
"""The format whose files lie at the provider."""
_TWILIO: Final = Twilio()
FORMATS: Final[Mapping[str, Format]] = {
    "gammu": Gammu(),
    "zenziva": Zenziva(),
    "kannel": Kannel(),
    "jasmin": Jasmin(),
    "smsgate": SmsGate(),
    _WITH_FILES: _TWILIO,
    "vonage": Vonage(),
}
CUSTOM: Final = "custom"
"""The format that the government describes itself."""
MOST_PARTS: Final = 3
_SPOOL: Final = "file:///"


def format_of(gateway: SmsGateway) -> Format:
    """What a gateway speaks."""
    return Custom(gateway.options[CUSTOM]) if gateway.format == CUSTOM else FORMATS[gateway.format]


class _GatewaySchema(Schema):
    id = Name(required=True)
    format = WordField(required=True, choices=sorted([*FORMATS, CUSTOM]))
    send_url = WordField(
        load_default="",
        pattern=r"(?:https?://[^\s]+|file:///[^\s]+)?\Z",
        remedy="the address at which it takes letters",
    )
    username = WordField(load_default="")
    custom = fields.Nested(CustomSchema, load_default=None)
    poll = Span(load_default=timedelta(seconds=30), validate=validate.Range(timedelta(seconds=5), timedelta(hours=1)))

    @validates_schema
    def check_format(self, data: dict[str, Any], **_options: Any) -> None:
        """A layout belongs to a format that is told, and a folder to the one that has it."""
        if (data.get("format") == CUSTOM) != (data.get("custom") is not None):
            raise ValidationError("custom goes with format: custom, and that with custom", "custom")
        spools = str(data.get("send_url")).startswith(_SPOOL)
        if data.get("send_url") and spools != (data.get("format") == "gammu"):
            raise ValidationError("gammu has a folder, file:///var/spool/gammu/outbox; others an address", "send_url")


class _Options(Schema):
    number = WordField(load_default="")
    send_by = Name(load_default=None, allow_none=True)
    trust_acceptance = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    rate = fields.Float(load_default=1.0)
    gateways = fields.List(fields.Nested(_GatewaySchema), load_default=list)

    @validates_schema
    def check_gateways(self, data: dict[str, Any], **_options: Any) -> None:
        """Each has its own name, and letters go by one of them."""
        ids = [gateway["id"] for gateway in data.get("gateways", ())]
        if len(ids) != len(set(ids)):
            raise ValidationError({"gateways": ["a gateway's id is given twice"]})
        if data.get("send_by") and data["send_by"] not in ids:
            raise ValidationError({"send_by": [f"there is no gateway {data['send_by']!r}"]})


class SmsKind:
    """The kind."""

    options = _Options

    def build(self, spec: Spec, place: ChannelPlace, secrets: Secrets) -> Channel:
        """The channel; without a gateway it is declared and not connected."""
        options = spec.options
        gateways = [
            SmsGateway(
                id=each["id"],
                format=each["format"],
                secrets=secrets.below(each["id"]),
                options=each,
                number=str(options["number"]),
                hook=f"{place.hook}/{each['id']}",
            )
            for each in options["gateways"]
        ]
        first = options["send_by"]
        ordered = sorted(gateways, key=lambda gateway: gateway.id != first)  # the others stay in their order
        carriers = {
            gateway.id: SmsCarrier(gateway, rate=options["rate"], trusts_acceptance=options["trust_acceptance"])
            for gateway in ordered
            if gateway.url
        }
        fetched = [
            (gateway, each["poll"])
            for gateway, each in zip(gateways, options["gateways"], strict=True)
            if gateway.format == "zenziva" and gateway.url
        ]
        polled = Inboxes([gateway for gateway, _ in fetched], min(every for _, every in fetched)) if fetched else None
        by_name = {gateway.id: gateway for gateway in gateways}
        writes_by = first if first in carriers else None
        return Channel(spec, SmsIncoming(by_name), carriers, SmsMedia(by_name), polled=polled, writes_by=writes_by)


class SmsIncoming:
    """The way in of all gateways of a number: each behind its name in the address."""

    def __init__(self, gateways: Mapping[str, SmsGateway]) -> None:
        self._gateways = gateways
        self._formats = {name: format_of(gateway) for name, gateway in gateways.items()}

    def verify(self, request: Request, now: datetime) -> None:
        """By the gateway's own signature, or by the key in our address."""
        gateway, format_ = self._of(request.path)
        if not format_.keyed:
            format_.verify(gateway, request, now)
            return
        wanted, given = gateway.secrets.get("key"), request.query.get("key", "")
        if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            raise Unsigned("wrong_key")

    def split(self, request: Request) -> Sequence[Raw]:
        """As the format says, each item with the gateway's name."""
        gateway, format_ = self._of(request.path)
        return [{**raw, "gateway": gateway.id} for raw in format_.split(request)]

    def item_id(self, raw: Raw) -> str:
        """As the format says."""
        return self._formats[raw["gateway"]].item_id(raw)

    def read(self, raw: Raw) -> Heard | Reported | Odd:
        """As the format says."""
        if "odd" in raw:
            return Odd(str(raw["odd"]))
        gateway = self._gateways.get(raw["gateway"])
        return Odd("no_such_gateway") if gateway is None else self._formats[gateway.id].read(gateway, raw)

    def answer(self, request: Request) -> Answer:
        """As the format says."""
        return self._of(request.path)[1].answer(request)

    def _of(self, path: str) -> tuple[SmsGateway, Format]:
        gateway = self._gateways.get(path.partition("/")[0])
        if gateway is None or path.partition("/")[2] not in ("", "report"):
            raise Unsigned("no_such_gateway")
        return gateway, self._formats[gateway.id]


class SmsMedia:
    """The files of MMS that a gateway keeps until they are fetched."""

    def __init__(self, gateways: Mapping[str, SmsGateway]) -> None:
        self._gateways = gateways
        self._client = session()

    def fetch(self, media: MediaRef, most: int) -> Fetched:
        """The content.

        :raises MediaGone: if no gateway has it, or it is too large.
        :raises Maybe: if it could not be had now.
        """
        name, _, url = media.id.partition(" ")
        gateway = self._gateways.get(name)
        if gateway is None or gateway.format != _WITH_FILES:
            raise MediaGone("gone")
        return Fetched(_TWILIO.fetch(self._client, gateway, url, most), media.type)


class SmsCarrier:
    """One gateway's way out."""

    def __init__(self, gateway: SmsGateway, *, rate: float, trusts_acceptance: bool) -> None:
        self._gateway = gateway
        self._format = format_of(gateway)
        self._trusts = trusts_acceptance
        self._client = session()
        self.traits = Traits(
            text=MOST_PARTS * gsm.PART,
            reports_delivery=not trusts_acceptance,
            short=True,
            stands_in=True,
            rate=rate,
        )

    def send(self, to: str, words: Words, *, key: str, quotes: str = "", window_until: datetime | None = None) -> Taken:  # noqa: ARG002 - as every carrier
        """Hand the short words over, in at most three parts."""
        text = gsm.shortened(gsm.plain(words.short or words.text), MOST_PARTS)
        try:
            return self._format.send(self._client, self._gateway, to, text, key)
        except Maybe as lost:  # what is told of each part counts all the same
            raise Maybe(str(lost.args[0]), gsm.parts(text)) from None

    def check(self) -> list[str]:
        """What can be told without sending: that its secrets and its folder are there, and what it will not tell."""
        self._gateway.secrets.get(self._format.credential)
        found = []
        if self._gateway.url.startswith(_SPOOL) and not os.access(outbox_of(self._gateway.url), os.W_OK | os.X_OK):
            found.append(f"{outbox_of(self._gateway.url)} is no folder that can be written to")
        if not self._format.reports_delivery and not self._trusts:
            found.append(
                "it never tells that a letter has arrived, so no answer counts as told by it: "
                "write trust_acceptance: true if what it has taken is to count"
            )
        return found
