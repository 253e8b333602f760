"""Without a mail server, letters lie in a folder where a person can read them."""

import errno
import stat
from email import message_from_bytes, policy
from email.headerregistry import Address
from typing import Any

import eventlet
import pytest

from services.notify import outbox
from services.notify.letter import Letter
from tests.fixtures.office import START
from tests.fixtures.waiting import eventually
from tests.notify.letter_office import ADDRESS, EMAIL, MESSAGE, LetterOffice


def test_a_letter_is_a_file_that_any_pager_shows(office: LetterOffice) -> None:
    """UTF-8 throughout, no encoding to undo; and still a mail that a mail program opens."""
    receipt = office.file(title="Jembatan “Gantung” rusak")

    office.send_all()

    [letter] = [each for each in office.letters() if each.to == EMAIL]
    raw = letter.path.read_text()
    assert "Jembatan “Gantung” rusak" in raw
    assert f"Subject: Aduan {receipt.ticket} telah kami terima" in raw
    assert "telah kami terima" in str(message_from_bytes(letter.path.read_bytes(), policy=policy.default)["Subject"])


def test_letters_lie_in_the_order_of_time(office: LetterOffice) -> None:
    """The receipt before the answer, by name already."""
    receipt = office.file()
    office.send_all()
    office.later(minutes=5)
    office.act(receipt, "dispose", agency="dpupr")

    office.send_all()

    names = [letter.path.name for letter in office.letters()]
    assert sorted(names) == names
    assert names[0].startswith(f"20261005T010000Z-{receipt.ticket}-001-")
    assert names[-1] == f"20261005T010500Z-{receipt.ticket}-002-agency-dpupr-dispositioned.eml"


def test_nobody_else_on_the_machine_reads_them(office: LetterOffice) -> None:
    """They hold what is personal: only the owner gets at them."""
    office.file()

    office.send_all()

    for letter in office.letters():
        assert 0o600 == stat.S_IMODE(letter.path.stat().st_mode)
        assert 0o700 == stat.S_IMODE(letter.path.parent.stat().st_mode)


def test_a_letter_tells_the_reporter_what_is_theirs_and_no_more(office: LetterOffice) -> None:
    """Ticket, tracking code and what it is about; not the whole complaint, and not where they live."""
    receipt = office.file()

    office.send_all()

    [letter] = [each for each in office.letters() if each.to == EMAIL]
    assert receipt.ticket in letter.text
    assert receipt.tracking_code in letter.text
    assert "Jembatan rusak" in letter.text
    assert MESSAGE not in letter.text
    assert ADDRESS not in letter.text


def test_a_returned_complaint_says_why_and_what_to_do(office: LetterOffice) -> None:
    """The reason in the officer's words, what is missing, where to complete it and until when."""
    receipt = office.file(address=None)
    office.act(receipt, "return", reason="Mohon isi alamat Ibu.")

    office.send_all()

    letter = office.letters()[-1]
    for expected in ("    Mohon isi alamat Ibu.", "- alamat pelapor", "http://127.0.0.1:8000", "Rabu, 4 November 2026"):
        assert expected in letter.text
    assert f"Aduan {receipt.ticket} perlu Anda lengkapi" == letter.subject


def test_a_letter_says_what_was_so_when_it_happened(office: LetterOffice) -> None:
    """Sent late, a disposition still names the agency and the time of then."""
    receipt = office.file()
    office.act(receipt, "dispose", agency="dpupr")
    office.later(minutes=10)
    office.act(receipt, "return", reason="Bukan kami.")
    office.later(minutes=10)

    office.send_all()

    [letter] = [each for each in office.letters() if each.subject.startswith("Disposisi")]
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in letter.text
    assert "Senin, 5 Oktober 2026 pukul 08.15 WIB" in letter.text


def test_letters_hold_up_nobody_while_they_are_written(office: LetterOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that takes its time keeps the process's other work waiting not a moment; all letters are there then."""
    real = eventlet.patcher.original("threading")
    begun, let_go, in_time = real.Event(), real.Event(), []
    write = outbox._write

    def late(*given: Any) -> None:
        begun.set()
        in_time.append(let_go.wait(60))
        write(*given)

    monkeypatch.setattr(outbox, "_write", late)
    receipt = office.file()
    working = eventlet.spawn(office.send_all)
    eventually(begun.is_set, what="a letter is being written")
    for _ in range(10):
        eventlet.sleep(0.001)
    let_go.set()
    working.wait()

    assert {True} == set(in_time)
    assert any(receipt.ticket in letter.path.name for letter in office.letters())


def test_letters_that_cannot_be_written_are_not_sent(office: LetterOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is told to whoever runs the service; no letter counts as sent, and all go out later."""
    receipt = office.file()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_write", full)
        with pytest.raises(OSError, match="No space"):
            office.send_all()
    states = {state for _, _, state, *_ in office.messages(receipt.id)}
    office.leases_run_out()
    office.send_all()

    assert {None} == states
    assert any(letter.to == EMAIL for letter in office.letters())


def test_a_name_that_no_folder_takes_is_cut(tmp_path: Any) -> None:
    """Two long ones stay two, and neither keeps the others from being written."""
    somebody = Address("Siti", addr_spec="siti@warga.example")
    letter = Letter(
        sender=somebody,
        to=(somebody,),
        subject="Aduan",
        date=START,
        id="<1@a.example>",
        thread="<0@a.example>",
        text="Isi",
    )
    names = [f"20261005T010000Z-CLP-2026-000001-001-{'agency' * 60}-{end}" for end in ("one", "two")]
    with outbox.Outbox(tmp_path).session() as session:
        for name in (*names, "short"):
            session.send(letter, name)
        session.flush()

    assert 3 == len(outbox.Outbox(tmp_path).letters())


def test_what_a_killed_process_had_begun_is_removed_with_the_rest(tmp_path: Any) -> None:
    """It may hold what was erased."""
    begun = tmp_path / ".20261005T010000Z-CLP-2026-000001-001-reporter.4711"
    begun.write_text("Siti")

    outbox.Outbox(tmp_path).remove("CLP-2026-000001")

    assert not begun.exists()
