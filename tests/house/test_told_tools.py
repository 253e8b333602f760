"""What the papers tell to type for `make`, Docker and Kubernetes names targets, services and options that there are.

Docker and Kubernetes are not here to run it; what they are given is held against their schemas in ``tests/compose`` and
``tests/deploy``.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
import pytest
import yaml

from cli.commands import aduan
from shared.platform.settings import PROJECT
from tests.house.papers import PAPERS, code_in, paper_id

_TOLD: Final = re.compile(r"(?<![\w./-])(?:docker compose|docker|kubectl|make) +[^`\n;)#]+")
_COMPOSE: Final[Mapping[str, frozenset[str]]] = {
    "up": frozenset({"--detach", "--force-recreate", "--scale"}),
    "run": frozenset({"--rm"}),
    "exec": frozenset({"--env", "--no-TTY"}),
    "build": frozenset(),
}
"""Of Compose's commands and options those that we tell, as its reference writes them."""
_KUBECTL: Final = (re.compile(r"apply -k \S+"), re.compile(r"create namespace \w+"))
_TARGETS: Final = frozenset(
    re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)
_VALUED: Final = {"--env", "--scale"}


def _services() -> frozenset[str]:
    read: Any = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
    return frozenset(read["services"])


def _told(path: Path) -> Iterator[str]:
    for text in code_in(path):
        yield from (found.strip() for found in _TOLD.findall(text))


def _wrong_compose(words: list[str]) -> str | None:
    """What a line for Compose names that does not exist; none if all does."""
    name, *rest = words
    if name not in _COMPOSE:
        return f"no command {name}"
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option not in _COMPOSE[name]:
            return f"no option {option}"
        if option in _VALUED:
            value = rest.pop(0)
            if option == "--scale" and value.split("=")[0] not in _services():
                return f"no service {value}"
    service, *command = rest or [""]
    if service and service not in _services():
        return f"no service {service}"
    if service == "migrate" and command and aduan.get_command(click.Context(aduan), command[0]) is None:
        return f"no command {command}"
    if "<" in command and not (PROJECT / command[-1]).is_file():
        return f"no file {command[-1]}"
    return None


def _wrong(line: str) -> str | None:
    words = shlex.split(line)
    if words[:2] == ["docker", "compose"]:
        return _wrong_compose(words[2:])
    if words[0] == "docker":
        return None if re.fullmatch(r"docker build( --build-arg EXTRAS=yes)? \.", line) else line
    if words[0] == "make":
        return None if set(re.findall(r"^make ([a-z]+)", line)) <= _TARGETS else line
    told = line.removeprefix("kubectl ")
    if not any(each.match(told) for each in _KUBECTL):
        return line
    folder = told.removeprefix("apply -k ") if told.startswith("apply") else None
    return None if folder is None or (PROJECT / folder / "kustomization.yaml").is_file() else f"no folder {folder}"


@pytest.mark.parametrize("path", PAPERS, ids=paper_id)
def test_what_is_told_for_other_tools_can_be_typed(path: Path) -> None:
    """Targets, services, options, files and folders."""
    assert [] == [f"{line}: {wrong}" for line in _told(path) if (wrong := _wrong(line)) is not None]


def test_a_line_that_cannot_be_typed_is_found() -> None:
    """Of each kind."""
    lines = (
        "docker compose start",
        "docker compose up --detached",
        "docker compose up --scale nobody=3",
        "docker compose run --rm migrate rebiuld",
        "docker compose exec --no-TTY postgres psql < deploy/postgres/no.sql",
        "make everything",
        "kubectl apply -k deploy/kubernetes/overlays/none",
    )

    assert list(lines) == [line for line in lines if _wrong(line)]
