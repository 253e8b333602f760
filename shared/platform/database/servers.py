"""The servers that a database's URL names: one, or a primary and its standbys, of which one takes writes at a time.

Each is tried with a patience of its own. libpq would go from one to the next by itself, but with the one patience that
we have for it all, since its own limit of time is not heeded where we wait in green mode: a first host that swallows
packets would keep the second from ever being asked.

After a failover the former primary may come back as what it was, and stand first in the URL. It is known by its
timeline, a number that rises with each promotion: whoever has seen a higher one does not go back to a lower one.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import psycopg2
from psycopg2.extensions import connection, make_dsn, parse_dsn

from shared.platform.database.patience import patience

_LOOK_SECONDS: Final = 5.0
_WRITES: Final = "read-write"
_ANY: Final = "any"
_TIMELINE: Final = """
    SELECT CASE WHEN pg_is_in_recovery() THEN 0
                ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END
"""


class DatabaseServers:
    """Finds the server to connect to.

    :param url: ``postgresql://`` URL or a libpq connection string; with several hosts the one that takes writes is
        meant, unless ``target_session_attrs`` says otherwise.
    :param writes: whether it is; else any will do.
    """

    def __init__(self, url: str, *, writes: bool = True) -> None:
        self._dsns = _one_by_one(url, _WRITES if writes else _ANY)
        self._preferred: str | None = None
        self._timeline = 0

    def connect(self, open_one: Callable[[str], connection]) -> tuple[connection, str]:
        """A connection to the server that is meant, and the connection string of that server alone.

        The one that was found last is asked first. If it is gone, all others are asked, and the one of the highest
        timeline is meant.

        :param open_one: connects to one server, within a bounded time.
        :raises psycopg2.OperationalError: if there is none to be had; says why for each.
        :raises TimeoutError: if the only one does not answer in time.
        """
        if len(self._dsns) == 1:
            return open_one(self._dsns[0]), self._dsns[0]
        faults: list[str] = []
        preferred = self._preferred
        if preferred is not None and (found := self._current(preferred, open_one, faults)) is not None:
            return found[1], preferred
        return self._elected([dsn for dsn in self._dsns if dsn != preferred], open_one, faults)

    def _elected(
        self, dsns: list[str], open_one: Callable[[str], connection], faults: list[str]
    ) -> tuple[connection, str]:
        best: tuple[int, connection, str] | None = None
        try:
            for dsn in dsns:
                found = self._current(dsn, open_one, faults)
                if found is None:
                    continue
                if best is not None and best[0] >= found[0]:
                    found[1].close()
                    continue
                if best is not None:
                    best[1].close()
                best = (*found, dsn)
        except BaseException:
            if best is not None:
                best[1].close()
            raise
        if best is None:
            self._preferred = None
            raise psycopg2.OperationalError("; ".join(faults))
        self._preferred = best[2]
        return best[1], best[2]

    def _current(
        self, dsn: str, open_one: Callable[[str], connection], faults: list[str]
    ) -> tuple[int, connection] | None:
        """A connection to a server, with its timeline, unless it is not to be had or belongs to the past."""
        try:
            opened = open_one(dsn)
        except (psycopg2.OperationalError, TimeoutError) as error:
            faults.append(f"{_named(dsn)}: {error}".strip())
            return None
        try:
            timeline = _timeline_of(opened)
        except (psycopg2.Error, TimeoutError) as error:
            opened.close()
            faults.append(f"{_named(dsn)}: {error}".strip())
            return None
        except BaseException:
            opened.close()
            raise
        if 0 < timeline < self._timeline:
            opened.close()
            faults.append(f"{_named(dsn)}: stands on timeline {timeline}, and {self._timeline} was seen elsewhere")
            return None
        self._timeline = max(timeline, self._timeline)
        return timeline, opened


def _timeline_of(opened: connection) -> int:
    """Of the server's history; 0 for a standby."""
    opened.autocommit = True
    with patience(_LOOK_SECONDS), opened.cursor() as cursor:
        cursor.execute(_TIMELINE)
        [(timeline,)] = cursor.fetchall()
    return int(timeline)


def _one_by_one(url: str, meant: str) -> list[str]:
    """A connection string for each server of a URL; the URL itself if it names but one."""
    given: dict[str, Any] = parse_dsn(url)
    named = {name: str(given[name]).split(",") for name in ("host", "hostaddr") if given.get(name)}
    count = max((len(each) for each in named.values()), default=1)
    if count == 1:
        return [url]
    ports = str(given.get("port") or "").split(",")
    rest = {name: value for name, value in given.items() if name not in {"host", "hostaddr", "port"}}
    rest.setdefault("target_session_attrs", meant)
    rest.pop("load_balance_hosts", None)
    return [make_dsn(**rest, **place) for place in _places(named, ports, count)]


def _places(named: dict[str, list[str]], ports: list[str], count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        place = {name: each[number] for name, each in named.items() if number < len(each) and each[number]}
        port = ports[number] if number < len(ports) else ports[0] if len(ports) == 1 else ""
        yield {**place, **({"port": port} if port else {})}


def _named(dsn: str) -> str:
    """A server's place, without what may be secret."""
    with suppress(psycopg2.Error):
        parts: dict[str, Any] = parse_dsn(dsn)
        return f"{parts.get('host') or parts.get('hostaddr') or 'localhost'}:{parts.get('port') or 5432}"
    return "?"
