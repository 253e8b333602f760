"""Whoever opens personal data leaves a record of it: for the administrator in full, for the reporter as a count."""

from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from services.intake.service import IntakeService
from services.routing.service import RoutingService
from shared.base.caller import Caller
from shared.base.errors import Forbidden, Invalid, NotFound, Unavailable
from tests.fixtures.office import Office
from tests.fixtures.postgres import execute

TENANT = "cilacap"
DESK = Caller(TENANT, "coordinator", None, "rina")
OPERATOR = Caller(TENANT, "operator", "dpupr", "budi")
ADMIN = Caller("*", "admin", None, "kepala", admin=True)


def _door(office: Office, service: type) -> Any:
    door = service()
    door.runtime = office.runtime
    return door


def _open(office: Office, dossier: object, caller: Caller, why: str | None = None) -> Any:
    return _door(office, RoutingService).dossier(TENANT, str(dossier), caller.to_dict(), why)


def _readings(office: Office, dossier: object | None = None, **asked: Any) -> list[dict[str, Any]]:
    given = {"account": None, "after": None, "limit": 50, **asked}
    of = str(dossier) if dossier else None
    items: list[dict[str, Any]] = _door(office, RoutingService).readings(TENANT, of, ADMIN.to_dict(), **given)["items"]
    return items


def test_each_opening_says_who_when_and_why(office: Office) -> None:
    """By where the dossier lies, or as its reader says; who is not shown the reporter is recorded as that."""
    receipt = office.file(TENANT, privacy="anonymous")
    _open(office, receipt.id, DESK)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    office.later(hours=1)
    _open(office, receipt.id, DESK)
    _open(office, receipt.id, DESK, "objection")
    _open(office, receipt.id, OPERATOR)
    _open(office, receipt.id, ADMIN)
    found = [(each["user"], each["agency"], each["why"], each["named"]) for each in reversed(_readings(office))]

    assert [
        ("rina", None, "handling", True),
        ("rina", None, "oversight", True),
        ("rina", None, "objection", True),
        ("budi", "dpupr", "handling", False),
        ("kepala", None, "administration", False),
    ] == found
    assert {"2026-10-05T09:00:00+07:00"} == {each["at"] for each in _readings(office, account="budi")}
    assert [] == _readings(office, uuid4())
    with pytest.raises(Invalid):
        _open(office, receipt.id, DESK, "curiosity")


def test_looking_again_within_a_quarter_of_an_hour_is_one_opening(office: Office) -> None:
    """Whoever acts looks often; the same person an hour later has opened it again."""
    receipt = office.file(TENANT)
    for _ in range(3):
        _open(office, receipt.id, DESK)
    office.later(hours=1)
    _open(office, receipt.id, DESK)

    assert 2 == len(_readings(office, receipt.id))


def test_what_cannot_be_recorded_is_not_shown(office: Office, database_url: str) -> None:
    """Rather nothing than something that nobody knows of."""
    receipt = office.file(TENANT)
    execute(database_url, "ALTER TABLE readings.readings RENAME TO x")
    with pytest.raises(Unavailable, match="reading_not_recorded"):
        _open(office, receipt.id, DESK)


def test_a_refused_reader_leaves_no_record(office: Office) -> None:
    """Nothing was shown to them."""
    receipt = office.file(TENANT)
    with pytest.raises(Forbidden):
        _open(office, receipt.id, OPERATOR)
    with pytest.raises(NotFound):
        _open(office, uuid4(), DESK)

    assert [] == _readings(office)


def test_the_reporter_is_told_how_often_by_role(office: Office) -> None:
    """No account and no hour; and only who holds the code is told."""
    receipt = office.file(TENANT)
    _open(office, receipt.id, DESK)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    _open(office, receipt.id, OPERATOR)
    told = _door(office, IntakeService).readers(TENANT, receipt.ticket, receipt.tracking_code)
    rows = [(each["actor"], each["agency"], each["times"], each["named"]) for each in told["items"]]

    assert [("coordinator", None, 1, 1), ("operator", "dpupr", 1, 1)] == [row for row in rows if row[0] != "system"]
    assert not {"budi", "rina"} & set(str(told).split("'"))
    with pytest.raises(NotFound):
        _door(office, IntakeService).readers(TENANT, receipt.ticket, "XXXX")


def test_only_administrators_see_who_read(office: Office) -> None:
    """No desk of the government's, least of all those who read."""
    for caller in (DESK, OPERATOR):
        with pytest.raises(Forbidden, match="admin_needed"):
            _door(office, RoutingService).readings(TENANT, None, caller.to_dict(), account=None, after=None, limit=5)


def test_the_record_cannot_be_changed_and_outlives_an_erasure(office: Office) -> None:
    """It is no projection; of an erased dossier nothing more is read, and what was read stays told."""
    receipt = office.file(TENANT)
    _open(office, receipt.id, DESK)
    for statement in ("UPDATE readings.readings SET account = 'x'", "DELETE FROM readings.readings"):
        with (
            pytest.raises(psycopg2.Error, match="never changed"),
            office.runtime.database.autocommit() as cursor,
        ):
            cursor.execute(statement)
    office.runtime.vault.destroy(receipt.id)
    office.later(hours=1)
    _open(office, receipt.id, DESK)

    assert 1 == len(_readings(office, receipt.id))
