"""Mails that are made to harm, or that rare programs write: read in bounded time, without losing a word."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.channels.incoming import Heard
from shared.channels.kinds.mail.page import words_of_page
from shared.channels.kinds.mail.text import without_quotation
from tests.channels.imap import written
from tests.channels.test_mail_reading import heard

SECONDS = 5.0
"""Of the processor: many times what a mail of this size takes, and a small part of what the worst of these took."""
REPLY = "In-Reply-To: <a@b.example>\r\n"
HTML = "Content-Type: text/html; charset=utf-8\r\n"


def mailed(heads: str, text: str) -> Heard:
    """What is heard of a mail with these heads and this text."""
    return heard(f"From: siti@warga.example\r\n{heads}\r\n{text}".encode())


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "rot13", "tidak-ada", "utf-8\0", ""])
def test_a_character_set_that_is_none_of_texts_holds_nobody_up(charset: str) -> None:
    """Some names of the machine's stand for what takes hours to undo: words are read as what they likely are."""
    began = time.process_time()
    what = mailed(f'Content-Type: text/plain; charset="{charset}"\r\n', "Jalan rusak " + "xn--b" * 35_000)
    assert what.text.startswith("Jalan rusak")
    assert SECONDS > time.process_time() - began


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>" + "x" * 150_000 + "</td></tr>" + "<tr><td>y</td></tr>" * 5_000 + "</table>",
        "<table>" + ("<tr>" + "<td>x</td>" * 100 + "</tr>") * 250 + "</table>",
        "<table><tr><td>" * 6_000 + "x",
        "<p style='padding-left:100000em;margin-top:100000em'>x</p>" * 5_000,
        "<ul><li>" * 20_000 + "x",
        "<ol start=x><li value=99999999999999999999>x",
        "<blockquote>" * 20_000 + "x",
        "<b>x</b>" * 40_000,
        "<br>" * 60_000 + "x",
        "<p>" * 60_000 + "x",
        "<" * 200_000 + "x",
        "<a '" * 60_000 + "x",
        "<!--" * 60_000 + "x",
        "<pre>" + " " * 190_000 + "x",
        "&lt;" * 60_000 + "x",
    ],
)
def test_a_page_is_read_in_bounded_time_and_room(page: str) -> None:
    """However it is laid out, it becomes no more words than it has."""
    began = time.process_time()
    read = words_of_page(f"<p>Jalan rusak</p>{page}")
    assert "Jalan rusak" in read
    assert 3 * len(page) > len(read)
    assert SECONDS > time.process_time() - began


def test_a_page_that_is_heavy_with_its_pictures_loses_no_word() -> None:
    """Some programs put a picture's bytes among the words; what is behind them is said too."""
    picture = f'<img src="data:image/png;base64,{"A" * 700_000}">'
    assert "Jalan rusak di Hanum" == " ".join(mailed(HTML, f"<p>Jalan rusak</p>{picture}<p>di Hanum</p>").text.split())


def test_what_a_page_lays_out_in_a_table_is_read_in_its_order() -> None:
    """A row is a line; what is hidden is not read, nor what only programs read."""
    page = (
        "<html><head><title>judul</title><style>p{}</style></head><body><div style='DISPLAY : none'>pratinjau</div>"
        "<table><tr><th>Nama</th><td>Siti</td></tr><tr><td>Isi</td><td>Jalan <b>rusak</b></td></tr></table>"
        "<ul><li>satu</li><li>dua</li></ul><script>x()</script></body></html>"
    )
    lines = [" ".join(line.split()) for line in words_of_page(page).splitlines() if line.strip()]
    assert ["Nama Siti", "Isi Jalan rusak", "* satu", "* dua"] == lines


def test_a_reply_below_what_a_page_quotes_is_kept() -> None:
    """A page marks its quotation by an element, wherever the reply stands."""
    page = (
        "<p>Selamat pagi.</p><div class=gmail_quote>Pada Sen, 5 Okt 2026 Aduan &lt;a@b.example&gt; menulis:"
        "<blockquote>Mohon sebutkan<blockquote>lebih lama</blockquote>patokan</blockquote></div>"
        "<p>Depan toko Makmur.</p>"
    )
    assert "Selamat pagi.\n\nDepan toko Makmur." == mailed(f"{REPLY}{HTML}", page).text
    assert "patokan" in mailed(HTML, page).text, "what answers nothing is told whole"


