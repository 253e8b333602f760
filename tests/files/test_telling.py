"""Recordings that tell more than is seen and heard: it is blanked where that can be done, and else they are refused."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.application.files.cleaning import cleaned
from shared.domain.files.ogg import sum_of
from shared.domain.files.recordings import BOXES, EBML, OGG, NoRecording, TellsMore, bare
from tests.files.making import PLACE, box, browsers, dashcam, song, track, voice
from tests.files.test_cleaning import refused

MOST_SECONDS = 10.0
"""Half of what the process may take that cleans, and a small part of what this took once."""


def test_a_place_that_is_told_as_the_film_goes_on_is_blanked() -> None:
    """Cameras write it in a track of its own: what is seen and heard stays where it was, to the last byte."""
    sent = dashcam()
    kept = cleaned(sent).content

    assert 3 == sent.count(PLACE)
    assert PLACE not in kept
    assert b"gpmd" not in kept
    assert (len(sent), sent.index(b"picture1"), sent.index(b"picture2")) == (
        len(kept),
        kept.index(b"picture1"),
        kept.index(b"picture2"),
    )
    assert kept == cleaned(kept).content


@pytest.mark.parametrize("name", [b"uuid", b"GPS ", b"skip", b"free", b"udta", b"sefd"])
@pytest.mark.parametrize("within", ["film", "moov", "trak", "mdia"])
def test_what_no_player_needs_is_blanked_wherever_it_stands(name: bytes, within: str) -> None:
    """Also under a name that nobody knows yet."""
    own = box(name, PLACE)
    beside = {within: own} if within != "film" else {}
    sent = dashcam(**beside) + (own if within == "film" else b"")

    assert PLACE not in cleaned(sent).content


def test_a_place_that_cannot_be_found_in_the_file_is_a_reason_to_refuse_it() -> None:
    """With a word that says so: in a film that comes in pieces, and where a track does not say where it lies."""
    head, rest = box(b"ftyp", b"isom\0\0\2\0isom"), box(b"mdat", bytes(40))
    pieces = box(b"moov", track(b"meta", b"gpmd", [], [])) + box(b"moof", box(b"mfhd", bytes(8)))
    far = box(b"moov", track(b"meta", b"gpmd", [9_999], [17]))
    few = box(b"moov", track(b"meta", b"gpmd", [40, 60], [17]))
    lone = box(b"moov", track(b"meta", b"gpmd", [40], [17]).replace(b"stsc\0\0\0\0\0\0\0\1", b"stsc" + bytes(8)))
    shut = box(b"moov", box(b"cmov", bytes(40)))

    assert ["file_tells_more"] * 5 == [refused(head + rest + each) for each in (pieces, far, few, lone, shut)]


def test_a_voice_note_loses_its_remarks() -> None:
    """In their very place, with the page's sum put right; a second sound behind the first is a reason to refuse it."""
    sent = voice(b"\x06\0\0\0Telpon\x01\0\0\0" + len(PLACE).to_bytes(4, "little") + PLACE)
    kept = cleaned(sent).content
    page = kept[kept.index(b"OpusTags") - 28 : kept.index(b"OpusTags") + 8 + 4 + 6 + 4 + 4 + len(PLACE)]

    assert (len(sent), sent[-120:]) == (len(kept), kept[-120:])
    assert [] == [word for word in (PLACE, b"Telpon") if word in kept]
    assert page[22:26] == sum_of(page[:22] + bytes(4) + page[26:])
    assert kept == cleaned(kept).content
    assert "file_tells_more" == refused(sent + sent)


def test_remarks_of_any_length_are_blanked_in_bounded_time() -> None:
    """Some programs put a picture there; the time is what a process may take, on a machine that is busy."""
    whole = b"OggS\0\0" + bytes(20) + bytes([1, 255]) + b"OpusTags".ljust(255, b"x")
    more = (b"OggS\0\1" + bytes(20) + bytes([1, 255]) + b"x" * 255) * 20_000
    sent = voice()[:47] + whole + more + b"OggS\0\1" + bytes(20) + bytes([1, 0])
    began = time.process_time()
    kept = bare(sent, OGG)

    assert (len(sent), 0) == (len(kept), kept.count(b"xx"))
    assert MOST_SECONDS > time.process_time() - began


def test_a_page_of_ogg_bears_the_sum_that_players_reckon() -> None:
    """As RFC 3533 has it: the polynomial of Ethernet, with nothing turned over and beginning with nothing."""
    assert 0x89A1897F == int.from_bytes(sum_of(b"123456789"), "little")


@pytest.mark.parametrize("known", [True, False])
def test_what_a_browser_recorded_loses_its_title_and_its_tags(known: bool) -> None:
    """Whether or not its clusters tell how long they are; times and clusters stay where they were."""
    sent = browsers(known=known)
    kept = cleaned(sent).content

    assert (len(sent), sent.index(b"cluster1"), sent.index(b"cluster2")) == (
        len(kept),
        kept.index(b"cluster1"),
        kept.index(b"cluster2"),
    )
    assert [] == [word for word in (PLACE, b"Siti", b"Telepon", b"sum!") if word in kept]
    assert kept == cleaned(kept).content
    assert "file_tells_more" == refused(browsers(known=known, kind=0x21))


def test_a_song_loses_what_stands_behind_it_too() -> None:
    """Some players write a tag of another kind behind the frames."""
    tag = PLACE + b"APETAGEX" + (2000).to_bytes(4, "little") + (32 + len(PLACE)).to_bytes(4, "little") + bytes(16)
    bare_song = cleaned(song()).content

    assert bare_song == cleaned(bare_song + tag).content
    assert bare_song == cleaned(bare_song + tag + (b"TAG" + bytes(125)) * 2_000).content


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_a_recording_it_is_read_or_refused(data: st.DataObject) -> None:
    """Never an error of ours, and never longer or shorter than it was."""
    kind, sent = data.draw(st.sampled_from([(BOXES, dashcam()), (OGG, voice()), (EBML, browsers(known=False))]))
    made = bytearray(sent)
    for _ in range(data.draw(st.integers(1, 4))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    made = made[: data.draw(st.integers(len(made) // 2, len(made)))]
    try:
        assert len(made) == len(bare(bytes(made), kind))
    except (NoRecording, TellsMore):
        return
