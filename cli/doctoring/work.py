"""The work: who follows the log and how far, what holds readers up, clocks, letters and people's requests that wait."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, Final

from cli.doctoring.line import Diagnosis, failed, graded, warned, well
from cli.doctoring.place import Installed
from shared.application.identity.erasures import ERASED_WITHIN
from shared.base.services import SERVICES
from shared.base.times import from_iso
from shared.platform.database.locks import Lock
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.store.eventstore.reading import head, latest_position, settling_seconds

_FAULT: Final = 30.0
"""So many times longer than is worth a look is a fault: no passing load explains it."""
_TRIES: Final = 2
_TRIED_AGAIN: Final = 20

_FOLLOWING: Final = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND classid = %s::bigint::oid AND objid = (hashtext(%s)::bigint & 4294967295)::oid)
"""
_WAITING: Final = """
    SELECT count(*), (SELECT convert_from(state, 'UTF8')::json ->> 'recorded_at' FROM eventstore.events
                       WHERE position > %(from)s ORDER BY position LIMIT 1)
      FROM (SELECT FROM eventstore.events WHERE position > %(from)s AND position <= %(to)s LIMIT 100000) AS waiting
"""
_CLOCKS: Final = "SELECT count(*), min(fire_at) FROM sla.clocks WHERE fire_at < %s"
_LETTERS: Final = """
    SELECT count(*) FILTER (WHERE next_attempt_at <= %(now)s),
           min(next_attempt_at) FILTER (WHERE next_attempt_at <= %(now)s),
           count(*) FILTER (WHERE attempts > 0)
      FROM notify.messages WHERE NOT settled
"""
_REPLIES: Final = """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(next_attempt_at)), 0)::float8
      FROM notify.talks WHERE state IN ('planned', 'unknown') AND next_attempt_at <= clock_timestamp()
"""
_HEARD: Final = """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(next_attempt_at)), 0)::float8
      FROM channels.heard WHERE state = 'new' AND next_attempt_at <= clock_timestamp()
"""

_ABOUT_DATA: Final = """
    SELECT (SELECT count(*) FROM reporting.data_requests WHERE answered_at IS NULL AND due_at < %(now)s),
           (SELECT count(*) FROM identity.erasures
             WHERE done_at IS NULL AND reason = 'asked' AND asked_at < %(now)s - %(within)s)
"""


def work_lines(found: Installed) -> Iterator[Diagnosis]:
    """What can be told of the work, of a database whose tables are there."""
    with (
        closing(Database(found.settings.database_url, pool_size=1, role=APPLICATION_ROLE)) as database,
        database.autocommit() as cursor,
    ):
        settled = head(cursor)
        yield well("log", f"{latest_position(cursor)} positions given out")
        yield _held(cursor, found)
        for service in SERVICES:
            yield _follower(cursor, found, service, settled)
        yield _relay(cursor, found, settled)
        yield _clocks(cursor, found)
        yield _letters(cursor, found)
        yield _replies(cursor, found)
        yield _heard(cursor, found)
        yield _about_data(cursor, found)


def _held(cursor: Any, found: Installed) -> Diagnosis:
    seconds = settling_seconds(cursor)
    return graded(
        "log.readers",
        seconds,
        f"the oldest open write transaction is {seconds:.0f} s old, and no reader gets past it",
        "find it in pg_stat_activity (backend_xid is not null), and end it by pg_terminate_backend",
        warn=found.measures.patience,
        fail=found.measures.patience * _FAULT,
    )


def _follower(cursor: Any, found: Installed, service: str, settled: int) -> Diagnosis:
    check = f"followers.{service}"
    cursor.execute("SELECT position, tries FROM messaging.followers WHERE service = %s", (service,))
    row = cursor.fetchone()
    if row is None:
        words = "has never run on this database"
        remedy = f"start it: aduan serve {service}"
        return well(check, words) if found.stopped else warned(check, words, remedy)
    position, tries = row
    count, seconds = _waiting(cursor, found, position, settled)
    said = f"at position {position} of {settled}; {_events(count)} wait"
    if found.stopped:
        return well(check, said)
    cursor.execute(_FOLLOWING, (int(Lock.FOLLOWING), service))
    [(followed,)] = cursor.fetchall()
    if not followed:
        return failed(check, f"{said}, and no process follows the log for it", f"start it: aduan serve {service}")
    if tries > _TRIES:
        return failed(
            check,
            f"{said}, and processes have ended on the same batch {tries} times",
            "look at the service's log and at aduan dead list; an event may be what ends it",
        )
    return graded(
        check,
        seconds,
        f"{said}, the first for {seconds:.0f} s" if count else said,
        f"look at {service}'s log, at log.readers above, and at the database's load; aduan dead list {service}",
        warn=found.measures.patience,
        fail=found.measures.patience * _FAULT,
    )


