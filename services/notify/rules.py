"""Who is told of an event: by the SOP's rules, and by these where the SOP says nothing of such an event."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.domain.dossier.reaching import ANSWERED, NOTICES, RETURNED
from shared.domain.sop.model import NotifyRule, Sop
from shared.domain.sop.vocabulary import REPORTER

THE_REPORTER = "reporter"
SYSTEM = "system"
"""The recipient of what is no letter: the note that a step of the system's waits for its messages."""
PROCEED = "proceed"

DEFAULT_RULES = (
    NotifyRule(on="ComplaintFiled", tell=("reporter",)),
    NotifyRule(on="Dispositioned", tell=("reporter", "agency")),
    NotifyRule(on="Returned", why="incomplete", tell=("reporter",)),
    NotifyRule(on="Returned", why="wrong_agency", tell=("holder",)),
    NotifyRule(on="Returned", why="out_of_authority", tell=("holder",)),
    NotifyRule(on="Returned", why="rework", tell=("holder",)),
    NotifyRule(on="Supplemented", tell=("holder",)),
    NotifyRule(on="Transferred", tell=("reporter",)),
    NotifyRule(on="Answered", tell=("reporter",)),
    NotifyRule(on="Replied", tell=("agency",)),
    NotifyRule(on="Reopened", tell=("holder",)),
    NotifyRule(on="Closed", tell=("reporter",)),
    NotifyRule(on="Lapsed", tell=("reporter",)),
    NotifyRule(on="ClockWarned", tell=("holder",)),
    NotifyRule(on="ClockBreached", tell=("holder",)),
    NotifyRule(on="Escalated", tell=("holder",)),
)
"""What is told where the SOP has no rule for an event's type at all."""

_OF_CLOCKS = frozenset({"ClockWarned", "ClockBreached", "Escalated"})
_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A row of :data:`services.notify.projection.NOTICES`, as far as rules look at it."""

    event: str
    kind: str | None
    why: str | None
    step: str | None
    to_step: str | None
    agency: str | None
    holder: str | None
    holder_agency: str | None
    status: str | None = None

    @property
    def rights(self) -> bool:
        """Whether the reporter has a right to know of it."""
        if self.event == RETURNED:
            return self.status == "returned"
        return self.event == ANSWERED or self.event in NOTICES


@dataclass(frozen=True, order=True)
class Addressed:
    """One message that is due.

    :param recipient: ``reporter``, ``agency:<id>``, ``actor:<id>``, or ``system`` for the note to go on.
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
    if notice.to_step is not None and sop.step(notice.to_step).automatic == "notify":
        found[SYSTEM] = Addressed(SYSTEM, PROCEED)
    return sorted(found.values())


def template_of(event: str, kind: str | None, why: str | None) -> str:
    """The name of an event's own text, e.g. ``answered_final`` or ``returned_wrong_agency``."""
    name = _INNER_CAPITAL.sub("_", event).lower()
    detail = kind if event == "Answered" else why if event == "Returned" else None
    return f"{name}_{detail}" if detail else name


def _matching(notice: Notice, sop: Sop) -> Iterator[NotifyRule]:
    own = [rule for rule in sop.notify if rule.on == notice.event]
    yield from (rule for rule in own or _defaults(notice.event) if _fits(rule, notice))
    # Whatever the SOP says of copies: what the reporter has a right to know goes to the reporter.
    if notice.rights:
        yield NotifyRule(on=notice.event, tell=(THE_REPORTER,))


def _defaults(event: str) -> Sequence[NotifyRule]:
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


def _recipient(told: str, notice: Notice, sop: Sop) -> str | None:
    """Where a rule's word leads; none where it leads to nobody: no agency yet, or the system itself."""
    if told == "agency":
        return f"agency:{notice.agency}" if notice.agency else None
    if told == "holder":
        if notice.holder is None or (notice.holder == REPORTER and notice.event in _OF_CLOCKS):
            return None
        return _desk(notice.holder, notice.holder_agency or notice.agency, sop)
    return _desk(told, notice.agency, sop)


def _desk(actor: str, agency: str | None, sop: Sop) -> str | None:
    scope = sop.actor(actor).scope
    if scope == "agency":
        return f"agency:{agency}" if agency else None
    if scope == "public":
        return THE_REPORTER if actor == REPORTER else None
    return f"actor:{actor}" if scope == "tenant" else None
