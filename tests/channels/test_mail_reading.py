"""What a mail is taken for, and what is read out of it."""

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.channels.incoming import Heard, Odd, Reported
from shared.channels.journal import read_safely
from shared.channels.kinds.mail.incoming import MailIn
from shared.channels.kinds.mail.parsing import words
from shared.channels.kinds.mail.text import without_quotation
from tests.channels.imap import ADDRESS, written

AT = "2026-11-26T05:00:00Z"


def read(mail: bytes, authserv: str | None = None) -> Heard | Reported | Odd:
    """A mail as the channel understands it."""
    incoming = MailIn(ADDRESS, authserv)
    return read_safely(incoming, {"at": AT, "whole": True, "mail": b64encode(mail).decode()})


def heard(mail: bytes, **options: Any) -> Heard:
    """A mail that a person wrote."""
    what = read(mail, **options)
    assert isinstance(what, Heard), what
    return what


@pytest.mark.parametrize(
    ("heads", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "auto-replied (zimbra; vacation)"}, "automatic"),
        ({"Auto_Submitted": "auto-generated; owner-email=x@y.z"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"X_Autorespond": "x"}, "automatic"),
        ({"X_Auto_Reply": "x"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"Precedence": "Auto_Reply"}, "automatic"),
        ({"Precedence": "list"}, "automatic"),
        ({"List_Id": "<warga.example>"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@y.z>"}, "list"),
        ({"X_Aduan_Loop": "1"}, "own"),
        ({"by": ADDRESS}, "own"),
        ({"by": ADDRESS.replace("@", "+tag@").upper()}, "own"),
        ({"by": "no-reply@bank.example"}, "machine"),
        ({"by": "noreply-info@bank.example"}, "machine"),
        ({"by": "donotreply@bank.example"}, "machine"),
        ({"by": "postmaster@relay.example"}, "bounce"),
        ({"Return_Path": "<>"}, "bounce"),
    ],
)
def test_what_a_machine_wrote_is_not_filed(heads: dict[str, Any], reason: str) -> None:
    """By each sign that tells it (27, 29)."""
    assert Odd(reason) == read(written("Saya sedang tidak di kantor.", **heads).as_bytes())


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No (typed; by hand)"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "normal"},
        {"by": "noreplya@warga.example"},
        {"Return_Path": "<siti@warga.example>"},
    ],
)
def test_what_a_person_wrote_is_heard_whatever_servers_add(heads: dict[str, Any]) -> None:
    """Exchange's head alone is no sign of a machine (28)."""
    assert "Jalan rusak parah." == heard(written("Jalan rusak parah.", **heads).as_bytes()).text


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?Q?Jal=C3?= =?utf-8?Q?=A1n_rusak?=", "Jalán rusak"),
        ("=?UTF-8?B?SmFs?=\r\n =?UTF-8?B?YW4=?= rusak", "Jalan rusak"),
        ("=?iso-8859-1?Q?caf=E9?= =?utf-8?Q?_caf=C3=A9?=", "café café"),
        ("=?utf-8?B?!!!?= x", "x"),
        ("=?none?Q?caf=E9?=", "café"),
        ("caf\xe9 di pasar", "café di pasar"),
        ("a\x00\x1b[31mb", "a [31mb"),
        ("x" * 300, "x" * 200),
    ],
)
def test_subjects_are_read_as_they_were_meant(raw: str, subject: str) -> None:
    """Words joined before they are decoded, whatever set they name, without controls (34)."""
    mail = b"From: a@b.example\r\nSubject: " + raw.encode("latin-1") + b"\r\n\r\nIsi surat."
    assert subject == heard(mail).subject


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_whatever_stands_in_a_head_is_read(text: str) -> None:
    """No subject breaks the reader."""
    assert isinstance(words(text), str)


@given(st.binary(max_size=600))
@settings(max_examples=100)
def test_whatever_bytes_come_they_are_understood_or_odd(mail: bytes) -> None:
    """Nothing that a stranger sends ends in an exception."""
    assert isinstance(read(b"From: a@b.example\r\n" + mail), Heard | Odd | Reported)


REPLY = "Depan toko Makmur, sebelah kiri."
QUOTED = "Aduan Anda perlu dilengkapi.\nMohon sebutkan patokan."


@pytest.mark.parametrize(
    "text",
    [
        f"{REPLY}\n\nPada Kam, 26 Nov 2026 pukul 10.00 Layanan Aduan <a@b.example> menulis:\n> Aduan Anda\n> perlu",
        f"{REPLY}\n\nOn Thu, Nov 26, 2026 at 10:00 AM Layanan Aduan\n<a@b.example> wrote:\n\n{QUOTED}",
        f"{REPLY}\n\n-----Original Message-----\nFrom: Layanan Aduan\nSent: Thursday\n\n{QUOTED}",
        f"{REPLY}\n\n________________________________\nDari: Layanan Aduan\nDikirim: Kamis\nKepada: Siti\n\n{QUOTED}",
        f"{REPLY}\n\nFrom: Layanan\nDate: Thu\nTo: Siti\nSubject: Aduan\n\n{QUOTED}",
        f"> Aduan Anda perlu dilengkapi\n> Mohon sebutkan\n\n{REPLY}",
        f"On Thu Layanan <a@b.example> wrote:\n> Mohon sebutkan patokan\n\n{REPLY}\n\n-- \nSiti\nTelp 0812",
    ],
)
def test_a_reply_is_read_without_what_it_quotes(text: str) -> None:
    """By the signs of the programs that people use, above and below."""
    assert REPLY == without_quotation(text)


