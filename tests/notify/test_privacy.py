"""Nobody finds a reporter in what notify and reporting keep, or in what they log."""

import io
import logging
from collections.abc import Iterator

import pytest

from services.notify.smtp import SmtpPost
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.platform.logging import configure
from shared.store.projection.runner import apply_batch
from tests.fixtures.waiting import free_ports
from tests.notify.house import PRIVATE, House


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as an installation would log it, down to the last detail."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure("DEBUG", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def _everything(house: House, schema: str) -> str:
    tables = house.rows("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", schema)
    assert tables
    return "\n".join(str(house.rows(f"SELECT t::text FROM {schema}.{name} t")) for (name,) in tables)


def test_no_table_holds_anything_personal(house: House) -> None:
    """Neither name nor address nor mailbox nor any text, whatever was sent, dropped or put off."""
    house.answered()
    house.answered(email=None)
    lost = house.answered()
    [port] = free_ports(1)
    house.settle(SmtpPost.parse(f"smtp://127.0.0.1:{port}", "aduan@kabupaten.example"))
    house.later(minutes=1)
    house.settle()
    apply_batch(house.runtime.database, RecapProjection(), decode, house.recorded(lost))

    for schema in ("notify", "reporting"):
        kept = _everything(house, schema)
        assert str(lost.id) in kept
        for private in (*PRIVATE, lost.tracking_code):
            assert private not in kept


def test_no_line_of_the_log_holds_anything_personal(mailing: House, logged: io.StringIO) -> None:
    """Also when a server refuses a mailbox and repeats the address in its answer, and when a text cannot be made."""
    mailing.answered(email="tolak.siti.rahayu@warga.example")
    mailing.answered(email="tunda9.siti.rahayu@warga.example")
    mailing.told()
    mailing.rows("UPDATE notify.messages SET tenant = 'atlantis' WHERE version = 2 RETURNING 1")

    mailing.settle()

    lines = logged.getvalue()
    assert "a message was given up" in lines
    assert "a message could not be dealt with" in lines
    for private in PRIVATE:
        assert private not in lines
