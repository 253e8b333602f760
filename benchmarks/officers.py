"""Officers' actions through the API by eight clients at once, with everything running that a government runs.

Each client takes complaints that were filed before through the whole procedure: disposed, passed on four times,
answered. In the three forms of :mod:`benchmarks.doors`.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.complaints import TENANT
from benchmarks.desks import STEPS
from benchmarks.doors import CLIENTS, FORMS, doors
from benchmarks.figures import Figures
from benchmarks.processes import Worker
from benchmarks.rounds import figure, table
from benchmarks.samples import keep
from benchmarks.servers import Servers, servers
from shared.application.identity.tokens import issue_token
from shared.base.caller import Caller
from shared.domain.all_tenants import Tenants
from shared.platform.settings import PROJECT

_FASTEST = 800.0
"""Actions a second for which complaints are filed beforehand."""


def report(*, quick: bool = False) -> str:
    """Measure and tell.

    :param quick: fewer and shorter rounds.
    """
    with servers() as given:
        return measure(given, rounds=2, seconds=2.0) if quick else measure(given, rounds=3, seconds=8.0)


def measure(
    given: Servers, rounds: int, seconds: float, *, forms: Sequence[str] = FORMS, samples: Path | None = None
) -> str:
    """The table.

    :param seconds: how long the clients act on each side in a round.
    :param forms: of ours.
    :param samples: where to keep every single figure; in the usual place unless given.
    """
    with doors(given, forms) as (_, *sides), Worker("benchmarks.desks", str(CLIENTS)) as clients:
        found = [Figures(each) for each in sides]
        for _ in range(rounds):
            for each in found:
                _round(each, clients, seconds)
    kept = keep("officers", {each.door.name: each.samples for each in found}, samples)
    rows = [
        [
            each.door.name,
            figure(each.taken, "/s"),
            figure(each.rates, "/s"),
            figure(each.p50, " ms"),
            figure(each.p99, " ms"),
            figure(each.cost, " ms"),
        ]
        for each in found
    ]
    return table(
        f"Officers' actions over HTTP by {CLIENTS} clients, all services running",
        ("", "done", "done and told", "p50", "p99", "processor"),
        rows,
        [
            f"{rounds} rounds of at most {seconds:g} s by turns; medians, with least and greatest.",
            "Processor: of all processes for an action, with PostgreSQL, RabbitMQ and the letters that follow.",
            *(each.spent() for each in found),
            f"Every action's time: {kept}",
        ],
    )


def _round(at: Figures, clients: Worker, seconds: float) -> None:
    """Let the clients act, while all other sides stand still."""
    door = at.door
    agency = Tenants(PROJECT / "tenants").get(TENANT).agencies[0].id
    callers = {actor: Caller(TENANT, actor, None if actor == "coordinator" else agency, actor) for actor, _ in STEPS}
    asked = {
        "address": door.address.removesuffix(f"/{TENANT}/complaints"),
        "tokens": {actor: issue_token(door.token_key, caller) for actor, caller in callers.items()},
        "agency": agency,
        "complaints": 1 + round(_FASTEST * seconds / CLIENTS / len(STEPS)),
    }
    with door.turn():
        clients.tell(json.dumps(asked))
        clients.heard()
        at.measure(lambda: _act_for(clients, seconds))


def _act_for(clients: Worker, seconds: float) -> list[float]:
    """Let the clients act for as long; the milliseconds that each action took."""
    clients.tell(str(seconds))
    return clients.samples()
