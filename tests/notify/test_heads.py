"""Headers come back as they were sent, whatever stands in them."""

import random
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.heads import encoded
from services.notify.letter import Letter

LONGEST_LINE = 76
LONGEST_NAME = 42
"""In octets: beyond that the library's own reader puts blanks into a name."""
WORDS = (
    "Kementerian",
    "Pekerjaan",
    "Umum",
    "\u2013",
    "Balai",
    "é",
    "Jalan,",
    "Aduan",
    "CLP-2026-000001",
    "😀",
    "ng",
    "“a”",
)
MEANT = (
    "Aduan MJL-2026-000001 disampaikan kepada Kementerian Pekerjaan Umum \u2013 Direktorat Jenderal Bina Marga, Balai "
    "Besar Pelaksanaan Jalan Nasional Jawa Barat"
)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300)


def _letter(subject: str, name: str = "Layanan Aduan Kabupaten Cilacap") -> Letter:
    return Letter(
        sender=Address(display_name=name, addr_spec="aduan@kabupaten.example"),
        to=(Address(addr_spec="warga@warga.example"),),
        subject=subject,
        date=datetime(2026, 10, 5, tzinfo=UTC),
        id="<1@x>",
        thread="<2@x>",
        text="Isi \u2013 surat.\n",
    )


def _read(letter: Letter) -> Any:
    return message_from_bytes(letter.as_mail(), policy=policy.default)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_subject_survives_both_readers(subject: str) -> None:
    """The library's new reader and its old one find what was written, in lines that every server takes."""
    mail = _letter(subject).as_mail()

    assert subject == str(message_from_bytes(mail, policy=policy.default)["Subject"] or "")
    old = message_from_bytes(mail)["Subject"]
    assert subject == str(make_header(decode_header(old)))
    heads = mail.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= LONGEST_LINE for line in heads.split(b"\r\n") if line.startswith((b"Subject", b" =?")))
    assert heads.isascii()


def test_twenty_thousand_subjects_of_ordinary_words() -> None:
    """Where the library alone changed 1,505 of them."""
    source = random.Random(21)
    wrong = []
    for _ in range(20_000):
        subject = " ".join(source.choices(WORDS, k=source.randint(1, 25)))
        read = message_from_bytes(b"Subject: " + encoded(subject).encode() + b"\r\n\r\n", policy=policy.default)
        if subject != str(read["Subject"]):
            wrong.append(subject)

    assert [] == wrong


@pytest.mark.parametrize("subject", [MEANT, "a  b", " ", "=?utf-8?q?x?=", "x" * 500, "kata " * 100, "", "é" * 75])
def test_subjects_that_look_harmless(subject: str) -> None:
    """Long, of blanks, like an encoded word, with nothing in it."""
    assert subject == str(_read(_letter(subject))["Subject"])


def test_no_subject_adds_a_header() -> None:
    """What breaks lines becomes a blank."""
    mail = _read(_letter("Aduan\r\nBcc: siapa@saja.example\n\nisi\x00\x7f"))

    assert "Aduan  Bcc: siapa@saja.example  isi  " == str(mail["Subject"])
    assert mail["Bcc"] is None


def test_half_of_a_character_is_none() -> None:
    """A lone surrogate cannot be written; it shall not stop the letter."""
    assert "Jalan ?" == str(_read(_letter("Jalan \ud800"))["Subject"])


@settings(max_examples=200, deadline=None)
@given(TEXTS.filter(lambda text: text == " ".join(text.split()) != "" and len(text.encode()) <= LONGEST_NAME))
def test_a_sender_s_name_survives(name: str) -> None:
    """Quotation marks, commas, other scripts."""
    [sender] = _read(_letter("x", name))["From"].addresses

    assert (name, "aduan@kabupaten.example") == (sender.display_name, sender.addr_spec)
