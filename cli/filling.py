"""Processes that fill a projection's new tables, one for each core: ``python -m cli.filling``, started by a rebuild.

A process reads a line of JSON that says what it is to fill, then a line for each stretch of dossiers, and answers each
with a line. ``finish`` ends it; so does the end of its input, when whoever started it is gone: then it leaves its work.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Any, Final, Self
from uuid import UUID

from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.errors import UnknownEventType
from shared.platform.database.pool import Database
from shared.platform.settings import PROJECT
from shared.store.projection.bulk import Crew, DossierRange, Filler, alone, named
from shared.store.projection.errors import RebuildNotPossible

_WORTH_A_PROCESS: Final = 20_000
"""Positions below which a process would take longer to start than to do its part."""
_FINISH: Final = "finish"


def crew_for(database: Database, service: str, processes: int | None = None) -> Crew:
    """Who fills a service's tables: this process alone where there is little, else as many as there are cores.

    :param processes: how many, whatever there is to do.
    """
    here = alone(database, projection_of(service), decode)

    def fill(schema: str, parts: Sequence[DossierRange]) -> int:
        wanted = processes if processes is not None else _cores() if parts[0].upto > _WORTH_A_PROCESS else 1
        return _together(database.url, service, schema, parts, wanted) if wanted > 1 else here(schema, parts)

    return fill


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _together(url: str, service: str, schema: str, parts: Sequence[DossierRange], processes: int) -> int:
    waiting = list(parts)
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(url, service, schema)) for _ in range(min(processes, len(parts)))]
        busy = {worker.answers: worker for worker in workers}
        while busy:
            ready, _, _ = select.select(list(busy), [], [])
            for answers in ready:
                worker = busy[answers]
                worker.hear()
                if waiting:
                    worker.tell(_written(waiting.pop(0)))
                elif not worker.finishing:
                    worker.finish()
                else:
                    del busy[answers]
        return sum(worker.events for worker in workers)


class _Worker:
    """One process, and what it has said."""

    def __init__(self, url: str, service: str, schema: str) -> None:
        self._service = service
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cli.filling"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])},
            text=True,
        )
        self.events = 0
        self.finishing = False
        self.tell(json.dumps({"url": url, "service": service, "schema": schema}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        if not self.finishing:
            self._process.kill()
        self._process.wait()

    @property
    def answers(self) -> Any:
        """Where its answers come."""
        return self._process.stdout

    def tell(self, line: str) -> None:
        """Give it a line."""
        assert self._process.stdin is not None  # noqa: S101 - it was started with one
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self) -> None:
        """Take its answer.

        :raises UnknownEventType: if it came upon one.
        :raises RebuildNotPossible: if it has ended.
        """
        line = self.answers.readline()
        told = json.loads(line) if line else {}
        if "unknown" in told:
            raise UnknownEventType(told["unknown"])
        if "events" not in told:
            raise RebuildNotPossible(self._service, "a process that fills its tables has ended, see its own words")
        self.events = told["events"]

    def finish(self) -> None:
        """Let it come to its end."""
        self.tell(_FINISH)
        self.finishing = True


def _written(part: DossierRange) -> str:
    bounds = [str(bound) if bound is not None else None for bound in (part.above, part.last)]
    return json.dumps([*bounds, part.upto])


def _read(line: str) -> DossierRange:
    above, last, upto = json.loads(line)
    return DossierRange(UUID(above) if above else None, UUID(last) if last else None, upto)


def main() -> None:
    """Fill what one is told to, until the end."""
    order = json.loads(sys.stdin.readline())
    database = Database(order["url"], pool_size=1)
    with closing(database.connect()) as connection:
        projection = projection_of(order["service"])
        filler = Filler(named(connection, projection.name), projection, decode, order["schema"])
        _say({"events": 0})
        for line in sys.stdin:
            try:
                if line.strip() == _FINISH:
                    filler.finish()
                else:
                    filler.fill(_read(line))
            except UnknownEventType as error:
                _say({"unknown": error.event_type})
                return
            _say({"events": filler.events})
            if line.strip() == _FINISH:
                return


def _say(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