@pytest.mark.parametrize(
    ("delsp", "text", "expected"),
    [
        ("", "Jalan \r\nrusak\r\nsekali", "Jalan rusak\nsekali"),
        ("; delsp=yes", "https://a.example/pan \r\njang dan  \r\nbaru", "https://a.example/panjang dan baru"),
        ("", "Depan toko\r\n-- \r\nSiti\r\nTelp 0812", "Depan toko"),
        ("", "Lampu \r\n From mana\r\n padam", "Lampu From mana\npadam"),
        ("", "> dikutip \r\n> lagi\r\nDepan toko", "Depan toko"),
    ],
)
def test_flowing_lines_flow_as_they_were_written(delsp: str, text: str, expected: str) -> None:
    """RFC 3676: a signature's mark does not flow, a blank that was only put there goes, one before a sign as well."""
    what = mailed(f"{REPLY}Content-Type: text/plain; format=flowed{delsp}\r\n", text)
    assert expected == what.text


def test_lines_that_all_flow_are_put_together_in_bounded_time() -> None:
    """However many there are: while one mail is read, nobody's is answered."""
    began = time.process_time()
    what = mailed("Content-Type: text/plain; format=flowed\r\n", "a \r\n" * 400_000)
    assert "unreadable" == what.kind, "longer than anybody writes"
    assert SECONDS > time.process_time() - began


def test_what_only_programs_read_is_no_word_of_the_complaint() -> None:
    """An invitation and a card beside the words are files; the words that a telephone's gateway named are words."""
    letter = written("Jalan rusak.")
    letter.add_attachment("BEGIN:VCALENDAR", subtype="calendar", disposition="inline")
    letter.add_attachment("BEGIN:VCARD", subtype="vcard", filename="siti.vcf")
    told = heard(letter.as_bytes())
    assert ("Jalan rusak.", 2) == (told.text, len(told.media))
    mms = 'Content-Type: text/plain; name="text_0.txt"\r\n'
    assert "Lampu padam" == mailed(mms, "Lampu padam").text
    log = written("Lihat lampiran.")
    log.add_attachment("isi catatan", subtype="plain", filename="catatan.txt")
    assert ("Lihat lampiran.", 1) == (heard(log.as_bytes()).text, len(heard(log.as_bytes()).media))


def test_a_mail_that_was_forwarded_whole_is_read_with_its_photo() -> None:
    """As an attachment: its words and files are what its sender wants to tell."""
    inner = written("Jalan rusak di Hanum.", subject="Jalan")
    inner.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="bukti.pdf")
    outer = written("Mohon ditindaklanjuti.")
    outer.add_attachment(inner)
    told = heard(outer.as_bytes())
    assert ["Mohon ditindaklanjuti.", "Jalan rusak di Hanum."] == told.text.split("\n\n")
    assert ["bukti.pdf"] == [each.name for each in told.media]


def test_what_a_program_packs_is_a_file_and_the_words_are_kept() -> None:
    """Outlook's winmail.dat: whoever sent it is told that it is not taken."""
    letter = written("Jalan rusak.")
    letter.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    told = heard(letter.as_bytes())
    assert ("Jalan rusak.", ["winmail.dat"]) == (told.text, [each.name for each in told.media])


_LINES = st.lists(
    st.sampled_from(
        ["Depan toko", "> dikutip", "", "-- ", "--", "Pada Sen Aduan <a@b.c> menulis:", "Dari: Siti", "Kepada: Aduan"]
    )
    | st.text(max_size=20),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(_LINES)
def test_a_reply_is_part_of_what_was_written_and_never_nothing(lines: list[str]) -> None:
    """Whatever stands there: only whole lines go, in their order, and something is left of what says something."""
    text = "\n".join(lines)
    new = without_quotation(text)
    left: list[Any] = text.splitlines()
    for line in (each for each in new.splitlines() if each.strip()):
        assert any(line.strip() == each.strip() for each in left), line
        left = left[next(n for n, each in enumerate(left) if line.strip() == each.strip()) + 1 :]
    assert bool(text.strip()) <= bool(new.strip())


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<blockquote>", "</blockquote>", "<td>", "</table>", "\ue000"])
        | st.text("kata ", max_size=8),
        max_size=20,
    )
)
def test_every_word_of_a_page_is_read(pieces: list[str]) -> None:
    """However its elements are opened and closed."""
    read = words_of_page("".join(pieces))
    said = "".join(piece for piece in pieces if not piece.startswith(("<", "\ue000")))
    assert sorted("".join(said.split())) == sorted(each for each in "".join(read.split()) if each in "kata")
