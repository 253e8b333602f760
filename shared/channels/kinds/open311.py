"""Open311 GeoReport v2: programs of others file and follow complaints. What they ask is answered by the portal."""

from typing import Final

from marshmallow import Schema, fields

from shared.channels.area import Area
from shared.channels.registry import Channel, ChannelPlace, Spec
from shared.channels.secrets import Secrets
from shared.domain.sop.reading.schema import WordField

KIND: Final = "open311"
API_KEYS: Final = "api_keys"
"""The secret with a line for each program: its name and its key, a blank between them."""
_JURISDICTION: Final = r"[a-z0-9][a-z0-9.-]{1,100}\Z"


class _Options(Schema):
    jurisdiction = WordField(
        required=True, pattern=_JURISDICTION, remedy="the government's web domain without www, e.g. cilacapkab.go.id"
    )
    contact = WordField(load_default=None)
    area = Area(load_default=None, allow_none=True)
    updates = fields.Boolean(load_default=False, truthy={True, "true", "yes"}, falsy={False, "false", "no"})
    test = fields.Boolean(load_default=False, truthy={True, "true", "yes"}, falsy={False, "false", "no"})


class Open311Kind:
    """The kind."""

    options = _Options

    def build(self, spec: Spec, place: ChannelPlace, secrets: Secrets) -> Channel:  # noqa: ARG002 - as every kind
        """The channel: nothing is delivered by a hook, and nothing is sent."""
        return Channel(spec, keys=secrets)


kind = Open311Kind()
