"""Only who has a task is asked for it; everybody else is told, and nothing that is not so."""

from typing import Any

import pytest

from shared.application.letter_texts import worded
from shared.domain.all_tenants import Tenants
from shared.domain.letters import VALUES
from shared.platform.settings import PROJECT
from tests.notify.letter_office import LetterOffice
from tests.notify.test_texts import NAMES

TENANTS = Tenants(PROJECT / "tenants")
TO_KNOW = "Surat ini untuk diketahui."
ASKED = ("Mohon ditindaklanjuti", "Mohon diperiksa")


def _letter(office: LetterOffice, ticket: str, recipient: str, name: str) -> str:
    """The latest such letter in the outbox, in one line."""
    office.send_all()
    found = sorted((office.runtime.settings.data_dir / "outbox").glob(f"*-{ticket}-*-{recipient}-{name}.eml"))
    return " ".join(found[-1].read_text(encoding="utf-8").split())


@pytest.mark.parametrize("name", NAMES["officer"])
def test_no_letter_asks_for_work_where_its_reader_has_none(name: str) -> None:
    """Whatever it is about: without a step of the reader's own there is nothing to press them with."""
    given: dict[str, Any] = {**dict.fromkeys(VALUES["officer"], "x"), "activity": None, "due_at": None, "missing": []}

    body = worded(PROJECT / "tenants", TENANTS.get("cilacap").messages, "officer", name, given).body

    assert not [asked for asked in ASKED if asked in " ".join(body.split())]


def test_who_answered_before_is_told_of_a_reopening_and_the_desk_is_asked(office: LetterOffice) -> None:
    """Cilacap's operator had it, its Admin Utama has it now."""
    receipt = office.answered()
    office.reporter(receipt, "reopen", reason="Masih rusak")

    desk = _letter(office, receipt.ticket, "actor-coordinator", "reopened")
    former = _letter(office, receipt.ticket, "agency-dpupr", "reopened")

    assert "Mohon ditindaklanjuti." in desk
    assert TO_KNOW not in desk
    assert TO_KNOW in former
    assert "Mohon ditindaklanjuti" not in former


def test_a_head_to_whom_is_reported_is_not_asked_to_act(office: LetterOffice) -> None:
    """Bantul's rows 4 and 6, "melaporkan kepada Kepala OPD": the unit has the work."""
    receipt = office.file("bantul", category="KESEHATAN")
    office.automate(receipt)
    office.act(receipt, "forward")
    office.act(receipt, "forward")

    head = _letter(office, receipt.ticket, "agency-dinkes-head", "forwarded")

    assert TO_KNOW in head
    assert "diteruskan kepada Anda" not in head
    assert "Mohon ditindaklanjuti" not in head


def test_what_another_authority_has_is_not_said_to_be_worked_on_here(office: LetterOffice) -> None:
    """News from there is passed on as that, and no final answer of ours is promised."""
    receipt = office.file()
    office.act(receipt, "transfer", to="BBPJN", reason="Jalan nasional")
    office.act(receipt, "interim", text="Balai sedang memeriksa.")

    told = _letter(office, receipt.ticket, "reporter", "answered_interim")

    assert "Balai sedang memeriksa." in told
    assert "masih berada pada instansi lain yang berwenang" in told
    assert "kami tindak lanjuti" not in told


@pytest.mark.parametrize("name", ["rejected", "code_renewed"])
def test_who_is_asked_to_object_reads_where(office: LetterOffice, name: str) -> None:
    """No letter says "contact us" and leaves out how."""
    receipt = office.file()
    if name == "rejected":
        office.act(receipt, "reject", why="spam", reason="Tidak terbaca")
    else:
        office.act(receipt, "renew_code", via="counter")

    told = _letter(office, receipt.ticket, "reporter", name)

    assert f"kepada kami di {office.runtime.settings.public_address}" in told
    assert "mohon hubungi" not in told
