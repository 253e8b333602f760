"""A start that does not get ready says so, with what is not, instead of serving all the same."""

import time

import pytest

from cli import up
from shared.base.services import SERVICES
from shared.messaging.consuming.positions import first_position, move
from shared.platform.health import Checks
from tests.fixtures.office import Office


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs that could get ready."""
    monkeypatch.setattr(up, "_READY_SECONDS", 0.3)


def test_everything_is_ready(office: Office) -> None:
    """With an empty log and no check that fails there is nothing to wait for."""
    up._get_ready(office.runtime, Checks(), 0)


def test_a_part_that_does_not_answer_is_named(office: Office, impatient: None) -> None:
    """By the check's own name."""
    checks = Checks()
    checks.add_readiness("routing:consumer", lambda: False)

    with pytest.raises(up.NotReady, match=r"not ready after 0\.3 seconds: routing:consumer"):
        up._get_ready(office.runtime, checks, 0)


def test_time_in_which_all_stood_still_is_not_counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was put to sleep during a start gets ready when it goes on."""
    slept = 0.0
    looks = iter([False, False, True])
    monotonic = time.monotonic

    def falls_asleep() -> bool:
        nonlocal slept
        slept = 3600.0
        return next(looks)

    checks = Checks()
    checks.add_readiness("second process", falls_asleep)
    monkeypatch.setattr(time, "monotonic", lambda: monotonic() + slept)

    up._get_ready(office.runtime, checks, 0)

    assert next(looks, None) is None


def test_tables_that_do_not_get_on_are_named(office: Office, impatient: None) -> None:
    """All of them, since nobody fills them here."""
    before = office.file().position

    with pytest.raises(up.NotReady) as caught:
        up._get_ready(office.runtime, Checks(), before)

    assert all(name in caught.value.message for name in SERVICES)
    assert "aduan rebuild" in caught.value.message


def test_what_was_put_aside_keeps_nothing_from_starting(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """The services have looked at everything; that one's tables lack what could not be applied is told."""
    before = office.file().position
    with office.runtime.database.autocommit() as cursor:
        for name in SERVICES:
            move(cursor, {name: (first_position(cursor, name, name), before)})

    up._get_ready(office.runtime, Checks(), before)

    said = capsys.readouterr().err
    assert all(f"the tables of {name} lack events" in said for name in SERVICES)
