"""A dossier as its reporter sees it: where it is, what was promised, what was said to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.base.caller import REPORTER
from shared.domain.dossier.allowing import open_to_reporter
from shared.domain.dossier.authorities import authority_of
from shared.domain.dossier.beside import is_public
from shared.domain.dossier.complaint_view import said_by_reporter
from shared.domain.dossier.contents import complaint_of, opened
from shared.domain.dossier.data_view import data_requests
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.elsewhere import elsewhere
from shared.domain.dossier.event import SaidByReporter
from shared.domain.dossier.events import (
    Added,
    Answered,
    ClockEvent,
    Closed,
    DeliveryFailed,
    DossierEvent,
    FileAdded,
    HelpAsked,
    HelpCancelled,
    HelpGiven,
    LeaveAsked,
    LeaveGranted,
    LeaveRefused,
    MemberJoined,
    MemberLeft,
    Noted,
    NoticeDelivered,
    Published,
    Rated,
    Rejected,
    Replied,
    Resumed,
    Returned,
    SummaryGivenBack,
    SummaryWritten,
    Transferred,
    Unpublished,
)
from shared.domain.dossier.explaining import counting_view
from shared.domain.dossier.filed_files import files_for_reporter, files_view
from shared.domain.dossier.promise import CASE
from shared.domain.dossier.told_reasons import reason_is_told
from shared.domain.dossier.view import allowed_view, heading
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant


def public_view(
    dossier: Dossier, events: Sequence[DossierEvent], tenant: Tenant, key: DataKey | None, now: datetime
) -> dict[str, Any]:
    """What the holder of a tracking code may see: no officer's name, no note between desks.

    Of the complaint what it says, not who said it: whoever holds the code need not be the reporter.
    """
    case = next((clock for clock in reversed(dossier.clocks) if clock.target == CASE), None)
    sop = tenant.sop_of(dossier.sop_version)
    allowed = open_to_reporter(dossier, sop, now)
    return {
        **heading(dossier, tenant),
        "sop_version": dossier.sop_version,
        "privacy": dossier.privacy,
        "complaint": said_by_reporter(complaint_of(events, key), tenant, known=False),
        "promised_at": tenant.local(case.due_at) if case else None,
        "counted": counting_view(case, events, tenant) if case else None,
        "answered": dossier.answered is not None,
        "published": is_public(dossier),
        "elsewhere": elsewhere(dossier, events, tenant, key),
        "allowed": [allowed_view(action, REPORTER) for action in allowed],
        "data_requests": data_requests(events, tenant, key, now),
        "files": files_view(files_for_reporter(events, key), tenant, key),
        "timeline": [_entry(event, tenant, key) for event in events if not _internal(event)],
        "as_of": tenant.local(now),
    }


def _internal(event: DossierEvent) -> bool:
    """What desks arrange among themselves. Leave that was given is the reporter's to know, and their own files."""
    if isinstance(event, FileAdded):
        return event.actor != REPORTER
    if isinstance(event, Added) and event.member is not None:
        return True  # another reporter's
    return isinstance(
        event,
        ClockEvent
        | DeliveryFailed
        | NoticeDelivered
        | LeaveAsked
        | LeaveRefused
        | HelpAsked
        | HelpGiven
        | HelpCancelled
        | MemberJoined
        | MemberLeft
        | Noted
        | SummaryWritten
        | SummaryGivenBack
        | Published
        | Unpublished,
    )


def _entry(event: DossierEvent, tenant: Tenant, key: DataKey | None) -> dict[str, Any]:
    sop = tenant.sop_of(event.sop_version)
    agency = (event.promise.agency if event.promise else None) or event.agency
    entry: dict[str, Any] = {
        "event": event.type,
        "at": tenant.local(event.occurred_at),
        "step": event.step,
        "actor": event.actor,
        "to_step": event.promise.step if event.promise else None,
        "title": sop.step(event.promise.step).activity if event.promise else None,
        "agency": agency,
        "agency_name": tenant.agency_name(agency),
        "due_at": tenant.local(event.promise.due_at) if event.promise else None,
        "status": event.status,
    }
    if isinstance(event, Returned):
        entry["why"] = event.why
        if reason_is_told(event.type, event.why, event.status):
            entry["reason"] = opened(event, key).get("reason")
    if isinstance(event, Rejected):
        entry |= {"why": event.why, "reason": opened(event, key).get("reason")}
    if isinstance(event, Transferred):
        entry |= {"to": authority_of(event, tenant, key), "reason": opened(event, key).get("reason")}
    if isinstance(event, SaidByReporter | Closed) and event.via is not None:
        entry["via"] = event.via
    if isinstance(event, Answered):
        entry |= {"kind": event.kind, "text": opened(event, key).get("text")}
    if isinstance(event, Replied):
        entry["text"] = opened(event, key).get("text")
    if isinstance(event, Rated):
        entry["score"] = event.score
    if isinstance(event, Closed):
        entry["by"] = event.by
    return entry | _of_leave(event, tenant)


def _of_leave(event: DossierEvent, tenant: Tenant) -> dict[str, Any]:
    """What is told of a clock that was given leave, besides."""
    told: dict[str, Any] = {}
    if isinstance(event, LeaveGranted):
        told |= {"kind": event.kind, "why": event.why, "until_at": tenant.local(event.until_at)}
    if isinstance(event, LeaveGranted | Resumed):
        told["due_at"] = tenant.local(event.due_at)
    return told
