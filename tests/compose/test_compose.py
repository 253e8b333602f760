"""There is no container engine where these tests run: what can be held against the code is held against it here.

The same topology runs as processes in ``tests/processes``.
"""

import re
from pathlib import Path

import pytest
import yaml

from cli.lifetime import MOST_LEAVE_SECONDS
from shared.platform.settings import PROJECT, Settings
from tests.compose.containers import (
    APART,
    COMPOSE,
    CONTAINERS,
    EXAMPLE,
    FEW,
    FILLED_IN,
    LOGINS,
    OUTSIDE,
    PORTALS,
    PROCESSES,
    SERVICES,
    TEXT,
    VARIABLE,
    WATCH,
    environment,
)


def test_every_service_has_its_container() -> None:
    """A service that is written is also run, once in each profile, and nothing runs that is not written."""
    assert sorted([*OUTSIDE, *WATCH, "calls", "migrate", "rights", *PROCESSES]) == sorted(CONTAINERS)
    assert [["watch"]] * 2 == [CONTAINERS[name]["profiles"] for name in WATCH]
    for profile, containers in (("apart", APART), ("few", FEW)):
        own = {
            name: each["command"]
            for name, each in CONTAINERS.items()
            if each.get("profiles") == [profile] and name != "calls"
        }

        assert {name: ["serve", *services] for name, services in containers.items()} == own
        assert sorted([*SERVICES, "portal", "channels"]) == sorted(
            service for each in own.values() for service in each[1:]
        )
    assert EXAMPLE["COMPOSE_PROFILES"] in ("few", "apart")
    assert ["migrate"] == CONTAINERS["migrate"]["command"]


@pytest.mark.parametrize("name", ["migrate", *PROCESSES])
def test_one_image_serves_every_role(name: str) -> None:
    """What is deployed together was built together."""
    assert {"context": ".", "args": {"EXTRAS": "${ADUAN_EXTRAS:-}"}} == CONTAINERS[name]["build"]
    assert CONTAINERS["intake"]["image"] == CONTAINERS[name]["image"]


@pytest.mark.parametrize("name", ["migrate", *PROCESSES])
def test_every_process_accepts_its_configuration(name: str, secrets: Path) -> None:
    """With .env and secrets filled in, the settings find nothing to complain about, and nothing is embedded."""
    settings = Settings.from_environment(environment(name, secrets))
    login = "aduan_owner" if name == "migrate" else f"aduan_{LOGINS.get(name, name)}"

    assert not settings.embedded
    assert re.fullmatch(r"amqp://aduan:\w{48}@rabbitmq:5672//", settings.broker_url)
    assert re.fullmatch(rf"postgresql://{login}:\w{{48}}@postgres:5432/aduan", settings.database_url)
    assert ("smtp://mail:25" if name in ("notify", "back") else "") == settings.smtp_url


def test_the_example_names_what_must_be_filled_in() -> None:
    """.env.example lists every variable that stops the start when it is missing, and none that nobody reads."""
    used = {found[1] for found in VARIABLE.finditer(TEXT)}
    needed = {found[1] for found in VARIABLE.finditer(TEXT) if found[2] == "?"}

    assert needed <= set(EXAMPLE) - {"COMPOSE_PROFILES"} <= used  # compose itself reads that one
    assert needed <= set(FILLED_IN)


@pytest.mark.parametrize("name", [*SERVICES, "back"])
def test_services_start_when_what_they_need_is_healthy(name: str) -> None:
    """No service meets a database without its tables, or a broker that does not answer yet; sla its key is made."""
    key = {"calls": {"condition": "service_completed_successfully"}} if name == "sla" else {}
    assert {
        **key,
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
    settings = Settings.from_environment(environment(name, secrets))
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
