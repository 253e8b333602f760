"""What is kept of a file: what it shows, and nothing of who made it where, or what it would do."""

import io
from typing import Any

import pikepdf
import pytest
from PIL import Image

from shared.application.files.cleaning import cleaned
from shared.base.errors import Invalid
from shared.domain.files.cleaning import LONGEST_SIDE
from shared.domain.files.types import PDF, TAKEN, safe_name
from tests.files.making import document, photo


def refused(content: bytes) -> str:
    """With which message a content is refused."""
    with pytest.raises(Invalid) as error:
        cleaned(content)
    [message] = error.value.fields["file"]
    return message


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_its_pixels_and_loses_its_place(format_name: str) -> None:
    """Upright, of the same kind, and without maker, author and coordinates."""
    sent = photo(format_name)
    kept = cleaned(sent)
    with Image.open(io.BytesIO(kept.content)) as image:
        image.load()
        seen = (image.format, image.size, dict(image.getexif()), dict(image.getexif().get_ifd(0x8825)))

    assert b"Siti" in sent
    assert (format_name, (300, 400), {}, {}) == seen
    assert b"Siti" not in kept.content


def test_comments_and_texts_are_no_pixels() -> None:
    """Neither a JPEG's comment nor a PNG's text goes along."""
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Author", "Siti Rahayu")

    assert b"Siti" not in cleaned(photo(comment=b"oleh Siti")).content
    assert b"Siti" not in cleaned(photo("PNG", pnginfo=text)).content


def test_a_large_photo_is_made_smaller() -> None:
    """No longer than a sheet of paper needs to stay readable."""
    with Image.open(io.BytesIO(cleaned(photo(size=(4000, 3000))).content)) as image:
        assert LONGEST_SIDE == max(image.size)


def test_a_document_keeps_its_pages_and_loses_what_acts() -> None:
    """No script, no attachment, no author, no launching, and no place in the photo that it holds."""
    sent = document(pages=3)
    kept = cleaned(sent)
    with pikepdf.open(io.BytesIO(kept.content)) as opened:
        assert 3 == len(opened.pages)
        assert {} == dict(opened.attachments)
        assert "/OpenAction" not in opened.Root
        [picture] = [each for each in opened.objects if isinstance(each, pikepdf.Stream) and each.get("/Width") == 400]
        with Image.open(io.BytesIO(picture.read_raw_bytes())) as image:
            image.load()
            exif = dict(image.getexif())
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(kept.content)) as opened:
        opened.save(plain, qdf=True, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)

    assert PDF == kept.media_type
    assert {} == exif
    assert [] == [word for word in (b"Siti", b"JavaScript", b"/Launch", b"/EF", b"alert") if word in plain.getvalue()]


def test_the_same_content_is_kept_the_same() -> None:
    """So that what is sent twice is there once."""
    for sent in (photo(), photo("PNG"), photo("WEBP"), document()):
        assert cleaned(sent).content == cleaned(sent).content


_HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (_HTML, "file_type_not_taken"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "file_type_not_taken"),
        (b"MZ" + bytes(200), "file_type_not_taken"),
        (b"PK\x03\x04" + bytes(200), "file_type_not_taken"),
        (b"GIF89a" + bytes(200), "file_type_not_taken"),
        (b"Jalan rusak", "file_type_not_taken"),
        (b"\x00", "file_type_not_taken"),
        (photo()[:200], "file_damaged"),
        (photo("PNG")[:60], "file_damaged"),
        (b"\xff\xd8\xff\xe0" + _HTML, "file_damaged"),
        (b"%PDF-1.7\n" + _HTML, "file_damaged"),
    ],
)
def test_what_is_none_of_these_is_refused(content: bytes, expected: str) -> None:
    """By its content, and by whoever would have to decode it."""
    assert expected == refused(content)


def test_a_locked_document_is_refused() -> None:
    """Nobody can see what is in it."""
    locked = document(encryption=pikepdf.Encryption(user="rahasia", owner="rahasia"))

    assert "file_encrypted" == refused(locked)


def test_a_small_file_that_unfolds_to_a_giant_is_refused() -> None:
    """Fifty million pixels are enough; nothing is decoded to find that out."""
    giant: Any = io.BytesIO()
    Image.new("1", (9000, 9000)).save(giant, "PNG")

    assert len(giant.getvalue()) < 100_000
    assert "picture_too_large" == refused(giant.getvalue())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("foto jalan.JPEG", "foto jalan.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\siti\\foto.png", "foto.jpg"),
        ("foto.pdf.exe", "foto.pdf.jpg"),
        ("", "berkas.jpg"),
        ("...", "berkas.jpg"),
        ("\u0301\u3164.png", "berkas.jpg"),
        ("CON", "berkas-CON.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ("x" * 300, "x" * 96 + ".jpg"),
        ('a"b;c\n.jpg', "ab;c.jpg"),
        ("jalan\u0301.jpg", "jala\u0144.jpg"),
    ],
)
def test_a_name_can_be_kept_anywhere(given: str, expected: str) -> None:
    """No path, no other extension, no reordering, no line end, one spelling."""
    assert expected == safe_name(given, TAKEN[0])
