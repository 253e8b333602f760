"""Sound and film: known by their content, and kept without what tells of who made them where."""

import pytest

from shared.application.files.cleaning import cleaned
from shared.application.files.limits import check, fault_of, limits
from shared.base.errors import Invalid
from shared.domain.dossier.filed_files import kind_of
from shared.domain.files.types import PDF, is_recording, safe_name
from shared.platform.settings import Settings
from tests.files.making import box, browsers, film, photo, song, voice
from tests.files.test_cleaning import refused

AAC = (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 4
AMR = b"#!AMR\n" + b"\x3c" * 128


def settings(**given: int) -> Settings:
    """An installation's limits."""
    return Settings(database_url="", broker_url="", given_master_key="", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "expected", "name"),
    [
        (voice(), "audio/ogg", "berkas.ogg"),
        (song(), "audio/mpeg", "berkas.mp3"),
        (film(b"M4A "), "audio/mp4", "berkas.m4a"),
        (AAC, "audio/aac", "berkas.aac"),
        (AMR, "audio/amr", "berkas.amr"),
        (film(), "video/mp4", "berkas.mp4"),
        (film(b"mp42"), "video/mp4", "berkas.mp4"),
        (film(b"3gp4"), "video/3gpp", "berkas.3gp"),
        (film(b"qt  "), "video/quicktime", "berkas.mov"),
        (browsers(), "video/webm", "berkas.webm"),
    ],
)
def test_a_recording_is_what_its_content_says(content: bytes, expected: str, name: str) -> None:
    """As telephones and browsers make them; its name bears the extension of what it is."""
    kept = cleaned(content)

    assert (expected, name) == (kept.media_type.name, safe_name("", kept.media_type))
    assert kept.media_type.is_recording
    assert is_recording(name)
    assert kept.look is None


def test_a_film_loses_its_place_and_keeps_everything_else_where_it_was() -> None:
    """What is found by its place in the file stays there."""
    sent = film()
    kept = cleaned(sent).content

    assert b"Siti" in sent
    assert b"-07.7267" in sent
    assert [] == [word for word in (b"Siti", b"-07.7267", b"alun-alun") if word in kept]
    assert (len(sent), sent[sent.index(b"mdat") :]) == (len(kept), kept[sent.index(b"mdat") :])


def test_a_song_loses_its_tags() -> None:
    """Before and behind its frames, which stay as they were."""
    kept = cleaned(song()).content

    assert b"Siti" not in kept
    assert 5 * 417 == len(kept)


@pytest.mark.parametrize(
    "content",
    [
        film()[:-50],
        voice()[:-5],
        film()[: film().index(b"mdat") - 4],
        voice().replace(b"OpusHead", b"HtmlHead"),
        b"#!AMR\n",
        b"ID3\3\0\0\0\0\0\0<html><script>alert(1)</script>",
        box(b"ftyp", b"isom\0\0\2\0isom") + b"<html><script>alert(1)</script>" + bytes(99),
        b"\xff\xfb" + b"<script>alert(1)</script>" * 9,
    ],
)
def test_what_only_begins_like_one_is_refused(content: bytes) -> None:
    """Cut off, or something else behind the first bytes."""
    assert refused(content) in ("file_damaged", "file_type_not_taken")


def test_each_sort_has_its_own_limit_and_may_be_switched_off() -> None:
    """By what the content is; a photo of that size is taken."""
    small = settings(audio_most_bytes=100, video_most_bytes=0)

    assert {"picture", "document", "audio"} == set(limits(small))
    assert ("file_too_large", "file_type_not_taken") == (fault_of(small, voice()), fault_of(small, film()))
    assert fault_of(small, photo()) is None
    assert (None, None) == (fault_of(settings(), voice()), fault_of(settings(), film()))
    with pytest.raises(Invalid) as error:
        check(small, voice())
    assert "100" in str(error.value.fields["file"])


def test_no_recording_is_a_photo_or_a_letter() -> None:
    """A step that asks for a photo is not done by a voice note, whoever calls it so."""
    sound, picture = cleaned(voice()).media_type, cleaned(photo()).media_type

    assert ["recording"] * 3 == [kind_of(kind, sound) for kind in ("photo", "document", "answer_letter")]
    assert ("documentation", "photo") == (kind_of("documentation", sound), kind_of("photo", picture))
    assert ("photo", "document") == (kind_of("recording", picture), kind_of("recording", PDF))
