"""What a simulation assumes. None of these numbers comes from a source: they are there to be replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from shared.domain.calendar.duration import Duration
from shared.domain.sop.model import Sop, Step
from shared.domain.sop.reading.schema import Name
from shared.domain.sop.totals import MINUTES_A_WORKING_DAY, nominal_working_days
from shared.wording.yaml_lines import load_yaml
from shared.wording.yaml_schema import load_with

_HANDS_ON_MOST = {"agency": 45.0}
_HANDS_ON_ELSE = 10.0


@dataclass(frozen=True)
class Handling:
    """How long a desk takes for one complaint, drawn from a lognormal distribution.

    :param minutes: the median of the time in which somebody works on it, in working minutes.
    :param delay: the median of the time in which it lies with others (a visit on the spot, a signature) while the desk
        works on something else, in working minutes.
    :param sigma: the spread of both: 0 is always the median, 0.6 a tenth above about twice the median.
    """

    minutes: float
    delay: float = 0.0
    sigma: float = 0.6


@dataclass(frozen=True)
class Odds:
    """How often complaints are of a kind, between 0 and 1.

    :param incomplete: the reporter has to complete it.
    :param silent: of these, the reporter never does.
    :param wrong_agency: the first agency is not concerned.
    :param out_of_authority: it is not the government's own matter.
    :param rework: a draft is sent back, each time.
    :param simple: it can be answered by whoever receives it.
    """

    incomplete: float = 0.15
    silent: float = 0.3
    wrong_agency: float = 0.1
    out_of_authority: float = 0.05
    rework: float = 0.2
    simple: float = 0.2


@dataclass(frozen=True)
class Plan:
    """One month.

    :param start: its first instant.
    :param days: how long complaints come in, in calendar days.
    :param per_day: how many come in on a day, on average; at any hour, most by day.
    :param agencies: among how many agencies they are spread; the first few get most of them.
    :param desks: how many people work at a desk, by actor; one if not named.
    :param handling: handling times, by step; see :meth:`handling_of` for steps that are not named.
    :param reply_days: after how many days a reporter completes a complaint, on average.
    :param runs: how often the month is played.
    :param seed: the same seed gives the same complaints.
    """

    start: datetime = datetime(2026, 10, 1, tzinfo=UTC)
    days: int = 31
    per_day: float = 8.0
    agencies: int = 8
    desks: Mapping[str, int] = field(default_factory=dict)
    handling: Mapping[str, Handling] = field(default_factory=dict)
    odds: Odds = field(default_factory=Odds)
    reply_days: float = 2.0
    runs: int = 20
    seed: int = 1

    def handling_of(self, sop: Sop, step: Step) -> Handling:
        """The handling times of a step.

        A step that the plan does not name takes half its standard of somebody's hands, but at most 45 minutes in an
        agency and 10 at the government's own desks; where the standard is longer than a working day, it lies another
        third of it with others.
        """
        if step.id in self.handling:
            return self.handling[step.id]
        most = _HANDS_ON_MOST.get(sop.actor(step.actor).scope, _HANDS_ON_ELSE)
        if step.within is None:
            return Handling(_HANDS_ON_ELSE)
        minutes = nominal_minutes(step.within)
        delay = minutes / 3 if minutes > MINUTES_A_WORKING_DAY else 0.0
        return Handling(min(minutes / 2, most), delay)


def nominal_minutes(duration: Duration) -> float:
    """A standard in working minutes, for comparison."""
    return float(nominal_working_days(duration) * MINUTES_A_WORKING_DAY)


def _share() -> fields.Float:
    return fields.Float(validate=validate.Range(0, 1), metadata={"remedy": "write a number from 0 to 1"})


class _HandlingSchema(Schema):
    minutes = fields.Float(required=True, validate=validate.Range(min=0))
    delay = fields.Float(validate=validate.Range(min=0))
    sigma = fields.Float(validate=validate.Range(0, 3))

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Handling:
        """The handling times."""
        return Handling(**data)


class _OddsSchema(Schema):
    incomplete = _share()
    silent = _share()
    wrong_agency = _share()
    out_of_authority = _share()
    rework = _share()
    simple = _share()

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Odds:
        """The odds."""
        return Odds(**data)


class _PlanSchema(Schema):
    start = fields.AwareDateTime(
        metadata={"remedy": "write an instant with its offset, e.g. 2026-10-01T00:00:00+07:00"}
    )
    days = fields.Integer(strict=True, validate=validate.Range(1, 366))
    per_day = fields.Float(validate=validate.Range(0.01, 10_000))
    agencies = fields.Integer(strict=True, validate=validate.Range(1, 500))
    desks = fields.Dict(keys=Name(), values=fields.Integer(strict=True, validate=validate.Range(1, 1000)))
    handling = fields.Dict(keys=Name(), values=fields.Nested(_HandlingSchema))
    odds = fields.Nested(_OddsSchema)
    reply_days = fields.Float(validate=validate.Range(min=0.01))
    runs = fields.Integer(strict=True, validate=validate.Range(1, 10_000))
    seed = fields.Integer(strict=True)

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Plan:
        """The plan."""
        return Plan(**data)


def load_plan(path: Path | str) -> Plan:
    """Read a plan; what it leaves out keeps its default.

    :raises FileError: naming file, line and remedy.
    """
    plan: Plan = load_with(load_yaml(path), _PlanSchema())
    return plan
