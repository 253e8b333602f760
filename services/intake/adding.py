"""What a reporter adds to a complaint of their own accord: words that move nothing, or the word that is awaited."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.booking import SERVICE
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.errors import Conflict
from shared.domain.complaint.schema import CALL, AdditionSchema
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier, evolve, fold
from shared.domain.dossier.events import Added, DossierEvent
from shared.domain.dossier.saying import said
from shared.domain.dossier.supplementing import supplemented
from shared.domain.dossier.telling_desk import coordinator
from shared.domain.dossier.waiting import awaited_word, check_in_time
from shared.domain.sealing import DataKey
from shared.domain.sop.model import Action
from shared.wording.coded_schema import load_coded


def added(
    runtime: Runtime,
    events: Sequence[DossierEvent],
    fields: Mapping[str, Any],
    key: DataKey,
    cause: Cause,
    user: str = REPORTER,
    *,
    aside: bool = False,
) -> list[DossierEvent]:
    """An addition, which the SOP need not offer: nobody is to lose what they have to say because no step asks for it.

    Where the dossier waits for its reporter it completes the complaint, or answers the answer: who has written has not
    given up, whatever the door by which they did is called. What is said to one that was merged stands in it, and is
    pointed to where the desk of the leading one looks, as long as that goes on.

    :param events: the dossier's, to the present.
    :param user: who writes it down: :data:`~shared.domain.dossier.event.UNSEEN` where the reporter has not been shown
        how it stands.
    :param aside: whether it is no word of theirs, so that it is awaited on: their mailbox wrote it in their absence.
    :returns: what is to be appended, in order.
    :raises Conflict: ``ended``, if nobody would read it any more; ``too_late``, if the reporter's time is over.
    :raises Invalid: a field is missing, unknown or of the wrong kind.
    """
    given: Mapping[str, Any] = load_coded(AdditionSchema(), fields)
    dossier = fold(events)
    leader = leader_of(runtime, dossier) if dossier is not None else None
    if dossier is None or (dossier.ended and leader is None):
        raise Conflict("ended", {"status": dossier.status if dossier else ""})
    desk = runtime.desk(dossier.tenant)
    sop = desk.sop_of(dossier)
    caller = Caller(tenant=dossier.tenant, actor=REPORTER, user=user)
    word = None if aside else awaited_word(sop, dossier)
    if word is not None:
        check_in_time(dossier, runtime.clock.now())
    person = coordinator(sop) if given.get("wants") == CALL else None
    if word is not None and person is None:
        own = _word(runtime, dossier, events, word, given["text"], key)
        return [desk.act(dossier, word, caller, cause, own)]
    own = {"sealed": key.seal({"message": given["text"]}, Added.__name__), "task_for": person}
    made: list[DossierEvent] = []
    if word is not None:
        # What they said stands in the addition; who asks to be called is called, and their complaint is a desk's again.
        empty = {"missing": dossier.missing} if word.event == "Supplemented" else {}
        made.append(desk.act(dossier, word, caller, cause, empty))
    made.append(desk.note(evolve(dossier, made[0]) if made else dossier, "Added", caller, cause, own))
    if leader is not None:
        said = {"member": dossier.id, "said_in": made[-1].originator_version}
        made.append(desk.note(leader, "Added", caller, cause, said))
    return made


def leader_of(runtime: Runtime, dossier: Dossier) -> Dossier | None:
    """The complaint into which a dossier was merged, while that goes on; none if it is none of a group's."""
    if dossier.leader is None or dossier.erased:
        return None
    leader, _ = runtime.dossiers(SERVICE).open(dossier.leader, dossier.tenant)
    return None if leader.ended or dossier.id not in leader.members else leader


def _word(
    runtime: Runtime, dossier: Dossier, events: Sequence[DossierEvent], word: Action, text: str, key: DataKey
) -> dict[str, Any]:
    """What the awaited event itself says."""
    if word.event == "Replied":
        return said(word, {"text": text}, key)
    tenant = runtime.tenants.get(dossier.tenant)
    return supplemented(tenant, runtime.clock.now(), dossier, events, key, {"message": text})
