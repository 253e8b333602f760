"""What goes wrong with mails: bounces, machines, broken letters, mailboxes that do not open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from imap_tools.errors import MailboxMoveError

from channels.conversing import House
from channels.dropping import drop
from shared.domain.dossier.contents import opened
from tests.channels.by_mail import COMPLAINT, SITI, book, comes
from tests.channels.imap import ADDRESS, PASSWORD, ImapServer, written
from tests.channels.line import Line, line
from tests.channels.test_given_up import Breaking
from tests.notify.mail import MailServer


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer) -> Iterator[Line]:
    """An installation where Cilacap has a mailbox beside its SOP."""
    smtp.file.unlink(missing_ok=True)
    secrets = {"cilacap.email.password": PASSWORD}
    with line(database_url, tmp_path, {"cilacap": book(box)}, secrets, smtp.url) as made:
        yield made


def bounce(letter: dict[str, object], status: str = "5.1.1", action: str = "failed") -> bytes:
    """What a mail server writes when it cannot deliver (RFC 3464)."""
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@relay.example>\r\n"
        f"To: {ADDRESS}\r\nSubject: Undelivered Mail\r\nMessage-ID: <b{status}{action}@relay.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\n\r\nI could not.\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; {SITI}\r\nAction: {action}\r\n"
        f"Status: {status}\r\n\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {letter['id']}\r\nSubject: Jawaban\r\n\r\n--B--\r\n"
    ).encode()


def test_a_letter_that_comes_back_is_the_coordinators_task(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """What only was delayed has not failed; what failed is told once, and no bounce becomes a complaint (30)."""
    box.writes(COMPLAINT)
    comes(cilacap)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    returned = smtp.taken_for(SITI)[-1]

    box.put(bounce(returned, "4.4.1", "delayed"))
    comes(cilacap)
    assert "DeliveryFailed" not in cilacap.types(dossier)
    box.put(bounce(returned, "5.2.2"), bounce({"id": returned["id"].replace("-", "_")}))
    comes(cilacap)
    box.put(bounce(returned, "5.2.2").replace(b"<b5", b"<c5"))
    comes(cilacap)

    failed = [event for event in cilacap.history(dossier) if event.type == "DeliveryFailed"]
    assert [("email", "mailbox_full")] == [(event.by, event.reason) for event in failed]  # type: ignore[attr-defined]
    assert 1 == len(cilacap.dossiers())


def test_an_absence_is_noted_where_somebody_is_waited_for(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """A mailbox that answers that its owner is away is a note to a complaint that was returned: nothing goes on by it,
    nobody is answered, and it is noted nowhere else.
    """
    zimbras = "auto-replied (zimbra; vacation)"  # what many a government's server writes
    away = {"subject": "Sedang cuti", "Auto_Submitted": zimbras, "Precedence": "bulk", "Return_Path": "<>"}
    box.writes(COMPLAINT)
    comes(cilacap)
    [dossier] = cilacap.dossiers()
    receipt = smtp.taken_for(SITI)[-1]
    box.writes("Saya cuti sampai Senin.", In_Reply_To=receipt["id"], **away)
    comes(cilacap)
    assert "Added" not in cilacap.types(dossier), "nobody waits for her"

    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    before = len(smtp.taken_for(SITI))
    returned = smtp.taken_for(SITI)[-1]
    box.writes("Saya cuti sampai Senin.", In_Reply_To=returned["id"], **away)
    box.writes("Pak Budi cuti.", by="Budi <budi@warga.example>", In_Reply_To=returned["id"], **away)
    box.writes("Kotak ini tidak dibaca.", **away)
    comes(cilacap)
    [added] = [event for event in cilacap.history(dossier) if event.type == "Added"]
    key = cilacap.runtime.vault.keys(None, [dossier])[dossier]
    assert key is not None
    noted = "(Balasan otomatis dari kotak surat pelapor.)\nSaya cuti sampai Senin."
    assert noted == opened(added, key)["message"]
    assert ("Supplemented" in cilacap.types(dossier), 1) == (False, len(cilacap.dossiers()))
    assert (before, []) == (len(smtp.taken_for(SITI)), smtp.taken_for("budi@warga.example"))
    box.writes("Depan toko Makmur.", In_Reply_To=returned["id"])
    comes(cilacap)
    assert "Supplemented" in cilacap.types(dossier), "back again, she completes it"


def test_an_absence_that_is_dropped_is_answered_to_nobody(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """Who writes a letter is told that it could not be filed; a mailbox that answers by itself would answer that."""
    box.writes(COMPLAINT)
    comes(cilacap)
    receipt = smtp.taken_for(SITI)[-1]
    before = len(smtp.taken_for(SITI))
    services = Breaking(cilacap, "answered", KeyError("a fault of ours"))
    cilacap.house = House(cilacap.runtime, cilacap.house.channels, services)
    box.writes("Saya cuti.", subject="Cuti", Auto_Submitted="auto-replied", In_Reply_To=receipt["id"])
    comes(cilacap)
    [(id_,)] = cilacap.rows(
        "UPDATE channels.outgoing SET given_up_at = clock_timestamp() WHERE done_at IS NULL RETURNING id"
    )
    assert drop(cilacap.house, "cilacap", id_)
    cilacap.works()

    assert before == len(smtp.taken_for(SITI))


def test_two_machines_do_not_write_to_each_other_for_ever(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """One that answers each receipt without saying that it is a machine is answered no more that day (27)."""
    box.writes("Saya sedang cuti sampai hari Senin depan.", by="robot@mesin.example", subject="Cuti")
    for _ in range(5):
        comes(cilacap)
        last = smtp.taken_for("robot@mesin.example")[-1]
        text = "Saya sedang cuti sampai hari Senin depan."
        box.writes(text, by="robot@mesin.example", subject=f"Re: {last['subject']}", In_Reply_To=last["id"])
    comes(cilacap)
    assert 4 == len(smtp.taken_for("robot@mesin.example"))


def test_a_receipt_that_a_flood_of_letters_has_swallowed_is_the_coordinators_task(
    cilacap: Line, box: ImapServer, smtp: MailServer
) -> None:
    """Who sends many complaints at once is answered no more that day: all are filed, and of those that nobody told
    its desk knows.
    """
    for number in range(6):
        box.writes(f"Lampu jalan nomor {number} di Hanum padam sejak kemarin.", subject=f"Lampu {number}")
    comes(cilacap)
    dossiers = cilacap.dossiers()
    told = len(smtp.taken_for(SITI))
    untold = [each for each in dossiers if "DeliveryFailed" in cilacap.types(each)]
    assert (6, 6) == (len(dossiers), told + len(untold))
    assert untold
    failed = [event for each in untold for event in cilacap.history(each) if event.type == "DeliveryFailed"]
    assert {("email", "too_many_letters")} == {(event.by, event.reason) for event in failed}  # type: ignore[attr-defined]
    comes(cilacap)
    assert told == len(smtp.taken_for(SITI))


def test_a_letter_that_is_too_large_is_told_so(
    cilacap: Line, box: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only its heads are fetched; its sender hears of it, and one with nothing in it likewise."""
    mailbox = cilacap.house.channels.find("cilacap", "email")
    assert mailbox is not None
    monkeypatch.setattr(mailbox.polled, "_most", 20_000)
    box.writes("Video kejadian terlampir.", files=(("video/mp4", "v.mp4", b"v" * 30_000),))
    box.writes("", subject="", by="kosong@warga.example")
    comes(cilacap)
    assert [] == cilacap.dossiers()
    assert "terlalu besar" in smtp.taken_for(SITI)[-1]["text"]
    assert "tidak berisi" in smtp.taken_for("kosong@warga.example")[-1]["text"]


