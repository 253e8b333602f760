"""Everything that should not grow with the log, at a size that one names: pages, rebuilds, the audit, a start.

A month is really played through all governments' procedures (as by ``aduan demo``), and multiplied into years of
complaints (:mod:`benchmarks.multiplying`). Then each page is asked in its service, with the time in the database apart,
and over HTTP from an ``aduan up``, one request after the other.
"""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import requests

from benchmarks.browsing import READERS, browse, open_desk
from benchmarks.costs import Meter
from benchmarks.installation import at_rest, instant_of, play, running, settings_in
from benchmarks.multiplying import multiply, originals
from benchmarks.pages import Page, TimedDatabase, looked_at, pages
from benchmarks.rounds import table
from benchmarks.samples import keep
from benchmarks.servers import place
from cli.auditing import auditors_for
from cli.filling import fillers_for
from cli.projections import projection_of
from services.reporting import people
from shared.application.dossiers.codec import decode
from shared.application.identity.membership import administrator
from shared.application.identity.tokens import issue_token
from shared.application.runtime import Runtime
from shared.base.services import SERVICES
from shared.platform.database.embedded_postgres import running_url
from shared.platform.database.pool import Database
from shared.platform.settings import Settings
from shared.store.eventstore.audit import verify
from shared.store.projection.rebuild import rebuild

COMPLAINTS: Final = 20_000
_QUICK: Final = 2_000
_PLAYED: Final = 20
"""Complaints of each government that are really played."""
_ASKED: Final = 40
_BYTES: Final = 26_000
"""What a complaint takes, by a former measurement: to see beforehand whether there is room."""
_SPARE: Final = 3
_DRAIN_SECONDS: Final = 900.0
_GOAL_MS: Final = "goal at a million: < 10 ms in the query, < 30 ms by HTTP"


def report(*, quick: bool = False, complaints: int | None = None) -> str:
    """Measure and tell.

    :param quick: fewer complaints, unless their number is given.
    :param complaints: how many the log is to hold.
    """
    wanted = complaints or (_QUICK if quick else COMPLAINTS)
    with place() as directory:
        return measure(directory, wanted, played=5 if wanted <= _QUICK else _PLAYED, asked=_ASKED)


def measure(directory: Path, complaints: int, played: int, asked: int) -> str:
    """The tables.

    :param directory: for the installation; empty.
    :param complaints: how many the log is to hold.
    :param played: how many of each government are really played.
    :param asked: how often each page is asked for.
    :raises OSError: if the disk has not room enough for three times as much.
    """
    if shutil.disk_usage(directory).free < _SPARE * _BYTES * complaints:
        raise OSError(f"{complaints:,} complaints need {_SPARE * _BYTES * complaints / 1e9:,.0f} GB of free disk")
    settings = settings_in(directory / "data")
    play(settings, played)
    figures: dict[str, Any] = {"complaints": complaints}
    with at_rest(settings) as (runtime, owner):
        meter = Meter(lambda: [("all", os.getpid())])  # the server is below this process
        figures["fill"] = _fill(runtime, owner, complaints)
        figures["rebuild"] = {service: _rebuild(owner, meter, service) for service in SERVICES}
        began = time.perf_counter()
        _index_people(runtime)
        figures["people"] = time.perf_counter() - began
        _vacuum(owner)
        figures["audit"] = _rate(meter, lambda: _audit(owner))
        figures["bytes"] = _size(owner)
        seen = looked_at(runtime)
        found = pages(seen)
        password = open_desk(runtime)
        figures["pages"] = {page.name: _ask(runtime, page, asked) for page in found}
        figures["overdue"] = _count(owner, "SELECT count(*) FROM sla.clocks WHERE fire_at < %s", runtime.clock.now())
    with running(settings) as (address, ready):
        figures["ready"] = ready
        figures["drained"] = _drained(settings)
        for page in found:
            figures["pages"][page.name]["http"] = _fetch(settings, address, page, asked)
        figures["browsed"] = browse(address, seen, password, asked)
        figures["moved"] = _move(settings, address)
    file = keep("scale", figures)
    return "\n".join([_pages_told(figures), _browsed_told(figures), _rest_told(figures, file)])


def _fill(runtime: Runtime, owner: Database, complaints: int) -> dict[str, Any]:
    began = time.perf_counter()
    played = originals(runtime)
    added = multiply(runtime, owner, played, complaints)
    seconds = time.perf_counter() - began
    with owner.autocommit() as cursor:
        cursor.execute("VACUUM ANALYZE eventstore.events, vault.keys")
    events = _count(owner, "SELECT count(*) FROM eventstore.events")
    return {"complaints": len(played) + added, "events": events, "seconds": seconds}


def _rebuild(owner: Database, meter: Meter, service: str) -> dict[str, float]:
    projection, crew = projection_of(service), fillers_for(owner, service)
    return _rate(meter, lambda: rebuild(owner, projection, decode, crew=crew).events)


def _index_people(runtime: Runtime) -> None:
    while people.follow(runtime):
        pass


def _audit(owner: Database) -> int:
    told = verify(owner, crew=auditors_for(owner))
    if not told.intact:
        raise AssertionError(f"the log that was made is none that the services write: {told}")
    return told.events


def _rate(meter: Meter, work: Callable[[], int]) -> dict[str, float]:
    """What something takes that is done to so many events: seconds, and processor time of all who had a part in it."""
    meter.reset()
    began = time.perf_counter()
    events = work()
    seconds = time.perf_counter() - began
    used = sum(meter.used().values())
    return {"events": events, "seconds": seconds, "rate": events / seconds, "cpu_us": 1e6 * used / events}