@pytest.mark.parametrize(
    "text",
    [
        "> semuanya dikutip\n> dan tidak ada yang baru",
        f"On Thu Layanan <a@b.example> wrote:\n\n{QUOTED}",
        "Dari: pasar sampai balai desa jalan rusak.\nTolong diperbaiki.",
        "Pada hari Senin petugas menulis: besok diperbaiki.\nSampai sekarang belum.",
    ],
)
def test_nothing_is_taken_away_that_may_be_all_there_is(text: str) -> None:
    """Better a quotation than an empty complaint (36)."""
    assert text == without_quotation(text)


def test_a_page_is_read_as_words_and_a_small_picture_is_no_file() -> None:
    """HTML alone, a logo of a signature, a format of flowing lines, and a file among texts."""
    page = b"<html><style>p{color:red}</style><body><p>Jalan&nbsp;rusak</p><p>di <b>Hanum</b></p><script>x()</script>"
    mail = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    assert ["Jalan rusak", "di Hanum"] == [line.replace("\xa0", " ") for line in heard(mail).text.split("\n\n")]
    flowed = b"From: a@b.example\r\nContent-Type: text/plain; format=flowed\r\n\r\nJalan \r\nrusak\r\nsekali"
    assert "Jalan rusak\nsekali" == heard(flowed).text
    letter = written("Lihat foto.", html="<p>Lihat foto.</p>")
    page_of = next(part for part in letter.walk() if part.get_content_type() == "text/html")
    page_of.add_related(b"logo", "image", "png", cid="<1>")
    letter.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="bukti=1.pdf")
    told = heard(letter.as_bytes())
    assert "Lihat foto." == told.text
    assert [("bukti=1.pdf", b"%PDF-1.4")] == [(each.name, each.content) for each in told.media]


@pytest.mark.parametrize(
    ("results", "note"),
    [
        ("mx.kab.example; dmarc=pass header.from=warga.example", ""),
        ("mx.kab.example; dkim=pass header.d=warga.example header.s=x", ""),
        ("mx.kab.example; dkim=pass header.d=penipu.example; spf=pass", "unverified"),
        ("mx.kab.example; dmarc=fail", "unverified"),
        ("mx.penipu.example; dmarc=pass", "unverified"),
        ("", "unverified"),
    ],
)
def test_who_our_own_server_does_not_vouch_for_is_marked(results: str, note: str) -> None:
    """Only its own word counts, and only where it is known to speak."""
    mail = written("Jalan rusak.", Authentication_Results=results).as_bytes()
    assert note == heard(mail, authserv="mx.kab.example").note
    assert "unvouched" == heard(mail).note


def test_a_bounce_in_words_must_quote_our_letter_and_say_of_a_failure() -> None:
    """Old servers know no reports; what quotes a stranger's letter concerns nobody."""
    ours = "<6f1a1f3c-51b7-5a52-9d3c-1b7c0f0a9d11.0123456789ab@aduan.example>"

    def said(text: str) -> Heard | Reported | Odd:
        return read(f"From: mailer-daemon@relay.example\r\n\r\n{text}\r\nMessage-ID: {ours}\r\n".encode())

    failed = said("Remote host said: 550 5.1.1 unknown user")
    assert ("failed", "5.1.1") == (getattr(failed, "state", None), getattr(failed, "code", None))
    assert Odd("delayed") == said("I will try again.")
    assert Odd("bounce") == read(b"From: mailer-daemon@relay.example\r\n\r\n550 5.1.1\r\nMessage-ID: <a@b.c>")


@pytest.mark.parametrize("depth", [30, 3_000])
def test_a_mail_within_mails_is_odd(depth: int) -> None:
    """Deeper than any person's program nests."""
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="B%d"\r\n\r\n--B%d\r\n' % (n, n) for n in range(depth))
    what = read(b"From: a@b.example\r\nSubject: dalam\r\n" + deep)
    assert what in (Odd("too_many_parts", unread=True), Odd("unreadable", unread=True))


def test_whoever_writes_a_book_is_not_filed_in_part() -> None:
    """A text beyond all bounds, and heads without end, are read no further than needed."""
    what = heard(written("kata " * 50_000).as_bytes())
    assert ("unreadable", "") == (what.kind, what.text)
    many = b"".join(b"To: a%d@b.example\r\n" % number for number in range(20_000))
    long = b"References: " + b"<a@b.c> " * 100_000 + b"\r\nSubject: " + b"=?utf-8?Q?a?= " * 50_000 + b"\r\n"
    assert "Isi surat." == heard(b"From: a@b.example\r\n" + many + long + b"\r\nIsi surat.").text
