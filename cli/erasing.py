"""Erasing a dossier from the command line, to the end of it, also where a run before was killed on its way."""

from typing import Any

from cli.doors import OPERATOR, ask
from shared.application.runtime import Runtime
from shared.base.errors import Conflict
from shared.domain.dossier.events import ErasureReason


def erase_wholly(runtime: Runtime, tenant: str, ticket: str, reason: ErasureReason) -> dict[str, Any] | None:
    """Destroy a dossier's key and remove its files and letters; where the key is gone, what may be left of those.

    :returns: what intake says of the erasure; none if the dossier had been erased before.
    :raises NotFound: no such ticket in that tenant.
    :raises Conflict: somebody is acting on it right now (``stale_version``).
    """
    erased = destroy(runtime, tenant, ticket, reason)
    clear(runtime, tenant, ticket)
    return erased


def destroy(runtime: Runtime, tenant: str, ticket: str, reason: ErasureReason) -> dict[str, Any] | None:
    """The first half of it: the key and the files. As :func:`erase_wholly` otherwise."""
    try:
        erased: dict[str, Any] = ask(
            runtime, "intake", "erase", tenant=tenant, ticket=ticket, reason=reason, caller=OPERATOR
        )
    except Conflict as error:
        if error.code != "erased":
            raise
        return None
    return erased


def clear(runtime: Runtime, tenant: str, ticket: str) -> None:
    """The second half: the letters of what is erased."""
    found = ask(runtime, "intake", "resolve", tenant=tenant, ticket=ticket)
    ask(runtime, "notify", "forget", dossier_id=found["id"], caller=OPERATOR)
