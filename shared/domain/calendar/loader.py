"""Reads a tenant's calendar and the national records it refers to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from shared.domain.calendar.records import (
    CLOSURE_KINDS,
    Closure,
    ClosureRecord,
    Decree,
    PeriodRecord,
    Records,
    WeekRecord,
)
from shared.domain.calendar.schema import CalendarSchema, RecordsSchema
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.working import WorkingCalendar
from shared.wording.yaml_lines import Document, FileError, load_yaml, parse_yaml, read_text
from shared.wording.yaml_schema import load_with

_SECTIONS = ("weeks", "periods", "decrees")
OWN_ID: Final = "kelola-"
"""Begins the names of what was decreed in the browser; no file may use it."""


@dataclass(frozen=True)
class _Place:
    """Where a decree stands."""

    document: Document
    path: tuple[str | int, ...]
    decree: Decree

    def error(self, field: str, message: str, remedy: str) -> FileError:
        return self.document.error((*self.path, field), message, remedy)


def load_calendar(path: Path | str) -> WorkingCalendar:
    """The calendar of a ``calendar.yaml``, with all decrees known; ``as_known`` gives it as of an earlier moment.

    :raises FileError: if this file or one it refers to is wrong: all errors of a file, with line and remedy.
    """
    file = Path(path)
    document = load_yaml(file)
    content = load_with(document, CalendarSchema())
    documents: list[tuple[Document, Mapping[str, Any]]] = []
    for number, name in enumerate(content["records"]):
        documents.append(_referred(document, number, file.parent / name))
    documents.append((document, content))
    places = [place for source, data in documents for place in _places(source, data)]
    errors = [error for source, data in documents for error in _repeated_days(source, data)]
    errors += _misplaced_records(places)
    if not any(week["starts"] is None for _, data in documents for week in data["weeks"]):
        remedy = "add a week without `from`, or a file of records that has one"
        errors.append(document.error(("weeks",), "no ordinary working week is given", remedy))
    if errors:
        raise FileError.of([error for error in errors if error.file == errors[0].file])
    settings = CalendarSettings(
        name=content["name"] or file.absolute().parent.name,
        zone=content["zone"],
        working_day_rule=content["working_day_rule"],
        warn_before=content["warn"]["before"],
        notice_in_office_hours=content["warn"]["in_office_hours"],
        horizon_days=content["horizon_days"],
    )
    return WorkingCalendar(settings, [_records(data) for _, data in documents])


def records_of(document: Mapping[str, Any], known_at: datetime) -> Records:
    """The records of a document that was kept elsewhere than in a file.

    :param document: as a file of records has it.
    :param known_at: the whole second from which the calendar counts with them.
    :raises marshmallow.ValidationError: if it is none.
    """
    data = RecordsSchema().load(document)
    return _records({name: [{**item, "known_at": known_at} for item in data[name]] for name in _SECTIONS})


def _referred(document: Document, number: int, path: Path) -> tuple[Document, Mapping[str, Any]]:
    if not path.is_file():
        raise document.error(
            ("records", number), f"there is no file {path}", "correct the name; it is read relative to this file"
        )
    return _source_in(read_text(path), path)


@lru_cache(8)  # the whole country's, referred to by each government's
def _source_in(text: str, path: Path) -> tuple[Document, Mapping[str, Any]]:
    source = parse_yaml(text, path)
    return source, load_with(source, RecordsSchema())


def _records(data: Mapping[str, Any]) -> Records:
    return Records(
        closures=tuple(_closure_record(item) for item in data["decrees"]),
        weeks=tuple(WeekRecord(_decree(item), item["starts"], item["week"]) for item in data["weeks"]),
        periods=tuple(
            PeriodRecord(_decree(item), item["name"], item["days"][0], item["days"][-1], item["week"])
            for item in data["periods"]
        ),
    )


def _decree(item: Mapping[str, Any]) -> Decree:
    return Decree(
        id=item["id"],
        instrument=item["instrument"],
        number=item["number"],
        issued=item["issued"],
        approved_by=tuple(item["approved_by"]),
        known_from=item["known_from"] or item["issued"],
        supersedes=tuple(item["supersedes"]),
        confirmed=item["confirmed"],
        note=item["note"],
        followed_by=tuple(item["followed_by"]),
        known_at=item.get("known_at"),
    )


def _closure_record(item: Mapping[str, Any]) -> ClosureRecord:
    decree = _decree(item)
    closures = tuple(
        Closure(day, name, kind, decree)
        for kind in CLOSURE_KINDS
        for days, name in item.get(kind, {}).items()
        for day in days
    )
    return ClosureRecord(decree, closures, frozenset(day for days in item["revokes"] for day in days))


def _places(document: Document, data: Mapping[str, Any]) -> Iterator[_Place]:
    for section in _SECTIONS:
        for number, item in enumerate(data[section]):
            yield _Place(document, (section, number), _decree(item))


def _repeated_days(document: Document, data: Mapping[str, Any]) -> Iterator[FileError]:
    """Days that one decree closes more than once: by two names or two kinds, of which one would be lost."""
    for number, item in enumerate(data["decrees"]):
        seen: set[date] = set()
        for kind in CLOSURE_KINDS:
            for day in (day for days in item.get(kind, {}) for day in days):
                if day in seen:
                    message = f"this decree closes {day} twice"
                    yield document.error(("decrees", number, kind), message, "name each day once")
                seen.add(day)


def _misplaced_records(places: list[_Place]) -> list[FileError]:
    """What no single record shows: names used twice, and references that lead nowhere or backwards."""
    known: dict[str, Decree] = {}
    errors: list[FileError] = []
    for place in places:
        if place.decree.id in known:
            errors.append(place.error("id", f"the id {place.decree.id!r} is used twice", "give each record its own id"))
        known[place.decree.id] = place.decree
        if place.decree.id.startswith(OWN_ID):
            remedy = f"{OWN_ID} begins the names of what administrators decree in the browser; choose another"
            errors.append(place.error("id", f"the id {place.decree.id!r} is kept for others", remedy))
        if place.decree.known_from < place.decree.issued:
            remedy = "leave known_from out, or write the day on which this record was added here"
            errors.append(place.error("known_from", "a decree cannot be known before it is issued", remedy))
    return errors + [error for place in places for error in _superseding_errors(place, known)]


def _superseding_errors(place: _Place, known: Mapping[str, Decree]) -> Iterator[FileError]:
    for old in place.decree.supersedes:
        if old not in known:
            remedy = "correct the id; the superseded decree stays in the file"
            yield place.error("supersedes", f"there is no record {old!r} to supersede", remedy)
        elif known[old].issued > place.decree.issued or old == place.decree.id:
            remedy = "only a later decree supersedes an earlier one: check both dates of issue"
            yield place.error("supersedes", f"{old!r} is not earlier than {place.decree.id!r}", remedy)
