"""Processes that fill a projection's new tables, one for each core: ``python -m cli.filling``, started by a rebuild."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


def fillers_for(database: Database, *services: str, processes: int | None = None) -> Crew:
    """Who fills services' tables: this process alone where there is little, else as many as there are cores.

    :param processes: how many, whatever there is to do.
    """
    here = alone(database, [projection_of(service, database) for service in services], readable)

    def fill(schemas: Mapping[str, str], parts: Sequence[DossierRange], told: Callable[[int], None]) -> int:
        wanted = processes if processes is not None else cores() if parts[0].upto > _WORTH_A_PROCESS else 1
        return together(database.url, schemas, parts, wanted, told) if wanted > 1 else here(schemas, parts, told)

    return fill


def together(
    url: str, schemas: Mapping[str, str], parts: Sequence[DossierRange], processes: int, told: Callable[[int], None]
) -> int:
    """Fill services' tables by processes.

    :param schemas: by service, where its tables are.
    :param told: how many events were done, each time that there were some.
    :returns: how many events there were.
    :raises EventUnreadable: for one that this version cannot read.
    :raises RebuildNotPossible: if a process ends too soon.
    """
    order = {"url": url, "schemas": dict(schemas)}
    events = 0
    try:
        for answer in shared_out("cli.filling", order, [part.written() for part in parts], processes):
            if "unreadable" in answer:
                raise EventUnreadable(**answer["unreadable"])
            events += answer["events"]
            told(answer["events"])
    except WorkerGone as error:
        names = ", ".join(schemas)
        raise RebuildNotPossible(names, "a process that fills its tables has ended, see its own words") from error
    return events


def _work(order: Told, parts: Iterable[Any]) -> Iterator[Told]:
    with (
        closing(Database(order["url"], pool_size=1).unlimited().connect()) as connection,
        closing(Database(order["url"], pool_size=1)) as further,
    ):
        projections = [projection_of(service, further) for service in order["schemas"]]
        filler = Filler(named(connection, projections), projections, readable, order["schemas"])
        for part in parts:
            try:
                if part == FINISH:
                    filler.finish()
                    yield {"events": 0}
                    return
                yield {"events": filler.fill(DossierRange.read(part))}
            except EventUnreadable as error:
                yield {"unreadable": {"position": error.params["position"], "event_type": error.params["type"]}}
                return


if __name__ == "__main__":
    gc.set_threshold(_COLLECT)
    serve(_work)
