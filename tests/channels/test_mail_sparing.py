"""Who wants to be spared what answers nothing says so by mail, however they filed; nobody says it for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake.filing import Submission, file
from services.intake.reporter import act as reporter_acts
from services.routing.commands import act as desk_acts
from shared.base.caller import Caller
from shared.domain.dossier.contents import tracking_code_of
from tests.channels.by_mail import COMPLAINT, SITI, book, comes
from tests.channels.imap import PASSWORD, ImapServer
from tests.channels.line import Line, line
from tests.notify.letter_office import CAUSE, complaint
from tests.notify.mail import MailServer

VOUCHED = {"Authentication_Results": "mx.kab.example; dmarc=pass header.from=warga.example"}
SIGNATURE = "--\nSiti Rahayu\nThis email was sent by your mail program to unsubscribe."


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer) -> Iterator[Line]:
    """An installation where Cilacap has a mailbox whose server says for whom it vouches."""
    smtp.file.unlink(missing_ok=True)
    books = {"cilacap": book(box, more="authserv: mx.kab.example")}
    with line(database_url, tmp_path, books, {"cilacap.email.password": PASSWORD}, smtp.url) as made:
        yield made


def spared(made: Line) -> int:
    """How many want to be."""
    [(many,)] = made.rows("SELECT count(*) FROM notify.spared")
    return int(many)


def test_a_wish_is_heeded_of_whom_the_server_vouches_for_alone(cilacap: Line, box: ImapServer) -> None:
    """Whoever writes in another's name changes nothing; a signature below the wish does not hide it."""
    box.writes("", subject="BERHENTI")
    comes(cilacap)
    assert (0, 0) == (spared(cilacap), len(cilacap.dossiers()))
    box.writes("", subject="BERHENTI", **VOUCHED)
    comes(cilacap)
    assert 1 == spared(cilacap)
    box.writes("MULAI")
    comes(cilacap)
    assert 1 == spared(cilacap)
    box.writes("Mulai", **VOUCHED)
    comes(cilacap)
    box.writes(SIGNATURE, subject="Berhenti.", **VOUCHED)
    comes(cilacap)
    assert (1, 0) == (spared(cilacap), len(cilacap.dossiers()))
    box.writes(f"{COMPLAINT} {COMPLAINT} {COMPLAINT} {COMPLAINT}", subject="Mulai", **VOUCHED)
    comes(cilacap)
    assert (1, 1) == (spared(cilacap), len(cilacap.dossiers()))
    box.writes("Truk tambang lewat jalan desa setiap malam.", subject="Stop", **VOUCHED)
    comes(cilacap)
    assert (1, 2) == (spared(cilacap), len(cilacap.dossiers()))


def test_a_reply_to_a_question_is_no_wish(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """The word by which one asks to be spared may be the answer that a desk waits for; to a reminder it is the wish."""
    box.writes(COMPLAINT, **VOUCHED)
    comes(cilacap)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mesin pompa itu mulai atau berhenti?")
    cilacap.works()
    asked = smtp.taken_for(SITI)[-1]["id"]
    box.writes("Berhenti", subject="Re: Aduan", In_Reply_To=asked, **VOUCHED)
    comes(cilacap)
    assert (0, True) == (spared(cilacap), "Supplemented" in cilacap.types(dossier))
    cilacap.act(dossier, "renew_code", via="counter")
    cilacap.works()
    told = smtp.taken_for(SITI)[-1]["id"]
    box.writes("Berhenti", subject="Re: Aduan", In_Reply_To=told, **VOUCHED)
    comes(cilacap)
    assert (1, [dossier]) == (spared(cilacap), cilacap.dossiers())


def test_who_filed_at_the_portal_is_spared_by_a_mail(cilacap: Line, box: ImapServer, smtp: MailServer) -> None:
    """The address that letters go to counts, in whatever letters it was written; answers come all the same."""
    given = complaint(email="Siti@Warga.example")
    receipt = file(cilacap.runtime, Submission("cilacap", given, CAUSE))
    cilacap.works()
    cilacap.act(receipt.id, "renew_code", via="counter")
    cilacap.works()
    [notice] = [each for each in smtp.taken_for("Siti@Warga.example") if "List-Unsubscribe" in each["heads"]]
    assert "BERHENTI" in notice["heads"]["List-Unsubscribe"]
    box.writes("", subject="BERHENTI", **VOUCHED)
    comes(cilacap)
    so_far = len(smtp.taken_for("Siti@Warga.example"))
    cilacap.act(receipt.id, "renew_code", via="counter")
    cilacap.works()
    assert so_far == len(smtp.taken_for("Siti@Warga.example"))
    cilacap.act(receipt.id, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    assert so_far + 1 == len(smtp.taken_for("Siti@Warga.example"))
    key = cilacap.runtime.vault.keys(None, [receipt.id])[receipt.id]
    code = tracking_code_of(cilacap.history(receipt.id), key)
    reporter_acts(cilacap.runtime, "cilacap", receipt.ticket, code, "ask-about-data", {"kind": "access"}, CAUSE)
    given = {"asked": len(cilacap.history(receipt.id)), "outcome": "done", "text": "Silakan diunduh."}
    who = Caller("cilacap", "coordinator", None, "ketua")
    desk_acts(cilacap.runtime, who, "cilacap", receipt.id, "answer_about_data", given, CAUSE)
    cilacap.works()
    assert ["Silakan diunduh." in each["text"] for each in smtp.taken_for("Siti@Warga.example")[so_far + 1 :]] == [True]


@pytest.fixture
def unvouched(database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer) -> Iterator[Line]:
    """An installation where Cilacap has a mailbox whose server vouches for nobody."""
    with line(database_url, tmp_path, {"cilacap": book(box)}, {"cilacap.email.password": PASSWORD}, smtp.url) as made:
        yield made


def test_where_nobody_vouches_a_wish_must_be_proved(unvouched: Line, box: ImapServer, smtp: MailServer) -> None:
    """A bare wish is asked about at the address it names: only who reads there can answer, for that alone."""
    before = len(smtp.taken_for(SITI))
    box.writes("", subject="BERHENTI")
    comes(unvouched)
    [asked] = smtp.taken_for(SITI)[before:]
    assert (0, []) == (spared(unvouched), unvouched.dossiers())
    assert "abaikan" in asked["text"]
    box.writes("Ya, benar.", by="lain@warga.example", subject=f"Re: {asked['subject']}")
    box.writes("", subject="BERHENTI 0123456789abcdef")
    comes(unvouched)
    assert 0 == spared(unvouched), "another's proof, and a made-up one, prove nothing"
    box.writes("Ya, benar.", subject=f"Re: {asked['subject']}", In_Reply_To=asked["id"])
    comes(unvouched)
    assert 1 == spared(unvouched)
    box.writes("", subject="MULAI")
    comes(unvouched)
    assert 1 == spared(unvouched), "nobody is bothered in another's name either"
    box.writes("", subject=f"Re: {smtp.taken_for(SITI)[-1]['subject']}")
    comes(unvouched)
    assert 0 == spared(unvouched)
