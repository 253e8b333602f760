"""Ogg, in which voice notes are sent: the remarks of whoever made them are blanked, its pages stay where they are.

Sources: RFC 3533 (pages), RFC 7845 (Opus), Xiph's Vorbis I specification (remarks).
"""

from dataclasses import dataclass, field
from typing import Final

from shared.domain.files.telling import NoRecording, TellsMore

_HEAD: Final = 27
_SERIAL: Final = slice(14, 18)
_SUM: Final = 22
"""Where in a page its checksum stands, of four bytes."""
_REMARKS: Final = {b"OpusHead": (b"OpusTags", b""), b"\x01vorbis": (b"\x03vorbis", b"\x01"), b"Speex   ": (b"", b"")}
"""How remarks begin and end, by how a sound's first packet begins."""
_POLYNOMIAL: Final = 0x04C11DB7


def _table() -> tuple[int, ...]:
    made = []
    for byte in range(256):
        register = byte << 24
        for _ in range(8):
            register = register << 1 ^ (_POLYNOMIAL if register & 0x80000000 else 0)
        made.append(register & 0xFFFFFFFF)
    return tuple(made)


_TABLE: Final = _table()


@dataclass
class _Packet:
    """A packet: the pieces of the file of which it is, and the pages in which those lie."""

    pieces: list[slice] = field(default_factory=list)
    pages: list[slice] = field(default_factory=list)


def bare_ogg(content: bytes) -> bytes:
    """A recording with blank remarks.

    :raises NoRecording: if it is none, or not whole.
    :raises TellsMore: if more than one sound is in it, or one whose remarks nobody finds here.
    """
    first, remarks = _packets(content)
    kind = next((kind for begins, kind in _REMARKS.items() if _bytes(content, first).startswith(begins)), None)
    if kind is None and _bytes(content, first).startswith(b"\x7fFLAC"):
        raise TellsMore
    if kind is None:
        raise NoRecording
    begins, ends = kind
    said = _bytes(content, remarks)
    room = len(said) - len(begins) - len(ends) - 8
    if not said.startswith(begins) or room < 0:
        raise NoRecording
    # The name of the program that made it takes all the room there is, and is blank.
    blank = begins + room.to_bytes(4, "little") + b" " * room + bytes(4) + ends
    made = bytearray(content)
    at = 0
    for piece in remarks.pieces:
        size = piece.stop - piece.start
        made[piece] = blank[at : at + size]
        at += size
    for page in remarks.pages:
        if made[page] != content[page]:
            made[page.start + _SUM : page.start + _SUM + 4] = bytes(4)
            made[page.start + _SUM : page.start + _SUM + 4] = sum_of(bytes(made[page]))
    return bytes(made)


def _packets(content: bytes) -> tuple[_Packet, _Packet]:
    """The first two packets; all pages are looked at."""
    found = [_Packet()]
    at = 0
    while at < len(content):
        head = content[at : at + _HEAD]
        if len(head) < _HEAD or head[:4] != b"OggS":
            raise NoRecording
        lacing = content[at + _HEAD : at + _HEAD + head[26]]
        place = at + _HEAD + len(lacing)
        until = place + sum(lacing)
        if len(lacing) < head[26] or until > len(content):
            raise NoRecording
        if at and (head[_SERIAL] != content[_SERIAL] or head[5] & 2):
            raise TellsMore
        page = slice(at, until)
        for size in lacing if len(found) <= 2 else b"":
            found[-1].pieces.append(slice(place, place + size))
            if found[-1].pages[-1:] != [page]:
                found[-1].pages.append(page)
            place += size
            if size < 255:
                found.append(_Packet())
        at = until
    if len(found) <= 2:
        raise NoRecording
    return found[0], found[1]


def _bytes(content: bytes, packet: _Packet) -> bytes:
    return b"".join(content[piece] for piece in packet.pieces)


def sum_of(page: bytes) -> bytes:
    """The checksum of a page in which four empty bytes stand in its place."""
    register = 0
    for byte in page:
        register = (register << 8 ^ _TABLE[register >> 24 ^ byte]) & 0xFFFFFFFF
    return register.to_bytes(4, "little")
