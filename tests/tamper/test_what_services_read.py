"""A service's role may read what its code asks for: who lets a service read another table gives it the right to."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.application.service_roles import COMMON, FURTHER, OWN_SCHEMAS

ROOT = Path(__file__).parents[2]
_ASKED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE) +([a-z_]+)\.([a-z_]+)\b")
_SCHEMAS = {*(schema for own in OWN_SCHEMAS.values() for schema in own), "vault", "readings", "eventstore", "messaging"}
FOLDERS = {**{name: f"services/{name}" for name in OWN_SCHEMAS}, "portal": "portal", "channels": "channels"}

NEVER_ASKED = {"notify": {"identity.attempts": "log-ins are counted beside the accounts, and notify sees none"}}
"""What comes along with a file that a service imports for something else."""


def _imported(file: Path) -> Iterator[Path]:
    """The files of the application's room that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("shared.application"):
            place = ROOT / node.module.replace(".", "/")
            yield from (
                each
                for each in (place.with_suffix(".py"), *(place / f"{n.name}.py" for n in node.names))
                if each.exists()
            )


def _asked(service: str) -> set[str]:
    found: set[Path] = set()
    waiting = list((ROOT / FOLDERS[service]).rglob("*.py"))
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file)
    tables = (match.groups() for file in found for match in _ASKED.finditer(file.read_text(encoding="utf-8")))
    return {f"{schema}.{table}" for schema, table in tables if schema in _SCHEMAS}


@pytest.mark.parametrize("service", OWN_SCHEMAS)
def test_what_is_asked_for_may_be_read(service: str) -> None:
    """Else the service would work under the shared login only."""
    allowed = {*COMMON, *FURTHER[service], *NEVER_ASKED.get(service, ())}

    asked = {each for each in _asked(service) if each.partition(".")[0] not in OWN_SCHEMAS[service]}

    assert set() == asked - allowed