def test_a_broken_mail_does_not_stop_the_mailbox(cilacap: Line, box: ImapServer) -> None:
    """Bombs of parts, unknown character sets and no heads at all are kept with their reason, and lie where a
    person may look at them; the next is filed (33).
    """
    parts = b"".join(b"--B\r\n\r\nx\r\n" for _ in range(600))
    box.put(
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n' + parts,
        b"\xff\xfe\x00 no mail at all",
        b"From: \r\n\r\nSiapa saya?",
        b"From: c@d.example\r\nContent-Type: text/plain; charset=x-none\r\n\r\nLampu \xfc mati\x00",
        written("Jembatan Desa Hanum roboh tadi malam.").as_bytes(),
    )
    comes(cilacap)
    assert 2 == len(cilacap.dossiers())
    reasons = sorted(row[0] for row in cilacap.rows("SELECT reason FROM channels.heard WHERE state = 'odd'"))
    assert ["no_sender", "no_sender", "too_many_parts"] == reasons
    assert [0, 2, 3] == [len(box.subjects(f"{box.folder}{each}")) for each in ("", "-selesai", "-gagal")]


def test_a_mailbox_that_cannot_be_opened_is_tried_again(cilacap: Line, box: ImapServer) -> None:
    """A wrong password loses nothing, and is put right without a restart."""
    secret = Path(str(cilacap.runtime.settings.secrets_dir)) / "cilacap.email.password"
    secret.write_text("salah")
    box.writes(COMPLAINT)
    comes(cilacap)
    assert [] == cilacap.dossiers()
    secret.write_text(f"{PASSWORD}\n")
    comes(cilacap)
    assert 1 == len(cilacap.dossiers())


def test_what_cannot_be_moved_holds_nothing_up(
    database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that moves nothing for a while: every letter is filed once, and put away when that goes again."""
    monkeypatch.setattr("shared.channels.kinds.mail.mailbox.AT_ONCE", 2)
    secrets = {"cilacap.email.password": PASSWORD}
    with line(database_url, tmp_path, {"cilacap": book(box)}, secrets, smtp.url) as made:
        with monkeypatch.context() as patched:
            patched.setattr("imap_tools.BaseMailBox.move", _refuses)
            for number in range(3):
                box.writes(f"Pohon tumbang nomor {number} di jalan.", by=f"{number}@warga.example")
                comes(made)
        assert (3, 3) == (len(made.dossiers()), len(box.subjects(box.folder)))
        made.fetches()
        assert ([], 3) == (box.subjects(box.folder), len(box.subjects(f"{box.folder}-selesai")))


def _refuses(*_: object, **__: object) -> None:
    raise MailboxMoveError(("NO", [b"read-only"]), "OK")


def test_nobody_can_deliver_mails_by_the_hook(cilacap: Line) -> None:
    """What is fetched is not taken from whoever calls."""
    answer = requests.post(f"{cilacap.address}/hooks/v1/cilacap/email", data=b"From: a@b.example", timeout=30)
    assert 403 == answer.status_code
