"""Letters by a real mail server: taken, deferred, refused, lost on the way."""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

import eventlet
import pytest

from services.intake.receipts import Receipt
from services.notify import sending
from services.notify.letter import Letter
from services.notify.refused import LetterRefused
from services.notify.smtp import SmtpPost
from services.notify.tries import ATTEMPTS
from services.routing import documents
from shared.base.caller import Caller
from tests.fixtures.waiting import free_ports
from tests.notify.letter_office import CAUSE, LetterOffice, failures
from tests.notify.mail import MailServer, mail_server, self_signed
from tests.notify.test_kept_connection import letter


def _box(kind: str = "") -> str:
    return f"{kind}warga{random.randrange(10**9)}@warga.example"


def test_an_answer_is_brought_to_the_reporter_s_mailbox(mailing: LetterOffice, mail: MailServer) -> None:
    """It bears the ticket, the code and the text; then the log knows that it arrived, by e-mail."""
    address = _box()
    receipt = mailing.answered(email=address)

    mailing.send_all()

    letter = mail.taken_for(address)[-1]
    assert f"Jawaban atas aduan {receipt.ticket}" == letter["subject"]
    assert "aduan@kabupaten.example" == letter["from"]
    assert "Kami perbaiki jembatan dua hari lagi." in letter["text"]
    assert receipt.tracking_code in letter["text"]
    assert ("AnswerDelivered", "email") == (mailing.types(receipt)[-1], mailing.history(receipt)[-1].by)  # type: ignore[attr-defined]


def test_the_letter_of_an_answer_goes_along_and_where_it_is_too_large_the_words_go_alone(
    database_url: str, tmp_path: Path, mail: MailServer
) -> None:
    """As PDF with the words; a server that does not take so much gets them at once without it, and that counts."""
    box = {"smtp_url": mail.url, "mail_from": "aduan@kabupaten.example", "files_url": f"file://{tmp_path}/berkas"}
    office = LetterOffice(database_url, tmp_path, **box)
    addresses = _box(), _box("kecil.")
    receipts = [_with_its_letter(office, address) for address in addresses]
    office.send_all()
    whole, alone = (mail.taken_for(address)[-1] for address in addresses)
    types = [office.types(receipt).count("AnswerDelivered") for receipt in receipts]
    office.close()
    [(name, size)] = whole["files"].items()
    assert (True, ".pdf", True) == (name.startswith("Surat jawaban CLP-"), name[-4:].lower(), size > 1000)
    assert {} == alone["files"]
    assert all("Kami perbaiki jembatan" in each["text"] for each in (whole, alone))
    assert [1, 1] == types


def _with_its_letter(office: LetterOffice, address: str) -> Receipt:
    """A complaint whose answer goes out with its letter, set of the very words."""
    receipt, text = office.file(email=address), "Kami perbaiki jembatan dua hari lagi."
    office.act(receipt, "dispose", agency="dpupr")
    office.act(receipt, "forward", response=text)
    caller = Caller("cilacap", "coordinator", None, "koordinator")
    documents.make(office.runtime, caller, "cilacap", receipt.id, {"kind": "answer_letter"}, CAUSE)
    for _ in range(3):
        office.act(receipt, "forward")
    office.act(receipt, "answer", text=text)
    return receipt


def test_officers_are_written_to_at_their_offices(mailing: LetterOffice, mail: MailServer) -> None:
    """The desk gets a new complaint and the agency its disposition; neither letter says who complains of what."""
    before = len(mail.taken())
    receipt = mailing.file(email=_box())
    mailing.act(receipt, "dispose", agency="dpupr")

    mailing.send_all()

    letters = [each for each in mail.taken()[before:] if receipt.ticket in each["subject"]]
    officers = {each["to"]: each for each in letters if not each["to"].startswith("warga")}
    assert {"laporbup@cilacapkab.example", "dpupr@cilacapkab.example"} == set(officers)
    assert all("Siti" not in each["text"] and "Jembatan" not in each["text"] for each in officers.values())
    assert all(receipt.tracking_code not in each["text"] for each in officers.values())


def test_a_deferred_letter_is_tried_again_later(mailing: LetterOffice, mail: MailServer) -> None:
    """After a minute, then after two; in between nothing is outstanding, and nothing is sent."""
    address = _box("tunda2.")
    receipt = mailing.answered(email=address)
    mailing.send_all()
    assert [] == [each for each in mail.taken_for(address) if "Jawaban" in each["subject"]]
    assert not mailing.outstanding

    for minutes in (1, 2, 4):
        mailing.later(minutes=minutes)
        mailing.send_all()

    assert 1 == len([each for each in mail.taken_for(address) if "Jawaban" in each["subject"]])
    assert 1 == mailing.types(receipt).count("AnswerDelivered")


