"""What each service may do in the database, where it has a login of its own: read what it reads, write what is its own,
and append to the log only the types of events that it decides.

The logins are made by whoever sets the database up (see ``deploy/postgres/roles.sh``): one of the name of a role here,
or any other that is a member of several. Where there are none, all services share the role ``aduan_app``, which may do
everything that any of them may.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.extras import execute_values
from psycopg2.sql import SQL, Identifier

from shared.application.dossiers.owners import OWNERS
from shared.base.services import SERVICES
from shared.platform.database.locks import WAIT_IN_ORDER, Lock
from shared.platform.database.tables import table_named

_OWN: Final = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE"
_APPEND: Final = "eventstore.append(uuid,integer,text,bytea,uuid[],integer[],text[],bytea[])"
_KEYS: Final = "SELECT, INSERT, DELETE"

OWN_SCHEMAS: Final[Mapping[str, Sequence[str]]] = {
    **{service: (service,) for service in SERVICES},
    "portal": ("identity", "citizens", "channels"),
    "channels": ("channels",),
}
"""The schemas whose tables a role may write as it likes."""

FURTHER: Final[Mapping[str, Mapping[str, str]]] = {
    "intake": {
        "vault.keys": _KEYS,
        "identity.erasures": "SELECT, UPDATE",
        "readings.readings": "SELECT",
    },
    "routing": {
        "vault.keys": "SELECT",
        "readings.readings": "SELECT, INSERT",
        "identity.answer_words": "SELECT",
    },
    "sla": {"eventstore.checkpoints": "SELECT, INSERT"},
    "notify": {
        "vault.keys": "SELECT",
        "citizens.codes": "SELECT, UPDATE",
        "identity.users": "SELECT (id, tenant, username, actor, agency, admin, disabled, email, phone)",
        "identity.absences": "SELECT",
        "identity.letter_words": "SELECT",
    },
    "reporting": {
        "vault.keys": "SELECT",
        "readings.readings": "SELECT, INSERT",
        "identity.erasures": "SELECT (tenant, ticket, reason, asked_at, done_at)",
        "identity.letter_words": "SELECT",
    },
    "portal": {
        "vault.keys": _KEYS,
        "readings.readings": "SELECT, INSERT",
        **{f"{service}.{table}": "SELECT" for service in SERVICES for table in ("applied", "low_water")},
    },
    "channels": {"vault.keys": _KEYS},
}
"""What a role may do in single tables of others."""

COMMON: Final[Mapping[str, str]] = {
    "eventstore.events": "SELECT",
    "eventstore.moves": "SELECT",
    "eventstore.relay": "SELECT, INSERT, UPDATE",
    "vault.masters": "SELECT, INSERT",
    "messaging.attempts": _OWN,
    "messaging.in_hand": _OWN,
    "messaging.followers": _OWN,
    "identity.calendar_drafts": "SELECT",
    "identity.calendar_decisions": "SELECT",
    "identity.procedure_drafts": "SELECT",
    "identity.procedure_decisions": "SELECT",
    "identity.office_changes": "SELECT",
    "intake.ticket_numbers": "SELECT",  # whose complaints lie here, asked at the start
    "migrations.steps": "SELECT",
    "migrations.columns": "SELECT",
}
"""What every role may do: read the log, say where it stands, and see whether the tables are up to date."""


_STANDS: Final = """
    SELECT obj_description('eventstore.writers'::regclass),
           (SELECT bool_and(has_table_privilege(role, 'eventstore.events', 'SELECT')) FROM unnest(%s::text[]) AS role)
"""
"""What was given last, and whether it is there: a dump restored without rights has the one and not the other."""


def opens_sealed(service: str) -> bool:
    """Whether a service, or one that calls them, opens names and texts, and so needs the master key."""
    return "vault.keys" in FURTHER[service]


def role_of(service: str) -> str:
    """The role of a service, or of one that calls them."""
    return f"aduan_{service}"


def writers() -> list[tuple[str, str]]:
    """Which type may be appended by which role."""
    return sorted((name, role_of(service)) for name, services in OWNERS.items() for service in services)


def give_rights(cursor: Cursor) -> bool:
    """Give the roles that there are their rights, if these are not what they were; others than these are taken away.

    :param cursor: of the login that owns the tables, in autocommit, after a migration.
    :returns: whether anything was done.
    """
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", ([role_of(each) for each in OWN_SCHEMAS],))
    there = {name for (name,) in cursor.fetchall()}
    services = [each for each in OWN_SCHEMAS if role_of(each) in there]
    if not services:
        return False
    cursor.execute("SELECT coalesce(string_agg(room || number, ',' ORDER BY room, number), '') FROM migrations.steps")
    [(steps,)] = cursor.fetchall()
    mark = hashlib.sha256(repr((steps, services, OWN_SCHEMAS, FURTHER, COMMON, writers())).encode()).hexdigest()
    cursor.execute(_STANDS, ([role_of(each) for each in services],))
    if cursor.fetchone() == (mark, True):
        return False
    cursor.execute("BEGIN")
    try:
        cursor.execute(WAIT_IN_ORDER, {"lock": int(Lock.MIGRATING), "names": ["rights"]})
        _write(cursor, services, mark)
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
    cursor.execute("COMMIT")
    return True


def _write(cursor: Any, services: Sequence[str], mark: str) -> None:
    # First of all: an automatic vacuum of this table holds it and waits for whoever has changed rights on it, which is
    # this transaction; later on that would wait for the vacuum.
    cursor.execute("COMMENT ON TABLE eventstore.writers IS %s", (mark,))
    cursor.execute("DELETE FROM eventstore.writers")
    execute_values(cursor, "INSERT INTO eventstore.writers (type, role) VALUES %s", writers())
    cursor.execute("SELECT DISTINCT room FROM migrations.steps")
    schemas = [schema for (schema,) in cursor.fetchall()]
    for service in services:
        _give(cursor, service, schemas)


def _give(cursor: Any, service: str, schemas: Sequence[str]) -> None:
    role = Identifier(role_of(service))
    for schema in (*schemas, "migrations"):
        names = {"role": role, "schema": Identifier(schema)}
        for what in ("ALL ON ALL TABLES IN SCHEMA", "ALL ON ALL SEQUENCES IN SCHEMA", "CREATE ON SCHEMA"):
            cursor.execute(SQL(f"REVOKE {what} {{schema}} FROM {{role}}").format(**names))
        cursor.execute(SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names))
    for schema in OWN_SCHEMAS[service]:
        statements = f"""
            GRANT {_OWN} ON ALL TABLES IN SCHEMA {{schema}} TO {{role}};
            GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {{schema}} TO {{role}};
        """
        cursor.execute(SQL(statements).format(role=role, schema=Identifier(schema)))
    for table, rights in {**COMMON, **FURTHER[service]}.items():
        cursor.execute(SQL(f"GRANT {rights} ON {{table}} TO {{role}}").format(table=table_named(table), role=role))
    cursor.execute(SQL("GRANT EXECUTE ON FUNCTION eventstore.settling_seconds() TO {}").format(role))
    appends = any(service in owners for owners in OWNERS.values())
    how = "GRANT EXECUTE ON FUNCTION {} TO {}" if appends else "REVOKE ALL ON FUNCTION {} FROM {}"
    cursor.execute(SQL(how).format(SQL(_APPEND), role))
