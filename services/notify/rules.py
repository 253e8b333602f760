"""Who is told of an event: by the SOP's rules, and by these where the SOP says nothing of such an event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.dossier.event import COORDINATOR
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.reaching import ANSWERED, NOTICES, RETURNED
from shared.domain.dossier.telling_desk import coordinator
from shared.domain.letters import template_of
from shared.domain.sop.engine import candidates, holder_of
from shared.domain.sop.model import NotifyRule, Sop
from shared.domain.sop.vocabulary import REPORTER, AnswerKind, ReturnWhy, Status

THE_REPORTER = "reporter"
RECALLED: Final[EventName] = "Recalled"
SYSTEM: Final = "system"
"""The recipient of what is no letter: the note that a step of the system's waits for its messages."""
PROCEED = "proceed"
GROUP = "group"
"""The recipient before it is known who belongs to the group of the complaint's category."""
_GRANTER: Final = "granter"
"""Whoever gives leave by the SOP."""
ENDED_FOR_HELPERS: Final[frozenset[EventName]] = frozenset({"Withdrawn", "Rejected", "Merged"})
"""By which a part asked of another agency is over, before whoever leads has answered."""

_TOLD: Final[tuple[tuple[EventName, ReturnWhy | None, tuple[str, ...]], ...]] = (
    ("ComplaintFiled", None, ("reporter",)),
    ("Dispositioned", None, ("reporter", "agency")),
    ("Returned", "incomplete", ("reporter",)),
    ("Returned", "wrong_agency", ("holder",)),
    ("Returned", "out_of_authority", ("holder",)),
    ("Returned", "rework", ("holder",)),
    ("Recalled", None, ("former",)),
    ("Rejected", None, ("reporter", "former")),
    ("Reinstated", None, ("reporter", "holder")),
    ("Merged", None, ("reporter", "former")),
    ("MemberJoined", None, ("holder",)),
    ("MemberLeft", None, ("holder",)),
    ("Supplemented", None, ("holder",)),
    ("Added", None, ("holder",)),
    ("Withdrawn", None, ("reporter", "former", "agency")),
    ("Transferred", None, ("reporter",)),
    ("Answered", None, ("reporter",)),
    ("DeliveryFailed", None, ("coordinator",)),
    ("CodeRenewed", None, ("reporter",)),
    ("Replied", None, ("agency", "holder")),
    ("Rated", None, ("agency", "coordinator")),
    ("Reopened", None, ("reporter", "holder", "agency")),
    ("Closed", None, ("reporter",)),
    ("Lapsed", None, ("reporter", "coordinator")),
    ("LeaveAsked", None, (_GRANTER,)),
    ("LeaveGranted", None, ("reporter", "holder")),
    ("LeaveRefused", None, ("holder",)),
    ("HelpAsked", None, ("holder",)),
    ("HelpGiven", None, ("holder",)),
    ("HelpCancelled", None, ("holder",)),
    ("ClockWarned", None, ("holder",)),
    ("ClockBreached", None, ("holder",)),
    ("Escalated", None, ("holder",)),
    ("DataAsked", None, ("holder",)),
    ("DataAnswered", None, ("reporter",)),
)
DEFAULT_RULES = tuple(NotifyRule(on=on, why=why, tell=tell) for on, why, tell in _TOLD)
"""What is told where the SOP has no rule for an event's type at all."""

