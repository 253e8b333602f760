"""Writing down who opens personal data, in the very request that shows it: what cannot be recorded is not shown.

It stands in a table of its own, not among a dossier's events: to look changes nothing in a dossier, and must not make a
colleague's action fail because its version moved on. One insert for all that a request shows; who looks again within a
quarter of an hour, as everybody does who acts, writes nothing more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg2
from psycopg2.extras import execute_values

from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Unavailable
from shared.domain.dossier.dossier import Dossier
from shared.wording.choices import one_of

DOSSIER: Final = "dossier"
FILE: Final = "file"
REGISTER: Final = "register"
ACCOUNT: Final = "account"
"""A citizen's own, whose identity a desk compares with its document."""

HANDLING: Final = "handling"
"""It lies with the reader, or with the reader's own agency."""
HELPING: Final = "helping"
"""The reader's agency has or had a part in it."""
OVERSIGHT: Final = "oversight"
"""A desk of the government's looks at what lies elsewhere."""
ADMINISTRATION: Final = "administration"
GIVEN: Final = ("question", "objection", "inspection", "correction")
"""What a reader may say besides: the reporter asked, objected; an inspection is made; something is put right."""
WHYS: Final = (HANDLING, HELPING, OVERSIGHT, ADMINISTRATION, *GIVEN)

_QUARTER_SECONDS: Final = 900
_INSERT: Final = """
    INSERT INTO readings.readings (tenant, dossier, at, quarter, actor, agency, account, what, why, named) VALUES %s
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Opened:
    """One dossier of which something is about to be shown.

    :param why: one of :data:`WHYS`.
    :param named: whether it is shown who reported.
    """

    dossier: UUID
    why: str
    named: bool


def record(runtime: Runtime, caller: Caller, tenant_id: str, what: str, opened: Sequence[Opened]) -> None:
    """Write down that a caller opens dossiers, before they are shown.

    :param what: :data:`DOSSIER`, :data:`FILE`, :data:`REGISTER` or :data:`ACCOUNT`.
    :raises Unavailable: ``reading_not_recorded``: then nothing may be shown.
    """
    if not opened:
        return
    now = runtime.clock.now()
    quarter = int(now.timestamp()) // _QUARTER_SECONDS
    who = (caller.actor, caller.agency or "", caller.user or "")
    rows: list[tuple[Any, ...]] = [
        (tenant_id, str(each.dossier), now, quarter, *who, what, each.why, each.named) for each in opened
    ]
    try:
        with runtime.database.autocommit() as cursor:
            execute_values(cursor, _INSERT, rows, page_size=len(rows))
    except psycopg2.Error as error:
        raise Unavailable("reading_not_recorded") from error


def reason(caller: Caller, dossier: Dossier, helping: Collection[str], given: str | None = None) -> str:
    """Why a caller who may read a dossier opens it: as they say, else as it follows from where it lies.

    :param helping: the agencies that have or had a part in it.
    :param given: one of :data:`GIVEN`; none if nothing was said.
    :raises Invalid: if it is none of them.
    """
    if given:
        return one_of("why", given, GIVEN)
    if caller.admin:
        return ADMINISTRATION
    if caller.agency is None:
        return HANDLING if dossier.actor == caller.actor else OVERSIGHT
    return HELPING if caller.agency != dossier.agency and caller.agency in helping else HANDLING
