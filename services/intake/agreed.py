"""Erasures that two administrators have agreed on are carried out, one at a time.

They are read from the database and asked for by no call: see :mod:`shared.application.identity.erasures`. Several
instances may come to the same one: what was erased before is an erasure that is done.
"""

from services.intake.erasing import erase
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.identity.erasures import Asked, next_agreed, note_done
from shared.application.requests import cause_of
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict


def carry_out(runtime: Runtime) -> bool:
    """Carry out the one that was agreed to first; says whether there may be more."""
    with runtime.database.autocommit() as cursor:
        asked = next_agreed(cursor)
    if asked is None:
        return False
    position = _erased(runtime, asked)
    with runtime.database.autocommit() as cursor:
        note_done(cursor, asked, runtime.clock.now(), position)
    return True


def _erased(runtime: Runtime, asked: Asked) -> int | None:
    """The place of the erasure in the log; none if somebody has erased it already."""
    who = Caller(tenant="*", actor="admin", user=asked.agreed_by or "", admin=True)
    cause = cause_of(runtime, None)
    try:
        done = on_fresh_state(lambda: erase(runtime, who, asked.tenant, asked.ticket, asked.reason, cause))
    except Conflict as error:
        if error.code != "erased":
            raise
        return None
    return int(done["position"])
