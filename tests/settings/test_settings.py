import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.platform.secret import new_secret
from shared.platform.settings import COMMAND_VARIABLES, PROJECT, Settings, SettingsError
from tests.cli.leaves import LEAVES, Leaf, command_of

OUTSIDE = {
    "ADUAN_DATABASE_URL": "postgresql://aduan:hunter2@db/aduan",
    "ADUAN_BROKER_URL": "amqp://aduan:hunter2@broker//",
    "ADUAN_MASTER_KEY": new_secret(),
}


def test_nothing_set_is_embedded() -> None:
    """A newcomer sets nothing and gets a system that brings its own parts."""
    settings = Settings.from_environment({"PATH": "/bin"})

    assert (True, "memory://", "") == (settings.embedded, settings.broker_url, settings.database_url)


def test_a_named_database_ends_embedded_mode() -> None:
    """With a database named, what was set is taken as it is."""
    settings = Settings.from_environment(OUTSIDE)

    assert not settings.embedded
    assert OUTSIDE["ADUAN_MASTER_KEY"] == settings.master_key
    assert OUTSIDE["ADUAN_BROKER_URL"] == settings.broker_url


@pytest.mark.parametrize("name", ["ADUAN_MASTER_KEY", "ADUAN_BROKER_URL"])
def test_outside_embedded_mode_nothing_is_guessed(name: str) -> None:
    """A missing key or broker stops the start, with the variable's name and the remedy."""
    environ = {key: value for key, value in OUTSIDE.items() if key != name}

    with pytest.raises(SettingsError, match=rf"{name} is not set.*(aduan secret|name a RabbitMQ)"):
        Settings.from_environment(environ)


def test_all_faults_are_told_at_once() -> None:
    """Whoever sets up an installation is not sent round once per mistake."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"ADUAN_POOL_SIZE": "many", "ADUAN_LOG_LEVEL": "LOUD", "ADUAN_DATABSE_URL": "x"})

    assert [
        "ADUAN_DATABSE_URL is not a variable of Aduan; did you mean ADUAN_DATABASE_URL?",
        "ADUAN_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, and is 'LOUD'",
        "ADUAN_POOL_SIZE must be a whole number, and is 'many'",
    ] == caught.value.faults


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADUAN_DATABASE_URL", "mysql://hunter2"),
        ("ADUAN_BROKER_URL", "http://hunter2"),
        ("ADUAN_MASTER_KEY", "hunter2"),
        ("ADUAN_SMTP_URL", "ftp://hunter2"),
    ],
)
def test_a_fault_does_not_quote_a_secret(name: str, value: str) -> None:
    """Error texts end up in logs and tickets."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({**OUTSIDE, name: value})

    assert name in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_cluster_is_named_by_all_its_nodes() -> None:
    """Several URLs with semicolons between them; each is looked at like a single one."""
    nodes = "amqp://aduan:x@one//;amqp://aduan:x@two//"

    assert nodes == Settings.from_environment({**OUTSIDE, "ADUAN_BROKER_URL": nodes}).broker_url
    with pytest.raises(SettingsError, match="ADUAN_BROKER_URL"):
        Settings.from_environment({**OUTSIDE, "ADUAN_BROKER_URL": f"{nodes};http://three"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("ADUAN_FILES_URL", each)
            for each in ("s3://", "file://", "file:/a", "file://b/a", "postgresql://a/b", "s3://[")
        ),
        *(
            ("ADUAN_SCAN_CLAMD", each)
            for each in ("clamd:3310", "tcp://", "tcp://a:99999", "unix://", "tcp://[", "3310")
        ),
        ("ADUAN_SCAN_COMMAND", "clamdscan '--no-summary -"),
        *(("ADUAN_DATABASE_URL", f"postgresql://a:b@c:{port}/d") for port in ("99999", "0", "5432,e:70000", "x")),
        ("ADUAN_READ_DATABASE_URL", "postgresql://a:b@c:99999/d"),
    ],
)
def test_an_address_that_leads_nowhere_stops_the_start(name: str, value: str) -> None:
    """Not hours later, when the first file comes, or never, by waiting for what cannot be there."""
    with pytest.raises(SettingsError, match=f"{name} must "):
        Settings.from_environment({**OUTSIDE, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("ADUAN_FILES_URL", each) for each in ("file:///srv/a", "/srv/a", "files", "s3://a/b?endpoint=https://c")),
        *(("ADUAN_SCAN_CLAMD", each) for each in ("tcp://clamd", "tcp://[::1]:3310", "unix:///run/clamav/clamd.ctl")),
        ("ADUAN_SCAN_COMMAND", "clamdscan --no-summary -"),
        *(("ADUAN_DATABASE_URL", f"postgresql://a:b@{each}/d") for each in ("c", "c:1", "c:5432,e", "c:5432,e:5433")),
        ("ADUAN_DATABASE_URL", "postgresql:///d?host=/run/postgresql"),
    ],
)
def test_an_address_that_may_lead_somewhere_is_taken(name: str, value: str) -> None:
    """As the documents write it, and as it is written elsewhere."""
    Settings.from_environment({**OUTSIDE, name: value})


