"""An SOP as the program knows it. Everything here is read from a tenant's files; nothing is decided in code."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from shared.domain.calendar.duration import Duration
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.files import FileKind
from shared.domain.sop.annexes import Classification, KeywordRule, KnownGap, NamedChannel, NotifyRule, Register
from shared.domain.sop.arrangements import Help, Leave, LeaveKind, OnBehalf
from shared.domain.sop.vocabulary import (
    CLASSES,
    AnswerKind,
    Automatic,
    ComplaintClass,
    Rejection,
    ReturnWhy,
    Scope,
    Status,
)

__all__ = [
    "Action",
    "Actor",
    "Case",
    "Classification",
    "Help",
    "KeywordRule",
    "KnownGap",
    "Leave",
    "LeaveKind",
    "NamedChannel",
    "NotifyRule",
    "OnBehalf",
    "Register",
    "Sop",
    "Step",
    "Timeout",
]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One way in which a step may be left, or in which something is added to the dossier without leaving it.

    :param name: what is asked for, e.g. ``dispose``; unique in its step.
    :param event: the type of the event that records it.
    :param to: the id of the next step, ``same`` or ``end``.
    :param needs: fields that must be given.
    :param optional: further fields that may be given.
    :param kind: of an answer: ``interim``, ``final`` or ``balasan`` (a word back after the final one).
    :param why: of a return: ``incomplete``, ``wrong_agency``, ``out_of_authority`` or ``rework``.
    :param actor: who may do it, where that is not the step's own actor.
    :param statuses: the statuses in which it is allowed; every one if empty.
    :param answered: whether it is open only once there is a final answer.
    :param held_by: the scopes of actors who must hold the dossier for it; any if empty.
    :param needs_files: kinds of files that must be in the dossier.
    :param authorises: whether it authorises the draft of the answer, which then goes out as it is.
    :param source: where it comes from, for an addition that the SOP's own document does not state, e.g. ``practice``.
    :param confirmed: whether the government has confirmed the addition.
    """

    name: str
    event: EventName
    to: str
    needs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    kind: AnswerKind | None = None
    why: ReturnWhy | None = None
    actor: str | None = None
    statuses: tuple[Status, ...] = ()
    answered: bool = False
    held_by: tuple[Scope, ...] = ()
    needs_files: tuple[FileKind, ...] = ()
    authorises: bool = False
    source: str | None = None
    confirmed: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that may be given."""
        return self.needs + self.optional


@dataclass(frozen=True, kw_only=True)
class Timeout:
    """What becomes of a dossier in whose step nobody acts.

    :param after: how long it waits.
    :param event: ``Lapsed`` or ``Closed``, or ``Forwarded`` where it comes before a desk that looks into it.
    :param to: the next step's id, or ``end``.
    :param confirmed: whether the government has confirmed the rule, or it is a reading of ours.
    :param source: where the rule comes from.
    """

    after: Duration
    event: EventName
    to: str
    confirmed: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of an SOP's table, or a step that the table leaves out and the procedure cannot do without.

    :param id: a short English word, unique in the SOP.
    :param actor: who holds the dossier.
    :param activity: a short title, in the government's language.
    :param row: the row of the source's table, counted from 1; none for a step that the table does not have.
    :param printed: the number printed there, which may be missing or repeated.
    :param quote: the source's own words, freed of reading errors.
    :param within: the time standard; none where the source gives none.
    :param shares: the id of the step whose standard this one uses up, where the source gives two holders one time.
    :param requirements: what the source wants at hand (kelengkapan).
    :param output: what the source wants to come of it.
    :param notes: the source's remarks (keterangan).
    :param automatic: in a system's step, what the services do: ``classify`` (by the SOP's keywords), ``dispose`` (to
        the agency of the category), ``notify`` (tell whom the SOP names, and go on), ``deliver`` (bring the answer to
        the reporter). They take the action of that event: :func:`shared.domain.sop.engine.automatic_action`.
    :param otherwise: the name of the action taken where the services cannot decide, e.g. no agency for the category.
    :param timeout: what happens when nobody acts.
    :param status: the dossier's status while it is here, where that does not follow from the events.
    :param escalate_to: the actors before whom a breach is brought, in order.
    :param source: where it comes from, for an addition that the SOP's own document does not state, e.g. ``practice``.
    :param confirmed: whether the government has confirmed the addition.
    """

    id: str
    actor: str
    activity: str
    row: int | None = None
    printed: str | None = None
    quote: str | None = None
    within: Duration | None = None
    shares: str | None = None
    requirements: str | None = None
    output: str | None = None
    notes: str | None = None
    actions: tuple[Action, ...] = ()
    automatic: Automatic | None = None
    otherwise: str | None = None
    timeout: Timeout | None = None
    status: Status | None = None
    escalate_to: tuple[str, ...] = ()
    source: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """The bound on the whole case.

    :param within: how long it may take.
    :param starts: the id of the step on whose entry its clock starts.
    :param ends: the type of the event that fulfils it; an interim answer never does.
    :param stated: whether the source states it, or it is the sum of the steps.
    """

    within: Duration
    starts: str
    ends: EventName
    stated: bool = True


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A role.

    :param id: its name in tokens and events.
    :param title: what the source calls it.
    :param scope: ``tenant``, ``agency``, ``public`` or ``system``.
    """

    id: str
    title: str
    scope: Scope | Literal[""]


@dataclass(frozen=True, kw_only=True)
class Sop:
    """One version of one government's procedure.

    :param number: the number printed on it.
    :param effective: the date from which it holds, as printed.
    :param made: the date on which it was made, as printed.
    :param revised: the date of its revision, as printed.
    :param approved_by: who approved it, as printed.
    :param timezone: the IANA zone of its times.
    :param ticket_prefix: what its ticket numbers begin with.
    :param requires: what makes a complaint complete, as dotted fields, e.g. ``reporter.name``.
    :param start: the id of the step entered on filing.
    :param filed_in: the id of the step that filing itself fulfils, where the SOP has one.
    :param anytime: actions allowed in any open step.
    :param after_end: actions allowed on a dossier that has ended, in the statuses that each names.
    :param rejections: why something may be rejected as no complaint.
    :param leave: leave to take longer; none where the SOP knows none.
    :param help: another agency's part; none where the SOP knows none.
    :param on_behalf: who may record what the reporter told them; nobody if none.
    :param without: additions that this government has switched off: names of actions, ids of steps, and blocks.
    :param lost: whether it stands in for a version whose file is gone: names to be read, and nothing to be done.
    :param stated_total: the sum that the source itself states.
    :param stated_total_quote: its words.
    """

    tenant: str
    version: int
    number: str | None
    title: str
    effective: str | None
    timezone: str
    ticket_prefix: str
    channels: tuple[NamedChannel, ...]
    requires: tuple[str, ...]
    actors: tuple[Actor, ...]
    steps: tuple[Step, ...]
    start: str
    filed_in: str | None = None
    case: Case | None = None
    anytime: tuple[Action, ...] = ()
    after_end: tuple[Action, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    leave: Leave | None = None
    help: Help | None = None
    on_behalf: OnBehalf | None = None
    without: tuple[str, ...] = ()
    lost: bool = False
    stated_total: Duration | None = None
    stated_total_quote: str | None = None
    legal_basis: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    known_gaps: tuple[KnownGap, ...] = ()
    classification: Classification = field(default_factory=Classification)
    notify: tuple[NotifyRule, ...] = ()
    registers: tuple[Register, ...] = ()
    made: str | None = None
    revised: str | None = None
    approved_by: str | None = None

    @cached_property
    def offered(self) -> dict[str, tuple[Action, ...]]:
        """What may be done in a step, by the step, as far as :func:`shared.domain.sop.engine.candidates` was asked."""
        return {}

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def _actors(self) -> dict[str, Actor]:
        return {actor.id: actor for actor in self.actors}

    @property
    def classifications(self) -> tuple[ComplaintClass, ...]:
        """The classes a complaint may have."""
        return CLASSES

    def step(self, step_id: str) -> Step:
        """The step of that id.

        A step that the file has lost since a dossier came into it is told by its id, and lets nobody do anything.
        """
        return self._steps.get(step_id) or Step(id=step_id, actor="", activity=step_id)

    def has_step(self, step_id: str) -> bool:
        """Whether there is such a step."""
        return step_id in self._steps

    def actor(self, actor_id: str) -> Actor:
        """The actor of that id.

        A role that the file has lost is told by its id, and may do nothing: it belongs to nobody.
        """
        return self._actors.get(actor_id) or Actor(id=actor_id, title=actor_id, scope="")

    def has_actor(self, actor_id: str) -> bool:
        """Whether the SOP knows this actor."""
        return actor_id in self._actors

    def in_place_of(self, version: int) -> "Sop":
        """What stands in for a version whose file is gone, so that its dossiers can still be read.

        The roles are the present ones, so that whoever may read now may read those dossiers; the steps bear the present
        names, where there are any. Nothing can be done by it, and nothing happens by itself: nobody knows what its file
        said.
        """
        steps = tuple(
            replace(step, actions=(), automatic=None, otherwise=None, timeout=None, escalate_to=())
            for step in self.steps
        )
        return replace(
            self, version=version, lost=True, steps=steps, anytime=(), after_end=(), leave=None, help=None, case=None
        )
