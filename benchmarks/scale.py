"""Everything that should not grow with the log, at a size that one names: pages, rebuilds, the audit, a start.

A month is really played through all governments' procedures (as by ``aduan demo``), and multiplied into years of
complaints (:mod:`benchmarks.multiplying`). Then each page is asked in its service, with the time in the database apart,
and over HTTP from an ``aduan up``, one request after the other.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import requests

from benchmarks.browsing import browse, open_desk
from benchmarks.costs import Meter
from benchmarks.installation import at_rest, instant_of, play, running, settings_in
from benchmarks.multiplying import multiply, originals
from benchmarks.pages import Page, TimedDatabase, looked_at, pages
from benchmarks.room import relations, watched
from benchmarks.samples import keep
from benchmarks.scale_tables import browsed_told, pages_told, rest_told, room_told
from benchmarks.servers import place
from cli.auditing import auditors_for
from cli.filling import fillers_for
from cli.projections import projection_of
from services.reporting import likeness_index, people, photos
from services.reporting.keyed_index import KeyedIndex
from shared.application.dossiers.codec import decode
from shared.application.identity.membership import administrator
from shared.application.identity.tokens import issue_token
from shared.application.runtime import Runtime
from shared.base.services import SERVICES
from shared.platform.database.embedded_postgres import running_url
from shared.platform.database.pool import Database
from shared.platform.settings import Settings
from shared.store.eventstore.audit import verify
from shared.store.projection.rebuild import rebuild_together

COMPLAINTS: Final = 20_000
_QUICK: Final = 2_000
_PLAYED: Final = 20
"""Complaints of each government that are really played."""
_ASKED: Final = 40
_INDEXES: Final = (people.INDEX, likeness_index.INDEX, photos.INDEX)
_BYTES: Final = 34_000
"""What a complaint takes at most, by a former measurement: to see beforehand whether there is room."""
_LOG_BYTES: Final = 5e9
"""What the server keeps besides: twice its limit for the write-ahead log, and what it sorts on the disk."""
_DRAIN_SECONDS: Final = 900.0


def report(*, quick: bool = False, complaints: int | None = None) -> str:
    """Measure and tell.

    :param quick: fewer complaints, unless their number is given.
    :param complaints: how many the log is to hold.
    """
    wanted = complaints or (_QUICK if quick else COMPLAINTS)
    with place() as directory:
        return measure(directory, wanted, played=5 if wanted <= _QUICK else _PLAYED, asked=_ASKED)


def measure(directory: Path, complaints: int, played: int, asked: int, alone: Sequence[str] = SERVICES) -> str:
    """The tables.

    :param directory: for the installation; empty.
    :param complaints: how many the log is to hold.
    :param played: how many of each government are really played.
    :param asked: how often each page is asked for.
    :param alone: the services of which the tables are made anew by themselves too, after those of all together.
    :raises OSError: if the disk has not room enough.
    """
    needed = _BYTES * complaints + _LOG_BYTES
    if shutil.disk_usage(directory).free < needed:
        raise OSError(f"{complaints:,} complaints need {needed / 1e9:,.0f} GB of free disk")
    settings = settings_in(directory / "data")
    figures: dict[str, Any] = {"complaints": complaints, "asked": asked, "load": {}}
    try:
        with watched(directory) as most:
            _measure(settings, figures, complaints, played, asked, alone)
        figures["most"] = most[0]
    finally:
        file = keep("scale", figures)  # hours of measuring are not lost with what ended them
    return "\n".join([pages_told(figures), browsed_told(figures), rest_told(figures, file), room_told(figures)])


def _measure(
    settings: Settings, figures: dict[str, Any], complaints: int, played: int, asked: int, alone: Sequence[str]
) -> None:
    meter = Meter(lambda: [("all", os.getpid())])  # the server is below this process
    play(settings, played)
    with at_rest(settings) as (runtime, owner):
        figures["fill"] = _fill(runtime, owner, complaints)
        _done("filled", figures)
        figures["rebuild"] = {"all": _rebuild(owner, meter, *SERVICES)}
        _done("all five rebuilt together", figures)
        figures["indexes"] = {}
        for index in _INDEXES:
            figures["indexes"][index.purpose] = _indexed(runtime, index)
            _done(f"index of {index.purpose} made", figures)
        _vacuum(owner)
        _done("vacuumed", figures)
        figures["audit"] = _rate(meter, lambda: _audit(owner))
        _done("audited", figures)
        figures["bytes"] = _size(owner)
        figures["relations"] = [asdict(each) for each in relations(owner)]
        seen = looked_at(runtime)
        found = pages(seen)
        password = open_desk(runtime)
        figures["pages"] = {page.name: _ask(runtime, page, asked) for page in found}
        _done("pages asked of their services", figures)
        figures["overdue"] = _count(owner, "SELECT count(*) FROM sla.clocks WHERE fire_at < %s", runtime.clock.now())
    with running(settings) as started:
        address = started.address
        figures["ready"] = started.ready
        figures["drained"] = _drained(settings)
        _done("started, and every clock fired that was due", figures)
        for page in found:
            figures["pages"][page.name]["http"] = _fetch(settings, address, page, asked)
        figures["browsed"] = browse(started, seen, password, asked)
        figures["moved"] = _move(settings, address)
        _done("pages browsed, the clock moved", figures)
    with at_rest(settings) as (_, owner):
        for service in alone:
            figures["rebuild"][service] = _rebuild(owner, meter, service)
            _done(f"{service} rebuilt", figures)


def _done(part: str, figures: dict[str, Any]) -> None:
    """Say how far it is, since a million complaints take hours, and how busy the machine was meanwhile."""
    figures["load"][part] = os.getloadavg()[0]
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {part} (load {figures['load'][part]:.1f})\n")
    sys.stderr.flush()


def _fill(runtime: Runtime, owner: Database, complaints: int) -> dict[str, Any]:
    began = time.perf_counter()
    played = originals(runtime)
    added = multiply(runtime, owner, played, complaints)
    seconds = time.perf_counter() - began
    with owner.autocommit() as cursor:
        cursor.execute("VACUUM ANALYZE eventstore.events, vault.keys")
    events = _count(owner, "SELECT count(*) FROM eventstore.events")
    return {"complaints": len(played) + added, "events": events, "seconds": seconds}


def _rebuild(owner: Database, meter: Meter, *services: str) -> dict[str, float]:
    """Of several in one passage the events count once."""
    projections, crew = [projection_of(service) for service in services], fillers_for(owner, *services)
    return _rate(meter, lambda: rebuild_together(owner, projections, decode, crew=crew)[0].events)


def _indexed(runtime: Runtime, index: KeyedIndex) -> float:
    """Seconds until an index knows the whole log; in service each process follows it by itself."""
    began = time.perf_counter()
    while index.follow(runtime):
        pass
    return time.perf_counter() - began


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
