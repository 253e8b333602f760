"""What PostgreSQL knows of a table beyond its columns, so that a copy can take its place unnoticed."""

from collections import defaultdict
from dataclasses import dataclass

from psycopg2 import extensions as pg
from psycopg2 import sql

_OBSTACLES = """
    SELECT 'foreign key ' || conname FROM pg_constraint
        WHERE contype = 'f' AND (conrelid = %(table)s::regclass OR confrelid = %(table)s::regclass)
    UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal
    UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite WHERE ev_class = %(table)s::regclass
    UNION ALL SELECT 'policy ' || polname FROM pg_policy WHERE polrelid = %(table)s::regclass
    UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext WHERE stxrelid = %(table)s::regclass
    UNION ALL SELECT 'partitioning' FROM pg_class WHERE oid = %(table)s::regclass AND (relkind <> 'r' OR relispartition)
"""

_SHAPE = """
    SELECT 'column ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull
           || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') || coalesce(' ' || attacl::text, '')
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %(table)s::regclass
    UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %(table)s::regclass
    UNION ALL SELECT concat_ws(' ', pg_get_userbyid(relowner), relacl, reloptions) FROM pg_class
        WHERE oid = %(table)s::regclass
    ORDER BY 1
"""

_INDEXES = """
    SELECT c.relname, coalesce(con.contype::text, '') || indisunique::text || indisvalid::text
           || substring(pg_get_indexdef(indexrelid) FROM ' USING .*')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid
    WHERE indrelid = %s::regclass ORDER BY 1
"""

_GRANTS = """
    SELECT NULL, privilege_type, CASE grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(grantee) END, is_grantable
        FROM pg_class, aclexplode(relacl) WHERE oid = %(table)s::regclass AND grantee <> relowner
    UNION ALL
    SELECT attname, privilege_type, CASE grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(grantee) END, is_grantable
        FROM pg_attribute, aclexplode(attacl) WHERE attrelid = %(table)s::regclass AND NOT attisdropped
"""

_SEQUENCES = """
    SELECT s.oid::regclass::text, a.attname
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
         JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = %s::regclass AND d.deptype = 'a'
"""

_VIEWS = """
    SELECT DISTINCT n.nspname, v.relname, pg_get_userbyid(v.relowner), v.relkind = 'v',
           pg_get_viewdef(v.oid), coalesce(v.reloptions, '{}')
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
         JOIN pg_namespace n ON n.oid = v.relnamespace
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = ANY(%s::regclass[]) AND v.oid <> d.refobjid
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class View:
    """A view that reads one of the tables directly.

    :param plain: false for a materialized view, which cannot be pointed at another table.
    :param definition: its query; names are qualified as far as the search path at reading demanded.
    :param options: as ``CREATE VIEW ... WITH`` takes them.
    """

    schema: str
    name: str
    owner: str
    plain: bool
    definition: str
    options: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        """Its qualified name."""
        return sql.Identifier(self.schema, self.name)


def obstacles(cursor: pg.cursor, table: str) -> list[str]:
    """What a copy made by ``LIKE`` would lack or break, in words."""
    cursor.execute(_OBSTACLES, {"table": table})
    return [row[0] for row in cursor.fetchall()]


def shape(cursor: pg.cursor, table: str) -> list[str]:
    """Everything that a migration may change about a table, for comparing before and after on one search path."""
    cursor.execute(_SHAPE, {"table": table})
    return [row[0] for row in cursor.fetchall()]


def views_on(cursor: pg.cursor, tables: list[str]) -> list[View]:
    """The views that read any of the tables directly, of whatever schema, in the order of their names."""
    cursor.execute(_VIEWS, (tables,))
    return [
        View(schema, name, owner, plain, definition, tuple(options))
        for schema, name, owner, plain, definition, options in cursor.fetchall()
    ]


def owned_sequences(cursor: pg.cursor, table: str) -> list[tuple[str, str]]:
    """Sequences that would be dropped with the table (``serial``), and the columns that own them."""
    cursor.execute(_SEQUENCES, (table,))
    return [(row[0], row[1]) for row in cursor.fetchall()]


def copy_table(cursor: pg.cursor, schema: str, name: str, into: str) -> None:
    """Make an empty table like another, of the same name in another schema, with all that matters in daily use.

    Columns, defaults, constraints and indexes with their names, storage options, owner and grants.

    :raises LookupError: if the indexes of the copy cannot be paired with those of the original.
    """
    old, new = sql.Identifier(schema, name), sql.Identifier(into, name)
    cursor.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(new, old))
    _name_indexes(cursor, schema, name, into)
    cursor.execute(
        "SELECT pg_get_userbyid(relowner), reloptions FROM pg_class WHERE oid = %s::regclass", (f"{schema}.{name}",)
    )
    owner, options = cursor.fetchall()[0]
    if options:
        cursor.execute(sql.SQL("ALTER TABLE {} SET ({})").format(new, sql.SQL(", ".join(options))))
    cursor.execute(_GRANTS, {"table": f"{schema}.{name}"})
    for column, privilege, grantee, grantable in cursor.fetchall():
        cursor.execute(
            sql.SQL("GRANT {}{} ON {} TO {}{}").format(
                sql.SQL(privilege),
                sql.SQL(" ({})").format(sql.Identifier(column)) if column else sql.SQL(""),
                new,
                sql.Identifier(grantee) if grantee else sql.SQL("PUBLIC"),
                sql.SQL(" WITH GRANT OPTION" if grantable else ""),
            )
        )
    cursor.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(new, sql.Identifier(owner)))


def _name_indexes(cursor: pg.cursor, schema: str, name: str, into: str) -> None:
    """``LIKE`` invents names for indexes. Give them those of the original: the next rebuild, and errors, know them."""
    wanted, given = (_indexes(cursor, f"{where}.{name}") for where in (schema, into))
    if {key: len(names) for key, names in wanted.items()} != {key: len(names) for key, names in given.items()}:
        raise LookupError(f"the indexes of {schema}.{name} cannot all be copied: is one of them invalid?")
    pairs = [pair for key in wanted for pair in zip(given[key], wanted[key], strict=True) if pair[0] != pair[1]]
    steps = [(is_now, f"_{number}") for number, (is_now, _) in enumerate(pairs)]
    steps += [(f"_{number}", to_be) for number, (_, to_be) in enumerate(pairs)]
    for is_now, to_be in steps:  # by way of numbers, since one may want the name that another still has
        cursor.execute(
            sql.SQL("ALTER INDEX {} RENAME TO {}").format(sql.Identifier(into, is_now), sql.Identifier(to_be))
        )


def _indexes(cursor: pg.cursor, table: str) -> dict[str, list[str]]:
    cursor.execute(_INDEXES, (table,))
    names = defaultdict(list)
    for name, definition in cursor.fetchall():
        names[definition].append(name)
    return names
