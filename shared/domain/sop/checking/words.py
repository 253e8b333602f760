"""Checks of what an SOP says beside its flow: times against its own total, who is told, what is still open."""

from collections.abc import Iterator

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.checking.finding import INFO, WARNING, Finding
from shared.domain.sop.model import NotifyRule, Sop
from shared.domain.sop.totals import differs, sum_of_steps
from shared.domain.sop.vocabulary import AnswerKind, ReturnWhy


def words(sop: Sop) -> Iterator[Finding]:
    """Everything about an SOP that is not its flow."""
    yield from _sum(sop)
    yield from _told(sop)
    open_gaps = sum(not gap.confirmed for gap in sop.known_gaps)
    if open_gaps:
        message = f"{open_gaps} readings of the source wait for its owner's confirmation"
        yield Finding(INFO, "unconfirmed_readings", message, "see known_gaps", ("known_gaps",))


def _sum(sop: Sop) -> Iterator[Finding]:
    allotted = sum_of_steps(sop)
    if allotted is None:
        if any(step.within for step in sop.steps):
            message = "the steps' time standards mix days with hours and have no exact sum"
            yield Finding(WARNING, "no_sum", message, "state them in one unit", ("steps",))
        return
    if sop.stated_total is None:
        message = f"the steps make up {allotted}; no total is stated"
        yield Finding(INFO, "no_stated_total", message, "", ("stated_total",))
        return
    if not differs(allotted, sop.stated_total):
        yield Finding(INFO, "sum_as_stated", f"the steps make up {allotted}, as stated", "", ("stated_total",))
        return
    message = f"the steps make up {allotted}, the stated total is {sop.stated_total}"
    if allotted.unit == sop.stated_total.unit:
        rest = sop.stated_total.amount - allotted.amount
        message = f"{allotted.amount} of the stated {sop.stated_total} are allotted to steps"
        message += f", {rest} are not" if rest > 0 else f": {-rest} too many"
    remedy = "correct a step or the total, or say in known_gaps how it is read"
    yield Finding(WARNING, "sum_differs", message, remedy, ("stated_total",))


def _told(sop: Sop) -> Iterator[Finding]:
    happening = {(a.event, a.kind, a.why) for step in sop.steps for a in step.actions}
    for event, kind, why in sorted(happening, key=str):
        about = [rule for rule in sop.notify if _covers(rule, event, kind, why)]
        told = {name for rule in about for name in rule.tell}
        reporters = event == "Answered" or why == "incomplete"
        if reporters and "reporter" not in told:
            message = f"the reporter is not told of {event}{f' ({kind or why})'}"
            yield Finding(WARNING, "reporter_not_told", message, "add a rule to notify", ("notify",))
        elif event in ("Dispositioned", "Returned") and not told:
            message = f"nobody is told of {event}{f' ({why})' if why else ''}"
            yield Finding(WARNING, "nobody_told", message, "add a rule to notify", ("notify",))


def _covers(rule: NotifyRule, event: EventName, kind: AnswerKind | None, why: ReturnWhy | None) -> bool:
    return rule.on == event and rule.kind in (None, kind) and rule.why in (None, why)
