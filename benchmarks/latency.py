"""How long a complaint takes from being sent to being visible in all projections, at half of what the side can take.

The load comes from clients of their own; every so often one more complaint is filed and looked for in the tables of
all services. What a filing costs at half load is set against what it costs at full load: batches that are small where
there is little to do must not make it dearer.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg2
import requests

from benchmarks.complaints import complaints
from benchmarks.doors import CLIENTS, FORMS, Door, doors
from benchmarks.filings import file_for
from benchmarks.processes import Worker
from benchmarks.rounds import figure, table
from benchmarks.samples import keep
from benchmarks.servers import Servers, servers
from shared.base.services import SERVICES

_WARM_UP_SECONDS = 1.0
_LOOK_SECONDS = 0.003
_BETWEEN_SECONDS = 0.02
_PATIENCE_SECONDS = 30.0
_SEEN = "SELECT " + " AND ".join(f"EXISTS (SELECT FROM {each}.applied WHERE dossier = %(id)s)" for each in SERVICES)


@dataclass
class Seen:
    """What was measured at one door."""

    door: Door
    full_rate: list[float] = field(default_factory=list)
    full_cost: list[float] = field(default_factory=list)
    half_rate: list[float] = field(default_factory=list)
    half_cost: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    samples: list[list[float]] = field(default_factory=list)
    """Milliseconds from sending to being seen everywhere, by round."""


def report(*, quick: bool = False) -> str:
    """Measure and tell.

    :param quick: fewer and shorter rounds.
    """
    with servers() as given:
        return measure(given, rounds=2, seconds=3.0) if quick else measure(given, rounds=3, seconds=10.0)


def measure(
    given: Servers, rounds: int, seconds: float, *, forms: Sequence[str] = FORMS, samples: Path | None = None
) -> str:
    """The table.

    :param seconds: how long each load lasts on each side in a round.
    :param forms: of ours.
    :param samples: where to keep every single figure; in the usual place unless given.
    """
    with doors(given, forms) as sides, Worker("benchmarks.clients", str(CLIENTS)) as clients:
        found = [Seen(each) for each in sides[1:]]
        for _ in range(rounds):
            for each in found:
                _round(each, clients, seconds)
    kept = keep("latency", {each.door.name: each.samples for each in found}, samples)
    return table(
        "Latency from sending a complaint to seeing it in all projections, at half load, letters going out",
        ("", "full load", "processor", "half load", "processor", "half / full", "p50", "p99"),
        [
            [
                each.door.name,
                figure(each.full_rate, "/s"),
                figure(each.full_cost, " ms"),
                figure(each.half_rate, "/s"),
                figure(each.half_cost, " ms"),
                f"{median(each.half_cost) / median(each.full_cost):.2f}",
                figure(each.p50, " ms"),
                figure(each.p99, " ms"),
            ]
            for each in found
        ],
        [
            f"{rounds} rounds of {seconds:g} s by turns; medians, with least and greatest. Goals: p99 < 100 ms;",
            "processor at half load <= 1.3 of that at full load.",
            "Full load: what is filed and told, letters included. Processor: of all processes for a complaint.",
            f"Every latency: {kept}",
        ],
    )


def _round(seen: Seen, clients: Worker, seconds: float) -> None:
    """Full load until its letters are out, then half of that with a complaint now and then that is looked for."""
    door = seen.door
    with door.turn():
        file_for(door, clients, _WARM_UP_SECONDS)
        door.wait_for_letters()
        door.meter.reset()
        began = time.perf_counter()
        many = len(file_for(door, clients, seconds))
        door.wait_for_letters()
        rate = many / (time.perf_counter() - began)
        seen.full_rate.append(rate)
        seen.full_cost.append(1000 * sum(door.meter.used().values()) / many)
        door.meter.reset()
        clients.tell(f"{door.address} {seconds} {rate / 2}")
        latencies = _probe(door, time.monotonic() + seconds)
        many = len(clients.samples()) + len(latencies)
        door.wait_for_letters()
        seen.half_rate.append(many / seconds)
        seen.half_cost.append(1000 * sum(door.meter.used().values()) / many)
    cuts = quantiles(latencies, n=100)
    seen.p50.append(cuts[49])
    seen.p99.append(cuts[98])
    seen.samples.append(latencies)


def _probe(door: Door, until: float) -> list[float]:
    """File one complaint after the other and look for each in all tables; milliseconds from sending to seeing."""
    assert door.database_url is not None
    taken = []
    with closing(psycopg2.connect(door.database_url())) as database, requests.Session() as session:
        database.autocommit = True
        with database.cursor() as cursor:
            while time.monotonic() < until:
                taken.append(_one(door, cursor, session))
                time.sleep(_BETWEEN_SECONDS)
    return taken


def _one(door: Door, cursor: Any, session: requests.Session) -> float:
    [complaint] = complaints(1)
    began = time.monotonic()
    answer = session.post(door.address, json={**complaint, "channel": "web", "external_id": None}, timeout=30)
    answer.raise_for_status()
    while True:
        cursor.execute(_SEEN, {"id": answer.json()["id"]})
        if cursor.fetchone() == (True,):
            return 1000 * (time.monotonic() - began)
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise TimeoutError(f"{door.name}: a complaint is not seen everywhere")
        time.sleep(_LOOK_SECONDS)
