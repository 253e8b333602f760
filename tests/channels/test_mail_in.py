"""E-mail, from the first letter to the answer: over a real mailbox and a real mail server."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import requests
from imap_tools.errors import MailboxMoveError

from shared.base.clock import SystemClock
from shared.domain.dossier.contents import complaint_of, opened, tracking_code_of
from tests.channels.imap import ADDRESS, PASSWORD, USER, ImapServer, imap_server, written
from tests.channels.line import Line, line
from tests.notify.mail import MailServer, mail_server

SITI = "siti@warga.example"
COMPLAINT = "Jalan utama Desa Hanum berlubang dalam, sudah dua motor jatuh."
BOOK = """
channels:
  - id: email
    kind: mail
    extra: true
    address: {address}
    plus: {plus}
    {more}
    imap: {{host: 127.0.0.1, port: {port}, tls: none, user: {user}, folder: {folder}, done: {done}, poll: 1 s}}
"""


@pytest.fixture(scope="session")
def imap_process() -> Iterator[ImapServer]:
    """The session's mailboxes."""
    with imap_server() as server:
        yield server


@pytest.fixture
def box(imap_process: ImapServer, tmp_path: Path) -> Iterator[ImapServer]:
    """A folder that is looked into, of this test's own."""
    mine = ImapServer(imap_process.port, f"Aduan-{tmp_path.parent.name}-{tmp_path.name}")
    with mine.opened() as owner:
        owner.folder.create(mine.folder)
        owner.folder.create(f"{mine.folder}-selesai")
    yield mine
    mine.close()


@pytest.fixture(scope="session")
def smtp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """The session's mail server."""
    with mail_server(tmp_path_factory.mktemp("smtp") / "taken.jsonl") as server:
        yield server


def book(box: ImapServer, *, done: bool = True, plus: bool = False, more: str = "") -> str:
    """A government with a mailbox."""
    put_away = f"{box.folder}-selesai" if done else "null"
    told = {"plus": str(plus).lower(), "more": more, "folder": box.folder, "done": put_away}
    return BOOK.format(address=ADDRESS, port=box.port, user=USER, **told).replace("done: null, ", "")


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer) -> Iterator[Line]:
    """An installation where Cilacap has a mailbox beside its SOP."""
    smtp.file.unlink(missing_ok=True)
    secrets = {"cilacap.email.password": PASSWORD}
    with line(database_url, tmp_path, {"cilacap": book(box)}, secrets, smtp.url) as made:
        yield made


def comes(line: Line) -> None:
    """The mailbox is looked into, and everything that follows is done."""
    line.fetches()
    line.works()


def complaint(line: Line, dossier: UUID) -> dict[str, object]:
    """What was filed, opened."""
    return dict(complaint_of(line.history(dossier), line.runtime.vault.keys(None, [dossier])[dossier]))


