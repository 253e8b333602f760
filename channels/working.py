"""The worker's tick: answers who wrote, wakes who fell silent, does what is to be done, hands reports on."""

import logging
from typing import Final
from uuid import UUID

from channels import outgoing_rows, report_rows, rows
from channels.conversing import House, converse
from channels.corresponding import correspond
from channels.doing import do_one, hand_on_reports
from shared.base.errors import Unavailable
from shared.messaging.wire.failures import is_transient

log = logging.getLogger(__name__)

_AT_ONCE: Final = 50

DUE: Final = f"{rows.DUE} OR {outgoing_rows.DUE} OR {report_rows.DUE}"
"""Whether a look may find something to do."""


def tick(house: House) -> bool:
    """One look; whether there may be more to do at once.

    :raises psycopg2.Error: if the database is away; nothing is lost then.
    """
    did = _converse(house)
    for _ in range(_AT_ONCE):
        if not do_one(house):
            break
        did = True
    try:
        did = hand_on_reports(house) or did
    except Unavailable:
        log.warning("what providers reported cannot be handed on yet")
    return did


def _converse(house: House) -> bool:
    with house.runtime.database.autocommit() as cursor:
        wrote = rows.who_wrote(cursor, _AT_ONCE)
        sleeping = rows.who_sleeps(cursor, house.runtime.clock.now(), _AT_ONCE)
    did = False
    waiting = set()
    for tenant, person, by, age in wrote:
        waiting.add((tenant, person))
        if age >= _settling(house, tenant, by):
            did = _one(house, tenant, person) or did
    for tenant, person in sleeping:
        if (tenant, person) not in waiting:  # who has just written is not asleep
            did = _one(house, tenant, person) or did
    return did


def _one(house: House, tenant: str, person: UUID) -> bool:
    """A person's turn. What breaks it is this one's trouble; the others are answered."""
    try:
        wrote = correspond(house, tenant, person)
        return converse(house, tenant, person) or wrote
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("a conversation could not go on", extra={"tenant": tenant})
        with house.runtime.database.autocommit() as cursor:
            rows.rest(cursor, tenant, person)
        return False


def _settling(house: House, tenant: str, by: list[str]) -> float:
    """How long to wait whether more comes: an SMS is whole, other messages come in bursts."""
    channels = [house.channels.find(tenant, each) for each in by]
    bursts = [each for each in channels if each and any(not c.traits.short for c in each.carriers.values())]
    return house.channels.book(tenant).conversation.settle.total_seconds() if bursts else 0.0