def _vacuum(owner: Database) -> None:
    """What the server does by itself in the minutes after so much was written."""
    with owner.autocommit() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _size(owner: Database) -> int:
    return _count(owner, "SELECT pg_database_size(current_database())")


def _count(owner: Database, statement: str, *parameters: Any) -> int:
    with owner.autocommit() as cursor:
        cursor.execute(statement, parameters)
        [(count,)] = cursor.fetchall()
    return int(count)


def _ask(runtime: Runtime, page: Page, times: int) -> dict[str, Any]:
    """Ask a page of its service, in this process."""
    if page.ask is None:
        return {}
    timed = runtime.database
    assert isinstance(timed, TimedDatabase)
    query, whole = [], []
    for _ in range(times):
        timed.seconds = 0.0
        began = time.perf_counter()
        page.ask(runtime)
        whole.append(1000 * (time.perf_counter() - began))
        query.append(1000 * timed.seconds)
    return {"query": query, "service": whole}


def _drained(settings: Settings) -> float:
    """Seconds until nothing is overdue any more."""
    url = running_url(settings.data_dir / "postgres")
    assert url is not None
    owner = Database(url, pool_size=1)
    now = instant_of(settings)
    began = time.perf_counter()
    try:
        while _count(owner, "SELECT count(*) FROM (SELECT FROM sla.clocks WHERE fire_at < %s LIMIT 1) AS due", now):
            if time.perf_counter() - began > _DRAIN_SECONDS:
                raise TimeoutError("clocks are overdue still")
            time.sleep(0.1)
    finally:
        owner.close()
    return time.perf_counter() - began


def _fetch(settings: Settings, address: str, page: Page, times: int) -> list[float]:
    """Milliseconds of a page over HTTP, on one connection."""
    took = []
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {issue_token(settings.token_key, page.caller)}"
        for number in range(times + 1):
            began = time.perf_counter()
            answer = session.get(f"{address}{page.path}", timeout=60)
            if answer.status_code != 200:
                raise AssertionError(f"{page.name}: {answer.status_code} {answer.text[:200]}")
            if number:  # the first opens the connection
                took.append(1000 * (time.perf_counter() - began))
    return took


def _move(settings: Settings, address: str) -> list[float]:
    """Seconds that moving the clock takes, a minute each time."""
    took = []
    head = {"Authorization": f"Bearer {issue_token(settings.token_key, administrator('admin'))}"}
    for _ in range(5):
        began = time.perf_counter()
        answer = requests.post(f"{address}/api/v1/clock", json={"advance": "PT1M"}, headers=head, timeout=120)
        answer.raise_for_status()
        took.append(time.perf_counter() - began)
    return took


def _pages_told(figures: dict[str, Any]) -> str:
    fill = figures["fill"]
    rows = [
        [name, *(_milliseconds(samples.get(kind)) for kind in ("query", "service", "http"))]
        for name, samples in figures["pages"].items()
    ]
    return table(
        f"Pages at {fill['complaints']:,} complaints, {fill['events']:,} events (p50, p99 in ms)",
        ("", "in the query", "in the service", "by HTTP"),
        rows,
        [f"{_ASKED} requests each, one after the other; p99 is their slowest. {_GOAL_MS}."],
    )


def _browsed_told(figures: dict[str, Any]) -> str:
    rows = [
        [name, _milliseconds(each["milliseconds"]), f"{each['bytes'] / 1024:.1f}", f"{each['most']}"]
        for name, each in figures["browsed"].items()
    ]
    return table(
        f"Pages that people look at, {READERS} readers at once (p50, p99 in ms; kB compressed)",
        ("", "by HTTP", "kB", "at most"),
        rows,
        ["Whole HTML documents, as an officer's or a citizen's browser asks for them; style and scripts apart."],
    )


def _rest_told(figures: dict[str, Any], file: Path) -> str:
    fill, audit = figures["fill"], figures["audit"]
    rows = [[f"rebuild {service}", _rate_told(each), "40,000/s"] for service, each in figures["rebuild"].items()]
    rows += [
        ["index of people", f"{fill['events'] / figures['people']:,.0f} events/s ({figures['people']:.1f} s)", ""],
        ["audit", _rate_told(audit), "220,000/s"],
        [f"start, {figures['overdue']:,} clocks overdue", f"ready after {figures['ready']:.1f} s", ""],
        ["until they have fired", f"{figures['drained']:.1f} s more", ""],
        ["moving the clock", f"{median(figures['moved']):.2f} s", ""],
        ["a complaint takes", f"{figures['bytes'] / fill['complaints']:,.0f} bytes", ""],
        ["copied into the log", f"{fill['events'] / fill['seconds']:,.0f} events/s", ""],
    ]
    return table("The rest", ("", "measured", "goal"), rows, [f"Every figure: {file}"])


def _rate_told(each: dict[str, float]) -> str:
    return f"{each['rate']:,.0f} events/s ({each['seconds']:.1f} s; {each['cpu_us']:.0f} µs of processor time each)"


def _milliseconds(samples: Sequence[float] | None) -> str:
    if not samples:
        return ""
    ranks = quantiles(samples, n=100, method="inclusive") if len(samples) > 1 else [samples[0]] * 99
    return f"{median(samples):.1f}, {ranks[98]:.1f}"
