"""E-mail, from the first letter to the answer: over a real mailbox and a real mail server."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from shared.base.clock import SystemClock
from shared.domain.dossier.contents import opened, tracking_code_of
from tests.channels.by_mail import COMPLAINT, SITI, book, comes, complaint
from tests.channels.imap import ADDRESS, PASSWORD, ImapServer, written
from tests.channels.line import Line, line
from tests.notify.mail import MailServer


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer) -> Iterator[Line]:
    """An installation where Cilacap has a mailbox beside its SOP."""
    smtp.file.unlink(missing_ok=True)
    secrets = {"cilacap.email.password": PASSWORD}
    with line(database_url, tmp_path, {"cilacap": book(box)}, secrets, smtp.url) as made:
        yield made


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
    assert "Mohon balas surel ini dengan: Alamat." in " ".join(receipt["text"].split()), "what its procedure requires"
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


def test_a_receipt_asks_for_what_is_missing_also_where_files_were_refused(
    database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer, photo: bytes
) -> None:
    """Both stand in it; a required photo that was not taken is one that is missing."""
    smtp.file.unlink(missing_ok=True)
    program, picture = ("application/octet-stream", "foto.exe", b"MZ"), ("image/jpeg", "foto.jpg", photo)
    secrets = {"trenggalek.email.password": PASSWORD}
    with line(database_url, tmp_path, {"trenggalek": book(box)}, secrets, smtp.url) as trenggalek:
        full = replace(trenggalek.runtime.settings, reporters_files_most_bytes=1)
        trenggalek.runtime = replace(trenggalek.runtime, settings=full)
        for refused in ((program,), (picture,), (program, picture)):
            box.writes(COMPLAINT, files=refused)
            comes(trenggalek)
            said = " ".join(smtp.taken_for(SITI)[-1]["text"].split())
            [asked] = re.findall(r"Mohon balas surel ini dengan: ([^.]+)\.", said)
            assert {"foto bukti", "NIK"} <= set(asked.split(", ")), asked
            assert "atau sebagian, tidak dapat kami terima" in said
        assert 3 == len(trenggalek.dossiers())


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
    assert "Supplemented" not in cilacap.types(dossier), "anybody can write in her name"
    assert ticket in str(complaint(cilacap, cilacap.dossiers()[-1])["message"]), "its desk sees what it is about"


def test_of_who_files_much_every_complaint_is_found_by_its_ticket(
    database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer, photo: bytes
) -> None:
    """By the ticket in a subject, however many came since; a yes completes it, a thumb or photo not at once."""
    smtp.file.unlink(missing_ok=True)
    books = {"cilacap": book(box, more="authserv: mx.kab.example")}
    vouched = {"Authentication_Results": "mx.kab.example; dmarc=pass header.from=warga.example"}
    with line(database_url, tmp_path, books, {"cilacap.email.password": PASSWORD}, smtp.url) as cilacap:
        box.writes(COMPLAINT, **vouched)
        comes(cilacap)
        [dossier] = cilacap.dossiers()
        cilacap.act(dossier, "return", reason="Apakah di depan toko Makmur?")
        cilacap.works()
        ticket = cilacap.history(dossier)[0].ticket  # type: ignore[attr-defined]
        cilacap.rows(
            "INSERT INTO channels.dossiers (tenant, dossier, person, ticket, sealed, filed_at) "
            "SELECT tenant, gen_random_uuid(), person, 'CLP-2026-9000' || n, sealed, filed_at + n * interval '1 s' "
            "FROM channels.dossiers, generate_series(10, 40) n"
        )

        box.writes("\U0001f44d", subject=f"Re: aduan {ticket}", **vouched)
        comes(cilacap)
        box.writes("", subject=f"Re: aduan {ticket}", files=(("image/jpeg", "toko.jpg", photo),), **vouched)
        comes(cilacap)
        assert "Supplemented" not in cilacap.types(dossier)
        assert "SELESAI" in smtp.taken_for(SITI)[-1]["text"]
        box.writes("Ya, Pak.", subject=f"Re: aduan {ticket}", **vouched)
        comes(cilacap)

        assert ([dossier], True) == (cilacap.dossiers(), "Supplemented" in cilacap.types(dossier))


def test_what_comes_late_is_added_and_not_lost(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """A late letter is added to its complaint; of one that has ended it becomes another; mere thanks do neither."""
    box.writes(COMPLAINT)
    comes(cilacap)
    [first] = cilacap.dossiers()
    receipt = smtp.taken_for(SITI)[-1]
    box.writes("Terima kasih banyak, Pak! \U0001f64f", subject="Re: Jalan rusak", In_Reply_To=receipt["id"])
    box.writes("Sekarang pagarnya juga roboh.", subject="Re: Jalan rusak", In_Reply_To=receipt["id"])
    comes(cilacap)
    assert (1, ["ComplaintFiled", "Added"]) == (len(cilacap.dossiers()), cilacap.types(first))
    assert "sudah kami catat" in smtp.taken_for(SITI)[-1]["text"]
    page = (("text/html", "foto.html", b"<html><script>1</script></html>"),)
    box.writes("Fotonya saya sertakan.", subject="Re: Jalan rusak", In_Reply_To=receipt["id"], files=page)
    comes(cilacap)
    assert 2 == cilacap.types(first).count("Added")
    assert "sebagian, tidak dapat kami terima" in smtp.taken_for(SITI)[-1]["text"], "and nobody thinks it is there"

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


def test_who_wants_to_be_spared_writes_so(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """What answers nothing says where to write for that; answers come all the same, and nothing is filed."""
    box.writes(COMPLAINT)
    comes(cilacap)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "renew_code", via="counter")
    cilacap.works()
    notice = smtp.taken_for(SITI)[-1]
    spare_me = notice["heads"]["List-Unsubscribe"]
    wish = re.fullmatch(f"<mailto:{ADDRESS}\\?subject=(BERHENTI%20[0-9a-f]{{16}})>", spare_me)
    assert wish is not None
    box.writes("", subject=unquote(wish[1]))
    comes(cilacap)
    assert [dossier] == cilacap.dossiers()
    assert "tidak" in smtp.taken_for(SITI)[-1]["text"]
    so_far = len(smtp.taken_for(SITI))
    cilacap.act(dossier, "renew_code", via="counter")
    cilacap.works()
    assert so_far == len(smtp.taken_for(SITI))
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    returned = smtp.taken_for(SITI)[-1]
    assert so_far + 1 == len(smtp.taken_for(SITI))
    assert "List-Unsubscribe" not in returned["heads"]
    box.writes("Mulai", subject=unquote(wish[1]).replace("BERHENTI", "Mulai"), In_Reply_To=returned["id"])
    comes(cilacap)
    cilacap.act(dossier, "renew_code", via="counter")
    cilacap.works()
    assert so_far + 3 == len(smtp.taken_for(SITI))
