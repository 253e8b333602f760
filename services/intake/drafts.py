"""A complaint on its way into the log: sealed and promised, but without a number yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.intake.receipts import Receipt, receipt_for
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.deadline import present_deadline
from shared.base.errors import Unavailable
from shared.base.frozen import changed
from shared.base.times import from_iso
from shared.domain.complaint.sheet import sheet_of
from shared.domain.complaint.spelling import new_ticket
from shared.domain.complaint.tracking import tracking_code
from shared.domain.dossier.contents import with_names_as_written
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import ComplaintFiled
from shared.domain.sealing import DataKey
from shared.domain.sop import engine


@dataclass(frozen=True)
class Submission:
    """A checked complaint on its way in.

    :param complaint: as :func:`shared.domain.complaint.schema.load_submission` gives it.
    :param user: who brings it: an account, an adapter's channel, ``import``; ``reporter`` for who says so themselves.
    :param actor: the role in which it is brought.
    :param agency: the agency of an officer who files it.
    :param trusted: whether who brings it is known: an officer, an adapter by its account on the broker, an import.
        What anybody else says of channel, external id and time touches no complaint but this one.
    """

    tenant: str
    complaint: Mapping[str, Any]
    cause: Cause
    user: str = REPORTER
    actor: str = REPORTER
    agency: str | None = None
    trusted: bool = False


@dataclass
class DraftedFiling:
    """A filing that lacks nothing but its number, and what becomes of it.

    :param event: without a ticket.
    :param key: of the dossier, new.
    :param code: the tracking code.
    :param series: the tenant, and the year of the number.
    :param prefix: of the number.
    :param until: until when whoever asked for it waits.
    """

    runtime: Runtime = field(repr=False)
    event: ComplaintFiled
    key: DataKey
    code: str = field(repr=False)
    series: tuple[str, int]
    prefix: str
    until: datetime | None
    receipt: Receipt | None = None
    known: bool = False
    """Whether its dossier was there before."""
    expired: bool = False
    """Whether nobody waits for it any more; it was not filed then."""

    @property
    def dossier(self) -> UUID:
        """The dossier that it begins."""
        return self.event.originator_id

    def numbered(self, number: int) -> ComplaintFiled:
        """The event, with its ticket."""
        self.event = changed(self.event, ticket=new_ticket(self.prefix, self.series[1], number))
        return self.event

    def filed(self, position: int) -> None:
        """Note that it is in the log."""
        self.receipt = receipt_for(self.event, self.code, created=True, position=position)

    def repeats(self, first: "DraftedFiling") -> None:
        """Note that another, filed with it, is the very same submission and came first."""
        self.receipt = None if first.receipt is None else replace(first.receipt, created=False)

    def outcome(self) -> Receipt | None:
        """Its receipt; none if it was known before.

        :raises Unavailable: if nobody waited for it any more (``call_expired``).
        """
        if self.expired:
            raise Unavailable("call_expired")
        return self.receipt


def draft(runtime: Runtime, uuid: UUID, submission: Submission) -> DraftedFiling:
    """All of a filing that can be done before its transaction, in the time in which others are under way."""
    key, code = runtime.vault.new_key(uuid), tracking_code(runtime.randomness)
    event = _event(runtime, uuid, submission, key, code)
    tenant = runtime.tenants.get(submission.tenant)
    year = event.recorded_at.astimezone(tenant.zone).year
    prefix = tenant.sop_of(event.sop_version).ticket_prefix
    return DraftedFiling(runtime, event, key, code, (tenant.id, year), prefix, present_deadline())


def _event(runtime: Runtime, uuid: UUID, submission: Submission, key: DataKey, code: str) -> ComplaintFiled:
    complaint, now = submission.complaint, runtime.clock.now()
    tenant = runtime.tenants.get(submission.tenant)
    sop = tenant.sop_at(now)
    sheet = sheet_of(complaint, tenant.entries, now, tenant.zone)
    whole = {**sheet.given, "channel": complaint["channel"], "privacy": complaint["privacy"]}
    own = {
        **sheet.clear,
        "ticket": "",
        "channel": complaint["channel"],
        "privacy": complaint["privacy"],
        "missing": engine.missing(sop, with_names_as_written(whole)),
        "sealed": key.seal({**sheet.private, "tracking_code": code}, "ComplaintFiled"),
    }
    caller = Caller(tenant=submission.tenant, actor=submission.actor, agency=submission.agency, user=submission.user)
    dated = _dated(runtime, sheet.private.get("occurred_at"), now) if submission.trusted else None
    event = runtime.desk(submission.tenant).file(uuid, caller, submission.cause, own, dated)
    if event.sop_version != sop.version:  # another came to count in between, and may ask for more
        return _event(runtime, uuid, submission, key, code)
    return event


def _dated(runtime: Runtime, stated: str | None, now: datetime) -> datetime | None:
    """The instant from which a complaint counts, if not from now: as far back as the installation lets it."""
    if stated is None:
        return None
    instant = from_iso(stated)
    return instant if now - instant <= timedelta(days=runtime.settings.backdate_days) else None
