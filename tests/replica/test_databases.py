"""Five governments over three databases: one setting says which lies where."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from portal.elsewhere import by_tenant
from shared.application.bootstrap import bootstrap, require_fit
from shared.base.errors import Conflict
from shared.platform.secret import new_secret
from shared.platform.settings import Settings, SettingsError
from tests.cli.command import aduan
from tests.fixtures.broker import OutsideBroker
from tests.fixtures.places import fast_directory
from tests.fixtures.postgres import fresh_database
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually, free_ports
from tests.journey.installation import ADMIN, Api
from tests.processes.cluster import READY_SECONDS, Member
from tests.replica.postgres import PostgresNode

GOVERNMENTS = ("cilacap", "bantul", "majalengka", "trenggalek", "cirebon")
MAIN, SECOND, THIRD = ("cilacap", "trenggalek"), ("bantul", "majalengka"), ("cirebon",)
SERVING = ("serve", "intake", "routing", "sla", "notify", "reporting")
WHOLE = {
    "ADUAN_DATABASE_URL": "postgresql://a@db/a",
    "ADUAN_BROKER_URL": "amqp://b//",
    "ADUAN_MASTER_KEY": new_secret(),
}


def lines(*databases: tuple[tuple[str, ...], str, str]) -> str:
    """The setting."""
    return "\n".join(f"{' '.join(tenants)} = {database} {broker}" for tenants, database, broker in databases)


def test_the_setting_says_which_lies_where() -> None:
    """A line for each database; blank lines and remarks count for nothing; addresses are not shown."""
    given = "# second\n\nbantul cirebon = postgresql://a:hunter2@db2/a?sslmode=require amqp://b/second\n"
    settings = Settings.from_environment({**WHOLE, "ADUAN_DATABASES": given})

    assert {"bantul", "cirebon"} == settings.elsewhere
    assert "" == settings.databases[0].read_database_url
    assert "postgresql://a:hunter2@db2/a?sslmode=require" == settings.databases[0].database_url
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("bantul", "line 1"),
        ("bantul = postgresql://a:hunter2@db2/a", "line 1"),
        ("bantul = postgresql://a/2 amqp://b/2 http://c", "line 1"),
        ("bantul = postgresql://a/2 amqp://b/2 postgresql://c/2 postgresql://d/2", "line 1"),
        ("# x\nbantul = mysql://a:hunter2@db2/a amqp://b/2", "line 2"),
        ("bantul = postgresql://a:hunter2@db2/a http://b", "line 1"),
        ("ban/tul = postgresql://a:hunter2@db2/a amqp://b/2", "line 1"),
        ("= postgresql://a:hunter2@db2/a amqp://b/2", "line 1"),
        ("bantul = postgresql://a/2 amqp://b/2\nbantul = postgresql://a/3 amqp://b/3", "same government"),
        ("bantul = postgresql://a/2 amqp://b/2\ncirebon = postgresql://a/2 amqp://b/3", "same database"),
        ("bantul = postgresql://a/2 amqp://b/2\ncirebon = postgresql://a/3 amqp://b/2", "same virtual host"),
        ("bantul = postgresql://a/2 amqp://b/2\ncirebon = postgres://x:y@a:5432/2 amqp://b/3", "same database"),
        ("bantul = postgresql://a/2 amqp://b:5672/2\ncirebon = postgresql://a/3 amqp://c/2;amqp://b/2", "same virtual"),
        ("bantul = postgresql://db/a amqp://b/2", "ADUAN_DATABASE_URL"),
        ("bantul = postgresql://other:hunter2@db:5432/a?sslmode=require amqp://b/2", "ADUAN_DATABASE_URL"),
        ("bantul = postgresql://db,db2/a amqp://b/2", "ADUAN_DATABASE_URL"),
        ("bantul = postgresql://db/2 amqp://b//", "ADUAN_BROKER_URL"),
        ("bantul = postgresql://db/2 amqp://c:1//;amqp://other:hunter2@b:5672//", "ADUAN_BROKER_URL"),
    ],
)
def test_a_wrong_setting_is_told_by_its_line(given: str, what: str) -> None:
    """What is wrong and where, never what may be secret."""
    with pytest.raises(SettingsError) as told:
        Settings.from_environment({**WHOLE, "ADUAN_DATABASES": given})

    said = str(told.value)
    assert (True, True, False) == (what in said, "ADUAN_DATABASES" in said, "hunter2" in said)


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/", b"", "nobody"),
        ("/healthz", b"", "nobody"),
        ("/api/v1/bantul/complaints", b"", "bantul"),
        ("/API/v1/Bantul/complaints", b"", "bantul"),
        ("/bantul/lacak", b"", "bantul"),
        ("/cilacap/bantul", b"", "own"),
        ("/api/v1/nowhere/complaints", b"", "nobody"),
        ("/api/v1/login", b'{"tenant": "bantul", "username": "x"}', "bantul"),
        ("/api/v1/login", b'{"tenant": " BANTUL "}', "bantul"),
        ("/api/v1/login", b'{"tenant": "cilacap"}', "own"),
        ("/api/v1/login", b'{"tenant": ["bantul"]}', "own"),
        ("/api/v1/login", b'{"tenant": "bantul"', "own"),
        ("/api/v1/login", b"[" * 5000, "own"),
    ],
)
def test_a_request_goes_to_its_government(path: str, body: bytes, expected: str) -> None:
    """By the address, or by who logs in; the body is there for whoever answers."""
    read: list[tuple[str, bytes]] = []

    def app(name: str) -> Any:
        def respond(environ: dict[str, Any], _start: Any) -> list[bytes]:
            read.append((name, environ["wsgi.input"].read()))
            return [b""]

        return respond

    routed = by_tenant(app("own"), {"bantul": app("bantul")}, {"cilacap"}, app("nobody"))
    routed({"PATH_INFO": path, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}, None)

    assert [(expected, body)] == read


@pytest.fixture
def three(postgres_url: str, migrated_template: str) -> Iterator[list[str]]:
    """Three databases."""
    made = [fresh_database(postgres_url, migrated_template) for _ in range(3)]
    yield [next(each) for each in made]
    for each in made:
        each.close()


def _environment(urls: list[str], brokers: list[str], **more: str) -> dict[str, str]:
    databases = lines((SECOND, urls[1], brokers[1]), (THIRD, urls[2], brokers[2]))
    own = {"ADUAN_DATABASE_URL": urls[0], "ADUAN_BROKER_URL": brokers[0], "ADUAN_DATABASES": databases}
    return {**own, "ADUAN_MASTER_KEY": WHOLE["ADUAN_MASTER_KEY"], **more}


def test_a_command_works_on_one_database_or_on_all(three: list[str]) -> None:
    """One that fails stops no other; whoever names a government reaches its database; nobody else is served from it."""
    environment = _environment(three, ["amqp://b/1", "amqp://b/2", "amqp://b/3"])
    account = ["--actor", "coordinator", "--password", "rahasia sekali", "--tenant"]
    added = aduan("at", "bantul", "user", "add", "budi", *account, "bantul", **environment)
    unknown = aduan("at", "jakarta", "migrate", **environment)
    everywhere = aduan("at", "all", "migrate", **{**environment, **_gone(environment, three[1])})
    counts = [_accounts(url) for url in three]

    assert 0 == added.status, added.err
    assert (2, True) == (unknown.status, "no government jakarta" in unknown.err)
    assert [0, 1, 0] == counts
    assert 1 == everywhere.status
    assert ["== cilacap trenggalek", "== bantul majalengka", "== cirebon"] == [
        line for line in everywhere.out.splitlines() if line.startswith("==")
    ]
    assert "failed for: bantul majalengka" in everywhere.err


def test_a_database_of_others_is_not_served(three: list[str]) -> None:
    """Two sets of services on one log would each act on it; whoever is not meant is told before anything happens."""
    with psycopg2.connect(three[0]) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO intake.ticket_numbers (tenant, year, last) VALUES ('cirebon', 2026, 1)")
    given = {**_environment(three, ["amqp://b/1", "amqp://b/2", "amqp://b/3"])}
    runtime = bootstrap(Settings.from_environment(given))
    try:
        with pytest.raises(Conflict, match="database_of_others"):
            require_fit(runtime)
    finally:
        runtime.database.close()
        connection.close()


def test_a_standby_of_each_database_is_read_from(three: list[str]) -> None:
    """Commands and services of a database get its own standby and no other's, whichever database that is."""
    environment = _environment(three, ["amqp://b/1", "amqp://b/2", "amqp://b/3"], ADUAN_READ_DATABASE_URL=three[0])
    environment["ADUAN_DATABASES"] = environment["ADUAN_DATABASES"].replace("amqp://b/2", f"amqp://b/2 {three[1]}")
    told = {
        name: aduan("at", name, "doctor", "--only", "database", **environment).out
        for name in ("cilacap", "bantul", "cirebon")
    }

    assert [True, True, False] == ["standby" in each for each in told.values()], told


