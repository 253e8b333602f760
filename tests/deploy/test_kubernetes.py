"""What is handed to a cluster: it is what Kubernetes takes, it names what the product has, and it keeps its promises.

There is no cluster where these tests run. The published schemas of Kubernetes are held against it, and our own code.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import kubernetes_validate
import promql_parser
import pytest
import yaml
from click.testing import CliRunner

from cli.commands import aduan
from cli.lifetime import MOST_LEAVE_SECONDS
from shared.application.service_roles import opens_sealed
from shared.base.services import SERVICES
from shared.messaging.wire.topology import dead_queue, own_queue, submission_queue
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from tests.deploy.kustomize import ROOT, Resource, built, put_together
from tests.deploy.test_watching import EXPOSED, _selectors
from tests.tamper.logins import login_of

OVERLAYS = ("apart", "few")
KUBERNETES = ("1.30", "1.34")
"""The oldest that we say works, and one of now."""
CONNECTIONS = 300
"""What README.md asks of PostgreSQL."""
BESIDE_THE_POOL = 4
"""Connections of a process outside of its pool: it listens, follows, publishes, and is asked whether it waits."""
OURS = {own_queue(name).name for name in SERVICES} | {dead_queue(name).name for name in SERVICES}
QUEUES = OURS | {submission_queue().name}

pytestmark = pytest.mark.parametrize("overlay", OVERLAYS)


def _of(overlay: str, kind: str) -> list[Resource]:
    return [each for each in built(overlay) if each["kind"] == kind]


def _pods(overlay: str) -> dict[str, Resource]:
    """The pods' specifications, by who starts them."""
    starters = [*_of(overlay, "Deployment"), *_of(overlay, "Job")]
    return {each["metadata"]["name"]: each["spec"]["template"] for each in starters}


def _container(pod: Resource) -> Resource:
    [container] = pod["spec"]["containers"]
    found: Resource = container
    return found


def _settings(overlay: str) -> dict[str, str]:
    [found] = [each["data"] for each in _of(overlay, "ConfigMap")]
    data: dict[str, str] = found
    return data


def _environment(overlay: str, pod: Resource) -> dict[str, str]:
    own = {each["name"]: each["value"] for each in _container(pod).get("env", [])}
    return {**_settings(overlay), **own}


@pytest.mark.parametrize("release", KUBERNETES)
def test_kubernetes_takes_it(overlay: str, release: str) -> None:
    """Every resource but KEDA's is held against the published schema, without a field that is not in it."""
    for each in built(overlay):
        if not each["apiVersion"].startswith("keda.sh"):
            kubernetes_validate.validate(each, release, strict=True)


def test_a_field_that_is_none_is_seen(overlay: str) -> None:
    """The check above is one that can fail."""
    [first, *_] = _of(overlay, "Deployment")
    misspelt = yaml.safe_load(yaml.safe_dump(first))
    misspelt["spec"]["template"]["spec"]["terminationGracePeriod"] = 45

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(misspelt, KUBERNETES[0], strict=True)


def test_it_is_built_alike_without_kubectl(overlay: str) -> None:
    """So that whoever has no kubectl tests the same."""
    assert _plain(built(overlay)) == _plain(put_together(ROOT / "overlays" / overlay))


def _plain(resources: Iterable[Resource]) -> dict[tuple[str, str], Resource]:
    """Without namespaces and hashes, and with named lists in the order of their names."""
    text = re.sub(r"aduan-settings-\w{10}", "aduan-settings", yaml.safe_dump(list(resources)))
    found = {(each["kind"], each["metadata"]["name"]): _ordered(each) for each in yaml.safe_load(text)}
    for each in found.values():
        each["metadata"].pop("namespace", None)
    return found


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(each) for key, each in value.items()}
    if isinstance(value, list):
        named = all(isinstance(each, dict) and "name" in each for each in value)
        return sorted(map(_ordered, value), key=lambda each: each["name"]) if named else value
    return value


def test_every_service_runs_once(overlay: str) -> None:
    """Together the Deployments serve every service, the portal and the channels, and no two serve the same."""
    served = [name for each in _of(overlay, "Deployment") for name in _container(each["spec"]["template"])["args"][1:]]

    assert sorted([*SERVICES, "portal", "channels"]) == sorted(served)


def test_commands_and_images_are_ours(overlay: str) -> None:
    """One image; each command is one that the product has."""
    for pod in _pods(overlay).values():
        container = _container(pod)
        assert "aduan:0.1.0" == container["image"]
        assert "command" not in container  # the image's own: aduan
    for words in {tuple(_container(pod)["args"][:1]) for pod in _pods(overlay).values()}:
        assert 0 == CliRunner().invoke(aduan, [*words, "--help"]).exit_code


