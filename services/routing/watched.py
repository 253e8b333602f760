"""What lies behind the board's figures: the tasks that are late, nearly late, or wait for the reporter."""

from collections.abc import Mapping
from typing import Any, Final

from services.routing.task_page import BEHIND, COLUMNS, OPEN, page_of_tasks
from shared.application.reading_rights import narrowed
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.wording.choices import one_of

LATE: Final = "late"
SOON: Final = "soon"
WAITING: Final = "waiting"

_FILTERS: Final = ("actor", "agency", "step")
_STANDS: Final = "(state = 'paused' AND paused_until > %(now)s)"
_OFFICERS: Final = f"actor NOT IN ('{REPORTER}', '{SYSTEM}')"
# By the words of the board, so that a figure and its list are of one mind; and by the words of the indexes.
_WHICH: Final[Mapping[str, str]] = {
    LATE: f"judged AND coalesce(due_at, 'infinity') < %(now)s AND NOT {_STANDS} AND {_OFFICERS}",
    SOON: f"state = 'warned' AND NOT (judged AND due_at < %(now)s) AND {_OFFICERS}",
    WAITING: "task = 'step' AND (actor = 'reporter' OR status = 'returned')",
}
KINDS: Final = tuple(_WHICH)
_TASKS: Final = f"""
    SELECT {COLUMNS}, filed {OPEN}
       AND {{which}}
       AND (%(step)s::text IS NULL OR (task = 'step' AND step = %(step)s))
    {BEHIND}
"""


def watched(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    kind: str,
    *,
    wanted: Mapping[str, str | None],
    after: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """The open tasks of one kind, soonest due first; an agency's officer sees that agency's.

    :param kind: one of :data:`KINDS`.
    :param wanted: any of ``actor``, ``agency`` and ``step``.
    :param after: the cursor ``next`` of the page before.
    :param limit: at most this many, up to 200.
    :returns: ``items`` as of an inbox, without titles for an administrator, and ``next``.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's or another agency's, or a caller who is no officer.
    :raises Invalid: another kind or filter, or a cursor that is not one of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    own = narrowed(caller, tenant, wanted.get("agency"))
    if unknown := sorted(set(wanted) - set(_FILTERS)):
        raise Invalid("invalid_fields", fields={name: ["unknown_field"] for name in unknown})
    statement = _TASKS.format(which=_WHICH[one_of("kind", kind, KINDS)])
    asked = {name: wanted.get(name) for name in _FILTERS} | {"agency": own}
    return page_of_tasks(runtime, tenant, statement, asked, after=after, limit=limit, titled=not caller.admin)
