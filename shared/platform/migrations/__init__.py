'''Tables and views, room by room: one history of plain SQL for each PostgreSQL schema.

A room is a folder ``shared/<name>/migrations`` or ``services/<name>/migrations``; its schema bears the room's name and
is made by the runner, with what the services may do in it (all rows, no structure). A room holds:

``versions/0001_<what>.py``
    One step, alembic's way. All there is to write::

        """Inboxes and the tickets in them."""

        from shared.platform.migrations import sql

        revision = "0001"
        down_revision = None

        upgrade = sql("""
            CREATE TABLE routing.inbox (dossier uuid PRIMARY KEY, agency text NOT NULL);
        """)

    The next is ``0002_...`` with ``down_revision = "0001"``. Names are qualified by the schema. A step runs in a
    transaction and is never edited once released. There is no way back: a mistake is mended by the next step.

``views.sql`` (if any)
    Idempotent ``CREATE OR REPLACE VIEW``; run after all rooms' steps at every migrate, and by :func:`apply_views` after
    a rebuild has put new tables in the old ones' place.

:func:`migrate` brings all rooms up to date and may be called by several processes at once.
'''

from shared.platform.migrations.rooms import Room, rooms
from shared.platform.migrations.runner import apply_views, migrate
from shared.platform.migrations.step import sql

__all__ = ["Room", "apply_views", "migrate", "rooms", "sql"]