@pytest.mark.parametrize("value", ["0", "201", "1.5", ""])
def test_numbers_have_bounds(value: str) -> None:
    """A number out of its bounds is refused, and an empty variable counts as not set."""
    if not value:
        assert 10 == Settings.from_environment({"ADUAN_POOL_SIZE": value}).pool_size
        return
    with pytest.raises(SettingsError, match="ADUAN_POOL_SIZE"):
        Settings.from_environment({"ADUAN_POOL_SIZE": value})


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    """Container platforms hand out secrets as files."""
    file = tmp_path / "key"
    file.write_text(OUTSIDE["ADUAN_MASTER_KEY"] + "\n")
    environ = {**OUTSIDE, "ADUAN_MASTER_KEY_FILE": str(file)}
    del environ["ADUAN_MASTER_KEY"]

    assert OUTSIDE["ADUAN_MASTER_KEY"] == Settings.from_environment(environ).master_key
    with pytest.raises(SettingsError, match="both set"):
        Settings.from_environment({**environ, "ADUAN_MASTER_KEY": new_secret()})
    with pytest.raises(SettingsError, match="ADUAN_MASTER_KEY"):
        Settings.from_environment({**environ, "ADUAN_MASTER_KEY_FILE": str(tmp_path / "none")})


def test_the_embedded_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    """Data of an embedded installation stay readable after a restart, and the key's file is private."""
    first = Settings.from_environment({"ADUAN_DATA_DIR": str(tmp_path / "data")})
    second = dataclasses.replace(first, database_url="postgresql://somewhere")

    assert first.master_key == second.master_key
    assert second.embedded
    assert 0o600 == (tmp_path / "data" / "master.key").stat().st_mode & 0o777
    assert ["master.key"] == [file.name for file in (tmp_path / "data").iterdir()]


def test_tokens_are_signed_with_a_key_of_their_own() -> None:
    """The signing key follows from the master key, differs from it, and differs between installations."""
    one = Settings.from_environment(OUTSIDE)
    again = Settings.from_environment(OUTSIDE)
    other = Settings.from_environment({**OUTSIDE, "ADUAN_MASTER_KEY": new_secret()})

    assert one.token_key == again.token_key
    assert 32 == len(one.token_key)
    assert 3 == len({one.token_key, other.token_key, one.master_key.encode()})


def test_secrets_stay_out_of_sight() -> None:
    """Printing the settings shows no password and no key."""
    shown = repr(Settings.from_environment(OUTSIDE))

    assert "hunter2" not in shown
    assert OUTSIDE["ADUAN_MASTER_KEY"] not in shown


def test_the_documentation_is_the_code() -> None:
    """docs/configuration.md holds exactly the table that the settings themselves give."""
    page = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")

    written = [line for line in page.splitlines() if line.startswith("|")]
    assert Settings.documentation().splitlines() == written


