"""sla signs the log from time to time, and tells when it cannot."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.sla.checkpoints import sign
from shared.application.runtime import Runtime
from shared.platform.metrics import REGISTRY
from shared.platform.secret import new_secret
from shared.store.eventstore.checkpoints.keeping import documents
from tests.fixtures.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation that signs its log every hour."""
    opened = Office(database_url)
    settings = replace(opened.runtime.settings, checkpoint_key=new_secret(), checkpoint_minutes=60)
    opened.runtime = replace(opened.runtime, settings=settings)
    yield opened
    opened.close()


def kept(runtime: Runtime) -> list[str]:
    """All checkpoints there are."""
    with runtime.database.autocommit() as cursor:
        return documents(cursor)


def failed() -> float | None:
    """What the figure says."""
    return REGISTRY.get_sample_value("aduan_checkpoint_failed")


def test_one_is_made_when_it_is_due(office: Office, tmp_path: Path) -> None:
    """Of what is new, after the time that was set, and added to the copy."""
    copy = tmp_path / "copy"
    settings = replace(office.runtime.settings, checkpoint_copy=str(copy))
    runtime = replace(office.runtime, settings=settings)
    made = []
    for minutes in (0, 59, 1, 60):
        office.time.move_to(office.time.now().replace(microsecond=0))
        office.later(minutes=minutes)
        if minutes != 60:
            office.file()
            office.news()
        made.append(sign(runtime))

    assert [True, False, True, False] == made
    assert kept(runtime) == copy.read_text().splitlines()
    assert (2, 0) == (len(kept(runtime)), failed())


def test_without_a_key_nothing_is_signed(office: Office) -> None:
    """Nobody guesses one."""
    office.file()
    office.news()

    assert not sign(replace(office.runtime, settings=replace(office.runtime.settings, checkpoint_key="")))
    assert [] == kept(office.runtime)


def test_a_copy_that_cannot_be_written_is_told(
    office: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As an error in the log and as a figure, until it can; the clocks go on, and the checkpoint is beside the log."""
    nowhere = tmp_path / "gone"
    runtime = replace(office.runtime, settings=replace(office.runtime.settings, checkpoint_copy=str(nowhere / "copy")))
    office.file()
    office.news()
    with caplog.at_level(logging.ERROR):
        assert not sign(runtime)

    assert (1, 1) == (len(kept(runtime)), failed())
    assert "the log could not be signed" in caplog.text
    nowhere.mkdir()
    office.later(minutes=60)
    sign(runtime)
    assert (kept(runtime), 0) == ((nowhere / "copy").read_text().splitlines(), failed())
