"""Whether a tenant has the role and the office that an account or a token is to stand for."""

from typing import Final

from shared.base.caller import REPORTER, SYSTEM, Caller
from shared.base.errors import Invalid, NotFound
from shared.domain.all_tenants import Tenants
from shared.wording.choices import not_among, one_of

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
        home = tenants.get(tenants.meant(tenant))
    except NotFound:
        raise Invalid("invalid_fields", fields={"tenant": [not_among(tenants.ids(), "unknown_tenant")]}) from None
    roles = {each.id: each.title for each in home.sop.actors if each.id not in (REPORTER, SYSTEM)}
    actor = one_of("actor", actor, roles, "unknown_actor")
    belongs = home.sop.actor(actor).scope == "agency"
    if belongs and agency is None:
        raise Invalid("invalid_fields", fields={"agency": ["agency_needed"]})
    if not belongs and agency is not None:
        raise Invalid("invalid_fields", fields={"agency": ["agency_not_for_actor"]})
    if agency is not None:
        agency = one_of("agency", agency, {each.id: each.name for each in home.agencies}, "unknown_agency")
    return Caller(tenant=home.id, actor=actor, agency=agency, user=user)


def administrator(user: str) -> Caller:
    """An administrator of the installation: reads every tenant, acts on no dossier."""
    return Caller(tenant=EVERY_TENANT, actor=ADMINISTRATOR, user=user, admin=True)