def _kubernetes(service: str) -> dict[str, str]:
    """What every container of a cluster gets for a service of that name, with one named port."""
    name = service.upper().replace("-", "_")
    address = "tcp://10.0.0.1:8000"
    return {
        f"{name}_SERVICE_HOST": "10.0.0.1",
        f"{name}_SERVICE_PORT": "8000",
        f"{name}_SERVICE_PORT_HTTP": "8000",
        f"{name}_PORT": address,
        f"{name}_PORT_8000_TCP": address,
        f"{name}_PORT_8000_TCP_PROTO": "tcp",
        f"{name}_PORT_8000_TCP_PORT": "8000",
        f"{name}_PORT_8000_TCP_ADDR": "10.0.0.1",
    }


def _link(alias: str) -> dict[str, str]:
    """What a linked container gets besides."""
    name = alias.upper().replace("-", "_")
    return {
        f"{name}_NAME": f"/web/{alias}",
        f"{name}_ENV_POSTGRES_PASSWORD": "hunter2",
        f"{name}_PORT": "udp://172.17.0.5:53",
        f"{name}_PORT_53_UDP": "udp://172.17.0.5:53",
    }


@pytest.mark.parametrize(
    "service",
    ["aduan", "aduan-portal", "aduan-health", "aduan-db", "aduan-1", "aduan-intake-web", "aduan-smtp", "aduan-broker"],
)
@pytest.mark.parametrize("names", [_kubernetes, _link], ids=["a cluster's service", "a link"])
def test_a_neighbours_names_are_none_of_ours(service: str, names: Callable[[str], dict[str, str]]) -> None:
    """A service called `aduan` or `aduan-...` does not keep any process from starting, nor change a setting of it."""
    assert Settings.from_environment(OUTSIDE) == Settings.from_environment({**OUTSIDE, **names(service)})


@pytest.mark.parametrize("name", ["ADUAN_PORTAL_PRT", "ADUAN_HELTH_PORT", "ADUAN_MAIL_NAME", "ADUAN_POOLSIZE"])
def test_a_mistyped_setting_is_still_told(name: str) -> None:
    """Only what a cluster writes is passed over: by its name, and where a setting could be named so, by its value."""
    with pytest.raises(SettingsError, match=f"{name} is not a variable"):
        Settings.from_environment({**OUTSIDE, name: "8080"})


@pytest.mark.parametrize("name", ["ADUAN_PORTAL_PORT", "ADUAN_HEALTH_PORT"])
def test_a_port_that_is_a_port_is_taken(name: str) -> None:
    """A setting that shares its name with a cluster's is still ours when it holds what we asked for."""
    settings = Settings.from_environment({**OUTSIDE, name: "9090"})

    assert 9090 in {settings.portal_port, settings.health_port}


def test_commands_may_read_their_own_variables() -> None:
    """What an option of a command takes from the environment is no mistyped setting."""
    read = {each for leaf in LEAVES for each in _variables(leaf) if each.startswith("ADUAN_")}

    assert read == COMMAND_VARIABLES
    Settings.from_environment({**OUTSIDE, **dict.fromkeys(read, "x")})


def _variables(leaf: Leaf) -> Iterator[str]:
    for each in command_of(leaf).params:
        variables = each.envvar or ()
        yield from [variables] if isinstance(variables, str) else variables


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://aduan.example", True),
        ("https://192.0.2.7:8443/aduan", True),
        ("http://localhost:8000", True),
        ("http://aduan.localhost", True),
        ("http://127.0.0.1:8000", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8000", True),
        ("http://aduan.example", False),
        ("http://192.0.2.7:8000", False),
        ("http://localhost.example", False),
        ("http://127.0.0.1.example", False),
        ("http://notlocalhost", False),
        ("http://[2001:db8::1]", False),
        ("ftp://localhost", False),
    ],
)
def test_without_tls_the_portal_is_this_machines_only(given: str, taken: bool) -> None:
    """Elsewhere browsers would keep no log-in: it is said at the start, not by forms that never work."""
    if taken:
        assert given == Settings.from_environment({**OUTSIDE, "ADUAN_PUBLIC_URL": given}).public_url
        return
    with pytest.raises(SettingsError, match="ADUAN_PUBLIC_URL must"):
        Settings.from_environment({**OUTSIDE, "ADUAN_PUBLIC_URL": given})