def test_a_letter_is_filed_and_answered_in_its_thread(
    cilacap: Line, box: ImapServer, smtp: MailServer, photo: bytes
) -> None:
    """Filed at once with its photo, its receipt and its answer come back as replies to it; the mailbox is tidy."""
    sent = box.writes(COMPLAINT, files=(("image/jpeg", "jalan.jpg", photo),))
    comes(cilacap)
    [dossier] = cilacap.dossiers()
    filed = complaint(cilacap, dossier)
    assert (COMPLAINT, "Jalan rusak") == (filed["message"], filed["title"])
    assert ("Siti Rahayu", SITI) == (filed["reporter"]["name"], filed["reporter"]["email"])  # type: ignore[index]
    assert "FileAdded" in cilacap.types(dossier)
    [receipt] = smtp.taken_for(SITI)
    assert "CLP-" in receipt["text"]
    assert (sent, "auto-replied", "All") == tuple(
        receipt["heads"][name] for name in ("In-Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress")
    )
    assert "Re: Jalan rusak" == receipt["subject"]
    assert ADDRESS == receipt["from"]
    assert ([], ["Jalan rusak"]) == (box.subjects(box.folder), box.subjects(f"{box.folder}-selesai"))

    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    returned = smtp.taken_for(SITI)[-1]
    assert "patokan" in returned["text"]
    assert "balaslah surel ini" in " ".join(returned["text"].split())
    assert sent in returned["heads"]["References"]
    [told] = [event for event in cilacap.history(dossier) if event.type == "NoticeDelivered"]
    assert "email" == getattr(told, "by", None)

    reply = f"Depan toko Makmur.\n\nPada Kam, 26 Nov 2026 Layanan Aduan <{ADDRESS}> menulis:\n> Mohon lengkapi\n"
    box.writes(reply, subject="Re: Aduan perlu dilengkapi", In_Reply_To=returned["id"])
    comes(cilacap)
    assert 1 == len(cilacap.dossiers())
    [added] = [event for event in cilacap.history(dossier) if event.type == "Supplemented"]
    key = cilacap.runtime.vault.keys(None, [dossier])[dossier]
    assert key is not None
    assert "Depan toko Makmur." in str(opened(added, key))
    assert "Mohon lengkapi" not in str(opened(added, key))
    assert "sudah kami teruskan" in smtp.taken_for(SITI)[-1]["text"]


