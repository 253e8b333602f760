"""Lists of clocks: the same as by the plain predicate, page by page, and at the same cost however many there are."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from services.sla.queries import STATES, clocks, listing
from shared.base.caller import Caller
from shared.platform.database.pool import Database
from tests.fixtures.office import START, Office

ADMIN = Caller("*", "admin", admin=True)
_OPERATOR = Caller("cilacap", "operator", agency="dpupr")
# Half of them open, a third of those overdue, some warned, some waits; the ended ones of every way to end.
_FILL = """
    INSERT INTO sla.clocks (dossier, id, tenant, ticket, target, step, actor, agency, started_at, promised_due_at,
                            due_at, sop_version, calendar_version, effect, state, warned_at, breach_noted, escalated,
                            ended_at)
    SELECT gen_random_uuid(), 'step:' || n, CASE WHEN n %% 7 = 0 THEN 'bantul' ELSE 'cilacap' END, 'T-' || n, 'step',
           'check', 'operator', CASE WHEN n %% 3 = 0 THEN 'dpupr' WHEN n %% 3 = 1 THEN 'dlh' END, at, at, at, 1, 'v',
           CASE WHEN n %% 11 = 0 THEN 'Closed' END,
           CASE WHEN n %% 2 = 0 THEN (ARRAY['running', 'running', 'breached', 'paused'])[1 + n / 2 %% 4]
                ELSE (ARRAY['breached', 'satisfied', 'cancelled'])[1 + n / 2 %% 3] END,
           CASE WHEN n %% 5 = 0 THEN at END, false, 0, CASE WHEN n %% 2 = 1 THEN at END
      FROM (SELECT n, %(start)s::timestamptz + (n * 7919 %% %(count)s - %(count)s / 3) * interval '1 minute' AS at
              FROM generate_series(1, %(count)s) AS n) AS spread
"""
_PLAINLY = """
    SELECT id FROM sla.clocks
     WHERE tenant = 'cilacap' AND (%(agency)s::text IS NULL OR agency = %(agency)s)
       AND (('running' = ANY(%(states)s) AND state = 'running' AND warned_at IS NULL
             AND (effect IS NOT NULL OR due_at >= %(now)s))
         OR ('warned' = ANY(%(states)s) AND state = 'running' AND warned_at IS NOT NULL AND due_at >= %(now)s)
         OR ('breached' = ANY(%(states)s)
             AND (state = 'breached' OR (state = 'running' AND effect IS NULL AND due_at < %(now)s)))
         OR ('paused' = ANY(%(states)s) AND state = 'paused')
         OR ('satisfied' = ANY(%(states)s) AND state = 'satisfied')
         OR ('cancelled' = ANY(%(states)s) AND state = 'cancelled'))
     ORDER BY due_at, dossier, id
"""


def _fill(office: Office, count: int) -> None:
    with office.runtime.database.autocommit() as cursor:
        cursor.execute("DELETE FROM sla.clocks")
        cursor.execute(_FILL, {"start": START, "count": count})
    owner = Database(office.runtime.database.url, pool_size=1)
    with owner.autocommit() as cursor:
        cursor.execute("VACUUM ANALYZE sla.clocks")
    owner.close()


def _listed(office: Office, caller: Caller, states: Sequence[str], limit: int) -> list[str]:
    told: list[str] = []
    after = None
    while True:
        page = clocks(office.runtime, caller, "cilacap", states, after, limit)
        told += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            return told


@pytest.mark.parametrize("caller", [ADMIN, _OPERATOR], ids=["all", "agency"])
def test_every_list_is_the_one_by_the_plain_predicate(office: Office, caller: Caller) -> None:
    """Whatever states are asked for and however long a page is, nothing is missing, twice or out of order."""
    source = random.Random(caller.actor)
    _fill(office, 600)
    for states in ([state] for state in STATES):
        assert _expected(office, caller, states) == _listed(office, caller, states, source.randrange(1, 90))
    for _ in range(6):
        states = source.sample(STATES, source.randrange(2, len(STATES) + 1))

        assert _expected(office, caller, states) == _listed(office, caller, states, source.randrange(5, 90))


@pytest.mark.parametrize("agency", [None, "dpupr"])
@pytest.mark.parametrize("states", [("running", "warned", "breached"), ("breached",), ("cancelled",)])
def test_a_page_reads_no_more_of_many_clocks_than_of_few(
    office: Office, agency: str | None, states: tuple[str, ...]
) -> None:
    """Ten times as many clocks in every state, and a page touches about as many blocks."""
    few, many = (_touched(office, count, agency, states) for count in (3_000, 30_000))

    assert many < 2 * few + 60


def _touched(office: Office, count: int, agency: str | None, states: Sequence[str]) -> int:
    """The blocks that a page of fifty reads, from somewhere in the middle on."""
    _fill(office, count)
    asked = {"tenant": "cilacap", "agency": agency, "now": office.runtime.clock.now(), "limit": 51}
    asked |= {"due": START, "dossier": "00000000-0000-0000-0000-000000000000", "id": ""}
    statement = listing(states, of_agency=agency is not None, further=True)
    with office.runtime.database.autocommit() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", asked)
        [([told],)] = cursor.fetchall()
    plan: dict[str, Any] = told["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def _expected(office: Office, caller: Caller, states: Sequence[str]) -> list[str]:
    asked = {"agency": caller.agency, "states": list(states), "now": office.runtime.clock.now()}
    with office.runtime.database.autocommit() as cursor:
        cursor.execute(_PLAINLY, asked)
        return [identity for (identity,) in cursor.fetchall()]
