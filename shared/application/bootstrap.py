"""The one place that wires the parts together."""

from shared.application.calendar_drafts import decreed_in
from shared.application.identity.offices import reached_in
from shared.application.procedure_drafts import approved_in, approved_text_in
from shared.application.runtime import Runtime
from shared.base.clock import Clock, SystemClock
from shared.base.errors import Conflict, Unavailable
from shared.base.randomness import Randomness, SystemRandomness
from shared.domain.all_tenants import Tenants
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.database.replica import Replica
from shared.platform.migrations import require_migrated
from shared.platform.settings import Settings
from shared.store.vault.keys import MasterKey
from shared.store.vault.shut import ShutVault
from shared.store.vault.vault import Vault

_OTHERS = """
    SELECT DISTINCT tenant FROM intake.ticket_numbers WHERE tenant <> ALL(%s)
       AND tenant NOT IN (SELECT tenant FROM eventstore.moves WHERE state IN ('moved', 'forgotten')) ORDER BY tenant
"""
_MOVES = "SELECT tenant, state, other FROM eventstore.moves WHERE state <> 'arrived' ORDER BY tenant"
_WAIT_SECONDS = 2.0  # for a connection to the replica: the primary has others


def bootstrap(
    settings: Settings,
    *,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
    role: str | None = APPLICATION_ROLE,
) -> Runtime:
    """Build the runtime of a process.

    :param settings: checked configuration, with a database to connect to.
    :param clock: the machine's clock unless given.
    :param randomness: the operating system's generator unless given.
    :param role: what to act as in the database; none for the login itself, which owns the tables.
    """
    source = randomness or SystemRandomness()
    database = Database(
        settings.database_url,
        pool_size=settings.pool_size,
        role=role,
        statement_seconds=settings.statement_timeout_ms / 1000,
    )
    own_clock = clock or SystemClock()
    return Runtime(
        settings=settings,
        database=database,
        replica=_replica(settings, database, role),
        clock=own_clock,
        randomness=source,
        tenants=Tenants(
            settings.tenants_dir,
            frozenset(settings.tenants),
            settings.elsewhere,
            decreed=decreed_in(database),
            reached=reached_in(database),
            procedures=approved_in(database, own_clock),
            approved_text=approved_text_in(database),
        ),
        vault=_vault(settings, database, source),
    )


def _vault(settings: Settings, database: Database, randomness: Randomness) -> Vault:
    if not settings.has_master_key:
        return ShutVault()
    former = [MasterKey.from_text(each) for each in settings.former_master_keys]
    return Vault(database, MasterKey.from_text(settings.master_key), randomness, former=former)


def _require_own(runtime: Runtime) -> None:
    with runtime.database.autocommit() as cursor:
        cursor.execute(_OTHERS, (list(runtime.tenants.ids()),))
        others = [tenant for (tenant,) in cursor.fetchall()]
    if others:
        raise Conflict("database_of_others", {"tenants": ", ".join(others)})


def _require_at_home(runtime: Runtime) -> None:
    with runtime.database.autocommit() as cursor:
        cursor.execute(_MOVES)
        moves = cursor.fetchall()
    if not moves:
        return
    for tenant, state, other in moves:
        if state == "arriving":
            raise Unavailable("tenant_is_arriving", {"tenant": tenant, "database": other})
        if tenant in runtime.tenants.ids():
            raise Conflict("tenant_moved", {"tenants": tenant, "database": other})


def _replica(settings: Settings, primary: Database, role: str | None) -> Replica | None:
    if not settings.read_database_url:
        return None
    database = Database(
        settings.read_database_url,
        pool_size=settings.pool_size,
        role=role,
        wait_seconds=_WAIT_SECONDS,
        statement_seconds=settings.statement_timeout_ms / 1000,
        writes=False,
    )
    return Replica(database, primary)


def require_fit(runtime: Runtime) -> None:
    """Make sure that this version can work on this database with this key. Asked by every process before it begins.

    :raises Unavailable: if the database cannot be reached, is not migrated yet, or a government is just being brought
        there: it may be later.
    :raises SchemaDiffers: if the database is not what the migrations make.
    :raises WrongMasterKey: if the master key given does not open what lies there.
    :raises Conflict: if complaints lie there of governments that are not to be served from it, or one that is to be
        served from it was taken to another database.
    """
    require_migrated(runtime.database)
    _require_at_home(runtime)
    runtime.vault.admit()
    if runtime.settings.tenants or runtime.settings.databases:
        _require_own(runtime)
