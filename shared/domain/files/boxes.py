"""Boxes of MP4, 3GP, M4A and QuickTime: what they tell of who made them where is taken out, and nothing else moves.

What lies in the file is found by its place in it; so whatever goes becomes room that is free. Sources: ISO/IEC
14496-12; QuickTime File Format; of tracks that tell a place as the film goes on, GoPro's GPMF and Google's Camera
Motion Metadata.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from shared.domain.files.telling import NoRecording, TellsMore

_FREE: Final = b"free"
_KEPT: Final[Mapping[bytes, frozenset[bytes]]] = {
    b"": frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"pdin"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"tref", b"tapt"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"saiz", b"saio", b"subs", b"senc"}),
}
"""What stays in each box that is looked into; everything else may tell of somebody: place, telephone, title, cover."""
_SEEN: Final = frozenset({b"vide", b"soun"})
"""Of which kinds the tracks are that people see and hear."""
_HANDLER_AT: Final = 8


@dataclass(frozen=True)
class _Box:
    """A box: where it begins, its name, and from where to where its content goes."""

    at: int
    name: bytes
    inner: int
    until: int


def bare_boxes(content: bytes) -> bytes:
    """A recording without what is written beside it.

    :raises NoRecording: if it is none, or not whole.
    :raises TellsMore: if a track of it that is neither seen nor heard cannot be taken out, or none can be looked at.
    """
    made = bytearray(content)
    top = [box.name for box in _walk(made, 0, len(made))]
    if b"ftyp" not in top[:2] or b"mdat" not in top or not {b"moov", b"moof"} & set(top):
        raise NoRecording
    for moov in _named(made, 0, len(made), b"moov"):
        if _named(made, moov.inner, moov.until, b"cmov"):
            raise TellsMore  # compressed: nobody looks into it here, and without it nothing is played
        for track in _named(made, moov.inner, moov.until, b"trak"):
            if _kind_of(made, track) not in (*_SEEN, None):
                if b"moof" in top:
                    raise TellsMore
                _empty(made, track)
                _free(made, track)
    _keep_what_is_needed(made, b"", 0, len(made))
    return bytes(made)


def _keep_what_is_needed(made: bytearray, within: bytes, start: int, end: int) -> None:
    for box in list(_walk(made, start, end)):
        if box.name not in _KEPT[within]:
            _free(made, box)
        elif box.name in _KEPT:
            _keep_what_is_needed(made, box.name, box.inner, box.until)


def _free(made: bytearray, box: _Box) -> None:
    made[box.at + 4 : box.at + 8] = _FREE
    made[box.inner : box.until] = bytes(box.until - box.inner)


def _walk(content: bytearray, start: int, end: int) -> Iterator[_Box]:
    at = start
    while at < end:
        if end - at < 8:
            if any(content[at:end]):
                raise NoRecording
            return  # a QuickTime list may end with four empty bytes
        size, name, inner = _int(content, at), bytes(content[at + 4 : at + 8]), at + 8
        if size == 1:
            size, inner = _int(content, at + 8, 8), at + 16
        until = end if size == 0 else at + size
        if until > end or until < inner:
            raise NoRecording
        yield _Box(at, name, inner, until)
        at = until


def _int(content: bytearray, at: int, width: int = 4) -> int:
    if at + width > len(content):
        raise NoRecording
    return int.from_bytes(content[at : at + width], "big")


def _named(content: bytearray, start: int, end: int, name: bytes) -> list[_Box]:
    return [box for box in _walk(content, start, end) if box.name == name]


def _below(content: bytearray, box: _Box, *names: bytes) -> _Box | None:
    """The first box of these names, each within the one before."""
    found: _Box | None = box
    for name in names:
        found = next(iter(_named(content, found.inner, found.until, name)), None) if found is not None else None
    return found


def _kind_of(content: bytearray, track: _Box) -> bytes | None:
    """What a track is to people; none if it does not say, and so holds nothing."""
    handler = _below(content, track, b"mdia", b"hdlr")
    if handler is None:
        return None
    at = handler.inner + _HANDLER_AT
    return bytes(content[at : min(at + 4, handler.until)])


def _empty(made: bytearray, track: _Box) -> None:
    """Blank what a track brings, wherever in the file that lies.

    :raises TellsMore: if its tables do not say where.
    """
    table = _below(made, track, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    boxes = {box.name: box for box in _walk(made, table.inner, table.until)}
    places = _places(made, boxes)
    sizes = _sizes(made, boxes, sum(count for _, count in places))
    taken = 0
    for place, count in places:
        until = place + sum(sizes[taken : taken + count])
        taken += count
        if until > len(made):
            raise TellsMore
        made[place:until] = bytes(until - place)


def _places(content: bytearray, boxes: Mapping[bytes, _Box]) -> list[tuple[int, int]]:
    """Where each chunk of a track lies, and of how many samples it is."""
    offsets, runs = boxes.get(b"stco") or boxes.get(b"co64"), boxes.get(b"stsc")
    if offsets is None or runs is None:
        raise TellsMore
    width = 8 if offsets.name == b"co64" else 4
    places = _numbers(content, offsets, 8, _int(content, offsets.inner + 4), width)
    told = _numbers(content, runs, 8, 3 * _int(content, runs.inner + 4), 4)
    firsts = [*zip(told[::3], told[1::3], strict=True), (len(places) + 1, 0)]
    counts: list[int] = []
    for (first, count), (following, _) in pairwise(firsts):
        if first != len(counts) + 1 or not first <= following <= len(places) + 1:
            raise TellsMore
        counts += [count] * (following - first)
    if len(counts) != len(places):
        raise TellsMore  # chunks of which nothing is told
    return list(zip(places, counts, strict=True))


def _sizes(content: bytearray, boxes: Mapping[bytes, _Box], samples: int) -> list[int]:
    table = boxes.get(b"stsz")
    if table is None or samples > len(content):
        raise TellsMore
    each = _int(content, table.inner + 4)
    if each:
        return [each] * samples
    return _numbers(content, table, 12, samples, 4)


def _numbers(content: bytearray, box: _Box, skipped: int, count: int, width: int) -> list[int]:
    start = box.inner + skipped
    if start + count * width > box.until:
        raise TellsMore
    return [_int(content, start + place * width, width) for place in range(count)]
