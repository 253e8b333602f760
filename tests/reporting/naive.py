"""A recap counted by hand, straight from the events: slow, plain, and written without a look at the real one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from shared.domain.calendar.duration import Duration
from shared.domain.dossier.clocks import clocks_of
from shared.domain.dossier.dossier import agency_after
from shared.domain.dossier.events import (
    AnswerDelivered,
    Answered,
    ClockBreached,
    ComplaintFiled,
    DeliveryFailed,
    Dispositioned,
    DossierEvent,
    Rated,
    Recalled,
    Reopened,
    Returned,
)
from shared.domain.tenants import Tenant

Stream = Sequence[DossierEvent]
_ENDED = ("closed", "withdrawn", "lapsed", "rejected", "merged")


def recap(
    tenant: Tenant, streams: Sequence[Stream], month: str, now: datetime, agency: str | None = None
) -> dict[str, Any]:
    """The figures that both ways of counting must agree on.

    :param agency: the only one whose complaints, and whose time, are told.
    """
    of_month = [each for each in streams if each[0].tenant == tenant.id and _month(each, tenant) == month]
    mine = [each for each in of_month if agency is None or _agency(each) == agency]
    answered = [each for each in mine if _finals(each)]
    met = [_met(each) for each in mine]
    first = [_seconds(each[0], _finals(each)[0]) for each in answered]
    total = [_seconds(each[0], _finals(each)[-1]) for each in answered]
    working = [_working(tenant, each[0].occurred_at, _finals(each)[0].occurred_at) for each in answered]
    ratings = [scores[-1] for each in mine if (scores := [e.score for e in each if isinstance(e, Rated)])]
    held = [
        holding
        for each in of_month
        for holding in _holdings(each, tenant, now)
        if agency is None or agency in (holding["holder"][1], (holding["blamed"] or (None, None))[1])
    ]
    last = [each[-1].status for each in mine]
    states = {name: last.count(name) for name in ("lapsed", "withdrawn", "rejected", "merged")}
    return {
        "filed": len(mine),
        "answered": sum(
            each[-1].status == "answered" or (each[-1].status == "closed" and bool(_finals(each))) for each in mine
        ),
        "open": sum(each[-1].status not in (*_ENDED, "answered") for each in mine),
        **states,
        "closed_unanswered": sum(each[-1].status == "closed" and not _finals(each) for each in mine),
        "ever_answered": len(answered),
        "not_reached": sum(not _first_final_arrived(each) for each in answered),
        "steps_missed": sum(
            any(h["late"] and h["version"] < _until(each) for h in _holdings(each, tenant, now)) for each in mine
        ),
        "met": met.count(True),
        "missed": met.count(False),
        "mean_first": _half_up(sum(first) / len(first)) if first else None,
        "median_first": _half_up(median(first)) if first else None,
        "mean_total": _half_up(sum(total) / len(total)) if total else None,
        "median_total": _half_up(median(total)) if total else None,
        "mean_working": _half_up(sum(working) / len(working)) if working else None,
        "returned": {
            why: sum(isinstance(e, Returned) and e.why == why for each in mine for e in each)
            for why in ("incomplete", "wrong_agency", "out_of_authority", "rework")
        },
        "dispositions": sum(isinstance(e, Dispositioned) for each in mine for e in each),
        "interim_answers": sum(isinstance(e, Answered) and e.kind == "interim" for each in mine for e in each),
        "delivered": sum(_first_final_arrived(each) for each in mine),
        "delivery_failures": sum(isinstance(e, DeliveryFailed) for each in mine for e in each),
        "reopened": sum(any(isinstance(e, Reopened) for e in each) for each in mine),
        "ratings": len(ratings),
        "scores": {str(score): ratings.count(score) for score in range(1, 6)},
        "by_agency": Counter(_agency(each) for each in mine),
        "by_status": Counter(each[-1].status for each in mine),
        "by_kecamatan": Counter(_kecamatan(each, tenant) for each in mine),
        "median_by_agency": _medians((_agency(each), each) for each in answered),
        "median_by_kecamatan": _medians((_kecamatan(each, tenant), each) for each in answered),
        **{name: _only(agency, counts) for name, counts in _hands(tenant, held, now).items()},
    }


def _hands(tenant: Tenant, held: Sequence[dict[str, Any]], now: datetime) -> dict[str, dict[tuple[str, Any], int]]:
    return {
        "held": _by_holder((h["holder"], 1) for h in held),
        "working_seconds": _by_holder((h["holder"], _working(tenant, h["since"], h["until"] or now)) for h in held),
        "seconds": _by_holder((h["holder"], round(((h["until"] or now) - h["since"]).total_seconds())) for h in held),
        "breached": _by_holder((h["holder"], 1) for h in held if h["late"]),
        "own_late": _by_holder((h["holder"], h["late_seconds"]) for h in held if h["blamed"] is None),
        "imposed_late": _by_holder((h["holder"], h["late_seconds"]) for h in held if h["blamed"]),
        "caused": _by_holder((h["blamed"], 1) for h in held if h["blamed"]),
    }


def _only(agency: str | None, counts: dict[tuple[str, Any], int]) -> dict[tuple[str, Any], int]:
    return {holder: count for holder, count in counts.items() if agency is None or holder[1] == agency}


def _working(tenant: Tenant, start: datetime, end: datetime) -> int:
    """By the calendar as it was known when the time had passed."""
    return tenant.calendar.as_known(end).between(start, end)


def _medians(answered: Iterable[tuple[str | None, Stream]]) -> dict[str | None, int]:
    times: dict[str | None, list[float]] = defaultdict(list)
    for name, each in answered:
        times[name].append(_seconds(each[0], _finals(each)[0]))
    return {name: _half_up(median(values)) for name, values in times.items()}


def _kecamatan(stream: Stream, tenant: Tenant) -> str | None:
    written = stream[0].kecamatan if isinstance(stream[0], ComplaintFiled) else None
    return (tenant.entries.kecamatan(written) or "(other)") if written else None


def _half_up(value: float) -> int:
    return int(value + 0.5)


def _month(stream: Stream, tenant: Tenant) -> str:
    return stream[0].occurred_at.astimezone(tenant.zone).strftime("%Y-%m")


def _finals(stream: Stream) -> list[DossierEvent]:
    return [event for event in stream if isinstance(event, Answered) and event.kind == "final"]


def _first_final_arrived(stream: Stream) -> bool:
    finals = _finals(stream)
    said = [
        isinstance(event, AnswerDelivered)
        for event in stream
        if finals
        and isinstance(event, AnswerDelivered | DeliveryFailed)
        and event.answer == finals[0].originator_version
    ]
    return bool(said) and said[-1]


def _met(stream: Stream) -> bool | None:
    """Of the first case clock only."""
    for event in stream:
        if event.case_late_seconds is not None:
            return event.case_late_seconds == 0
        if isinstance(event, ClockBreached) and event.target == "case":
            return False
    return None


def _seconds(start: DossierEvent, end: DossierEvent) -> float:
    return (end.occurred_at - start.occurred_at).total_seconds()


def _agency(stream: Stream) -> str | None:
    agency = None
    for event in stream:
        agency = agency_after(agency, event)
    return agency


def _until(stream: Stream) -> float:
    """The version up to which lateness of steps is judged: that of the first final answer."""
    return next((event.originator_version for event in _finals(stream)), float("inf"))


def _holdings(stream: Stream, tenant: Tenant, now: datetime) -> list[dict[str, Any]]:
    found = _as_told(stream)
    clock = next((each for each in clocks_of(stream) if each.open and each.target == "step"), None)
    if found and found[-1]["until"] is None and clock is not None and clock.within is not None:
        at = clock.paused_at or now
        if at > clock.due_at:
            late = tenant.calendar.as_known(now).elapsed(clock.due_at, at, Duration.parse(clock.within))
            found[-1] |= {"late": found[-1]["late"] or late > 0, "late_seconds": late}
    return found


def _as_told(stream: Stream) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for event in stream:
        if isinstance(event, ClockBreached) and event.target == "step":
            [late] = [each for each in found if f"step:{each['version']}" == event.clock]
            late["late"] = True
        if event.promise is None and event.status not in _ENDED:
            continue
        if found and found[-1]["until"] is None:
            found[-1] |= {"until": event.occurred_at, "late_seconds": event.late_seconds or 0, "left_by": event.type}
            found[-1]["late"] = found[-1]["late"] or found[-1]["late_seconds"] > 0
        if _in_vain(event) and event.promise is not None:
            _blame(found, event)
        if event.promise is not None:
            found.append(
                {
                    "version": event.originator_version,
                    "step": event.promise.step,
                    "holder": (event.promise.actor, event.promise.agency),
                    "since": event.promise.started_at,
                    "until": None,
                    "late": False,
                    "late_seconds": 0,
                    "left_by": None,
                    "blamed": None,
                }
            )
    return found


def _in_vain(event: DossierEvent) -> bool:
    return isinstance(event, Recalled) or (isinstance(event, Returned) and event.why != "incomplete")


def _blame(found: list[dict[str, Any]], event: DossierEvent) -> None:
    """Walk back from what came back until whoever had sent it."""
    assert event.promise is not None
    vain = [found[-1]]
    for each in reversed(found[:-1]):
        disposed = each["left_by"] == "Dispositioned" and getattr(event, "why", "") != "rework"
        if each["step"] == event.promise.step or disposed:
            for one in vain:
                one["blamed"] = one["blamed"] or each["holder"]
            return
        vain.append(each)


def _by_holder(pairs: Any) -> dict[tuple[str, str | None], int]:
    summed: dict[tuple[str, str | None], int] = defaultdict(int)
    for holder, amount in pairs:
        summed[holder] += amount
    return {holder: amount for holder, amount in summed.items() if amount}
