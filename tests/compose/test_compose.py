"""There is no container engine where these tests run: what can be held against the code is held against it here.

The same topology runs as processes in ``tests/process``.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT, Settings

TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVICES = sorted(folder.name for folder in (PROJECT / "services").iterdir() if (folder / "__init__.py").exists())
PROCESSES = [*SERVICES, "portal"]
OUTSIDE = ["postgres", "rabbitmq"]
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRET = re.compile(r"KEY|PASSWORD|SECRET|TOKEN|SMTP")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
FILLED_IN = {
    "ADUAN_POSTGRES_PASSWORD": "a1",
    "ADUAN_RABBITMQ_PASSWORD": "b2",
    "ADUAN_MASTER_KEY": new_secret(),
    "ADUAN_SMTP_URL": "smtp://mail:25",
    "ADUAN_MAIL_FROM": "aduan@example.go.id",
}


def _environment(name: str) -> dict[str, str]:
    """What the process finds in its environment once .env is filled in."""

    def value(found: re.Match[str]) -> str:
        return FILLED_IN.get(found[1], (found[3] or "") if found[2] == "-" else "")

    return {key: VARIABLE.sub(value, given) for key, given in CONTAINERS[name]["environment"].items()}


def test_every_service_has_its_container() -> None:
    """A service that is written is also run, and nothing runs that is not written."""
    assert sorted([*OUTSIDE, "migrate", "rights", *PROCESSES]) == sorted(CONTAINERS)
    assert {name: ["serve", name] for name in PROCESSES} == {name: CONTAINERS[name]["command"] for name in PROCESSES}
    assert ["migrate"] == CONTAINERS["migrate"]["command"]


@pytest.mark.parametrize("name", ["migrate", *PROCESSES])
def test_one_image_serves_every_role(name: str) -> None:
    """What is deployed together was built together."""
    assert "." == CONTAINERS[name]["build"]
    assert CONTAINERS["intake"]["image"] == CONTAINERS[name]["image"]


@pytest.mark.parametrize("name", ["migrate", *PROCESSES])
def test_every_process_accepts_its_configuration(name: str) -> None:
    """With .env filled in, the settings find nothing to complain about, and nothing falls back to embedded mode."""
    settings = Settings.from_environment(_environment(name))

    assert not settings.embedded
    assert settings.broker_url.startswith("amqp://aduan:b2@rabbitmq")
    assert settings.database_url.startswith("postgresql://aduan:a1@postgres")


def test_no_secret_has_a_default() -> None:
    """Whoever forgets to set a secret is stopped, instead of running with one that everybody knows."""
    secrets = [found for found in VARIABLE.finditer(TEXT) if SECRET.search(found[1])]

    assert {"ADUAN_MASTER_KEY", "ADUAN_POSTGRES_PASSWORD", "ADUAN_RABBITMQ_PASSWORD", "ADUAN_SMTP_URL"} == {
        found[1] for found in secrets
    }
    assert {("?", True), ("-", False)} >= {(found[2], bool(found[3])) for found in secrets}
    assert [""] * 3 == [EXAMPLE[name] for name in EXAMPLE if re.search("KEY|PASSWORD", name)]


def test_the_example_names_what_must_be_filled_in() -> None:
    """.env.example lists every variable that stops the start when it is missing, and none that nobody reads."""
    used = {found[1] for found in VARIABLE.finditer(TEXT)}
    needed = {found[1] for found in VARIABLE.finditer(TEXT) if found[2] == "?"}

    assert needed <= set(EXAMPLE) <= used
    assert needed <= set(FILLED_IN)


@pytest.mark.parametrize("name", SERVICES)
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
    assert {"BROKER_PASSWORD", "BROKER_ADAPTERS"} == set(rights["environment"])


def test_the_rest_starts_in_order() -> None:
    """The tables are made in a database that answers; the portal opens when all that it asks is ready."""
    healthy = {"condition": "service_healthy"}

    assert {"postgres": healthy} == CONTAINERS["migrate"]["depends_on"]
    assert dict.fromkeys(SERVICES, healthy) == CONTAINERS["portal"]["depends_on"]
    assert "no" == CONTAINERS["migrate"]["restart"]


@pytest.mark.parametrize("name", [*OUTSIDE, *PROCESSES])
def test_everything_that_stays_is_watched(name: str) -> None:
    """Whatever keeps running tells how it is, and comes back when it falls."""
    assert "unless-stopped" == CONTAINERS[name]["restart"]
    assert "CMD" == CONTAINERS[name]["healthcheck"]["test"][0]


@pytest.mark.parametrize("name", PROCESSES)
def test_health_is_asked_where_it_is_told(name: str) -> None:
    """The check asks the readiness page on the port on which the settings put it."""
    settings = Settings.from_environment(_environment(name))
    port = settings.portal_port if name == "portal" else settings.health_port

    assert f"http://127.0.0.1:{port}/readyz" in CONTAINERS[name]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_can_run_more_than_once(name: str) -> None:
    """`--scale routing=3` works: no name and no port of the machine is taken by one container alone."""
    assert {"container_name", "hostname", "ports"}.isdisjoint(CONTAINERS[name])


def test_only_the_portal_can_be_reached_from_outside() -> None:
    """Neither database nor broker nor health page is open to the network around the machine."""
    assert ["portal"] == [name for name, container in CONTAINERS.items() if "ports" in container]


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_must_not_be_lost_lies_on_a_volume(name: str) -> None:
    """A container may be thrown away; the log and the queues may not. And a version is chosen, not drifted into."""
    volume = CONTAINERS[name]["volumes"][0].split(":")[0]

    assert volume in COMPOSE["volumes"]
    assert re.fullmatch(r"\w+:\d[\w.-]*", CONTAINERS[name]["image"])


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
