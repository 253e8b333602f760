"""What may be done with a dossier as it stands now: by officers, and by the reporter."""

from collections.abc import Sequence
from datetime import datetime

from shared.base.caller import REPORTER, Caller
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.telling_desk import DELIVERIES, to_tell
from shared.domain.dossier.waiting import ran_out
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop
from shared.domain.tenants import Tenant


def allowed_now(
    dossier: Dossier, events: Sequence[DossierEvent], tenant: Tenant, caller: Caller, now: datetime
) -> tuple[Action, ...]:
    """What the actor who holds the dossier may do with it now, and what the reader may do besides.

    Nothing where a wait has run out, until what follows from that is recorded; and nobody is offered to say that the
    reporter was told, where there is nothing that they are to be told.
    """
    if ran_out(dossier, now) is not None:
        return ()
    every = _allowed_by_sop(dossier, tenant, caller)
    return every if to_tell(dossier, events) else tuple(each for each in every if each.event not in DELIVERIES)


def _allowed_by_sop(dossier: Dossier, tenant: Tenant, caller: Caller) -> tuple[Action, ...]:
    sop = tenant.sop_of(dossier.sop_version)
    if _helps_only(dossier, sop, caller):
        return ()
    if dossier.step is None or dossier.actor is None:
        return () if caller.admin else allowed_after_end(dossier, sop, caller.actor)
    actors = dict.fromkeys((dossier.actor, dossier.actor if caller.admin else caller.actor))
    return tuple(action for actor in actors for action in engine.allowed(sop, dossier.step, dossier.status, actor))


def allowed_after_end(dossier: Dossier, sop: Sop, actor: str) -> tuple[Action, ...]:
    """What an actor may do with a dossier that has ended; nothing with one that was erased."""
    if dossier.erased:
        return ()
    open_to_all = engine.after_end(sop, dossier.status, answered=dossier.answered is not None)
    return tuple(action for action in open_to_all if action.actor == actor)


def allowed_to_reporter(dossier: Dossier, sop: Sop, step: str | None) -> tuple[Action, ...]:
    """What the reporter may do.

    :param step: where the dossier is, or will be in a moment; none if it has ended.
    """
    if step is None:
        return allowed_after_end(dossier, sop, REPORTER)
    return engine.allowed(sop, step, dossier.status, REPORTER)


def open_to_reporter(dossier: Dossier, sop: Sop, now: datetime) -> tuple[Action, ...]:
    """What the reporter may do now; nothing where a wait has run out, until what follows from that is recorded."""
    return () if ran_out(dossier, now) is not None else allowed_to_reporter(dossier, sop, dossier.step)


def _helps_only(dossier: Dossier, sop: Sop, caller: Caller) -> bool:
    """Whether a reader is of an agency that has no more than a part in it."""
    of_an_agency = not caller.admin and sop.has_actor(caller.actor) and sop.actor(caller.actor).scope == "agency"
    return of_an_agency and caller.agency != dossier.agency
