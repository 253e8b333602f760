"""Whether a tenant has the role and the office that an account or a token is to stand for."""

from typing import Final

from shared.base.caller import REPORTER, SYSTEM, Caller
from shared.base.errors import Invalid, NotFound
from shared.domain.tenants import Tenants

EVERY_TENANT: Final = "*"
ADMINISTRATOR: Final = "admin"


def caller_for(tenants: Tenants, tenant: str, actor: str, agency: str | None, user: str) -> Caller:
    """An officer's identity, checked against the tenant's own SOP and agencies.

    :param actor: a role of the SOP that people hold: not the reporter, not the system.
    :param agency: needed for the roles that belong to an agency, refused for the others.
    :param user: the account's name, as events will record it.
    :raises Invalid: naming the field that does not fit.
    """
    try:
        home = tenants.get(tenant)
    except NotFound:
        raise Invalid("invalid_fields", fields={"tenant": ["unknown_tenant"]}) from None
    if actor in (REPORTER, SYSTEM) or not home.sop.has_actor(actor):
        raise Invalid("invalid_fields", fields={"actor": ["unknown_actor"]})
    belongs = home.sop.actor(actor).scope == "agency"
    if belongs and agency is None:
        raise Invalid("invalid_fields", fields={"agency": ["agency_needed"]})
    if not belongs and agency is not None:
        raise Invalid("invalid_fields", fields={"agency": ["agency_not_for_actor"]})
    if agency is not None and not home.has_agency(agency):
        raise Invalid("invalid_fields", fields={"agency": ["unknown_agency"]})
    return Caller(tenant=tenant, actor=actor, agency=agency, user=user)


def administrator(user: str) -> Caller:
    """An administrator of the installation: reads every tenant, acts on no dossier."""
    return Caller(tenant=EVERY_TENANT, actor=ADMINISTRATOR, user=user, admin=True)
