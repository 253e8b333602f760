"""WebM, in which browsers record: titles, dates, tags and attached files become empty room, its clusters stay.

Sources: RFC 8794 (EBML), RFC 9559 (Matroska, of which WebM is a part).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shared.domain.files.telling import NoRecording, TellsMore

_EBML: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_CLUSTER: Final = 0x1F43B675
_INFO: Final = 0x1549A966
_TRACKS: Final = 0x1654AE6B
_KEPT: Final = frozenset({0x114D9B74, 0x1C53BB6B, _INFO, _TRACKS, _CLUSTER})
"""What of a recording stays: where to find what (SeekHead, Cues), what it is, and itself."""
_TOP: Final = _KEPT | {0x1254C367, 0x1941A469, 0x1043A770}
"""What may stand beside a cluster, and so ends one that does not say how long it is: tags, files, chapters too."""
_TIMES: Final = frozenset({0x2AD7B1, 0x4489})
_PROGRAMS: Final = frozenset({0x4D80, 0x5741})
"""Names of programs, which have to be there and may be blank."""
_TRACK: Final = 0xAE
_TRACK_TYPE: Final = 0x83
_TRACK_NAME: Final = 0x536E
_SEEN: Final = frozenset({1, 2})
_VOID: Final = 0xEC
_CRC: Final = 0xBF
_NEEDLESS: Final = frozenset({_TRACK_NAME, _CRC, _VOID})
"""What goes from tracks: names, sums that would not be right any more, and room in which something may have stayed."""


@dataclass(frozen=True)
class _Element:
    """An element: where it begins and which it is, and from where to where its content goes.

    :param until: none if it does not say.
    """

    at: int
    id: int
    inner: int
    until: int | None


def bare_webm(content: bytes) -> bytes:
    """A recording without what is written beside it.

    :raises NoRecording: if it is none, or not whole.
    :raises TellsMore: if a track of it is neither seen nor heard.
    """
    made = bytearray(content)
    head = _element(made, 0, len(made))
    if head.id != _EBML or head.until is None or b"webm" not in made[: head.until]:
        raise NoRecording
    segment = _element(made, head.until, len(made))
    if segment.id != _SEGMENT:
        raise NoRecording
    end = len(made) if segment.until is None else segment.until
    for element in list(_parts(made, segment.inner, end)):
        if element.id not in _KEPT:
            _void(made, element)
        elif element.id == _INFO:
            _blank_info(made, element)
        elif element.id == _TRACKS:
            _check_tracks(made, element)
    if end < len(made):
        raise TellsMore  # something stands behind the recording
    return bytes(made)


def _blank_info(made: bytearray, info: _Element) -> None:
    for element in list(_within(made, info)):
        if element.id in _PROGRAMS and element.until is not None:
            made[element.inner : element.until] = b" " * (element.until - element.inner)
        elif element.id not in _TIMES:
            _void(made, element)


def _check_tracks(made: bytearray, tracks: _Element) -> None:
    for track in list(_within(made, tracks)):
        if track.id in _NEEDLESS:
            _void(made, track)
        for element in list(_within(made, track)) if track.id == _TRACK else ():
            if element.id == _TRACK_TYPE and int.from_bytes(made[element.inner : element.until], "big") not in _SEEN:
                raise TellsMore
            if element.id in _NEEDLESS:
                _void(made, element)


def _within(content: bytearray, element: _Element) -> Iterator[_Element]:
    if element.until is None:
        raise NoRecording
    at = element.inner
    while at < element.until:
        inner = _element(content, at, element.until)
        if inner.until is None:
            raise NoRecording
        yield inner
        at = inner.until


def _parts(content: bytearray, start: int, end: int) -> Iterator[_Element]:
    """What a segment is made of; a cluster that does not say how long it is ends where the next of them begins."""
    at = start
    while at < end:
        element = _element(content, at, end)
        until = element.until
        if until is None:
            if element.id != _CLUSTER:
                raise NoRecording
            until = _end_of_cluster(content, element.inner, end)
        yield _Element(at, element.id, element.inner, until)
        at = until


def _end_of_cluster(content: bytearray, start: int, end: int) -> int:
    at = start
    while at < end:
        element = _element(content, at, end)
        if element.id in _TOP:
            return at
        if element.until is None:
            raise NoRecording
        at = element.until
    return end


def _element(content: bytearray, at: int, end: int) -> _Element:
    id_, inner = _number(content, at, end, longest=4, marked=True)
    size, start = _number(content, inner, end, longest=8, marked=False)
    if size == 2 ** (7 * (start - inner)) - 1:
        return _Element(at, id_, start, None)
    if start + size > end:
        raise NoRecording
    return _Element(at, id_, start, start + size)


def _number(content: bytearray, at: int, end: int, *, longest: int, marked: bool) -> tuple[int, int]:
    """A number whose first byte tells how long it is, and where it ends.

    :param marked: whether the bit that tells its length is part of it.
    """
    first = content[at] if at < end else 0
    width = 9 - first.bit_length()
    if width > longest or at + width > end:
        raise NoRecording
    number = int.from_bytes(content[at : at + width], "big")
    return (number if marked else number - (1 << 7 * width)), at + width


def _void(made: bytearray, element: _Element) -> None:
    """Make empty room of an element, of the very same length."""
    if element.until is None:
        raise NoRecording
    whole = element.until - element.at
    width = next(width for width in range(1, 9) if whole - 1 - width < 2 ** (7 * width) - 1)
    size = whole - 1 - width
    made[element.at : element.until] = bytes([_VOID]) + ((1 << 7 * width) + size).to_bytes(width, "big") + bytes(size)
