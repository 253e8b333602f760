"""Accounts that a demo lays open on its first page: written beside its data by the demo, and read by nobody else.

An installation on a real clock never shows any, whatever lies in its folder.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

_FILE: Final = "demo-doors.json"
_PLAYING: Final = "demo-playing"


@dataclass(frozen=True)
class DemoAccount:
    """An account with which one may look around.

    :param office: in words; the government itself for its own desks.
    """

    tenant: str
    username: str
    role: str
    office: str


def lay_open(directory: Path, password: str, doors: Sequence[DemoAccount]) -> None:
    """Let the first page show them; a file for the owner only, complete or not there."""
    beside = directory / f"{_FILE}.new"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"password": password, "doors": [asdict(door) for door in doors]}, file, ensure_ascii=False)
    beside.replace(directory / _FILE)


def laid_open(directory: Path) -> tuple[str, tuple[DemoAccount, ...]] | None:
    """The password of them all, and the accounts; none where nothing is laid open."""
    try:
        told = json.loads((directory / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return told["password"], tuple(DemoAccount(**each) for each in told["doors"])


@contextmanager
def being_played(directory: Path) -> Iterator[None]:
    """Meanwhile the first page can say why it shows no accounts yet."""
    sign = directory / _PLAYING
    sign.touch()
    try:
        yield
    finally:
        sign.unlink(missing_ok=True)


def is_played(directory: Path) -> bool:
    """Whether a demo plays its month right now."""
    return (directory / _PLAYING).exists()
