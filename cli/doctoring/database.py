"""The database: that it answers and takes writes, who we are in it, its tables, and the keys in its vault."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

from cli.doctoring.line import FAIL, Diagnosis, failed, graded, warned, well
from cli.doctoring.place import Installed
from cli.failures import sentence
from shared.application.service_roles import OWN_SCHEMAS, role_of
from shared.base.clock import SystemClock
from shared.base.errors import AduanError, Unavailable
from shared.base.services import SERVICES
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.migrations import require_migrated
from shared.platform.settings import Settings
from shared.store.projection.outdated import outdated_since
from shared.store.vault.keys import MasterKey

_LEAST: Final = 16
"""PostgreSQL's first version that knows which roles one may act as (``pg_has_role(..., 'SET')``)."""
_MIGRATE: Final = "run aduan migrate as the login that owns the tables"
_SKEW_SECONDS: Final = 2.0
_WRONG_SECONDS: Final = 60.0
_FULL: Final = (0.8, 0.95)

_OWN_ROLES: Final = """
    SELECT rolname::text FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(session_user, oid, 'USAGE') ORDER BY 1
"""
_SERVER: Final = """
    SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000,
           current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery(),
           pg_size_pretty(pg_database_size(current_database())),
           extract(epoch FROM clock_timestamp())::float8
"""
_PLACES: Final = """
    SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""
_LOGIN: Final = """
    SELECT session_user::text, rolsuper,
           EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s)
      FROM pg_roles WHERE rolname = session_user
