"""A government's WhatsApp number: what ``channels.yaml`` says of it, and its two halves."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from shared.channels.kinds.whatsapp.incoming import WhatsAppIncoming
from shared.channels.kinds.whatsapp.media import WhatsAppMedia
from shared.channels.kinds.whatsapp.outgoing import Template, WhatsAppCarrier, WhatsAppNumber
from shared.channels.registry import Channel, ChannelPlace, Spec
from shared.channels.secrets import Secrets
from shared.domain.sop.reading.schema import Name, WordField

API: Final = "https://graph.facebook.com"
VERSION: Final = "v25.0"


class _TemplateSchema(Schema):
    name = WordField(required=True, pattern=r"[a-z0-9_]{1,512}\Z")
    language = WordField(load_default="id")
    values = fields.List(Name(), load_default=list)

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Template:
        """The template."""
        return Template(data["name"], data["language"], tuple(data["values"]))


class _Options(Schema):
    api = WordField(load_default=API)
    version = WordField(load_default=VERSION, pattern=r"v[0-9]{1,3}\.[0-9]\Z")
    phone_number_id = WordField(
        load_default="", pattern=r"[0-9]{0,20}\Z", remedy="the number's id at the provider, in quotation marks"
    )
    display_number = WordField(load_default="")
    business_account = WordField(
        load_default="",
        pattern=r"[0-9]{0,20}\Z",
        remedy="the business account's id at the provider, in quotation marks",
    )
    rate = fields.Float(load_default=40.0, validate=validate.Range(0.1, 1000))
    templates = fields.Dict(keys=Name(), values=fields.Nested(_TemplateSchema), load_default=dict)


class WhatsAppKind:
    """The kind."""

    options = _Options

    def build(self, spec: Spec, place: ChannelPlace, secrets: Secrets) -> Channel:  # noqa: ARG002 - as every kind
        """The channel; without an id of its number it is declared and not connected."""
        number = WhatsAppNumber(
            api=str(spec.options["api"]).rstrip("/"),
            version=str(spec.options["version"]),
            id=str(spec.options["phone_number_id"]),
            display=str(spec.options["display_number"]),
            rate=float(spec.options["rate"]),
            templates=spec.options["templates"],
            business=str(spec.options["business_account"]),
        )
        incoming = WhatsAppIncoming(number.id, secrets)
        if not number.id:
            return Channel(spec, incoming)
        carrier = WhatsAppCarrier(number, secrets)
        media = WhatsAppMedia(number, secrets)
        own = {number.id: carrier}
        return Channel(spec, incoming, own, media, seeing=own, learning=own)
