"""Many complaints out of few that were really played: each copy is a dossier of its own, weeks or years earlier.

A copy has its own id, ticket, key and chain of hashes; its texts are sealed anew, its instants lie whole weeks before
those of the original, so that a Monday stays a Monday. The log afterwards is what the services would have written: an
audit passes, and every projection can be made from it. Rows are copied into the tables as they are, a part of the log
at a time, by a process for each core (:mod:`benchmarks.copying`).
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from benchmarks.copying import Copier, chosen, order_for, weeks_of
from benchmarks.originals import Original, originals
from cli.processes import cores
from cli.workers import shared_out
from shared.application.runtime import Runtime
from shared.platform.database.pool import Database
from shared.store.vault.keys import MasterKey

__all__ = ["multiply", "originals"]

_PART: Final = 10_000
"""Events that are written together, about."""
_WORTH_PROCESSES: Final = 4
"""Parts below which processes would take longer to start than to do them."""


def multiply(
    runtime: Runtime, owner: Database, played: Sequence[Original], complaints: int, processes: int | None = None
) -> int:
    """Add copies to the log, with their keys.

    :param owner: who may write to the log's table itself.
    :param complaints: about so many, the originals included: whole copies of what was played.
    :param processes: how many share the work; as many as there are cores if there is enough of it, unless given.
    :returns: how many were added.
    """
    rounds = max(0, complaints - len(played)) / max(1, sum(each.ended for each in played))
    with owner.autocommit() as cursor:
        cursor.execute("SELECT last_value FROM eventstore.position")
        [(position,)] = cursor.fetchall()
    parts = list(_parts(played, rounds, position))
    wanted = processes if processes is not None else cores() if len(parts) >= _WORTH_PROCESSES else 1
    if wanted > 1:
        order = order_for(owner, played, runtime.settings.master_key, rounds)
        added = sum(told["added"] for told in shared_out("benchmarks.copying", order, parts, wanted))
    else:
        with closing(owner.connect(autocommit=False)) as session:
            copier = Copier(session, played, MasterKey.from_text(runtime.settings.master_key), rounds)
            added = sum(copier.copy(*part) for part in parts)
    _settle(owner)
    return added


def _parts(played: Sequence[Original], rounds: float, position: int) -> Iterator[tuple[int, int, int]]:
    """The first round of each part, the first of the next, and after which position it stands."""
    first = number = 0
    before = position
    while number < rounds:
        position += sum(len(each.events) for each in chosen(played, weeks_of(number, rounds)))
        number += 1
        if position - before >= _PART:
            yield first, number, before
            first, before = number, position
    if first < number:
        yield first, number, before


def _settle(owner: Database) -> None:
    """All of it was told long ago: nothing of it is to be published, and the tables come by rebuilds."""
    with owner.transaction() as cursor:
        cursor.execute("UPDATE eventstore.relay SET position = (SELECT last_value FROM eventstore.position)")
        cursor.execute("UPDATE messaging.followers SET position = (SELECT last_value FROM eventstore.position)")