"""

_ARRIVING: Final = "SELECT tenant, other FROM eventstore.moves WHERE state = 'arriving' ORDER BY tenant"


def database_lines(found: Installed) -> Iterator[Diagnosis]:
    """What can be told of the database. Ends at the first fault behind which nothing else can be seen."""
    with closing(Database(found.settings.database_url, pool_size=1)) as own:
        try:
            with own.autocommit() as cursor:
                yield from _server(cursor, found)
                yield (login := _login(cursor, found.settings))
        except Unavailable as error:
            yield failed("database", sentence(error), "start PostgreSQL, and compare ADUAN_DATABASE_URL")
            return
        if login.state == FAIL:
            return
    with closing(Database(found.settings.database_url, pool_size=1, role=APPLICATION_ROLE)) as database:
        migrations = _migrations(database)
        yield migrations
        if migrations.state == FAIL:
            return
        with database.autocommit() as cursor:
            yield _master_key(cursor, found.settings)
            yield _tables(cursor)
            yield from _moves(cursor)


def _server(cursor: Any, found: Installed) -> Iterator[Diagnosis]:
    cursor.execute(_SERVER)
    version, release, read_only, size, instant = cursor.fetchone()
    if read_only:
        yield failed(
            "database",
            f"PostgreSQL {version} takes no writes: it is a standby, or read-only",
            "name the primary in ADUAN_DATABASE_URL, or end default_transaction_read_only",
        )
    elif release < _LEAST:
        yield failed("database", f"PostgreSQL {version} is too old", f"bring it to {_LEAST} or later")
    else:
        yield well("database", f"PostgreSQL {version} answers and takes writes; {size}")
    if not found.settings.embedded:
        yield _clock(instant)
    cursor.execute(_PLACES)
    used, most = cursor.fetchone()
    yield graded(
        "database.connections",
        used / most,
        f"{used} of {most} in use",
        "raise max_connections, or lower ADUAN_POOL_SIZE or the number of processes",
        warn=_FULL[0],
        fail=_FULL[1],
    )


def _clock(instant: float) -> Diagnosis:
    apart = abs(SystemClock().now().timestamp() - instant)
    return graded(
        "database.clock",
        apart,
        f"the database's clock and this machine's are {apart:.1f} s apart",
        "let both machines follow the same time server: due times are reckoned by one, leases by the other",
        warn=_SKEW_SECONDS,
        fail=_WRONG_SECONDS,
    )


def _login(cursor: Any, settings: Settings) -> Diagnosis:
    check = "database.roles"
    cursor.execute(_LOGIN, {"role": APPLICATION_ROLE})
    login, superuser, there = cursor.fetchone()
    if not there:
        return failed(check, f"there is no role {APPLICATION_ROLE}: aduan migrate makes it", _MIGRATE)
    cursor.execute("SELECT pg_has_role(session_user, %s, 'SET')", (APPLICATION_ROLE,))
    [(may,)] = cursor.fetchall()
    cursor.execute(_OWN_ROLES, ([role_of(each) for each in OWN_SCHEMAS],))
    own = [name for (name,) in cursor.fetchall()]
    if not may and own:
        return well(check, f"{login} acts for {', '.join(own)}, and sees no more than these may")
    if not may:
        return failed(
            check,
            f"the login {login} is no service's, and may not act as {APPLICATION_ROLE}",
            f"GRANT {APPLICATION_ROLE} TO {login}, or log in as a service; see deploy/postgres/roles.sh",
        )
    if superuser and not settings.embedded:
        return warned(
            check,
            f"the login {login} is a superuser: who gets hold of a service may do everything",
            "give it a login of its own, as deploy/postgres/roles.sh makes them",
        )
    return well(check, f"{login} may act as {APPLICATION_ROLE}")


def _migrations(database: Database) -> Diagnosis:
    try:
        require_migrated(database)
    except AduanError as error:
        return failed("database.migrations", sentence(error), _MIGRATE)
    return well("database.migrations", "all steps are taken, and no column is missing")


def _tables(cursor: Any) -> Diagnosis:
    outdated = [name for name in SERVICES if outdated_since(cursor, name)]
    if outdated:
        return warned(
            "database.tables",
            f"the tables of {', '.join(outdated)} are of an older version",
            "run aduan migrate: it makes them anew from the log",
        )
    return well("database.tables", "of this version")


def _moves(cursor: Any) -> Iterator[Diagnosis]:
    """What `aduan tenant move` has begun and not finished; where it was killed, only this database may still say so."""
    cursor.execute(_ARRIVING)
    for tenant, other in cursor.fetchall():
        yield warned(
            "database.moves",
            f"{tenant} is on its way here from {other}; this database does not serve it, and that one may not any more",
            f"go on there: aduan tenant move {tenant} --to this database --finish, or --undo in its place",
        )


def _master_key(cursor: Any, settings: Settings) -> Diagnosis:
    check = "master_key"
    cursor.execute("SELECT session_user::text, has_table_privilege(session_user, 'vault.keys', 'SELECT')")
    login, reads = cursor.fetchone()
    if not settings.has_master_key:
        return well(check, "none is given: this process opens nothing, and seals its calls by ADUAN_CALLS_KEY")
    if not reads:
        return warned(
            check,
            f"given, although the login {login} may not read the vault's keys and opens nothing",
            "give this process ADUAN_CALLS_KEY (aduan secret --calls) in place of ADUAN_MASTER_KEY",
        )
    present = MasterKey.from_text(settings.master_key)
    given = {each.id: each for each in map(MasterKey.from_text, (*settings.former_master_keys, settings.master_key))}
    cursor.execute("SELECT id, check_value FROM vault.masters")
    known = {each: bytes(value) for each, value in cursor.fetchall()}
    lacking = sorted(each for each, value in known.items() if each not in given or not given[each].confirms(value))
    if lacking:
        return failed(
            check,
            f"the vault's keys are wrapped by {', '.join(lacking)}, and the key given is {present.id}",
            "put the lost key back into ADUAN_MASTER_KEY or ADUAN_FORMER_MASTER_KEYS (embedded: the file master.key)",
        )
    former = sorted(set(known) - {present.id})
    if former:
        return warned(check, f"{', '.join(former)} still wraps keys of dossiers", "run aduan key rotate to its end")
    return well(check, f"{present.id} opens what lies in the vault" if known else "the vault is empty")
