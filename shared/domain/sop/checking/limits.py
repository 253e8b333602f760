"""The time limits of law, as data with a source and a mark: ``_reference/limits.yaml``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from shared.domain.calendar.duration import Duration
from shared.domain.dossier.event_name import EventName
from shared.domain.sop.checking.finding import INFO, WARNING, Finding
from shared.domain.sop.graph import way_to
from shared.domain.sop.model import Sop, Step
from shared.domain.sop.reading.schema import Name, Standard, WordField
from shared.domain.sop.totals import bound_of, nominal_working_days, sum_of, sum_of_scope
from shared.domain.sop.vocabulary import CLASSES, REPORTER
from shared.wording.yaml_lines import load_yaml
from shared.wording.yaml_schema import load_with

SPANS: Final = ("total", "pass_on", "agency", "supplement", "reaction")


@dataclass(frozen=True)
class Limit:
    """One time limit.

    :param id: its name.
    :param title: what it says.
    :param span: which part of a case it bounds.
    :param source: where the number comes from.
    :param confirmed: whether it has been seen there.
    :param at_most: the longest allowed, or
    :param at_least: the shortest allowed.
    :param classes: the classes of complaints it is for; all if empty.
    """

    id: str
    title: str
    span: str
    source: str
    confirmed: bool
    at_most: Duration | None = None
    at_least: Duration | None = None
    classes: tuple[str, ...] = ()


class _LimitSchema(Schema):
    id = Name(required=True)
    title = WordField(required=True)
    span = WordField(required=True, choices=SPANS)
    source = WordField(required=True)
    confirmed = fields.Boolean(required=True)
    at_most = Standard()
    at_least = Standard()
    classes = fields.List(WordField(choices=CLASSES), load_default=list)

    @validates_schema
    def one_bound(self, data: dict[str, Any], **_options: Any) -> None:
        """A limit has one bound."""
        if ("at_most" in data) == ("at_least" in data):
            raise ValidationError("a limit has either at_most or at_least")

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Limit:
        """The limit."""
        return Limit(**{**data, "classes": tuple(data["classes"])})


class _File(Schema):
    limits = fields.List(fields.Nested(_LimitSchema), required=True)


def load_limits(path: Path | str) -> tuple[Limit, ...]:
    """Read the limits.

    :raises FileError: naming file, line and remedy.
    """
    return tuple(load_with(load_yaml(path), _File())["limits"])


def looser_than_law(sop: Sop, limits: tuple[Limit, ...]) -> Iterator[Finding]:
    """Where an SOP allows more than a limit, or gives a reporter less. An unconfirmed limit only informs."""
    for limit in limits:
        if limit.classes:
            # An SOP has one standard for all classes: it is held against the limits that are for all.
            continue
        allowed = _allowed(sop, limit.span)
        if allowed is None or not _breaks(allowed, limit):
            continue
        bound, than = (limit.at_most, "longer") if limit.at_most is not None else (limit.at_least, "shorter")
        mark = "confirmed" if limit.confirmed else "unconfirmed"
        message = f"{_SAID[limit.span]} {allowed}, {than} than {bound}: {limit.title} ({mark}: {limit.source})"
        severity = WARNING if limit.confirmed else INFO
        remedy = "let the owner of the SOP confirm it, or correct it in a new version"
        yield Finding(severity, "looser_than_law", message, remedy, _PLACE[limit.span])


_SAID: Final = {
    "total": "the whole case may take",
    "pass_on": "passing a complaint on to an agency may take",
    "agency": "the agency's steps together may take",
    "supplement": "the reporter may complete a complaint for",
    "reaction": "the reporter may react to the answer for",
}
_PLACE: Final[dict[str, tuple[str | int, ...]]] = {
    "total": ("case",),
    "pass_on": ("steps",),
    "agency": ("steps",),
    "supplement": ("steps",),
    "reaction": ("steps",),
}


def _breaks(allowed: Duration, limit: Limit) -> bool:
    days = nominal_working_days(allowed)
    if limit.at_most is not None:
        return days > nominal_working_days(limit.at_most)
    return limit.at_least is not None and days < nominal_working_days(limit.at_least)


def _allowed(sop: Sop, span: str) -> Duration | None:
    if span == "total":
        return bound_of(sop)
    if span == "agency":
        return sum_of_scope(sop, "agency")
    if span == "pass_on":
        return sum_of(way_to(sop, "Dispositioned"))
    return _shortest_wait(sop, "Lapsed" if span == "supplement" else "Closed")


def _shortest_wait(sop: Sop, event: EventName) -> Duration | None:
    waits = [step.timeout.after for step in sop.steps if _waits(step, event) and step.timeout is not None]
    return min(waits, key=nominal_working_days, default=None)


def _waits(step: Step, event: EventName) -> bool:
    return step.actor == REPORTER and step.timeout is not None and step.timeout.event == event
