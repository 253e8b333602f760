"""What a calendar file may say; the errors name the field and what to write."""

from fractions import Fraction
from typing import Final

from marshmallow import RAISE, Schema, fields, validate

from shared.domain.calendar import parsed
from shared.domain.calendar.settings import DEFAULT_HORIZON_DAYS

_DAY_REMEDY: Final = "write the date as YYYY-MM-DD, e.g. 2023-04-19"
_SPAN_REMEDY: Final = f"{_DAY_REMEDY}, or 2023-04-22..2023-04-23"
_HOURS_REMEDY: Final = 'write days and windows, e.g. mon-thu: ["07:30-12:00", "13:00-16:00"]'
_YES_NO: Final = {"remedy": "write true or false"}


def _days(remedy: str) -> fields.Dict:
    days = parsed.Parsed(parsed.span, _SPAN_REMEDY)
    return fields.Dict(keys=days, values=fields.String(required=True), metadata={"remedy": remedy})


class _Strict(Schema):
    class Meta:
        """A field that is not known is an error, never ignored: it may be a misspelt one."""

        unknown = RAISE


class _DecreeSchema(_Strict):
    id = fields.String(required=True, metadata={"remedy": "give the record a short name of its own, e.g. skb-2023-327"})
    instrument = fields.String(required=True, metadata={"remedy": "name the kind of act and whose it is"})
    number = fields.String(allow_none=True, load_default=None)
    issued = fields.Date(required=True, metadata={"remedy": f"the date of issue: {_DAY_REMEDY}"})
    approved_by = fields.List(fields.String(), required=True, metadata={"remedy": "list who signed or approved it"})
    known_from = fields.Date(load_default=None, metadata={"remedy": _DAY_REMEDY})
    supersedes = fields.List(fields.String(), load_default=list)
    confirmed = fields.Boolean(truthy={True}, falsy={False}, load_default=True, metadata=_YES_NO)
    note = fields.String(allow_none=True, load_default=None)
    followed_by = fields.List(fields.String(), load_default=list)


class WeekSchema(_DecreeSchema):
    """An ordinary working week."""

    starts = fields.Date(data_key="from", load_default=None, metadata={"remedy": _DAY_REMEDY})
    week = parsed.Parsed(parsed.week, _HOURS_REMEDY, data_key="windows", required=True)


class PeriodSchema(_DecreeSchema):
    """Other hours for some weeks."""

    name = fields.String(required=True)
    days = parsed.Parsed(parsed.span, "write its first and last day: 2023-03-23..2023-04-21", required=True)
    week = parsed.Parsed(parsed.week, _HOURS_REMEDY, data_key="windows", required=True)


class ClosureSchema(_DecreeSchema):
    """Days that a decree closes, by the kind of closure, and days that it makes working days again."""

    national_holiday = _days("write days and names, e.g. 2023-08-17: Proklamasi Kemerdekaan")
    collective_leave = _days("write days and names, e.g. 2023-04-19: Idul Fitri 1444 H")
    local_holiday = _days("write days and names, e.g. 2023-03-21: Hari Jadi Kabupaten")
    closure = _days("write days and names, e.g. 2023-03-21: gedung tidak dapat dipakai")
    revokes = fields.List(
        parsed.Parsed(parsed.span, _SPAN_REMEDY),
        load_default=list,
        metadata={"remedy": "list the days that are working days again"},
    )


class RecordsSchema(_Strict):
    """A file of national records."""

    title = fields.String(load_default=None)
    weeks = fields.List(fields.Nested(WeekSchema), load_default=list)
    periods = fields.List(fields.Nested(PeriodSchema), load_default=list)
    decrees = fields.List(fields.Nested(ClosureSchema), load_default=list)


class _WarnSchema(_Strict):
    before = parsed.Parsed(
        parsed.before, "write a share such as 0.25, or `30 min`, or `1 wd`", load_default=Fraction(1, 4)
    )
    in_office_hours = fields.Boolean(truthy={True}, falsy={False}, load_default=False, metadata=_YES_NO)


class CalendarSchema(RecordsSchema):
    """A tenant's calendar file."""

    name = fields.String(load_default=None)
    zone = parsed.Parsed(
        parsed.zone, "write an IANA zone; in Indonesia Asia/Jakarta, Asia/Makassar or Asia/Jayapura", required=True
    )
    records = fields.List(
        fields.String(), load_default=list, metadata={"remedy": "list files of records, relative to this one"}
    )
    working_day_rule = fields.String(
        load_default="after_receipt",
        validate=validate.OneOf(["after_receipt", "counting_receipt"]),
        metadata={"remedy": "write after_receipt or counting_receipt"},
    )
    warn = fields.Nested(_WarnSchema, load_default=lambda: _WarnSchema().load({}))
    horizon_days = fields.Integer(
        strict=True,
        load_default=DEFAULT_HORIZON_DAYS,
        validate=validate.Range(1, 36_600),
        metadata={"remedy": "write a number of days, e.g. 3660"},
    )
