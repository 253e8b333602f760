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
from tests.notify.letter_office import PRIVATE, LetterOffice


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


def _everything(office: LetterOffice, schema: str) -> str:
    tables = office.rows("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", schema)
    assert tables
    return "\n".join(str(office.rows(f"SELECT t::text FROM {schema}.{name} t")) for (name,) in tables)


def test_no_table_holds_anything_personal(office: LetterOffice) -> None:
    """Neither name nor address nor mailbox nor any text, whatever was sent, dropped or put off."""
    office.answered()
    office.answered(email=None)
    lost = office.answered()
    [port] = free_ports(1)
    office.send_all(SmtpPost.parse(f"smtp://127.0.0.1:{port}", "aduan@kabupaten.example"))
    office.later(minutes=2)
    office.send_all()
    apply_batch(office.runtime.database, RecapProjection(), decode, office.recorded(lost))

    for schema in ("notify", "reporting"):
        kept = _everything(office, schema)
        assert str(lost.id) in kept
        for private in (*PRIVATE, lost.tracking_code):
            assert private not in kept


def test_no_line_of_the_log_holds_anything_personal(mailing: LetterOffice, logged: io.StringIO) -> None:
    """Also when a server refuses a mailbox and repeats the address in its answer, and when a text cannot be made."""
    mailing.answered(email="tolak.siti.rahayu@warga.example")
    mailing.answered(email="tunda9.siti.rahayu@warga.example")
    mailing.told()
    mailing.rows("UPDATE notify.messages SET tenant = 'atlantis' WHERE version = 2 RETURNING 1")

    mailing.send_all()

    lines = logged.getvalue()
    assert "a message was given up" in lines
    assert "a message could not be dealt with" in lines
    for private in PRIVATE:
        assert private not in lines
