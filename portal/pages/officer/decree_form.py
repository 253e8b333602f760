"""The form by which an administrator drafts a decree on working time, and the record that it becomes."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, cast

from marshmallow import ValidationError, fields

from portal.pages.frame.forms import Filled
from shared.application.calendar_drafts import Section
from shared.base.errors import Invalid
from shared.domain.calendar.parsed import span
from shared.domain.calendar.records import CLOSURE_KINDS
from shared.domain.calendar.week import DAYS, Week, Window
from shared.wording.coded_schema import CodedSchema, Text, Written, load_coded
from shared.wording.codes import field_message

KINDS: Final[Mapping[str, Section]] = {"hari": "decrees", "minggu": "weeks", "masa": "periods"}
"""What may be drafted, as its address calls it: closed days, an ordinary week, other hours for some weeks."""
HOURS: Final = tuple(f"hours-{day}" for day in DAYS)
REVOKES: Final = "revokes"
_MOST_LINES: Final = 100
_LONGEST: Final = 366
_LATE: Final = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
"""A day as people write it: 24-12-2026."""
_LINE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}(?:\s*\.\.\s*\d{4}-\d{2}-\d{2})?)(?:[:,]?\s+(.+))?\Z")


class _Day(fields.Date):
    def __init__(self, **options: Any) -> None:
        told: dict[str, Any] = {"invalid": "calendar_day", "required": "required", "null": "required"}
        super().__init__(error_messages=told, **options)


class _Basis(CodedSchema):
    instrument = Written(most=200, required=True)
    number = Text(most=120, load_default=None)
    issued = _Day(required=True)
    approved_by = Written(most=300, required=True)
    supersedes = Text(most=80, load_default=None)
    note = Written(most=500, load_default=None)
    why = Written(most=200, required=True)


class _Hours(CodedSchema):
    start = _Day(required=True, data_key="from")


class _Period(_Hours):
    name = Text(most=100, required=True)
    end = _Day(required=True, data_key="to")


_BASIS: Final = ("instrument", "number", "issued", "approved_by", "supersedes", "note", "why")
_FURTHER: Final[Mapping[Section, tuple[str, ...]]] = {
    "decrees": (*CLOSURE_KINDS, REVOKES),
    "weeks": ("from", *HOURS),
    "periods": ("name", "from", "to", *HOURS),
}


def names(section: Section) -> tuple[str, ...]:
    """The fields of the form."""
    return (*_BASIS, *_FURTHER[section])


def record_of(form: Filled, section: Section) -> dict[str, Any]:
    """The record that was drafted, as a file of records has it, without its id.

    :raises Invalid: ``invalid_fields``, by the fields of the form.
    """
    given = {name: form.value(name) for name in names(section)}
    faults: dict[str, list[Any]] = {}
    basis = _loaded(_Basis(), {name: given[name] for name in _BASIS}, faults)
    record = _days(given, faults) if section == "decrees" else _hours(given, section, faults)
    if faults:
        raise Invalid("invalid_fields", fields=faults)
    by = [each.strip() for each in basis["approved_by"].split(";")]
    return {
        "instrument": basis["instrument"],
        "number": basis["number"],
        "issued": basis["issued"].isoformat(),
        "approved_by": [each for each in by if each],
        "supersedes": [basis["supersedes"]] if basis["supersedes"] else [],
        "note": basis["note"],
        **record,
    }


def week_in(week: Week) -> dict[str, str]:
    """A week as the form has it."""
    return {name: ", ".join(windows) for name, windows in zip(HOURS, week.as_text().values(), strict=True)}


def _loaded(schema: CodedSchema, given: Mapping[str, str], faults: dict[str, list[Any]]) -> Any:
    try:
        return load_coded(schema, {name: value.strip() or None for name, value in given.items()})
    except Invalid as error:
        faults.update({name: list(told) for name, told in error.fields.items()})
        return {}


def _days(given: Mapping[str, str], faults: dict[str, list[Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in CLOSURE_KINDS:
        lines = _lines(given[kind], kind, faults, named=True)
        named: dict[str, str] = {}
        for when, name in lines:
            if when in named:
                faults[kind] = [field_message("calendar_day_twice", day=when)]
            named[when] = name
        if named:
            found[kind] = named
    found[REVOKES] = [when for when, _name in _lines(given[REVOKES], REVOKES, faults, named=False)]
    return found


def _lines(text: str, field: str, faults: dict[str, list[Any]], *, named: bool) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.match(_LATE.sub(lambda day: f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}", line.strip()))
        when = re.sub(r"\s", "", match[1]) if match else ""
        name = _name(match[2]) if match and match[2] else None
        if number > _MOST_LINES or not _is_span(when) or (named and name is None):
            faults[field] = [field_message("calendar_line", line=number)]
            return
        yield when, name or ""


def _name(text: str) -> str | None:
    try:
        return cast("str | None", Text(most=100).deserialize(text))
    except ValidationError:
        return None


def _is_span(when: str) -> bool:
    try:
        return len(span(when)) <= _LONGEST
    except ValidationError:
        return False


def _hours(given: Mapping[str, str], section: Section, faults: dict[str, list[Any]]) -> dict[str, Any]:
    schema = _Hours() if section == "weeks" else _Period()
    dated = _loaded(schema, {name: given[name] for name in _FURTHER[section] if name not in HOURS}, faults)
    windows: dict[str, list[str]] = {}
    for day, name in zip(DAYS, HOURS, strict=True):
        texts = [each.strip() for each in re.split(r"[,;\n]", given[name]) if each.strip()]
        try:
            parsed = [Window.parse(each.replace(" ", "").replace("\u2013", "-")) for each in texts]
            Week((tuple(parsed), *[()] * (len(DAYS) - 1)))
        except ValueError:
            faults[name] = ["calendar_hours"]
            continue
        if parsed:
            windows[day] = [str(each) for each in parsed]
    if not windows and not faults:
        faults[HOURS[0]] = ["no_open_time"]
    if faults:
        return {}
    if section == "weeks":
        return {"from": dated["start"].isoformat(), "windows": windows}
    return {"name": dated["name"], "days": _period(dated["start"], dated["end"], faults), "windows": windows}


def _period(first: date, last: date, faults: dict[str, list[Any]]) -> str:
    if last < first:
        faults["to"] = ["ends_before_it_begins"]
    elif (last - first).days >= _LONGEST:
        faults["to"] = [field_message("calendar_far", day=last.isoformat())]
    return f"{first.isoformat()}..{last.isoformat()}"
