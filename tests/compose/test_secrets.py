"""Secrets of the compose file: made once, handed out as files, and to none who needs none."""

import re
from pathlib import Path

import pytest

from shared.application.service_roles import opens_sealed
from shared.platform.secret import check_secret
from shared.platform.settings import Settings
from tests.compose.containers import (
    APART,
    COMPOSE,
    CONTAINERS,
    EXAMPLE,
    FEW,
    IN_CONTAINER,
    LOGINS,
    PROCESSES,
    SECRET,
    TEXT,
    VARIABLE,
    environment,
    make_secrets,
)


@pytest.mark.parametrize("name", PROCESSES)
def test_who_opens_nothing_has_no_key_that_opens(name: str, secrets: Path) -> None:
    """The master key is where a service may read the dossiers' keys, and nowhere else; calls are understood by all."""
    services = (APART | FEW)[name]
    settings = Settings.from_environment(environment(name, secrets))
    whole = Settings.from_environment(environment("intake", secrets))

    assert any(map(opens_sealed, services)) == settings.has_master_key == ("master_key" in CONTAINERS[name]["secrets"])
    assert whole.calls_keys == settings.calls_keys


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
    make_secrets(folder)
    first = {file.name: file.read_text() for file in folder.iterdir()}
    make_secrets(folder)

    assert first == {file.name: file.read_text() for file in folder.iterdir()}
    assert {name: f"./secrets/{name}" for name in first} == {
        name: secret["file"] for name, secret in COMPOSE["secrets"].items()
    }
    assert 0o700 == folder.stat().st_mode & 0o777
    filled = [text for text in first.values() if text]
    assert len(filled) == len(set(filled)) == 24
    check_secret(first["master_key"].strip())
