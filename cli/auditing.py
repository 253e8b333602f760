"""Processes that audit the log, one for each core: ``python -m cli.auditing``, started by an audit.

One of them begins with the order of the log, which cannot be divided; meanwhile the others go through the chains.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from cli.processes import cores
from cli.workers import FINISH, Told, serve, shared_out
from shared.platform.database.pool import Database
from shared.store.eventstore.audit import AuditCrew, Chains, Ordered, chains_of, of_snapshot, order_of
from shared.store.eventstore.audit_report import Checkpoint, LogFault
from shared.store.eventstore.ranges import DossierRange

_WORTH_A_PROCESS: Final = 50_000
"""Positions below which a process would take longer to start than to do its part."""
_ORDER: Final = -1


def auditors_for(database: Database, processes: int | None = None) -> AuditCrew:
    """Processes that audit: one for each core, where there is work for more than one.

    :param processes: how many, whatever there is to do.
    """

    def audit(
        snapshot: str, parts: Sequence[DossierRange], since: Checkpoint | None
    ) -> tuple[Ordered, Sequence[Chains]]:
        wanted = processes if processes is not None else cores() if parts[0].upto > _WORTH_A_PROCESS else 1
        order = {"url": database.url, "role": database.role, "snapshot": snapshot}
        work = [[_ORDER, asdict(since) if since is not None else None], *enumerate(part.written() for part in parts)]
        answers = {told["number"]: told for told in shared_out("cli.auditing", order, work, wanted) if told}
        ordered = _with_faults(answers[_ORDER]["found"])
        return Ordered(**ordered), [Chains(**_with_faults(answers[place]["found"])) for place in range(len(parts))]

    return audit


def _with_faults(told: Told) -> Told:
    faults = tuple(LogFault(UUID(dossier) if dossier else None, *rest) for dossier, *rest in told["faults"])
    return {**told, "faults": faults}


def _written(found: Ordered | Chains) -> Told:
    faults = [
        [str(each.dossier) if each.dossier else None, each.version, each.position, each.what] for each in found.faults
    ]
    return {**asdict(found), "faults": faults}


def _work(order: Told, parts: Iterable[Any]) -> Iterator[Told]:
    database = Database(order["url"], pool_size=1, role=order["role"], statement_seconds=0)
    with closing(database.connect(autocommit=False)) as session:
        of_snapshot(session, order["snapshot"])
        for part in parts:
            if part == FINISH:
                yield {}
                return
            number, told = part
            if number == _ORDER:
                found: Ordered | Chains = order_of(session, Checkpoint(**told) if told is not None else None)
            else:
                found = chains_of(session, DossierRange.read(told))
            yield {"number": number, "found": _written(found)}


if __name__ == "__main__":
    serve(_work)
