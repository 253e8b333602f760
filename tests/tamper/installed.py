"""A small installation with a history, signed twice, that can be put up again as often as it is to be spoilt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.services import SERVICES
from shared.platform.secret import new_secret
from shared.store.eventstore.checkpoints.keeping import copy_to
from shared.store.eventstore.checkpoints.making import make_checkpoint
from shared.store.eventstore.checkpoints.signed import public_text, signing_key
from shared.store.eventstore.reading import read_after
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office
from tests.fixtures.postgres import execute, with_database

KEY = new_secret()
PUBLIC = public_text(signing_key(KEY).public_key())


@dataclass(frozen=True)
class Installed:
    """Two databases to copy, and what was carried away.

    :param now: the name of the database as it stands.
    :param older: the same as it stood after the first checkpoint.
    :param checkpoints: the file of signed checkpoints.
    """

    server: str
    now: str
    older: str
    master_key: str
    checkpoints: Path

    @contextmanager
    def put_up(self, database: str) -> Iterator[str]:
        """The URL of a fresh copy."""
        name = f"tamper_{uuid4().hex}"
        execute(self.server, f"CREATE DATABASE {name} TEMPLATE {database} STRATEGY file_copy")
        try:
            yield with_database(self.server, name)
        finally:
            execute(self.server, f"DROP DATABASE {name} WITH (FORCE)")

    def settings(self, url: str) -> dict[str, str]:
        """With which the command works on a copy."""
        return {
            "ADUAN_DATABASE_URL": url,
            "ADUAN_MASTER_KEY": self.master_key,
            "ADUAN_BROKER_URL": "memory://",
            "ADUAN_CHECKPOINT_KEY": KEY,
        }


@contextmanager
def installed(server: str, template: str, checkpoints: Path) -> Iterator[Installed]:
    """Make it: some complaints, a checkpoint, more of them, another checkpoint, and one that no checkpoint knows."""
    now, older = (f"tamper_{word}_{uuid4().hex[:8]}" for word in ("now", "older"))
    execute(server, f"CREATE DATABASE {now} TEMPLATE {template} STRATEGY file_copy")
    try:
        master = _history(with_database(server, now), checkpoints, first=True)
        execute(server, f"CREATE DATABASE {older} TEMPLATE {now} STRATEGY file_copy")
        _history(with_database(server, now), checkpoints, first=False)
        yield Installed(server, now, older, master, checkpoints)
    finally:
        for each in (now, older):
            execute(server, f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")


def _history(url: str, checkpoints: Path, *, first: bool) -> str:
    office = Office(url)
    try:
        for number in range(3):
            receipt = office.file(message=f"Jalan rusak {number} {first}")
            office.act(receipt, "coordinator", "dispose", agency="dpupr")
            office.act(receipt, "operator", "forward")
            # An append that was rolled back: its position stays empty.
            execute(url, "SELECT nextval('eventstore.position')")
        office.file()
        _project(office)
        made = make_checkpoint(office.runtime.database, signing_key(KEY), office.time.now())
        assert made is not None
        with office.runtime.database.autocommit() as cursor:
            copy_to(cursor, checkpoints)
        if not first:
            office.file(message="Terakhir")
            _project(office)
        return office.runtime.settings.master_key
    finally:
        office.close()


def _project(office: Office) -> None:
    office.news()  # so that all is settled
    with office.runtime.database.autocommit() as cursor:
        events = read_after(cursor, 0, 10_000)
    for service in SERVICES:
        apply_batch(office.runtime.database, projection_of(service), decode, events)