def test_a_letter_from_elsewhere_does_not_enter_a_complaint(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """Neither by the id of a letter that its sender never had, nor by a ticket: it is filed for itself (35, 32a)."""
    box.writes(COMPLAINT)
    comes(cilacap)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    returned = smtp.taken_for(SITI)[-1]
    ticket = cilacap.history(dossier)[0].ticket  # type: ignore[attr-defined]
    forged = returned["id"].replace(returned["id"][38:50], "0" * 12)

    box.writes("Saya tambahkan sesuatu yang lain sekali.", by="lain@warga.example", In_Reply_To=returned["id"])
    box.writes("Saya tambahkan sesuatu lagi di sini.", by="lain@warga.example", subject=f"Re: {ticket}")
    box.writes("Saya menambah dengan nomor surat tiruan.", In_Reply_To=forged)
    comes(cilacap)

    assert "Supplemented" not in cilacap.types(dossier)
    assert 4 == len(cilacap.dossiers())
    assert all(ticket not in each["text"] for each in smtp.taken_for("lain@warga.example"))

    box.writes("Depan toko Makmur.", subject=f"Re: aduan {ticket}")
    comes(cilacap)
    assert "Supplemented" in cilacap.types(dossier)


def test_what_comes_late_is_added_and_not_lost(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """A late letter is added to its complaint; of one that has ended it becomes another; mere thanks do neither."""
    box.writes(COMPLAINT)
    comes(cilacap)
    [first] = cilacap.dossiers()
    receipt = smtp.taken_for(SITI)[-1]
    box.writes("Terima kasih!", subject="Re: Jalan rusak", In_Reply_To=receipt["id"])
    box.writes("Sekarang pagarnya juga roboh.", subject="Re: Jalan rusak", In_Reply_To=receipt["id"])
    comes(cilacap)
    assert (1, ["ComplaintFiled", "Added"]) == (len(cilacap.dossiers()), cilacap.types(first))
    assert "sudah kami catat" in smtp.taken_for(SITI)[-1]["text"]

    ticket = cilacap.history(first)[0].ticket  # type: ignore[attr-defined]
    code = tracking_code_of(cilacap.history(first), cilacap.runtime.vault.keys(None, [first])[first])
    own = {"tenant": "cilacap", "ticket": ticket, "code": code}
    cilacap.house.ask("intake", "reporter_act", **own, action="withdraw", fields={"reason": "Sudah diperbaiki"})
    box.writes("Ternyata rusak lagi di tempat yang sama.", subject="Re: Jalan rusak", In_Reply_To=receipt["id"])
    comes(cilacap)
    assert ticket in str(complaint(cilacap, cilacap.dossiers()[1])["message"])


def test_nothing_is_lost_and_nothing_twice_wherever_it_ends(cilacap: Line, box: ImapServer) -> None:
    """Killed between writing down and moving away; renumbered by the server; the same mail twice (2, 31)."""
    letter = written(COMPLAINT).as_bytes()
    box.put(letter)
    comes(cilacap)
    cilacap.rows("DELETE FROM channels.positions")  # it had not been written yet
    box.put(letter, b"Received: from elsewhere\r\n" + letter)
    comes(cilacap)
    assert 1 == len(cilacap.dossiers())
    box.renumbered()
    box.put(written("Sampah menumpuk di pasar Sidareja.", number=2).as_bytes())
    comes(cilacap)
    assert 2 == len(cilacap.dossiers())
    assert [] == box.subjects(box.folder)


def test_two_letters_under_one_id_are_two(cilacap: Line, box: ImapServer) -> None:
    """And without an id, or with an empty one, each is what it is (32, 32b)."""
    for number, id_ in enumerate((b"<scan@kantor.example>", b"<scan@kantor.example>", b"", b"", b"< >", b"<>")):
        letter = written(f"Lampu jalan nomor {number} mati sudah seminggu.", by=f"{number}@warga.example")
        box.put(letter.as_bytes().replace(b"<1.siti@warga.example>", id_))
    comes(cilacap)
    assert 6 == len(cilacap.dossiers())


def test_a_mailbox_that_nothing_is_moved_in_is_read_by_its_numbers(
    database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything once, in whatever state people leave it; what was old at the first look stays where it is."""
    secrets = {"cilacap.email.password": PASSWORD}
    box.put(
        written("Surat lama sekali, sudah dijawab.", number=9).as_bytes(), at=SystemClock().now() - timedelta(days=90)
    )
    monkeypatch.setattr("shared.channels.kinds.mail.mailbox.AT_ONCE", 3)
    for number in range(5):
        box.writes(f"Pohon tumbang nomor {number} di jalan.", by=f"{number}@warga.example")
    with line(database_url, tmp_path, {"cilacap": book(box, done=False)}, secrets, smtp.url) as made:
        assert 1 < made.fetches()
        made.works()
        assert 5 == len(made.dossiers())
        with box.opened() as owner:
            owner.folder.set(box.folder)
            owner.delete(owner.uids()[:2])
        box.writes("Satu lagi: lampu mati di alun-alun.", by="akhir@warga.example")
        comes(made)
        assert 6 == len(made.dossiers())
        assert 5 == len(box.subjects(box.folder))


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
    """Bombs of parts, unknown character sets and no heads at all are kept with their reason; the next is filed (33)."""
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


def test_letters_go_out_under_tagged_addresses_where_the_server_takes_them(
    database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer
) -> None:
    """So that an answer without heads, and a bounce that quotes nothing, are still known for what they are."""
    smtp.file.unlink(missing_ok=True)
    secrets = {"cilacap.email.password": PASSWORD}
    with line(database_url, tmp_path, {"cilacap": book(box, plus=True)}, secrets, smtp.url) as made:
        box.writes(COMPLAINT)
        comes(made)
        [dossier] = made.dossiers()
        made.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
        made.works()
        returned = smtp.taken_for(SITI)[-1]
        tagged = str(returned["heads"]["Reply-To"])
        assert tagged == returned["from"]
        assert tagged.startswith("aduan+")
        box.writes("Depan toko Makmur.", subject="lengkap", To=tagged)
        comes(made)
        assert "Supplemented" in made.types(dossier)
        box.put(f"Return-Path: <>\r\nFrom: MAILER-DAEMON@x.example\r\nTo: {tagged}\r\n\r\n550 5.1.1 no user".encode())
        comes(made)
        assert "DeliveryFailed" in made.types(dossier)
