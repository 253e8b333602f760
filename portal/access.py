"""Who asks, by the bearer token, and what of a tenant they may look at. The services check again what they answer."""

from typing import Final, cast

from flask import g, request

from portal.parts import parts
from shared.application.identity.errors import Unauthenticated
from shared.application.identity.tokens import read_token
from shared.application.reading_rights import narrowed, readable_agency
from shared.base.caller import Caller
from shared.base.errors import Forbidden, Invalid, NotFound
from shared.domain.complaint.spelling import ticket_of
from shared.domain.tenants import Tenant
from shared.wording.choices import one_of

_LONGEST_TICKET: Final = 200
_OFFICERS: Final = ("tenant", "agency")


def require_tenant() -> None:
    """Before a request: its tenant exists.

    :raises NotFound: if it does not.
    """
    if request.view_args and "tenant" in request.view_args:
        tenant()


def require_officer() -> None:
    """Before a request: it carries a good token, of the tenant that it asks about.

    :raises Unauthenticated: without a token, or with a bad one.
    :raises NotFound: if the tenant does not exist.
    :raises Forbidden: if the token is another tenant's.
    """
    g.caller = _authenticated()
    require_tenant()
    _check_home(g.caller)


def caller() -> Caller:
    """The officer who asks, after :func:`require_officer`."""
    return cast("Caller", g.caller)


def registrar() -> Caller | None:
    """The officer who files a complaint for somebody, if one does; raises as :func:`require_officer`."""
    if "Authorization" not in request.headers:
        return None
    found = _authenticated()
    _check_home(found)
    return found


def require_admin() -> None:
    """The caller is an administrator of the installation.

    :raises Unauthenticated: without a good token.
    :raises Forbidden: with somebody else's.
    """
    if not _authenticated().admin:
        raise Forbidden("admin_needed")


def tenant() -> Tenant:
    """The tenant in the address; raises NotFound if there is none of that name."""
    return parts().home((request.view_args or {})["tenant"])


def spelled(ticket: str) -> str:
    """A ticket of the address as it was given out, however it was typed.

    :raises NotFound: if nobody gives out such tickets.
    """
    meant = ticket_of(ticket, tenant().ticket_prefixes) if len(ticket) <= _LONGEST_TICKET else ""
    if not meant:
        raise NotFound("unknown_ticket")
    return meant


def inbox_of(who: Caller, home: Tenant, agency: str | None, actor: str | None) -> tuple[str | None, str | None]:
    """Whose inbox is meant, and that the caller may see it.

    An agency's officer sees that agency's inboxes, and their own unless they ask for a colleague's. An officer of the
    tenant sees their own, or any agency's; an administrator all.

    :returns: agency and actor; none for all of them.
    :raises Forbidden: for another agency's inbox, or for somebody who has none.
    :raises Invalid: if the tenant has no such agency, or none of its procedures such an officer.
    """
    if agency is not None:
        agency = _office(who, home, agency)
    if actor is not None:
        actor = one_of("actor", actor, _desks(home), "unknown_actor")
    part = narrowed(who, home, agency)
    if who.admin:
        return part, actor
    if readable_agency(who, home) is not None:
        return part, actor or who.actor
    return part, actor or (who.actor if part is None else None)


def _office(who: Caller, home: Tenant, given: str) -> str:
    """The office that somebody means; also one that the government's file has lost, while something lies there."""
    try:
        return one_of("agency", given, {each.id: each.name for each in home.agencies}, "unknown_agency")
    except Invalid:
        cells = parts().gateway.board(home.id, who)["cells"]
        if given not in {cell["agency"] for cell in cells}:
            raise
    return given


def _desks(home: Tenant) -> dict[str, str]:
    """The officers' roles, of every version under which a dossier may still run, with their titles."""
    return {actor.id: actor.title for sop in home.sops.values() for actor in sop.actors if actor.scope in _OFFICERS}


def _authenticated() -> Caller:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise Unauthenticated("token_needed")
    token = read_token(parts().token_key, text.strip())
    if token.session is not None and not parts().users.lives(token.session):
        raise Unauthenticated("session_ended")
    return token.caller


def _check_home(who: Caller) -> None:
    named = (request.view_args or {}).get("tenant")
    if named is not None and not who.admin and who.tenant != named:
        raise Forbidden("wrong_tenant")
