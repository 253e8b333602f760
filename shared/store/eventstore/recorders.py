"""The `eventsourcing` library's recorders, on the log.

All of them work on the one table ``eventstore.events``, which the migrations make: no recorder creates tables. There is
no table for snapshots: a dossier is short, and loads whole in a few milliseconds.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.errors import library_words
from shared.store.eventstore.reading import head
from shared.store.eventstore.subscription import PollingSubscription

_ASCENDING = """
    SELECT dossier, version, type, state FROM eventstore.events
    WHERE dossier = %s::uuid AND version > coalesce(%s, -1) AND version <= coalesce(%s, 2147483647)
    ORDER BY version LIMIT %s
"""
_DESCENDING = _ASCENDING.replace("ORDER BY version", "ORDER BY version DESC")
# The limit is taken before the unsettled are left out: see `read_after`.
_NOTIFICATIONS = """
    SELECT position, dossier, version, type, state FROM (
        SELECT position, dossier, version, type, state, txid FROM eventstore.events
        WHERE position > %(after)s AND position <= coalesce(%(stop)s, 9223372036854775807)
          AND (%(topics)s IS NULL OR type = ANY(%(topics)s))
        ORDER BY position LIMIT %(limit)s
    ) AS next WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY position
"""


class LogAggregateRecorder(AggregateRecorder):
    """Writes and reads dossiers.

    :param database: where the log is.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append, all or none; see :func:`shared.store.eventstore.appending.append` for the errors."""
        self._append(stored_events, **kwargs)
        return None

    def _append(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        if not stored_events:
            return []
        with self.database.autocommit() as cursor:
            return append(cursor, stored_events)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The committed events of one dossier.

        :param gt: only versions above this.
        :param lte: only versions up to this.
        :param desc: the last first.
        :param limit: at most so many.
        """
        with library_words(), self.database.autocommit() as cursor:
            cursor.execute(_DESCENDING if desc else _ASCENDING, (str(originator_id), gt, lte, limit))
            return [StoredEvent(dossier, version, kind, bytes(state)) for dossier, version, kind, state in cursor]


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """Writes and reads dossiers, and follows the log by position."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append, all or none.

        :returns: the positions.
        """
        return self._append(stored_events, **kwargs)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Settled events by position; see :mod:`shared.store.eventstore.reading` for what is settled.

        :param start: from this position on, or from the one after it if not ``inclusive_of_start``.
        :param limit: at most so many.
        :param stop: up to this position.
        :param topics: only these event types; all by default.
        """
        after = (start or 0) - (1 if inclusive_of_start and start is not None else 0)
        with library_words(), self.database.autocommit() as cursor:
            cursor.execute(
                _NOTIFICATIONS, {"after": after, "stop": stop, "topics": list(topics) or None, "limit": limit}
            )
            return [
                Notification(
                    id=position, originator_id=dossier, originator_version=version, topic=kind, state=bytes(state)
                )
                for position, dossier, version, kind, state in cursor
            ]

    def max_notification_id(self) -> int | None:
        """The position of the last settled event, or None for an empty log."""
        with library_words(), self.database.autocommit() as cursor:
            return head(cursor) or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """An endless iterator over settled events, for scripts; services follow the log through the broker."""
        return PollingSubscription(self, gt, topics)


class LogTrackingRecorder(TrackingRecorder):
    """Keeps how far process applications have come.

    :param database: where the log is.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def insert_tracking(self, tracking: Tracking) -> None:
        """Note a position, which must be above the last.

        :raises IntegrityError: if it is not.
        """
        with library_words(), self.database.autocommit() as cursor:
            self._track(cursor, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last position noted for an upstream application."""
        with library_words(), self.database.autocommit() as cursor:
            cursor.execute(
                "SELECT notification_id FROM eventstore.tracking WHERE application_name = %s", (application_name,)
            )
            row = cursor.fetchone()
        return row[0] if row else None

    @staticmethod
    def _track(cursor: Cursor, tracking: Tracking) -> None:
        cursor.execute(
            """
            INSERT INTO eventstore.tracking AS last (application_name, notification_id) VALUES (%s, %s)
            ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id
            WHERE last.notification_id < excluded.notification_id
            """,
            (tracking.application_name, tracking.notification_id),
        )
        if cursor.rowcount == 0:
            raise IntegrityError(
                f"{tracking.application_name} was tracked beyond {tracking.notification_id - 1} already"
            )


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """Writes events together with the position of the event that they follow from."""

    def _append(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        tracking: Tracking | None = kwargs.get("tracking")
        if tracking is None:
            return super()._append(stored_events)
        with library_words(), self.database.transaction() as cursor:
            positions = append(cursor, stored_events)
            self._track(cursor, tracking)
            return positions
