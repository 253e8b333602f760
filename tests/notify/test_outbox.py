"""Without a mail server, letters lie in a folder where a person can read them."""

import stat
from email import message_from_bytes, policy

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