_UnitOf = tuple[str | None, str | None]
"""A part of an agency, and the role in which it acts."""
_NO_PART: Final[_UnitOf] = (None, None)
_NOT_THEIRS: Final[frozenset[EventName]] = frozenset({"ClockWarned", "ClockBreached", "Escalated", "Added"})
"""Of what whoever holds a dossier is told, a reporter is not: of the office's times, and of what they added themselves,
or their mailbox for them, which would answer that again.
"""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A row of :data:`services.notify.projection.NOTICES`, as far as rules look at it.

    :param former_unit: the part of an agency that it was with before the event.
    :param former_unit_actor: the role in which that part acts.
    :param helping: agencies whose help was asked for, where an event may end their part.
    """

    event: EventName
    kind: AnswerKind | None
    why: ReturnWhy | None
    step: str | None
    to_step: str | None
    agency: str | None
    holder: str | None
    holder_agency: str | None
    status: Status | None = None
    unit: str | None = None
    unit_actor: str | None = None
    former: str | None = None
    former_agency: str | None = None
    former_unit: str | None = None
    former_unit_actor: str | None = None
    helping: Sequence[str] | None = None

    @property
    def rights(self) -> bool:
        """Whether the reporter has a right to know of it."""
        if self.event == RETURNED:
            return self.status == "returned"
        return self.event == ANSWERED or self.event in NOTICES


@dataclass(frozen=True, order=True)
class Addressed:
    """One message that is due.

    :param recipient: ``reporter``; ``agency:<id>`` for the desk that receives there, ``agency:<id>:<role>`` for another
        of its roles, ``agency:<id>:<role>:<unit>`` for one within a unit; ``actor:<id>``; ``group:<id>``; or ``system``
        for the note to go on.
    :param template: the name of its text.
    """

    recipient: str
    template: str


def addressed(notice: Notice, sop: Sop) -> list[Addressed]:
    """The messages that an event gives rise to: at most one for each recipient.

    :param sop: the version under which the dossier was filed.
    """
    found: dict[str, Addressed] = {}
    for rule in _matching(notice, sop):
        template = rule.template or template_of(notice.event, notice.kind, notice.why)
        for told in rule.tell:
            recipient = _recipient(told, notice, sop)
            if recipient is not None:
                found.setdefault(recipient, Addressed(recipient, template))
    for recipient in _helpers(notice, sop):
        found.setdefault(recipient, Addressed(recipient, template_of(notice.event, notice.kind, notice.why)))
    if notice.to_step is not None and sop.step(notice.to_step).automatic == "notify":
        found[SYSTEM] = Addressed(SYSTEM, PROCEED)
    return sorted(found.values())


def _matching(notice: Notice, sop: Sop) -> Iterator[NotifyRule]:
    own = [rule for rule in sop.notify if rule.on == notice.event]
    yield from (rule for rule in own or _defaults(notice.event) if _fits(rule, notice))
    # Whatever the SOP says of copies: what the reporter has a right to know goes to the reporter.
    if notice.rights:
        yield NotifyRule(on=notice.event, tell=(THE_REPORTER,))


def _defaults(event: EventName) -> Sequence[NotifyRule]:
    return [rule for rule in DEFAULT_RULES if rule.on == event]


def _fits(rule: NotifyRule, notice: Notice) -> bool:
    return all(
        wanted is None or wanted == actual
        for wanted, actual in (
            (rule.step, notice.step),
            (rule.to_step, notice.to_step),
            (rule.kind, notice.kind),
            (rule.why, notice.why),
        )
    )


def front_of(sop: Sop) -> str | None:
    """The role that receives complaints in an agency: the first of an agency's that holds a step."""
    actors = (step.actor for step in sop.steps)
    return next((actor for actor in actors if sop.actor(actor).scope == "agency"), None)


def _recipient(told: str, notice: Notice, sop: Sop) -> str | None:
    """Where a rule's word leads; none where it leads to nobody: no agency yet, or the system itself."""
    if told == "agency":
        # Of a recall the agency is told that had it: none has it any more.
        agency = notice.agency or (notice.former_agency if notice.event == RECALLED else None)
        return f"agency:{agency}" if agency else None
    if told == "group":
        return GROUP
    if told == "holder":
        if notice.holder is None or (notice.holder == REPORTER and notice.event in _NOT_THEIRS):
            return None
        agency = notice.holder_agency or notice.agency
        return _desk(notice.holder, agency, _part(notice, agency), sop)
    if told == "former":
        # Whoever has taken it off their own desk is not told of that.
        if notice.former in (None, REPORTER) or _doers(notice, sop) == {notice.former}:
            return None
        part = (notice.former_unit, notice.former_unit_actor)
        return _desk(notice.former, notice.former_agency, part, sop)
    if told == _GRANTER:
        told = sop.leave.granted_by if sop.leave else COORDINATOR
    if told == COORDINATOR and not sop.has_actor(told):
        person = coordinator(sop)
        return f"actor:{person}" if person else None
    return _desk(told, notice.agency, _part(notice, notice.agency), sop)


def _helpers(notice: Notice, sop: Sop) -> Iterator[str]:
    """The desks that do another agency's part, where what has happened leaves nothing of it to do."""
    if notice.event not in ENDED_FOR_HELPERS or sop.help is None:
        return
    for agency in notice.helping or ():
        recipient = _desk(sop.help.given_by, agency, _NO_PART, sop)
        if recipient is not None:
            yield recipient


def _doers(notice: Notice, sop: Sop) -> set[str]:
    """Who can have brought the event about where the dossier was."""
    step = notice.step
    if step is None or not sop.has_step(step):
        return set()
    return {holder_of(sop, step, action) for action in candidates(sop, step) if action.event == notice.event}


def _part(notice: Notice, agency: str | None) -> _UnitOf:
    return (notice.unit, notice.unit_actor) if agency == notice.agency else _NO_PART


def _desk(actor: str | None, agency: str | None, part: _UnitOf, sop: Sop) -> str | None:
    if actor is None or not sop.has_actor(actor):
        return None
    scope = sop.actor(actor).scope
    if scope == "agency":
        return _role(actor, agency, part, sop) if agency else None
    if scope == "public":
        return THE_REPORTER if actor == REPORTER else None
    return f"actor:{actor}" if scope == "tenant" else None


def _role(actor: str, agency: str, part: _UnitOf, sop: Sop) -> str:
    """One role of one agency, in a unit where the dossier was passed to one and that is its role there."""
    if actor == front_of(sop):
        return f"agency:{agency}"
    unit, unit_actor = part
    within = f":{unit}" if unit and unit_actor == actor else ""
    return f"agency:{agency}:{actor}{within}"
