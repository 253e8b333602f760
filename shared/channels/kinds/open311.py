"""Open311 GeoReport v2: programs of others file and follow complaints. What they ask is answered by the portal."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields

from shared.channels.registry import Channel, ChannelPlace, Spec
from shared.channels.secrets import Secrets
from shared.domain.sop.reading.schema import WordField

KIND: Final = "open311"
API_KEYS: Final = "api_keys"
"""The secret with a line for each program: its name and its key, a blank between them."""
_JURISDICTION: Final = r"[a-z0-9][a-z0-9.-]{1,100}\Z"


INDONESIA: Final = (-11.5, 94.5, 6.5, 141.5)
"""South, west, north and east, in degrees."""


class Area(fields.Field[tuple[float, float, float, float]]):
    """A box on the map: south, west, north and east in degrees."""

    def __init__(self, **options: Any) -> None:
        remedy = "write south, west, north and east in degrees, e.g. [-7.8, 108.5, -7.1, 109.4]"
        super().__init__(metadata={"remedy": remedy}, **options)

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ARG002
        **_options: Any,
    ) -> tuple[float, float, float, float]:
        given = value if isinstance(value, list) else []
        if len(given) != 4 or any(isinstance(each, bool) or not isinstance(each, int | float) for each in given):
            raise ValidationError("not four numbers")
        south, west, north, east = (float(each) for each in given)
        if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
            raise ValidationError("not south, west, north and east of an area")
        return south, west, north, east


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