def test_a_refused_mailbox_is_given_up_at_once(mailing: LetterOffice, mail: MailServer) -> None:
    """The log learns that the answer did not arrive and why, without the address; it is told once."""
    receipt = mailing.answered(email=_box("tolak."))

    mailing.send_all()
    mailing.later(days=3)
    mailing.send_all()

    assert [("email", "mailbox_refused")] == failures(mailing, receipt)
    assert "AnswerDelivered" not in mailing.types(receipt)


def test_a_refused_text_is_given_up_at_once(mailing: LetterOffice) -> None:
    """A server that will not have the letter itself is not asked again."""
    receipt = mailing.answered(email=_box("isi."))

    mailing.send_all()

    assert [("email", "content_refused")] == failures(mailing, receipt)


def test_a_server_that_takes_nothing_of_us_by_its_policy_has_failed_no_letter(mail: MailServer) -> None:
    """One mailbox may have its reasons; the third in a row means us: nobody's letter has failed, all of them wait. What
    is taken for others in between begins anew; what is taken for the server's own domain says nothing.
    """
    post = SmtpPost.parse(mail.url, f"{random.randrange(10**9)}@kabupaten.example")
    met = []
    with post.session() as session:
        for kind in ("blokir.", "blokir.", "", "blokir.", "blokir.", "own", "blokir.", "blokir.", "", "blokir."):
            address = _box(kind) if kind != "own" else "kepala@kabupaten.example"
            try:
                session.send(letter(1, address), "x")
                met.append("taken")
            except LetterRefused as refused:
                met.append(f"{refused.reason} {refused.permanent} {refused.everywhere}")
    of_one, of_all = "mailbox_refused True False", "refused_by_policy False False"
    assert [of_one, of_one, "taken", of_one, of_one, "taken", of_all, of_all, "taken", of_one] == met


def test_a_server_that_wants_us_to_log_in_is_no_matter_of_policy(mail: MailServer) -> None:
    """However often it says so: the whole way out is shut until somebody mends our access."""
    post = SmtpPost.parse(mail.url, f"{random.randrange(10**9)}@kabupaten.example")
    met = []
    with post.session() as session:
        for _ in range(4):
            with pytest.raises(LetterRefused) as caught:
                session.send(letter(1, _box("masuk.")), "x")
            met.append((caught.value.reason, caught.value.everywhere))

    assert [("server_denies_access", True)] * 4 == met


def test_a_mailbox_that_defers_for_ever_is_given_up(mailing: LetterOffice) -> None:
    """After the last attempt the answer counts as not delivered."""
    receipt = mailing.answered(email=_box("tunda999."))
    for _ in range(ATTEMPTS):
        mailing.send_all()
        mailing.later(hours=6)

    mailing.send_all()

    assert [("email", "mailbox_deferred")] == failures(mailing, receipt)
    assert {ATTEMPTS} == {row[0] for row in mailing.rows("SELECT max(attempts) FROM notify.messages")}


def test_a_server_that_is_away_costs_one_attempt_and_loses_nothing(mailing: LetterOffice, mail: MailServer) -> None:
    """Nobody is refused because the server is down: everything waits, and goes out when it is back."""
    address = _box()
    [port] = free_ports(1)
    receipt = mailing.answered(email=address)
    away = SmtpPost.parse(f"smtp://127.0.0.1:{port}", "aduan@kabupaten.example")

    mailing.send_all(away)
    assert {"server_unreachable"} == {row[3 + 1] for row in mailing.messages(receipt.id)}
    mailing.later(minutes=2)
    mailing.send_all()

    assert 2 == len(mail.taken_for(address))
    assert 1 == mailing.types(receipt).count("AnswerDelivered")


def test_a_letter_taken_but_not_confirmed_is_sent_again_under_the_same_id(
    mailing: LetterOffice, mail: MailServer
) -> None:
    """A connection that breaks after the text leaves it open whether it was taken; the duplicate can be told."""
    address = _box("putus.")
    mailing.file(email=address)

    mailing.send_all()
    mailing.later(minutes=2)
    mailing.send_all()

    first, second = mail.taken_for(address)
    assert first["id"] == second["id"]


