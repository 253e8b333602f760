"""Notes that a rebuild leaves: what it has applied, and the live consumer perhaps not yet.

For a projection of which something follows when an event is applied live, and nothing in a rebuild.
"""

from dataclasses import dataclass
from typing import Any, Final

from psycopg2.sql import SQL, Identifier

REMADE: Final = "remade"


@dataclass(frozen=True)
class Note:
    """A part of the log that a rebuild has applied.

    :param after: above this position
    :param position: up to this one.
    """

    after: int
    position: int


def note_remade(cursor: Any, schema: str, note: Note) -> None:
    """Leave a note, in the transaction that exchanges the tables."""
    table = Identifier(schema, REMADE)
    cursor.execute(
        SQL("INSERT INTO {} (after, position) VALUES (%s, %s) ON CONFLICT DO NOTHING").format(table),
        (note.after, note.position),
    )


def remade(cursor: Any, schema: str) -> list[Note]:
    """The notes that are left."""
    cursor.execute(SQL("SELECT after, position FROM {} ORDER BY 1, 2").format(Identifier(schema, REMADE)))
    return [Note(after, position) for after, position in cursor.fetchall()]


def looked_through(cursor: Any, schema: str, note: Note) -> None:
    """Take a note away."""
    cursor.execute(
        SQL("DELETE FROM {} WHERE after = %s AND position = %s").format(Identifier(schema, REMADE)),
        (note.after, note.position),
    )
