"""One step of a room's history: a numbered file of plain SQL."""

import hashlib
import re
import runpy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import dedent

_NAME = re.compile(r"(?P<number>\d{4})_(?P<what>\w+)\.(?:sql|py)")


@dataclass(frozen=True)
class MigrationStep:
    """A step as it is written down.

    :param room: whose tables it makes or changes.
    :param number: four digits; steps are taken in their order.
    :param file: where it is written.
    :param sql: one or more statements. They go to the driver as they are, so percent signs mean themselves.
    """

    room: str
    number: str
    file: Path
    sql: str

    @property
    def name(self) -> str:
        """``<room>:<number>``."""
        return f"{self.room}:{self.number}"

    @cached_property
    def sha256(self) -> str:
        """By which an edited step is known. Line ends and the margin do not count."""
        lines = (line.rstrip() for line in dedent(self.sql).strip().splitlines())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def steps_in(room: str, versions: Path) -> tuple[MigrationStep, ...]:
    """The steps of a room, in order.

    :param versions: its folder.
    :raises ValueError: if two steps bear one number, or a file is not named like a step.
    """
    found: dict[str, MigrationStep] = {}
    for file in sorted(each for each in versions.iterdir() if each.suffix in {".sql", ".py"}):
        match = _NAME.fullmatch(file.name)
        if match is None:
            raise ValueError(f"{file}: a step is named 0001_what.sql")
        number = match["number"]
        if number in found and not _same(found[number].file, file):
            raise ValueError(f"{file}: {found[number].file.name} bears that number already; take the next one")
        found[number] = MigrationStep(room, number, file, _text(file))
    return tuple(found[number] for number in sorted(found))


def _text(file: Path) -> str:
    if file.suffix == ".py":
        upgrade: str = runpy.run_path(str(file))["upgrade"]
        return upgrade
    return file.read_text(encoding="utf-8")


def _same(one: Path, other: Path) -> bool:
    return one.stem == other.stem


def sql(text: str) -> str:
    """The text of a step that is still written as a Python file, in its name ``upgrade``. New ones are plain SQL."""
    return text