def _relay(cursor: Any, found: Installed, settled: int) -> Diagnosis:
    cursor.execute("SELECT coalesce((SELECT position FROM eventstore.relay WHERE name = 'events'), 0)")
    [(position,)] = cursor.fetchall()
    count, seconds = _waiting(cursor, found, position, settled)
    said = f"{_events(count)} not yet published"
    if found.stopped:
        return well("relay", said)
    return graded(
        "relay",
        seconds,
        f"{said}, the first for {seconds:.0f} s" if count else said,
        "while the broker is away that is as it should be; otherwise look for 'publishing the log' in the logs",
        warn=found.measures.patience,
        fail=found.measures.patience * _FAULT,
    )


def _waiting(cursor: Any, found: Installed, position: int, settled: int) -> tuple[int, float]:
    """How many settled events lie behind a position, and for how many seconds the first has."""
    if position >= settled:
        return 0, 0.0
    cursor.execute(_WAITING, {"from": position, "to": settled})
    [(count, first)] = cursor.fetchall()
    if not count:
        return 0, 0.0
    return count, _since(found, from_iso(first))


def _clocks(cursor: Any, found: Installed) -> Diagnosis:
    cursor.execute(_CLOCKS, (found.now,))
    [(count, first)] = cursor.fetchall()
    seconds = _since(found, first)
    said = f"{count} are due and not decided" + (f", the first for {seconds:.0f} s" if count else "")
    remedy = "see that a process runs sla (aduan serve sla), and look at its log; nothing is lost, only late"
    return _waited_for(found, "clocks", seconds, said, remedy)


def _letters(cursor: Any, found: Installed) -> Diagnosis:
    cursor.execute(_LETTERS, {"now": found.now})
    [(count, first, again)] = cursor.fetchall()
    seconds = _since(found, first)
    said = f"{count} are due" + (f", the first for {seconds:.0f} s" if count else "") + f"; {again} are tried again"
    remedy = "see that a process runs notify (aduan serve notify); compare ADUAN_SMTP_URL with what its log says"
    if again > _TRIED_AGAIN and seconds <= found.measures.patience and not found.stopped:
        return warned("letters", said, remedy)
    return _waited_for(found, "letters", seconds, said, remedy)


def _replies(cursor: Any, found: Installed) -> Diagnosis:
    cursor.execute(_REPLIES)
    [(count, seconds)] = cursor.fetchall()
    said = f"{count} replies of conversations wait"
    remedy = "see that a process runs notify, and ask the providers: aduan doctor --providers"
    return _waited_for(found, "replies", seconds, said, remedy)


def _heard(cursor: Any, found: Installed) -> Diagnosis:
    """What people wrote by a channel and nobody has read: the inlets go on thanking providers all the while."""
    cursor.execute(_HEARD)
    [(count, seconds)] = cursor.fetchall()
    said = f"{count} messages of people wait" + (f", the first for {seconds:.0f} s" if count else "")
    remedy = "see that a process runs channels (aduan serve channels), and look at its log; nothing is lost, only late"
    return _waited_for(found, "heard", seconds, said, remedy)


def _about_data(cursor: Any, found: Installed) -> Diagnosis:
    """What people asked about their own data: by law it is answered, or erased, within three days (Law 27/2022)."""
    cursor.execute(_ABOUT_DATA, {"now": found.now, "within": ERASED_WITHIN})
    [(asked, erasures)] = cursor.fetchall()
    said = f"of what people asked about their own data {asked} are late, and {erasures} erasures"
    if not asked and not erasures:
        return well("data", said)
    remedy = "desks find theirs in the inbox; two administrators agree to an erasure at /TENANT/kelola/hapus-data"
    return warned("data", said, remedy)


def _waited_for(found: Installed, check: str, seconds: float, said: str, remedy: str) -> Diagnosis:
    """How bad it is that something has waited so long; while the installation stands still, nothing can move.

    :param seconds: that the first of them has waited.
    """
    if found.stopped:
        return well(check, said)
    patience = found.measures.patience
    return graded(check, seconds, said, remedy, warn=patience, fail=patience * _FAULT)


def _since(found: Installed, instant: datetime | None) -> float:
    """Seconds from an instant until now; an instant to come is none ago."""
    return 0.0 if instant is None else max(0.0, (found.now - instant).total_seconds())


def _events(count: int) -> str:
    return f"{count} event{'' if count == 1 else 's'}"
