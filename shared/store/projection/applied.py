"""The table that tells how far each dossier has been applied. It makes duplicates harmless and shows gaps."""

# ruff: noqa: S608 - schema names are checked identifiers, and names cannot be parameters

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from psycopg2 import extensions as pg

from shared.store.projection.table import check_identifier

APPLIED = "applied"
LOW_WATER = "low_water"


@dataclass(frozen=True)
class Advanced:
    """How far the dossiers of a batch had been applied in one schema.

    :param before: for each dossier that gets ahead there, the version it had, 0 for none; those already there are left
        out.
    :param made_by: the generation that made the tables; 0 where that is not known or, in a rebuild's, not asked.
    """

    before: Mapping[str, int]
    made_by: int


def advance(
    cursor: pg.cursor, schemas: Sequence[str], latest: Sequence[tuple[str, int, int]], *, live: bool = True
) -> list[Advanced]:
    """Lock the dossiers and note their new versions, for one projection or for several, in one round trip.

    The new version is known beforehand (the latest delivered, since a gap below it is filled), so the row is written
    at once rather than locked first. This must be a batch's first statement on the projections' tables: a rebuild that
    exchanges them takes this table first, so a batch waits here, holding nothing of that projection's, and then finds
    the new one.

    :param schemas: where the `applied` tables are: the projections' own schemas, or that of a rebuild; in the order in
        which all who name several of them do, so that they queue up and never deadlock.
    :param latest: dossier, latest version delivered and its position; sorted by dossier, for the same reason.
    :param live: whether these are the tables that readers see, not those of a rebuild.
    :returns: for each schema how far the dossiers were.
    """
    dossiers, versions, positions = zip(*latest, strict=True)
    advanced = ", ".join(f"advanced_{number} AS ({_advance(schema)})" for number, schema in enumerate(schemas))
    found = " UNION ALL ".join(f"SELECT {number}, * FROM advanced_{number}" for number in range(len(schemas)))
    if live:
        # Asked in this very statement: one that waited for an exchange sees what the exchange has noted.
        made = (f"SELECT {number}, NULL, made_by FROM {schema}.{LOW_WATER}" for number, schema in enumerate(schemas))
        found = " UNION ALL ".join([found, *made])
    cursor.execute(
        f"""
        WITH latest (dossier, version, position) AS MATERIALIZED (
            SELECT * FROM unnest(%s::uuid[], %s::integer[], %s::bigint[])
        ), {advanced} {found}
        """,
        (array(dossiers), array(versions), array(positions)),
    )
    before: list[dict[str, int]] = [{} for _ in schemas]
    made_by = [0] * len(before)
    for number, dossier, value in cursor.fetchall():
        if dossier is None:
            made_by[number] = value
        else:
            before[number][dossier] = value
    return [Advanced(each, generation) for each, generation in zip(before, made_by, strict=True)]


def _advance(schema: str) -> str:
    return f"""
        INSERT INTO {schema}.{APPLIED} (dossier, version, position) SELECT dossier, version, position FROM latest
        ON CONFLICT (dossier) DO UPDATE
            SET previous = {APPLIED}.version, version = excluded.version, position = excluded.position
            WHERE {APPLIED}.version < excluded.version
        RETURNING dossier::text, previous
    """


def array(values: Iterable[object]) -> str:
    """Numbers or UUIDs as the text of an array, to be cast: the driver takes its time over long lists."""
    return f"{{{','.join(map(str, values))}}}"


def note_low_water(cursor: pg.cursor, schema: str, mark: int) -> None:
    """Move the noted mark forward, unless somebody else is just doing so."""
    cursor.execute(
        f"""
        UPDATE {schema}.{LOW_WATER} SET position = %(mark)s
        WHERE single IN (SELECT single FROM {schema}.{LOW_WATER} WHERE position < %(mark)s FOR UPDATE SKIP LOCKED)
        """,
        {"mark": mark},
    )


def made_by(cursor: pg.cursor, schema: str) -> int:
    """The generation that made a schema's tables; 0 where that is not known."""
    cursor.execute(f"SELECT made_by FROM {check_identifier(schema)}.{LOW_WATER}")
    row = cursor.fetchone()
    return int(row[0]) if row is not None else 0


def note_made_by(cursor: pg.cursor, schema: str, generation: int) -> None:
    """Note that the tables are of this generation: whoever is of another writes to them no more."""
    cursor.execute(f"UPDATE {schema}.{LOW_WATER} SET made_by = %s WHERE made_by <> %s", (generation, generation))
