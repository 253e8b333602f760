"""Who may do what: the one rule that every service asks before an officer's, a reporter's or the system's act."""

from typing import Final

from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden
from shared.domain.sop.engine import after_end, allowed, candidates, find_action, holder_of, is_open, open_in
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import Status

NO_ACTION: Final = "?"
"""Stands for what is no action of an SOP: whatever somebody wrote there is not repeated."""


def authorise(
    sop: Sop,
    dossier_step_id: str | None,
    dossier_agency: str | None,
    status: Status,
    caller: Caller,
    action_name: str,
    *,
    answered: bool = False,
) -> Action:
    """The action, if the caller may do it now.

    :param sop: the version under which the dossier was filed.
    :param dossier_step_id: where it is; none if it has ended.
    :param dossier_agency: the agency responsible, if it was disposed to one.
    :param status: the dossier's status.
    :param action_name: what is asked for.
    :param answered: whether the dossier has a final answer.
    :raises Forbidden: ``wrong_tenant``, ``admin_may_not_act``, ``unknown_actor``, ``wrong_agency`` or ``wrong_actor``.
    :raises Conflict: ``not_allowed_here``, with the step and the names of what the caller may do there;
        ``system_at_work``, for what may be possible once the system has done its step; or ``sop_version_lost``.
    """
    if caller.admin:
        raise Forbidden("admin_may_not_act")
    if caller.tenant != sop.tenant:
        raise Forbidden("wrong_tenant")
    if not sop.has_actor(caller.actor):
        raise Forbidden("unknown_actor", {"actor": caller.actor})
    _check_agency(sop, dossier_step_id, dossier_agency, caller)
    if sop.lost:
        raise version_lost(sop)
    nobodys = dossier_agency is None and sop.actor(caller.actor).scope == "agency"
    if dossier_step_id is None:
        found = _ended(after_end(sop, status, answered=answered), status, caller, action_name, nobodys=nobodys)
        return _own(found, caller, nobodys=nobodys)
    try:
        action = find_action(sop, dossier_step_id, action_name, caller.actor)
    except KeyError:
        names = () if nobodys else _names(sop, dossier_step_id, status, caller)
        raise _not_here(action_name, dossier_step_id, names, status) from None
    if holder_of(sop, dossier_step_id, action) != caller.actor:
        raise Forbidden("wrong_actor", {"action": action_name, "step": dossier_step_id, "actor": caller.actor})
    _own(action, caller, nobodys=nobodys)
    if not is_open(sop, dossier_step_id, action, status):
        if action.held_by and sop.actor(sop.step(dossier_step_id).actor).scope == "system" and open_in(action, status):
            # In a moment somebody holds it: whoever hears that nothing is possible does not try again.
            raise Conflict("system_at_work", {"action": action_name})
        raise _not_here(action_name, dossier_step_id, _names(sop, dossier_step_id, status, caller), status)
    return action


def action_names(sop: Sop) -> tuple[str, ...]:
    """What every action of an SOP is called, wherever it is open."""
    actions = (action for step in sop.steps for action in candidates(sop, step.id))
    return tuple(dict.fromkeys(action.name for action in (*actions, *sop.after_end)))


def _own(action: Action, caller: Caller, *, nobodys: bool) -> Action:
    """The action, unless an agency's officer would do it with a dossier that is no agency's (yet, or any more)."""
    if nobodys:
        raise Forbidden("wrong_agency", {"agency": caller.agency or ""})
    return action


def _ended(
    open_to_all: tuple[Action, ...], status: Status, caller: Caller, action_name: str, *, nobodys: bool
) -> Action:
    named = [action for action in open_to_all if action.name == action_name]
    if not named:
        names = () if nobodys else tuple(action.name for action in open_to_all if action.actor == caller.actor)
        raise _not_here(action_name, None, names, status)
    for action in named:
        if action.actor == caller.actor:
            return action
    raise Forbidden("wrong_actor", {"action": action_name, "step": "", "actor": caller.actor})


def version_lost(sop: Sop) -> Conflict:
    """What is said where the file of a dossier's SOP version is gone."""
    return Conflict("sop_version_lost", {"version": sop.version, "file": f"{sop.tenant}/sop.v{sop.version}.yaml"})


def _check_agency(sop: Sop, step_id: str | None, dossier_agency: str | None, caller: Caller) -> None:
    """An agency's officer acts on the agency's own dossiers.

    Before a disposition a dossier is nobody's: then acting out of turn on it is a conflict and not a riddle, and what
    an agency's officers may do at any time they may not do with it.
    """
    if sop.actor(caller.actor).scope != "agency":
        return
    held_by_agency = step_id is not None and sop.actor(sop.step(step_id).actor).scope == "agency"
    if (dossier_agency is not None or held_by_agency) and caller.agency != dossier_agency:
        raise Forbidden("wrong_agency", {"agency": caller.agency or ""})


def _names(sop: Sop, step_id: str, status: Status, caller: Caller) -> tuple[str, ...]:
    return tuple(action.name for action in allowed(sop, step_id, status, caller.actor))


def _not_here(action: str, step: str | None, names: tuple[str, ...], status: Status) -> Conflict:
    said = {"action": action, "step": step or "", "status": status}
    return Conflict("not_allowed_here", {**said, "allowed": ", ".join(names) or "-", "allowed_actions": list(names)})
