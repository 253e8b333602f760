"""What ``channels.yaml`` says of a gateway of one's own: the names of its fields, and what its words mean."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from shared.channels.incoming import REPORT_STATES
from shared.domain.sop.reading.schema import WordField

_PARTS: Final = ("reference", "total", "number")
_SOME: Final = datetime(2031, 11, 23, 14, 25, 36)  # noqa: DTZ001 - to be written and read, of no zone
_LETTER: Final = ("to", "digits", "text", "key", "from", "username", "password", "report")


class _Message(Schema):
    id = WordField()
    from_ = WordField(data_key="from", required=True)
    text = WordField(required=True)
    time = WordField()
    coding = WordField()
    charset = WordField()
    reference = WordField()
    total = WordField()
    number = WordField()

    @validates_schema
    def check_parts(self, data: dict[str, Any], **_options: Any) -> None:
        """A part is known by all three, or not at all."""
        named = [name for name in _PARTS if name in data]
        if named and len(named) < len(_PARTS):
            raise ValidationError("a part has reference, total and number", named[0])

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> dict[str, str]:
        """By our names."""
        return {("from" if name == "from_" else name): value for name, value in data.items()}


class _Report(Schema):
    id = WordField()
    key = WordField()
    state = WordField(required=True)
    time = WordField()
    code = WordField()
    part = WordField()
    states = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(REPORT_STATES)), required=True
    )

    @validates_schema
    def check_letter(self, data: dict[str, Any], **_options: Any) -> None:
        """A report that names no letter is of no use."""
        if "id" not in data and "key" not in data:
            raise ValidationError("a report names its letter by id or by key", "id")


class _Send(Schema):
    as_ = WordField(data_key="as", load_default="form", pattern=r"(?:query|form|json)\Z", remedy="query, form or json")
    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(validate=validate.OneOf(_LETTER)),
        values=WordField(),
        required=True,
    )
    always = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    basic = fields.Boolean(load_default=False, truthy={True, "true", "yes"}, falsy={False, "false", "no"})
    id = WordField(load_default="")
    taken = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), load_default=dict)

    @validates_schema
    def check_fields(self, data: dict[str, Any], **_options: Any) -> None:
        """A letter has somebody to go to, and words."""
        given = data.get("fields_", {})
        if not ({"to", "digits"} & set(given)) or "text" not in given:
            raise ValidationError("name the fields of to (or digits) and text", "fields")

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """By our names."""
        return {name.rstrip("_"): value for name, value in data.items()}


def _tells_instants(pattern: str) -> bool:
    """Whether what is written by a pattern is read by it as the same minute."""
    try:
        return _SOME.replace(second=0) == datetime.strptime(_SOME.strftime(pattern), pattern).replace(  # noqa: DTZ007
            second=0, microsecond=0, tzinfo=None
        )
    except ValueError:
        return False


class CustomSchema(Schema):
    """A gateway's layout. Names within JSON are dotted: ``data.0.from``."""

    message = fields.Nested(_Message, required=True)
    report = fields.Nested(_Report, load_default=None)
    send = fields.Nested(_Send, load_default=None)
    times = WordField(load_default="iso")
    zone = WordField(load_default="UTC")
    answer = fields.String(load_default="", validate=validate.Length(max=200))

    @validates_schema
    def check_times(self, data: dict[str, Any], **_options: Any) -> None:
        """A way to write instants, and a zone for those that name none."""
        times = data.get("times", "iso")
        if times not in ("iso", "seconds", "milliseconds") and not _tells_instants(times):
            raise ValidationError("write iso, seconds, milliseconds, or a pattern such as %d/%m/%Y %H:%M:%S", "times")
        try:
            ZoneInfo(str(data.get("zone")))
        except (ValueError, LookupError, OSError):
            raise ValidationError("there is no such zone; write e.g. Asia/Jakarta", "zone") from None
