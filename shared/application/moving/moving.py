"""The order in which a government is taken to another database, so that a kill anywhere loses nothing.

1. *Ahead*, while everything goes on: events are copied with their positions and hashes, and projections made of them.
   The other database says ``arriving``, and no process begins to work on it.
2. *At the end*, while no process works on either: what has come since, and all that no log tells. Both are compared.
   Then one transaction shuts the former database for the government (``moved``), and only afterwards the other says
   ``arrived``. In between neither serves it; saying it again goes on from there.

Rows cannot be put into a log in which positions are taken: whoever follows it would have passed them. So the other
database holds this government alone.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.application.moving.copying import (
    Progress,
    Sums,
    copy_events,
    copy_rows,
    delete_rows,
    differing,
    remember_dossiers,
    sums_of,
    take_lasting,
)
from shared.application.moving.guarding import keep_writers_out, shut
from shared.application.moving.standing import (
    MoveStanding,
    State,
    forget_standing,
    hold_both,
    new_move,
    require_nobody,
    require_room,
    stand,
    standing,
)
from shared.application.moving.tables import MASTERS, TAKEN
from shared.base.errors import Conflict
from shared.base.services import SERVICES
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import head, latest_position

_SOURCE: Final = "source"
_TARGET: Final = "target"
_ALIKE: Final = """
    SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET bytea_output = 'hex'; SET timezone = 'UTC';
    SET work_mem = '256MB'
"""
"""How values are written where sums are made of them, whatever a server's or a login's own settings are;
and room for the dossiers of a government among which rows are looked for."""
_LOOK_BACK: Final = 100_000
_BEHIND: Final = """
    SELECT service FROM unnest(%s::text[]) AS service LEFT JOIN messaging.followers USING (service)
     WHERE coalesce(followers.position, 0) < (
        SELECT events.position FROM eventstore.events
         WHERE convert_from(state, 'UTF8')::json ->> 'tenant' = %s ORDER BY events.position DESC LIMIT 1)
     ORDER BY service
"""
_FOLLOWERS: Final = """
    INSERT INTO messaging.followers (service, position) VALUES (%s, %s)
    ON CONFLICT (service) DO UPDATE SET position = excluded.position, begun = -1, tries = 0
"""
_RELAY: Final = """
    INSERT INTO eventstore.relay (name, position) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""
# Positions go on where the former database stands: nobody's idea of a position is ever ahead of what is appended here.
_POSITIONS: Final = "SELECT setval('eventstore.position', greatest(%s, (SELECT last_value FROM eventstore.position)))"


