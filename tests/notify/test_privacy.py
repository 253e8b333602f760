"""Nobody finds a reporter in what notify and reporting keep, or in what they log."""

import io
import logging
from collections.abc import Iterator

import pytest

from services.intake.receipts import Receipt
from services.notify.channel_words import words_for
from services.notify.smtp import SmtpPost
from services.reporting.projection import RecapProjection
from services.routing.commands import act
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.channels.carrier import PLAINEST, Words
from shared.platform.logging import configure
from shared.store.projection.runner import apply_batch
from tests.fixtures.waiting import free_ports
from tests.notify.letter_office import CAUSE, PRIVATE, LetterOffice

REASON = "Sama dengan aduan Bu Tarmi, tetangganya"


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


def test_a_reason_for_colleagues_is_in_no_letter_to_the_reporter(office: LetterOffice) -> None:
    """Why it was merged, and taken up again, perhaps with others' names: by mail, by a channel or as an SMS."""
    one, other = office.file(), office.file()
    coordinator = Caller("cilacap", "coordinator", None, "sri")
    for name, fields in (("merge", {"into": str(other.id), "reason": REASON}), ("reinstate", {"reason": REASON})):
        act(office.runtime, coordinator, "cilacap", one.id, name, fields, CAUSE)
    told = _words(office, one, "cilacap", Merged="merged", Reinstated="reinstated")

    assert [False, False] == [REASON in f"{words.text} {words.short} {words.values}" for words in told]


def test_a_reason_that_the_reporter_is_told_is_on_their_page_too(office: LetterOffice) -> None:
    """Why a complaint lies outside a government's authority, as the letter says it."""
    receipt = office.file("majalengka")
    office.automate(receipt)
    office.act(receipt, "return", reason=REASON)
    [words] = _words(office, receipt, "majalengka", Returned="returned_out_of_authority")

    assert f"{receipt.ticket}: di luar wewenang kami. {REASON}" in words.short
    assert PLAINEST == words.template, "the template of a return asks for something"
    assert [REASON] == [each["reason"] for each in office.open_by_code(receipt)["timeline"] if each.get("reason")]


def _words(office: LetterOffice, receipt: Receipt, tenant: str, **letters: str) -> list[Words]:
    """The letters to a dossier's reporter about some of its events, as a channel would carry them.

    :param letters: by the event's type.
    """
    history, key = office.history(receipt), office.runtime.dossier_key(receipt.id)
    home = office.runtime.tenants.get(tenant)
    found = [(event, letters[event.type]) for event in history if event.type in letters]
    return [words_for(office.runtime, home, letter, history, event, key) for event, letter in found]


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