class _DiesAfterSending:
    """A mail server's door at which the process drops dead, once a letter to a certain mailbox was taken."""

    repeatable = False

    def __init__(self, post: SmtpPost, address: str) -> None:
        self._post = post
        self._address = address

    @contextmanager
    def session(self) -> Iterator["_DiesAfterSending"]:
        """It opens like any other."""
        with self._post.session() as self._session:
            yield self

    def send(self, letter: Letter, name: str) -> None:
        """As the real one, and then no more."""
        self._session.send(letter, name)
        if self._address in {each.addr_spec for each in letter.to}:
            raise KeyboardInterrupt


def test_dying_between_sending_and_writing_it_down_sends_the_same_id_again(
    mailing: LetterOffice, mail: MailServer
) -> None:
    """When the lease of the dead has run out, another takes the letter up; its Message-ID is the first one's."""
    address = _box()
    receipt = mailing.answered(email=address)
    mailing.told()
    with pytest.raises(KeyboardInterrupt):
        sending.tick(mailing.runtime, _DiesAfterSending(SmtpPost.parse(mail.url, "aduan@kabupaten.example"), address))
    mailing.settle_what_is_free()
    assert 1 == len(mail.taken_for(address))

    mailing.leases_run_out()
    mailing.send_all()

    ids = [each["id"] for each in mail.taken_for(address)]
    assert (3, 2) == (len(ids), len(set(ids)))
    assert 1 == mailing.types(receipt).count("AnswerDelivered")


def test_two_instances_never_send_the_same_letter(mailing: LetterOffice, mail: MailServer) -> None:
    """They share what is due."""
    addresses = [_box() for _ in range(12)]
    for address in addresses:
        mailing.file(email=address)
    mailing.told()

    pool = eventlet.GreenPool()
    for _ in range(4):
        pool.spawn(lambda: [sending.tick(mailing.runtime, limit=3) for _ in range(10)])
    pool.waitall()

    assert [1] * 12 == [len(mail.taken_for(address)) for address in addresses]
    assert not mailing.outstanding


# A handshake that fails leaves eventlet's half-made socket to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_encrypted_connection_with_a_log_in(database_url: str, tmp_path: Path) -> None:
    """STARTTLS first, then the password; a certificate that nobody vouches for is refused unless that is allowed."""
    with mail_server(tmp_path / "taken.jsonl", self_signed(tmp_path / "mail.pem")) as server:
        url = f"smtp+starttls://aduan:rahasia%40123@127.0.0.1:{server.port}"
        office = LetterOffice(database_url, tmp_path, smtp_url=f"{url}?verify=0")
        office.file(email="warga@warga.example")

        office.send_all(SmtpPost.parse(url, "aduan@kabupaten.example"))
        assert [] == server.taken()
        office.later(minutes=2)
        office.send_all()
        office.close()

        gc.collect()
        assert [True] == [each["encrypted"] for each in server.taken_for("warga@warga.example")]


def test_a_wrong_password_is_nobody_s_fault_but_ours(tmp_path: Path) -> None:
    """It shuts the whole way out for the time being, and fails no letter for good."""
    with mail_server(tmp_path / "taken.jsonl", self_signed(tmp_path / "mail.pem")) as server:
        url = f"smtp://aduan:salah@127.0.0.1:{server.port}?starttls=1&verify=0"
        nobody = Address(addr_spec="warga@warga.example")
        now = datetime.now(UTC)
        letter = Letter(sender=nobody, to=(nobody,), subject="", date=now, id="<1@x>", thread="<2@x>", text="")

        with (
            SmtpPost.parse(url, "aduan@kabupaten.example").session() as session,
            pytest.raises(LetterRefused) as refused,
        ):
            session.send(letter, "")

    assert ("server_denies_access", False, True) == (
        refused.value.reason,
        refused.value.permanent,
        refused.value.everywhere,
    )


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail", "mail", 25, "none"),
        ("smtp://mail:2525", "mail", 2525, "none"),
        ("smtp://mail?starttls=1", "mail", 587, "starttls"),
        ("smtp+starttls://a:b@mail", "mail", 587, "starttls"),
        ("smtps://a:b@mail", "mail", 465, "implicit"),
    ],
)
def test_the_server_is_named_by_a_url(url: str, host: str, port: int, tls: str) -> None:
    """Ports follow from the kind of connection."""
    post = SmtpPost.parse(url, "aduan@kabupaten.example")

    assert (host, port, tls) == (post.host, post.port, post.tls)


def test_a_password_is_never_shown() -> None:
    """Neither by the server's object nor by a refusal of its URL."""
    assert "rahasia" not in repr(SmtpPost.parse("smtps://a:rahasia@mail", "x@y"))
    with pytest.raises(ValueError, match="smtp://host:port") as refused:
        SmtpPost.parse("http://a:rahasia@mail", "x@y")
    assert "rahasia" not in str(refused.value)
