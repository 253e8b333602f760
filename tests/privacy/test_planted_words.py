"""Fifty words and more, planted by every door: none lies in clear but where it may be read; none after an erasure."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from cli.commands import aduan
from cli.failures import told
from tests.fixtures.broker import OutsideBroker
from tests.fixtures.postgres import execute
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually, patience
from tests.privacy.finding import holds
from tests.privacy.installation import Installation
from tests.privacy.planting import ADAPTER, COORDINATOR, IN_ALL, Planted, T, plant

pytestmark = [pytest.mark.process, pytest.mark.rabbitmq]


@pytest.fixture
def command(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs a command of the installation's operator; what it says."""
    for name, value in installation.environment.items():
        if name.startswith("ADUAN_"):
            monkeypatch.setenv(name, value)

    def run(*arguments: str) -> str:
        status = told(aduan, arguments)
        said = capsys.readouterr()
        assert 0 == status, said.out + said.err
        return said.out

    return run


def _database_files(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """The pages of the database, and the write-ahead log: what lies on the disk, whatever SQL would show of it."""
    [folder] = parse_qs(urlsplit(installation.database_url).query)["host"]
    execute(installation.database_url, "CHECKPOINT")
    [(own,)] = installation.query("SELECT oid FROM pg_database WHERE datname = current_database()")
    for file in (*Path(folder).glob(f"base/{own}/*"), *Path(folder).glob("pg_wal/*")):
        if file.is_file():
            yield f"database/{file.relative_to(folder)}", file.read_bytes()


def _everything(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """All that lies somewhere, but for the letters and the broker."""
    yield from installation.tables().items()
    yield from _database_files(installation)
    yield from installation.files().items()
    yield "log", installation.log.read_bytes()
    yield "database's log", installation.server_log.read_bytes()
    yield "traces", b"".join(installation.traces.bodies)
    yield "metrics", installation.api.session.get(f"{installation.api.address}/metrics", timeout=patience(10)).content


def _found(places: Iterator[tuple[str, bytes]], words: tuple[str, ...]) -> dict[str, list[str]]:
    return {name: found for name, kept in places if holds(kept, IN_ALL) and (found := holds(kept, words))}


def _letters(installation: Installation) -> Iterator[tuple[str, bytes]]:
    for path in installation.place.rglob("*"):
        if path.is_file() and "outbox" in path.parts:
            yield str(path), path.read_bytes()


def _broker(broker: RabbitMQ | OutsideBroker) -> Iterator[tuple[str, bytes]]:
    if isinstance(broker, RabbitMQ):
        for file in broker.directory.rglob("*"):
            if file.is_file():
                yield f"broker/{file.name}", file.read_bytes()


def _exports(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """What anybody may fetch."""
    session, address = installation.api.session, installation.api.address
    for path in (f"/{T}/data/", f"/{T}/umum", f"/{T}/kinerja", "/api/v1/openapi.json"):
        yield path, session.get(address + path, timeout=patience(30)).content


def _readable(planted: Planted) -> Iterator[tuple[str, bytes]]:
    """What the coordinator, who may read it, is shown."""
    api = planted.installation.api
    yield "register", api.call("GET", f"/{T}/register", COORDINATOR, params={"month": "2026-10"}).content
    for ticket in planted.tickets:
        [(dossier,)] = planted.installation.query(f"SELECT dossier FROM intake.tickets WHERE ticket = '{ticket}'")
        yield ticket, api.call("GET", f"/{T}/dossiers/{dossier}", COORDINATOR).content


def test_no_planted_word_is_found_and_none_is_left(
    installation: Installation, command: Callable[..., str], rabbitmq: RabbitMQ | OutsideBroker, tmp_path: Path
) -> None:
    """On the disk, in the write-ahead log, the broker's files, logs, traces, figures and what is public: nowhere.

    In letters and for the desks they are until an erasure, and afterwards nowhere at all.
    """
    planted = plant(installation, command, tmp_path)
    words = planted.all
    on_broker = tuple(word for door, each in planted.words.items() if door != ADAPTER for word in each)
    shown = _found(_readable(planted), words)
    told_of = {"ComplaintFiled", "Returned", "Answered", "Rated", "POST /api/v1/login"}

    assert 50 <= len(words)
    assert 4 == len(set(planted.tickets))
    assert set(planted.tickets) <= set(shown)
    eventually(lambda: told_of <= {each.name for each in installation.traces.spans()}, within=60, what="their traces")
    assert {} == _found(_everything(installation), words)
    assert {} == _found(_broker(rabbitmq), on_broker)
    assert {} == _found(_exports(installation), words)
    assert _found(_letters(installation), words)
    public = [name for name, kept in _database_files(installation) if holds(kept, ("Dayeuhluhur",))]
    assert {"base", "pg_wal"} == {name.split("/")[1] for name in public}  # what is public would be found

    for ticket in planted.tickets:
        assert "is erased" in command("erase", ticket, "--tenant", T, "--reason", "asked", "--yes")
    installation.api.rest()

    assert {} == _found(_everything(installation), words)
    assert {} == _found(_letters(installation), words)
    assert {} == _found(_readable(planted), words)
    assert {} == _found(_broker(rabbitmq), on_broker)
