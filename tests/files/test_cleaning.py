"""What is kept of a file: what it shows, and nothing of who made it where, or what it would do."""

import io
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from shared.application.files.cleaning import cleaned
from shared.base.errors import Invalid, Unavailable
from shared.domain.files.cleaning import LONGEST_SIDE
from shared.domain.files.types import PDF, TAKEN, safe_name
from shared.platform.settings import PROJECT
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


def _own_python(place: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """The cleaning's process, as this script would have it."""
    program = place / "python"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("shared.application.files.cleaning.sys.executable", str(program))


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "echo ModuleNotFoundError >&2; exit 1",
        "exit 127",
        "kill -9 $$",
        "echo begun >&2; kill -9 $$",
        "exit 3",
    ],
)
def test_a_process_that_could_not_work_says_nothing_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """No memory, no decoder, no module: the file may be good, and may be sent again."""
    _own_python(tmp_path, monkeypatch, script)

    with pytest.raises(Unavailable, match="cleaning_away"):
        cleaned(photo())


def test_a_process_that_cannot_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor when there is no programme to begin with."""
    monkeypatch.setattr("shared.application.files.cleaning.sys.executable", "/nowhere/python")

    with pytest.raises(Unavailable, match="cleaning_away"):
        cleaned(photo())


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("echo begun >&2; kill -XCPU $$", "file_takes_too_long"),
        ("echo begun >&2; exec sleep 30", "file_takes_too_long"),
        ("echo begun >&2; kill -SEGV $$", "file_damaged"),
        ("echo begun >&2; exit 1", "file_damaged"),
        ("echo begun >&2; printf picture_too_large >&2; exit 3", "picture_too_large"),
    ],
)
def test_what_the_end_of_a_process_says_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: str
) -> None:
    """Too long is not too large, and what a decoder falls over is damaged."""
    _own_python(tmp_path, monkeypatch, script)
    monkeypatch.setattr("shared.application.files.cleaning._SECONDS", 3.0)

    assert code == refused(photo())


def test_time_of_the_processor_runs_out_by_a_signal_of_its_own() -> None:
    """It is no want of memory: the limit is set so that the process can be told apart."""
    script = (
        "import sys, shared.domain.files.cleaning as c; c._MOST_SECONDS = 1\n"
        "c.clean_picture = lambda *_: [None for _ in iter(int, 1)]\n"
        "sys.exit(c.main('JPEG'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], input=photo(), capture_output=True, timeout=60, check=False, cwd=PROJECT
    )

    assert (-signal.SIGXCPU, b"begun\n") == (ran.returncode, ran.stderr)
