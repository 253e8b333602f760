"""Complaints of several reporters about one thing: one dossier, the leader, goes on and is answered for all.

Nobody learns of another's identity: an answer is sealed anew with each member's own key, and a member's events name the
leader by its id alone. Everything that concerns two dossiers is appended in one transaction, so that neither can tell
another story than the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain.dossier.contents import opened
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier, evolve
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import Answered, DossierEvent
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.domain.sop.vocabulary import FINAL_STATUSES, AnswerKind

SERVICE = "routing"
_MOST_HOPS = 100
_ENDING: Final[frozenset[EventName]] = frozenset({"Withdrawn", "Lapsed", "Rejected", "Closed", "Erased"})


@dataclass(frozen=True)
class Party:
    """Another dossier of the group, as it stands."""

    dossier: Dossier
    events: list[DossierEvent]


def leader_for(runtime: Runtime, dossier: Dossier, named: object) -> Party:
    """The dossier that goes on: the one named, or the one into which that was merged itself.

    :param named: its id.
    :raises Invalid: there is no such dossier in that government.
    :raises Conflict: ``merged_into_itself``, ``leader_ended`` or ``erased``.
    """
    try:
        party = _party(runtime, UUID(str(named)), dossier.tenant)
        for _ in range(_MOST_HOPS):
            if party.dossier.leader is None:
                break
            party = _party(runtime, party.dossier.leader, dossier.tenant)
    except (ValueError, NotFound):
        raise Invalid("invalid_fields", fields={"into": ["unknown_ticket"]}) from None
    if party.dossier.id == dossier.id:
        raise Conflict("merged_into_itself")
    if party.dossier.erased:
        raise Conflict("erased")
    if party.dossier.ended:
        raise Conflict("leader_ended", {"ticket": party.dossier.ticket, "status": party.dossier.status})
    return party


def merged_fields(leader: Party, reason: str, key: DataKey) -> dict[str, Any]:
    """What a ``Merged`` event itself says."""
    into = {"into": leader.dossier.id, "into_ticket": leader.dossier.ticket}
    return {**into, "sealed": key.seal({"reason": reason}, "Merged")}


def joined(
    runtime: Runtime, duplicate: Dossier, merged: DossierEvent, leader: Party, caller: Caller, cause: Cause
) -> list[DossierEvent]:
    """What follows in other dossiers when one is merged: it joins the leader, and those merged into it go with it.

    Where the leader has its answer already, whoever joins gets it at once.
    """
    desk = runtime.desk(duplicate.tenant)
    followers = [_party(runtime, member, duplicate.tenant) for member in duplicate.members]
    events: list[DossierEvent] = []
    after = leader.dossier
    for member in (duplicate.id, *duplicate.members):
        own = {"member": member, "members": len(after.members) + 2}
        events.append(desk.note(after, "MemberJoined", caller, cause, own))
        after = evolve(after, events[-1])
    newcomers = [Party(evolve(duplicate, merged), [])]
    for follower in followers:
        into = {"into": leader.dossier.id, "into_ticket": leader.dossier.ticket}
        events.append(desk.note(follower.dossier, "Merged", caller, cause, into))
        newcomers.append(Party(evolve(follower.dossier, events[-1]), []))
    answer = next(
        (each for each in reversed(leader.events) if isinstance(each, Answered) and each.kind == "final"), None
    )
    if answer is not None and leader.dossier.status == "answered":
        keys = runtime.vault.keys(None, [leader.dossier.id])
        text = opened(answer, keys[leader.dossier.id]).get("text")
        events += _told(runtime, newcomers, leader.dossier.id, answer.kind, text, caller, cause)
    return events


def left(runtime: Runtime, dossier: Dossier, caller: Caller, cause: Cause) -> list[DossierEvent]:
    """What follows in its leader when a merged dossier goes its own way again; nothing where it has none."""
    if dossier.leader is None:
        return []
    leader = _party(runtime, dossier.leader, dossier.tenant).dossier
    if dossier.id not in leader.members:
        return []
    own = {"member": dossier.id, "members": len(leader.members)}
    return [runtime.desk(dossier.tenant).note(leader, "MemberLeft", caller, cause, own)]


def answers_for_members(
    runtime: Runtime, dossier: Dossier, action_kind: AnswerKind, text: object, caller: Caller, cause: Cause
) -> list[DossierEvent]:
    """The leader's answer, for each duplicate that was merged into it.

    :param dossier: the leader.
    :param action_kind: of the answer.
    :param text: of the answer, as it was written.
    """
    members = [_party(runtime, member, dossier.tenant) for member in dossier.members]
    return _told(runtime, members, dossier.id, action_kind, text, caller, cause)


def ends_a_dossier(event: DossierEvent) -> bool:
    """Whether an event ends a dossier, which others may have been merged into."""
    return event.status in FINAL_STATUSES and event.type in _ENDING


def release_members(runtime: Runtime, dossier_id: UUID, tenant_id: str, cause: Cause) -> None:
    """Where a leader has ended, those merged into it who have no answer of it go their own way again.

    Also where the leader itself had one before: it was reopened, and they came later. Done anew it finds them released.
    Where the SOP has no way back, they stay: its check tells of it.
    """
    leader = _party(runtime, dossier_id, tenant_id).dossier
    if not leader.ended or not leader.members:
        return
    caller = Caller.system(tenant_id, SERVICE)
    desk = runtime.desk(tenant_id)
    for member_id in leader.members:
        party = _party(runtime, member_id, tenant_id)
        member = party.dossier
        sop = desk.sop_of(member)
        ways = engine.after_end(sop, member.status, answered=False)
        way = next((each for each in ways if each.actor == caller.actor), None)
        if member.leader != leader.id or member.erased or way is None or _answered_by(party, leader.id):
            continue
        own = {"member": member.id, "members": len(leader.members)}
        gone = desk.note(leader, "MemberLeft", caller, cause, own)
        runtime.dossiers(SERVICE).append([desk.act(member, way, caller, cause), gone])
        leader = evolve(leader, gone)


def _answered_by(member: Party, leader: UUID) -> bool:
    """Whether the final answer that a duplicate has is that of the dossier that goes on for it."""
    answered = member.dossier.answered
    answer = member.events[answered - 1] if answered is not None else None
    return isinstance(answer, Answered) and answer.leader == leader


def _told(
    runtime: Runtime,
    members: Sequence[Party],
    leader: UUID,
    kind: AnswerKind,
    text: object,
    caller: Caller,
    cause: Cause,
) -> list[DossierEvent]:
    keys: Mapping[UUID, DataKey | None] = runtime.vault.keys(None, [each.dossier.id for each in members])
    events: list[DossierEvent] = []
    for member in members:
        key = keys[member.dossier.id]
        if key is None or member.dossier.erased:
            continue  # nobody can read it any more, and nobody is there to be told
        own = {"kind": kind, "leader": leader, "sealed": key.seal({"text": text}, "Answered")}
        events.append(runtime.desk(member.dossier.tenant).note(member.dossier, "Answered", caller, cause, own))
    return events


def _party(runtime: Runtime, dossier_id: UUID, tenant_id: str) -> Party:
    return Party(*runtime.dossiers(SERVICE).open(dossier_id, tenant_id))