def _gone(environment: dict[str, str], url: str) -> dict[str, str]:
    return {"ADUAN_DATABASES": environment["ADUAN_DATABASES"].replace(url, "postgresql://nobody@127.0.0.1:1/none")}


def _accounts(url: str) -> int:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity.users")
        [(count,)] = cursor.fetchall()
    connection.close()
    return int(count)


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.process
@pytest.mark.rabbitmq
@pytest.mark.parametrize("which", [2, 0], ids=["a further one", "the first"])
def test_a_database_that_is_away_takes_its_governments_alone(
    three: list[str], rabbitmq: RabbitMQ | OutsideBroker, tmp_path: Path, which: int
) -> None:
    """One portal for all; each log holds its own governments; kill any database, and the others never notice, nor does
    a portal that is started meanwhile.
    """
    third = PostgresNode(fast_directory("aduan-third") / "server")
    vhosts = [rabbitmq.new_vhost() for _ in range(3)]
    third.make()
    third.start()
    urls = [third.url if number == which else url for number, url in enumerate(three)]
    lies_there = (MAIN, SECOND, THIRD)[which]
    elsewhere = [each for each in GOVERNMENTS if each not in lies_there]
    port, *health = free_ports(4)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
        **_environment(urls, [rabbitmq.url_of(each) for each in vhosts]),
        "ADUAN_DATA_DIR": str(tmp_path),
        "ADUAN_POOL_SIZE": "5",
    }
    members = [_member("portal", port, ("serve", "portal"), environment, tmp_path)]
    for name, own in zip(("cilacap", "bantul", "cirebon"), health, strict=True):
        members.append(_member(name, own, ("at", name, *SERVING), environment, tmp_path))
    try:
        migrated = aduan("at", lies_there[0], "migrate", **environment)
        assert 0 == migrated.status, migrated.err
        for member in members:
            member.start()
        for member in members:
            eventually(member.comes, within=READY_SECONDS, every=0.2, what=f"{member.name} ready")
        api = Api(f"http://127.0.0.1:{port}", Settings.from_environment(_only_ours(environment)).token_key)
        eventually(lambda: _notes(members[0]) == ["ok"] * 3, within=READY_SECONDS, what="all databases reached")
        receipts = {tenant: api.file(tenant, message="Jalan rusak") for tenant in GOVERNMENTS}
        tracked = [api.track(tenant, receipts[tenant])["ticket"] for tenant in GOVERNMENTS]
        inbox = api.ok("GET", "/bantul/inbox", ADMIN)["items"]
        held = [_tenants_of(url) for url in urls]
        listed = [each["tenant"] for each in api.ok("GET", "/sops")["items"]]
        third.kill()
        others = [_files(api, each) for each in elsewhere]
        away = _files(api, lies_there[0])
        members[0].tell(signal.SIGTERM)
        members[0].left()
        members[0].start()
        eventually(members[0].comes, within=READY_SECONDS, every=0.2, what="a new portal ready")
        eventually(lambda: _notes(members[0]).count("ok") == 2, within=READY_SECONDS, what="both others reached")
        others += [_files(api, each) for each in elsewhere]
        away_again = _files(api, lies_there[0])
        third.start()
        eventually(lambda: _files(api, lies_there[0]) == 201, within=60, what="the one is back")
    finally:
        for member in members:
            member.tell(signal.SIGTERM)
        for member in members:
            member.left()
        third.stop()
        shutil.rmtree(third.place.parent, ignore_errors=True)
        for each in vhosts:
            rabbitmq.drop_vhost(each)

    assert [receipts[tenant]["ticket"] for tenant in GOVERNMENTS] == tracked
    assert [receipts["bantul"]["ticket"]] == [each["ticket"] for each in inbox]
    assert [set(MAIN), set(SECOND), set(THIRD)] == held
    assert set(GOVERNMENTS) <= set(listed)
    assert [201] * 2 * len(elsewhere) == others
    assert (503, 503) == (away, away_again)


def _files(api: Api, tenant: str) -> int:
    return api.call("POST", f"/{tenant}/complaints", json={"message": "Jalan rusak"}).status_code


def _member(name: str, port: int, arguments: tuple[str, ...], environment: dict[str, str], place: Path) -> Member:
    own = {"ADUAN_PORTAL_PORT": str(port), "ADUAN_HEALTH_PORT": "0" if name == "portal" else str(port)}
    command = [sys.executable, "-m", "cli.main", *arguments]
    return Member(name, port, command, {**environment, **own}, place / f"{name}.log")


def _only_ours(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("ADUAN_")}


def _notes(member: Member) -> list[str]:
    page = member.page("readyz")
    return list(page.json().get("notes", {}).values()) if page is not None else []


def _tenants_of(url: str) -> set[str]:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT state FROM eventstore.events WHERE type = 'ComplaintFiled'")
        found = {json.loads(bytes(state))["tenant"] for (state,) in cursor.fetchall()}
    connection.close()
    return found
