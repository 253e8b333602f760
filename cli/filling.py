"""Processes that fill a projection's new tables, one for each core: ``python -m cli.filling``, started by a rebuild."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from cli.processes import cores
from cli.projections import projection_of, readable
from cli.workers import FINISH, Told, WorkerGone, serve, shared_out
from shared.platform.database.pool import Database
from shared.store.eventstore.ranges import DossierRange
from shared.store.projection.bulk import Crew, Filler, alone, named
from shared.store.projection.errors import EventUnreadable, RebuildNotPossible

_COLLECT: Final = 200_000
"""New objects between two looks for rings of them: folding makes very many, and no rings."""
_WORTH_A_PROCESS: Final = 20_000
"""Positions below which a process would take longer to start than to do its part."""


def fillers_for(database: Database, service: str, processes: int | None = None) -> Crew:
    """Who fills a service's tables: this process alone where there is little, else as many as there are cores.

    :param processes: how many, whatever there is to do.
    """
    here = alone(database, projection_of(service), readable)

    def fill(schema: str, parts: Sequence[DossierRange]) -> int:
        wanted = processes if processes is not None else cores() if parts[0].upto > _WORTH_A_PROCESS else 1
        return together(database.url, service, schema, parts, wanted) if wanted > 1 else here(schema, parts)

    return fill


def together(url: str, service: str, schema: str, parts: Sequence[DossierRange], processes: int) -> int:
    """Fill a service's tables by processes.

    :returns: how many events there were.
    :raises EventUnreadable: for one that this version cannot read.
    :raises RebuildNotPossible: if a process ends too soon.
    """
    order = {"url": url, "service": service, "schema": schema}
    events = 0
    try:
        for told in shared_out("cli.filling", order, [part.written() for part in parts], processes):
            if "unreadable" in told:
                raise EventUnreadable(**told["unreadable"])
            events += told["events"]
    except WorkerGone as error:
        raise RebuildNotPossible(service, "a process that fills its tables has ended, see its own words") from error
    return events


def _work(order: Told, parts: Iterable[Any]) -> Iterator[Told]:
    with closing(Database(order["url"], pool_size=1).connect()) as connection:
        projection = projection_of(order["service"])
        filler = Filler(named(connection, projection.name), projection, readable, order["schema"])
        for part in parts:
            before = filler.events
            try:
                if part == FINISH:
                    filler.finish()
                else:
                    filler.fill(DossierRange.read(part))
            except EventUnreadable as error:
                yield {"unreadable": {"position": error.params["position"], "event_type": error.params["type"]}}
                return
            yield {"events": filler.events - before}
            if part == FINISH:
                return


if __name__ == "__main__":
    gc.set_threshold(_COLLECT)
    serve(_work)
