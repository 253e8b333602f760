"""The aggregate: what is known of one dossier, folded from its events."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.base.frozen import changed
from shared.domain.complaint.privacy import Privacy
from shared.domain.dossier.clocks import DossierClock, fold_clocks
from shared.domain.dossier.events import (
    Answered,
    Classified,
    ComplaintFiled,
    DataAnswered,
    Dispositioned,
    DossierEvent,
    Erased,
    FileAdded,
    Forwarded,
    LeaveGranted,
    MemberJoined,
    MemberLeft,
    Merged,
    Published,
    Recalled,
    Reinstated,
    Reopened,
    Replied,
    Resumed,
    Returned,
    SummaryGivenBack,
    SummaryWritten,
    Supplemented,
    Transferred,
    Unpublished,
)
from shared.domain.dossier.promise import STEP, Target
from shared.domain.dossier.reaching import Reaching
from shared.domain.sop.vocabulary import FINAL_STATUSES, ComplaintClass, Status


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """The state that decisions are made on. Never changed in place; see :func:`evolve`.

    :param agency: the agency responsible, from its disposition until it is returned.
    :param held_by_agency: the agency that must act now; none while an actor of the tenant holds it.
    :param missing: required fields that the complaint lacks.
    :param disposed_by: the actor of the latest disposition.
    :param draft: version of the latest event with a response that is not yet published.
    :param authorised: version of the response that was authorised: from then on it is the answer, as it stands.
    :param answered: version of the latest final answer.
    :param reaching: what the reporter was told, and what they were not.
    :param interim: version of the latest answer that is not final: an interim one, or a word back after the final one.
    :param reply: version of the reporter's latest reply, until somebody answers it.
    :param transferred: version of the event that handed it to the authority that has it now.
    :param leader: the dossier that is answered for this one too, while it is merged.
    :param members: the duplicates that are answered with this one.
    :param files: how many there are in it.
    :param summary: version of the summary for the public that waits to be published.
    :param published: version of the event that published one, while it is public.
    """

    id: UUID
    version: int
    tenant: str
    ticket: str
    sop_version: int
    channel: str
    privacy: Privacy
    classification: ComplaintClass | None
    category: str | None
    kecamatan: str | None
    desa: str | None
    missing: tuple[str, ...]
    status: Status
    step: str | None
    actor: str | None
    filed_at: datetime
    since: datetime
    due_at: datetime | None = None
    warn_at: datetime | None = None
    agency: str | None = None
    held_by_agency: str | None = None
    disposed_by: str | None = None
    draft: int | None = None
    authorised: int | None = None
    answered: int | None = None
    interim: int | None = None
    reply: int | None = None
    transferred: int | None = None
    leader: UUID | None = None
    members: tuple[UUID, ...] = ()
    files: int = 0
    summary: int | None = None
    published: int | None = None
    erased: bool = False
    clocks: tuple[DossierClock, ...] = ()
    reaching: Reaching = field(default_factory=Reaching)

    @property
    def ended(self) -> bool:
        """Whether nothing more is expected."""
        return self.status in FINAL_STATUSES

    def open_clock(self, target: Target) -> DossierClock | None:
        """The clock of that target that has not ended, if there is one."""
        return next((clock for clock in self.clocks if clock.target == target and clock.open), None)


def agency_after(agency: str | None, event: DossierEvent) -> str | None:
    """The agency responsible after an event: a disposition names it, what undoes that frees it."""
    if isinstance(event, Dispositioned):
        return event.to_agency
    return None if undoes_disposition(event) or isinstance(event, Reinstated) else agency


def undoes_disposition(event: DossierEvent) -> bool:
    """Whether an event takes a dossier from the agency that had it, before that has answered."""
    if isinstance(event, Returned):
        return event.why in ("wrong_agency", "out_of_authority")
    return isinstance(event, Recalled)


def evolve(dossier: Dossier | None, event: DossierEvent) -> Dossier:
    """The dossier after one more event.

    :raises ValueError: if the first event is not its filing, or a later one is.
    """
    if isinstance(event, ComplaintFiled):
        if dossier is not None:
            raise ValueError("a dossier is filed once")
        return _moved(_filed(event), event)
    if dossier is None:
        raise ValueError(f"a dossier begins with ComplaintFiled, not {event.type}")
    after = changed(
        dossier,
        version=event.originator_version,
        status=event.status,
        agency=agency_after(dossier.agency, event),
        clocks=fold_clocks(dossier.clocks, event),
        reaching=dossier.reaching.after(event),
    )
    return _moved(_grouped(_said(_summarised(_noted(after, event), event), event), event), event)


def fold(events: Iterable[DossierEvent]) -> Dossier | None:
    """The dossier after all its events; none if there are none."""
    dossier: Dossier | None = None
    for event in events:
        dossier = evolve(dossier, event)
    return dossier


def _filed(event: ComplaintFiled) -> Dossier:
    return Dossier(
        id=event.originator_id,
        version=event.originator_version,
        tenant=event.tenant,
        ticket=event.ticket,
        sop_version=event.sop_version,
        channel=event.channel,
        privacy=event.privacy,
        classification=event.classification,
        category=event.category,
        kecamatan=event.kecamatan,
        desa=event.desa,
        missing=event.missing,
        status=event.status,
        step=event.step,
        actor=event.actor,
        filed_at=event.occurred_at,
        since=event.occurred_at,
        clocks=fold_clocks((), event),
    )


def _noted(dossier: Dossier, event: DossierEvent) -> Dossier:
    if isinstance(event, Classified):
        said = {"classification": event.classification, "category": event.category}
        return changed(
            dossier,
            classification=event.classification or dossier.classification,
            category=event.category or dossier.category,
            missing=tuple(name for name in dossier.missing if not said.get(name)),
        )
    if isinstance(event, Supplemented):
        return changed(
            dossier,
            missing=event.missing,
            privacy=event.privacy or dossier.privacy,
            kecamatan=event.kecamatan or (None if "kecamatan" in event.cleared else dossier.kecamatan),
            desa=event.desa or (None if "desa" in event.cleared else dossier.desa),
            category=event.category or dossier.category,
            classification=event.classification or dossier.classification,
        )
    if isinstance(event, DataAnswered):
        return changed(dossier, missing=tuple(name for name in dossier.missing if name not in event.filled))
    if isinstance(event, Dispositioned):
        return changed(dossier, disposed_by=event.actor)
    if isinstance(event, Forwarded):
        return _drafted(dossier, event)
    if isinstance(event, Answered):
        if event.kind == "final":
            return changed(dossier, answered=event.originator_version, draft=None, authorised=None)
        return changed(dossier, interim=event.originator_version)
    if isinstance(event, Erased):
        return changed(dossier, erased=True)
    if isinstance(event, FileAdded):
        # A file is what an SOP means that requires attachments, however it came.
        missing = tuple(name for name in dossier.missing if name != "attachments")
        return changed(dossier, files=dossier.files + 1, missing=missing)
    return dossier


def _drafted(dossier: Dossier, event: Forwarded) -> Dossier:
    """A response is the draft from now on; an authorisation is of the draft as it stands then.

    A response after an authorisation is the authorised text passed on: another is refused before it is recorded.
    """
    if event.has_response:
        authorised = event.originator_version if dossier.authorised is not None else None
        dossier = changed(dossier, draft=event.originator_version, authorised=authorised)
    return changed(dossier, authorised=dossier.draft) if event.authorised else dossier


def _summarised(dossier: Dossier, event: DossierEvent) -> Dossier:
    """What waits to be published, and what is public: neither of what is erased, or secret from now on."""
    match event:
        case SummaryWritten():
            return changed(dossier, summary=event.originator_version)
        case SummaryGivenBack():
            return changed(dossier, summary=None)
        case Published():
            return changed(dossier, summary=None, published=event.originator_version)
        case Unpublished():
            return changed(dossier, published=None)
        case Erased() | Supplemented(privacy="secret"):
            return changed(dossier, summary=None, published=None)
        case _:
            return dossier


def _said(dossier: Dossier, event: DossierEvent) -> Dossier:
    """What still waits for a word: a reply that nobody has answered, an authority that has it."""
    if isinstance(event, Replied):
        dossier = changed(dossier, reply=event.originator_version)
    elif dossier.reply is not None and (isinstance(event, Answered | Reopened) or dossier.ended):
        dossier = changed(dossier, reply=None)
    if isinstance(event, Transferred):
        return changed(dossier, transferred=event.originator_version)
    over = dossier.transferred is not None and event.status != "transferred"
    return changed(dossier, transferred=None) if over else dossier


def _grouped(dossier: Dossier, event: DossierEvent) -> Dossier:
    if isinstance(event, Merged):
        # Those merged into it go with it, and are not its own any more when it comes back.
        return changed(dossier, leader=event.into, members=())
    if isinstance(event, Reinstated):
        # The answer of the complaint into which it was merged is none of its own.
        return changed(dossier, leader=None, answered=None if dossier.leader else dossier.answered)
    if isinstance(event, MemberJoined):
        return changed(dossier, members=(*(each for each in dossier.members if each != event.member), event.member))
    if isinstance(event, MemberLeft):
        return changed(dossier, members=tuple(each for each in dossier.members if each != event.member))
    if undoes_disposition(event):
        # Another will answer, in their own words.
        return changed(dossier, authorised=None, draft=None)
    # What sends the work back undoes its authorisation.
    return changed(dossier, authorised=None) if isinstance(event, Returned | Reopened) else dossier


def _moved(dossier: Dossier, event: DossierEvent) -> Dossier:
    if dossier.ended:
        return changed(dossier, step=None, actor=None, held_by_agency=None, due_at=None, warn_at=None)
    if event.promise is None:
        if isinstance(event, LeaveGranted | Resumed):
            return _put_off(dossier)
        if event.wait is None or dossier.open_clock(STEP) is not None:
            return dossier
        return changed(dossier, due_at=event.wait.due_at, warn_at=event.wait.warn_at)
    due = event.promise.due_at or (event.wait.due_at if event.wait else None)
    warn = event.promise.warn_at or (event.wait.warn_at if event.wait else None)
    return changed(
        dossier,
        step=event.promise.step,
        actor=event.promise.actor,
        held_by_agency=event.promise.agency,
        since=event.occurred_at,
        due_at=due,
        warn_at=warn,
    )


def _put_off(dossier: Dossier) -> Dossier:
    """As due as the clock of its step now is: leave has moved it."""
    clock = dossier.open_clock(STEP)
    return dossier if clock is None else changed(dossier, due_at=clock.due_at, warn_at=clock.warn_at)