def test_the_settings_are_known_and_accepted(overlay: str, tmp_path: Any) -> None:
    """With secrets' files in their places each process starts on a database of its own, with nothing embedded."""
    secrets = {
        "database_url": "postgresql://aduan_intake:x@aduan-postgres-rw:5432/aduan",
        "checkpoint_key": new_secret(),
        "owner_url": "postgresql://aduan_owner:x@aduan-postgres-rw:5432/aduan",
        "broker_url": "amqp://aduan:x@aduan-rabbitmq:5672//",
        "master_key": new_secret(),
        "calls_key": new_secret(),
        "former_master_keys": "",
        "smtp_url": "smtp://mail:25",
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(value)
    for name, pod in _pods(overlay).items():
        mounted = {each["mountPath"] for each in _container(pod)["volumeMounts"]}
        environment = _environment(overlay, pod)
        for variable, value in environment.items():
            if variable.endswith("_FILE") and value:
                assert value.rsplit("/", 1)[0] in mounted, (name, variable)
                environment[variable] = str(tmp_path / value.rsplit("/", 1)[1])
        settings = Settings.from_environment(environment)

        services = _container(pod)["args"][1:]
        assert not settings.embedded
        assert (not services or any(map(opens_sealed, services))) == settings.has_master_key
        assert ("aduan_owner" in settings.database_url) == (name == "aduan-migrate")
        assert bool(settings.smtp_url) == (name in {"aduan-notify", "aduan-back"})
        assert settings.public_url.startswith("https://")


def test_each_process_logs_in_as_its_own_services(overlay: str) -> None:
    """The login is one that may do what the services need, and least besides; the owner's is the migration's alone."""
    for name, pod in _pods(overlay).items():
        secrets = {each["secret"]["secretName"] for each in pod["spec"]["volumes"] if "secret" in each}
        services = _container(pod)["args"][1:]
        login = f"aduan-login-{login_of(services).removeprefix('aduan_')}" if services else "aduan-owner"

        assert {login} == {each for each in secrets if each.startswith(("aduan-login", "aduan-owner"))}, name
        assert ("sla" in services) == ("aduan-checkpoint" in secrets)


def test_who_opens_nothing_finds_no_key_that_opens(overlay: str) -> None:
    """Of the secret that holds the master key only the rest is laid into its pod."""
    for name, pod in _pods(overlay).items():
        services = _container(pod)["args"][1:]
        [laid] = [
            each["secret"] for each in pod["spec"]["volumes"] if each.get("secret", {}).get("secretName") == "aduan"
        ]
        keys = [each["key"] for each in laid.get("items", [])]
        assert (["broker_url", "calls_key"] if services and not any(map(opens_sealed, services)) else []) == keys, name


def test_no_secret_lies_in_it(overlay: str) -> None:
    """Secrets are named and mounted as files, never written down, and never in an environment."""
    assert [] == _of(overlay, "Secret")
    for pod in _pods(overlay).values():
        assert all("valueFrom" not in each for each in _container(pod).get("env", []))
    secret = re.compile(r"KEY|PASSWORD|TOKEN|_URL$")
    public = {"ADUAN_FILES_URL", "ADUAN_PUBLIC_URL"}
    for name in {name for pod in _pods(overlay).values() for name in _environment(overlay, pod)}:
        assert name.endswith("_FILE") or name in public or not secret.search(name)


def test_who_is_told_to_stop_has_longer_than_it_takes(overlay: str) -> None:
    """The wait before it, and all that a process may take to leave (cli/lifetime.py), end before it is killed."""
    for each in _of(overlay, "Deployment"):
        pod = each["spec"]["template"]["spec"]
        command = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
        assert pod["terminationGracePeriodSeconds"] > int(command[1]) + MOST_LEAVE_SECONDS
    [job] = _of(overlay, "Job")
    assert job["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > MOST_LEAVE_SECONDS


def test_health_is_asked_where_it_is_told(overlay: str) -> None:
    """The port is the one on which the settings put the pages; liveness asks nothing that hangs on other parts."""
    for each in _of(overlay, "Deployment"):
        pod = each["spec"]["template"]
        container = _container(pod)
        environment = {name: value for name, value in _environment(overlay, pod).items() if not name.endswith("_FILE")}
        settings = Settings.from_environment(environment)
        [port] = container["ports"]
        probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}

        assert (settings.portal_port if "portal" in container["args"] else settings.health_port) == port[
            "containerPort"
        ]
        assert {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"} == {
            name: probe["path"] for name, probe in probes.items()
        }
        assert {port["name"]} == {probe["port"] for probe in probes.values()}
        assert str(port["containerPort"]) == pod["metadata"]["annotations"]["prometheus.io/port"]


def test_nobody_may_more_than_needed(overlay: str) -> None:
    """Not root, nothing to write but what is meant for it, no rights in the cluster, and bounded memory."""
    for pod in _pods(overlay).values():
        spec, container = pod["spec"], _container(pod)
        rights = container["securityContext"]

        assert spec["securityContext"]["runAsNonRoot"]
        assert "RuntimeDefault" == spec["securityContext"]["seccompProfile"]["type"]
        assert (True, False, ["ALL"]) == (
            rights["readOnlyRootFilesystem"],
            rights["allowPrivilegeEscalation"],
            rights["capabilities"]["drop"],
        )
        assert not spec["automountServiceAccountToken"]
        assert "memory" in container["resources"]["limits"]
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        mounts = {each["name"]: each for each in container["volumeMounts"]}
        assert {"tmp", "files"} == {name for name, each in mounts.items() if not each.get("readOnly")}
        assert {each["name"] for each in spec["volumes"]} == set(mounts)


def _chosen(overlay: str, labels: dict[str, str]) -> set[str]:
    """The pods that bear these labels."""
    return {name for name, pod in _pods(overlay).items() if labels.items() <= pod["metadata"]["labels"].items()}


def test_who_speaks_to_whom_is_said(overlay: str) -> None:
    """All is shut but what is named: the portal's pages, figures, names, the database, the broker, the world."""
    policies = {each["metadata"]["name"]: each["spec"] for each in _of(overlay, "NetworkPolicy")}
    chosen = {name: _chosen(overlay, each["podSelector"]["matchLabels"]) for name, each in policies.items()}
    everybody = set(_pods(overlay))
    processes = everybody - {"aduan-migrate"}
    web = {"aduan-portal"} if overlay == "apart" else {"aduan-front"}
    world = {"aduan-portal", "aduan-notify"} if overlay == "apart" else {"aduan-front", "aduan-back"}

    assert everybody == chosen["aduan-nothing-else"] == chosen["aduan-names"] == chosen["aduan-to-database"]
    assert {"Ingress", "Egress"} == set(policies["aduan-nothing-else"]["policyTypes"])
    assert not {"ingress", "egress"} & set(policies["aduan-nothing-else"])
    assert processes == chosen["aduan-to-broker"] == chosen["aduan-from-prometheus"] == chosen["aduan-to-helpers"]
    assert (web, world) == (chosen["aduan-from-ingress"], chosen["aduan-to-world"])
    assert web == _chosen(overlay, _of(overlay, "Service")[0]["spec"]["selector"])


def test_a_node_can_be_emptied(overlay: str) -> None:
    """Of each Deployment at least one instance stays, and there are at least two of them to begin with."""
    budgets = {each["metadata"]["name"]: each["spec"] for each in _of(overlay, "PodDisruptionBudget")}
    scaled = {each["spec"]["scaleTargetRef"]["name"]: each["spec"] for each in _of(overlay, "ScaledObject")}
    deployments = {each["metadata"]["name"]: each for each in _of(overlay, "Deployment")}

    assert set(deployments) == set(budgets) == set(scaled)
    for name, each in deployments.items():
        assert {name} == _chosen(overlay, budgets[name]["selector"]["matchLabels"])
        assert {name} == _chosen(overlay, each["spec"]["selector"]["matchLabels"])
        assert budgets[name]["minAvailable"] < scaled[name]["minReplicaCount"] <= scaled[name]["maxReplicaCount"]
        assert "replicas" not in each["spec"]  # KEDA's to say


def test_the_database_has_connections_for_all(overlay: str) -> None:
    """Even when everything is scaled to its most; README.md names the figure."""
    pool = int(_settings(overlay)["ADUAN_POOL_SIZE"])
    most = sum(each["spec"]["maxReplicaCount"] for each in _of(overlay, "ScaledObject"))

    assert most * (pool + BESIDE_THE_POOL) <= CONNECTIONS
    assert f"`max_connections` of at least {CONNECTIONS}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_grows_by_figures_and_queues_that_exist(overlay: str) -> None:
    """A trigger that asks for what is not there would never fire, and nobody would notice."""
    authentications = {each["metadata"]["name"]: each for each in _of(overlay, "TriggerAuthentication")}
    for trigger in _triggers(overlay):
        metadata = trigger["metadata"]
        if trigger["type"] == "rabbitmq":
            assert metadata["queueName"] in QUEUES
            [parameter] = authentications[trigger["authenticationRef"]["name"]]["spec"]["secretTargetRef"]
            assert ("host", "aduan", "broker_url") == tuple(parameter[key] for key in ("parameter", "name", "key"))
        else:
            assert "prometheus" == trigger["type"]
            promql_parser.parse(metadata["query"])
            for selector in _selectors(metadata["query"]):
                assert {each.name for each in selector.matchers.matchers} <= EXPOSED[str(selector.name)]
            assert float(metadata["threshold"]) > 0


def _triggers(overlay: str) -> Iterator[dict[str, Any]]:
    for each in _of(overlay, "ScaledObject"):
        yield from each["spec"]["triggers"]


def test_the_readme_names_every_secret(overlay: str) -> None:
    """Whoever makes them needs each name and key."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for pod in _pods(overlay).values():
        for volume in pod["spec"]["volumes"]:
            if "secret" in volume:
                name = volume["secret"]["secretName"]
                assert f"`{name}`" in readme or f"`-{name.removeprefix('aduan-login-')}`" in readme
        for name, value in _environment(overlay, pod).items():
            if name.endswith("_FILE") and value:
                assert f"`{value.rsplit('/', 1)[1]}`" in readme
