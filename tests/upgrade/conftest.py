"""The older folder, opened by the present version."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.platform.database.embedded_postgres import running_url
from tests.journey.installation import START, Api, up
from tests.processes.traffic import differing_at
from tests.upgrade.older import Older, unpack


@dataclass(frozen=True)
class Opened:
    """The older folder in use.

    :param older: what the version before said of it.
    :param first: what the present version said of each complaint before anything was done.
    :param tracked: and what it told the reporters, where they may still ask.
    :param differing: the tables that then did not hold what the log says.
    """

    api: Api
    older: Older
    first: dict[str, dict[str, Any]]
    tracked: dict[str, dict[str, Any]]
    differing: list[str]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """``aduan up`` on the older folder. Which instant it is given does not matter: its clock goes on where it stood."""
    data: Path = tmp_path_factory.mktemp("upgrade") / "data"
    older = unpack(data)
    with up(data, "--simulated-clock", START) as api:
        api.rest()
        first = {name: api.dossier(each["tenant"], each["receipt"]["id"]) for name, each in older.dossiers.items()}
        tracked = {
            name: api.track(each["tenant"], each["receipt"])
            for name, each in older.dossiers.items()
            if "Erased" not in each["events"]
        }
        yield Opened(api, older, first, tracked, differing_at(running_url(data / "postgres") or ""))
