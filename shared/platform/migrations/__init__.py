"""Tables and views, room by room: one history of plain SQL for each PostgreSQL schema.

A room is a folder ``migrations`` within ``shared/`` or ``services/``; its schema bears the name of the folder around it
and is made by the runner, with what the services may do in it (all rows, no structure). A room holds:

``versions/0001_<what>.sql``
    One step: plain SQL, with names qualified by the schema, begun by a comment that says what it is for. The next is
    ``0002_...``. A step runs in a transaction and is never edited once landed: its hash is kept in the database, and an
    edited one stops the start. There is no way back: a mistake is mended by the next step. A step that adds to what a
    projection keeps ends with the statements of :mod:`shared.store.projection.outdated`.

``views.sql`` (if any)
    Idempotent ``CREATE OR REPLACE VIEW`` and nothing else; run after all rooms' steps by every migrate that does not
    find them as they were left, and by :func:`apply_views` after a rebuild has put new tables in the old ones' place.

``every_time.sql`` (if any)
    Run after all rooms' steps at every migrate, whatever was done before.

:func:`migrate` brings all rooms up to date and may be called by several processes at once; :func:`require_migrated`
only looks. What was done is recorded in the schema ``migrations``.
"""

from shared.platform.migrations.checking import SchemaDiffers, require_migrated
from shared.platform.migrations.rooms import Room, rooms
from shared.platform.migrations.runner import apply_views, migrate
from shared.platform.migrations.step import sql

__all__ = ["Room", "SchemaDiffers", "apply_views", "migrate", "require_migrated", "rooms", "sql"]
