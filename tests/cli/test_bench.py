"""``aduan bench``: what docs/benchmarks.md tells to type asks for what it says."""

import re
import shlex
from importlib import import_module
from typing import Any

import pytest

from cli.bench import BENCHMARKS, NATION, SCALE, SOAK
from shared.platform.settings import PROJECT
from tests.cli.command import aduan_here

PAGE = (PROJECT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
TOLD = (
    "bench clocks",
    "bench nation",
    "bench scale",
    "bench scale --complaints 1000000",
    "bench soak",
    "bench soak --minutes 20 --per-second 10",
)


def test_nothing_else_is_told() -> None:
    """A further one belongs here."""
    told = {" ".join(line.split()) for line in re.findall(r"`aduan (bench [^`]*)`", PAGE)}

    assert set(TOLD) == told


@pytest.mark.parametrize("line", TOLD)
def test_what_is_told_is_asked_for(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is named is run, with the numbers that are named, and no other."""
    asked: dict[str, dict[str, Any]] = {}

    def instead(name: str) -> None:
        def report(**given: Any) -> str:
            asked[name] = {key: value for key, value in given.items() if value}
            return name

        monkeypatch.setattr(import_module(f"benchmarks.{name}"), "report", report)

    for each in (*BENCHMARKS, NATION, SCALE, SOAK):
        instead(each)
    _, name, *rest = shlex.split(line)
    ran = aduan_here("bench", name, *rest)
    numbers = dict(zip([word.removeprefix("--").replace("-", "_") for word in rest[::2]], rest[1::2], strict=True))

    assert (0, [name]) == (ran.status, list(asked)), ran.err
    assert {key: float(value) for key, value in numbers.items()} == {k: float(v) for k, v in asked[name].items()}
