"""Who may read: one rule for every list, every dossier and every figure, failing closed.

* An administrator of the installation reads every tenant.
* Everybody else reads their own tenant, and only in a role that its SOP gives to officers.
* A role of the tenant's own desk reads all of the tenant; a role of an agency only what is that agency's, and nothing
  without an agency. A dossier in which an agency has or had a part is its to read as well. Reporters and the system
  read nothing here: the one has its tracking code, the other the log.

What of a dossier is shown to whom may read it, a reporter's name say, is :mod:`shared.domain.dossier.view`'s.
"""

from collections.abc import Collection
from typing import Final

from shared.base.caller import Caller
from shared.base.errors import Forbidden
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

_TENANT: Final = "tenant"
_AGENCY: Final = "agency"


def readable_agency(caller: Caller, tenant: Tenant, sop: Sop | None = None) -> str | None:
    """The agency whose part alone a caller may read of a tenant; none for who may read all of it.

    :param sop: the version by which the caller's role is judged; the present one unless given.
    :raises Forbidden: another tenant's (``wrong_tenant``), a caller who is no officer (``wrong_actor``), or an agency's
        officer without an agency (``wrong_agency``).
    """
    if caller.admin:
        return None
    if caller.tenant != tenant.id:
        raise Forbidden("wrong_tenant")
    scope = _scope(caller, sop or tenant.sop)
    if scope == _TENANT:
        return None
    if scope != _AGENCY:
        raise Forbidden("wrong_actor")
    if not caller.agency:
        raise Forbidden("wrong_agency")
    return caller.agency


def narrowed(caller: Caller, tenant: Tenant, agency: str | None) -> str | None:
    """The agency to which a list is narrowed that was asked for one agency, or for all.

    :param agency: as asked for; none for all that the caller may read.
    :raises Forbidden: as :func:`readable_agency`, and for another agency's part.
    """
    own = readable_agency(caller, tenant)
    if own is not None and agency is not None and agency != own:
        raise Forbidden("wrong_agency")
    return agency if own is None else own


def check_administrator(caller: Caller) -> None:
    """Refuse who is no administrator of the installation.

    :raises Forbidden: ``admin_needed``.
    """
    if not caller.admin:
        raise Forbidden("admin_needed")


def check_may_read(
    caller: Caller, tenant: Tenant, sop_version: int, agency: str | None, helping: Collection[str] = ()
) -> None:
    """Refuse who may not read a dossier.

    :param sop_version: the version that the dossier runs under. A role that only the present one knows counts as well.
    :param agency: whose the dossier is now; none while it is with the tenant's own desks or the reporter.
    :param helping: further agencies whose part in it is asked for, or was.
    :raises Forbidden: as :func:`readable_agency`, and where the dossier is not the caller's agency's.
    """
    sop = tenant.sop_of(sop_version)
    own = readable_agency(caller, tenant, sop if sop.has_actor(caller.actor) else None)
    if own is not None and own != agency and own not in helping:
        raise Forbidden("wrong_agency")


def _scope(caller: Caller, sop: Sop) -> str | None:
    return sop.actor(caller.actor).scope if sop.has_actor(caller.actor) else None