@dataclass(frozen=True)
class Moving:
    """One government on its way.

    :param source: where it lies, as the login that owns the tables.
    :param target: where it is to lie, likewise.
    :param project: brings the target's projections up to its log.
    :param audit: looks through the target's log and keys, and says what is wrong.
    :param progress: told the position reached and the last, while events are copied.
    """

    tenant: str
    source: Database
    target: Database
    project: Callable[[], None]
    audit: Callable[[], list[str]]
    progress: Progress

    def ahead(self) -> int:
        """Copy what there is of the log by now, while everything goes on. May be done often, and be ended anywhere.

        :returns: how many events were copied.
        :raises Conflict: if the target cannot take it, or it has gone already.
        :raises Unavailable: if a process works on the target.
        """
        with self._both() as (source, target):
            require_here(standing(source, self.tenant), self.tenant)
            self._make_room(source, target)
            count = copy_events(source, target, self.tenant, head(source), self.progress)
        self.project()
        return count

    def finish(self) -> None:
        """Bring the rest over, compare, shut the source for it, and let the target serve it.

        :raises Conflict: as :meth:`ahead`; ``tenant_not_followed`` if services have not come to its last event, so that
            something would be left to be done here; ``move_differs`` if the two are not the same in the end.
        :raises Unavailable: if a process works on either database.
        """
        with self._both() as (source, _):
            known = standing(source, self.tenant)
            here = known is None or known.state == "arrived"
            if here:
                require_nobody(source, _SOURCE)
                self._require_followed(source)
        if here:
            self.ahead()  # what takes long, before anybody is kept from writing
            with self._both() as (source, target):
                move = self._make_room(source, target)
                require_nobody(source, _SOURCE)
                self._bring_rest(source, target, move)
        with self._both() as (source, target):
            known = standing(source, self.tenant)
            theirs = standing(target, self.tenant)
            move = self._require_moved_there(known, theirs, "moved", "forgotten")
            remember_dossiers(target, self.tenant)
            if known is not None and theirs is not None and theirs.state == "arriving":
                self._require_same(known.sums, sums_of(target, self.tenant))
                stand(target, self.tenant, "arrived", _named(source.connection), move)

    def undo(self) -> None:
        """Let the source serve it again, as long as the target has not written anything of it. Where that was done, and
        the run killed before it could say so, nothing is left to be done.

        :raises Conflict: ``target_has_written`` if it has; ``tenant_not_moved_there`` if it did not go there, or its
            keys were destroyed here.
        :raises Unavailable: if a process works on either database.
        """
        with self._both() as (source, target):
            known, theirs = standing(source, self.tenant), standing(target, self.tenant)
            if known is None and theirs is not None and theirs.state == "arriving":
                return
            move = self._require_moved_there(known, theirs, "moved")
            require_nobody(source, _SOURCE)
            require_nobody(target, _TARGET)
            remember_dossiers(target, self.tenant)
            if known is not None and (changed := differing(known.sums, sums_of(target, self.tenant))):
                raise Conflict("target_has_written", {"tenant": self.tenant, "tables": ", ".join(changed)})
            # First nobody may serve it there any more, then somebody here.
            stand(target, self.tenant, "arriving", _named(source.connection), move)
            with _transaction(source.connection) as cursor:
                keep_writers_out(cursor)
                forget_standing(cursor, self.tenant)
                for table in TAKEN:
                    if table.to_do is not None:
                        delete_rows(cursor, self.tenant, table)
                        copy_rows(target, cursor, self.tenant, table)

    def forget(self) -> None:
        """Destroy its keys at the source, and delete there what can be deleted, after one more audit of the target.

        :raises Conflict: ``tenant_not_moved_there`` if it has not gone there or the target does not serve it;
            ``move_differs`` if that audit finds a fault.
        """
        with self._both() as (source, target):
            known, theirs = standing(source, self.tenant), standing(target, self.tenant)
            move = self._require_moved_there(known, theirs, "moved", "forgotten")
            if known is None or theirs is None or theirs.state != "arrived":
                raise Conflict("tenant_not_moved_there", {"tenant": self.tenant})
        if faults := self.audit():
            raise Conflict("move_differs", {"tables": "; ".join(faults)})
        with self._both() as (source, _):
            remember_dossiers(source, self.tenant)
            with _transaction(source.connection) as cursor:
                stand(cursor, self.tenant, "forgotten", known.other, move, known.sums)
                for table in reversed(TAKEN):
                    if not table.for_ever:
                        delete_rows(cursor, self.tenant, table)

    @contextmanager
    def _both(self) -> Iterator[tuple[Cursor, Cursor]]:
        """A session on each, on which nobody else moves anything."""
        with (
            closing(self.source.connect()) as first,
            closing(self.target.connect()) as second,
            first.cursor() as source,
            second.cursor() as target,
        ):
            for cursor in (source, target):
                cursor.execute(_ALIKE)
            hold_both(source, target)
            yield source, target

    def _make_room(self, source: Cursor, target: Cursor) -> str:
        require_room(target, self.tenant, _TARGET)
        known = standing(target, self.tenant)
        move = known.move if known is not None else new_move(target)
        # From now on no process begins there; one that has begun is found.
        stand(target, self.tenant, "arriving", _named(source.connection), move)
        require_nobody(target, _TARGET)
        return move

    def _require_followed(self, source: Cursor) -> None:
        source.execute(_BEHIND, (list(SERVICES), self.tenant))
        if behind := [service for (service,) in source.fetchall()]:
            raise Conflict("tenant_not_followed", {"tenant": self.tenant, "services": ", ".join(behind)})

    def _bring_rest(self, source: Cursor, target: Cursor, move: str) -> None:
        # Before the transaction, which writes nothing until its end: as long as one that has written is open, whoever
        # follows a log on the same server waits. A dossier that came in between would be found by the sums.
        remember_dossiers(source, self.tenant)
        with _transaction(source.connection) as locked:
            keep_writers_out(locked)
            copy_events(locked, target, self.tenant, latest_position(locked), self.progress)
            remember_dossiers(target, self.tenant)
            with _transaction(target.connection) as other:
                for table in reversed(TAKEN):
                    if not table.for_ever:
                        delete_rows(other, self.tenant, table)
                for table in (MASTERS, *TAKEN):
                    copy_rows(locked, other, self.tenant, table)
                take_lasting(locked, other)
                _take_positions(locked, other)
            self.project()
            sums = sums_of(locked, self.tenant)
            self._require_same(sums, sums_of(target, self.tenant))
            if faults := self.audit():
                raise Conflict("move_differs", {"tables": "; ".join(faults)})
            for table in TAKEN:
                if table.to_do is not None:
                    delete_rows(locked, self.tenant, table, table.to_do)
            shut(locked)
            stand(locked, self.tenant, "moved", _named(target.connection), move, sums)
            require_nobody(locked, _SOURCE)  # who began meanwhile was told that it may serve it

    def _require_moved_there(self, known: MoveStanding | None, theirs: MoveStanding | None, *states: State) -> str:
        """The id of the move that both databases tell of.

        :raises Conflict: if they do not.
        """
        if known is None or theirs is None or known.state not in states or known.move != theirs.move:
            raise Conflict("tenant_not_moved_there", {"tenant": self.tenant})
        return known.move

    @staticmethod
    def _require_same(before: Sums, after: Sums) -> None:
        if tables := differing(before, after):
            raise Conflict("move_differs", {"tables": ", ".join(tables)})


def require_here(known: MoveStanding | None, tenant: str) -> None:
    """Make sure that a government was not taken away.

    :raises Conflict: ``tenant_moved``, naming where to.
    """
    if known is not None and known.state in ("moved", "forgotten"):
        raise Conflict("tenant_moved", {"tenants": tenant, "database": known.other})


def _take_positions(source: Cursor, target: Cursor) -> None:
    source.execute("SELECT last_value FROM eventstore.position")
    [(last,)] = source.fetchall()
    target.execute(_POSITIONS, (last,))
    source.execute("SELECT service, position FROM messaging.followers")
    for service, position in source.fetchall():
        # No table tells what still lay in the former broker's queues: as `aduan catchup` does.
        back = _LOOK_BACK if service in ("intake", "routing") else 0
        target.execute(_FOLLOWERS, (service, max(0, position - back)))
    source.execute("SELECT name, position FROM eventstore.relay")
    for name, position in source.fetchall():
        target.execute(_RELAY, (name, position))


def _named(connection: Connection) -> str:
    """A database by its address, without login and password."""
    info = connection.info
    return f"{info.host}:{info.port}/{info.dbname}"


@contextmanager
def _transaction(connection: Connection) -> Iterator[Cursor]:
    """A transaction on a connection that is in autocommit before and after."""
    connection.autocommit = False
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        if not connection.closed:
            connection.autocommit = True
