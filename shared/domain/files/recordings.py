"""Sound and film: whether a content is what its first bytes say, and what it tells of who made it where, taken out.

Nothing is decoded and nothing is played: a recording is kept for whoever fetches it. Sources: ISO/IEC 14496-12 (boxes
of MP4, 3GP, M4A and QuickTime), RFC 3533 (pages of Ogg), ISO/IEC 11172-3 and 13818-7 (frames of MP3 and AAC), RFC 4867
(AMR), RFC 8794 (EBML, of which WebM is made).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

BOXES: Final = "BOXES"
OGG: Final = "OGG"
MPEG: Final = "MPEG"
ADTS: Final = "ADTS"
AMR: Final = "AMR"
EBML: Final = "EBML"

_TELLING: Final = frozenset({b"udta", b"meta", b"uuid"})
"""Boxes for what somebody wrote beside the recording: place, telephone, title, cover."""
_WITH_BOXES: Final = frozenset({b"moov", b"trak", b"moof", b"traf"})
_FREE: Final = b"free"
_CODECS: Final = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
_TAG_HEAD: Final = 10
_OLD_TAG: Final = 128
_FRAMES: Final = 3
_RATES: Final = (44100, 48000, 32000)
_KBITS: Final = {
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second by version (whether the first) and layer."""


class NoRecording(Exception):
    """A content that is not what its first bytes say, or that ends in the middle."""


def bare(content: bytes, kind: str) -> bytes:
    """A recording without what was written beside it.

    :param kind: one of :data:`KINDS`.
    :raises NoRecording: if it is none of that kind, or not whole.
    """
    return KINDS[kind](content)


def _boxes(content: bytes) -> bytes:
    """Boxes that tell of somebody become room that is free, so that nothing else moves: what lies behind is found by
    its place.
    """
    made = bytearray(content)
    top = [name for _, name, _, _ in _walk(made, 0, len(made))]
    if b"ftyp" not in top[:2] or b"mdat" not in top or not {b"moov", b"moof"} & set(top):
        raise NoRecording
    _free(made, 0, len(made))
    return bytes(made)


def _free(made: bytearray, start: int, end: int) -> None:
    for at, name, inner, until in list(_walk(made, start, end)):
        if name in _TELLING:
            made[at + 4 : at + 8] = _FREE
            made[inner:until] = bytes(until - inner)
        elif name in _WITH_BOXES:
            _free(made, inner, until)


def _walk(content: bytearray, start: int, end: int) -> Iterator[tuple[int, bytes, int, int]]:
    """The boxes one after the other: where each begins, its name, and from where to where its content goes."""
    at = start
    while at < end:
        if end - at < 8:
            if any(content[at:end]):
                raise NoRecording
            return  # a QuickTime list may end with four empty bytes
        size, name, inner = int.from_bytes(content[at : at + 4], "big"), bytes(content[at + 4 : at + 8]), at + 8
        if size == 1:
            size, inner = int.from_bytes(content[at + 8 : at + 16], "big"), at + 16
        until = end if size == 0 else at + size
        if until > end or until < inner:
            raise NoRecording
        yield at, name, inner, until
        at = until


def _ogg(content: bytes) -> bytes:
    """Pages up to the end; sound in the first."""
    at, first = 0, b""
    while at < len(content):
        head = content[at : at + 27]
        if len(head) < 27 or head[:4] != b"OggS":
            raise NoRecording
        lacing = content[at + 27 : at + 27 + head[26]]
        inner = at + 27 + head[26]
        until = inner + sum(lacing)
        if len(lacing) < head[26] or until > len(content):
            raise NoRecording
        first = first or content[inner:until]
        at = until
    if not first.startswith(_CODECS):
        raise NoRecording
    return content


def _mpeg(content: bytes) -> bytes:
    """Frames, without the tags before and behind them."""
    start, end = 0, len(content)
    while content[start : start + 3] == b"ID3" and end - start > _TAG_HEAD:
        size = 0
        for each in content[start + 6 : start + _TAG_HEAD]:
            size = size << 7 | each & 0x7F
        start += _TAG_HEAD + size + (_TAG_HEAD if content[start + 5] & 0x10 else 0)
    start += len(content[start:end]) - len(content[start:end].lstrip(b"\0"))  # some write room behind their tag
    if content[max(start, end - _OLD_TAG) : end][:3] == b"TAG":
        end -= _OLD_TAG
    _check_frames(content[start:end], _mpeg_frame)
    return content[start:end]


def _adts(content: bytes) -> bytes:
    _check_frames(content, _adts_frame)
    return content


def _check_frames(content: bytes, size_of: Callable[[bytes], int]) -> None:
    """The first few frames stand one behind the other: by chance two bytes may look like the head of one."""
    if not content:
        raise NoRecording
    at = 0
    for _ in range(_FRAMES):
        if at == len(content):
            return
        size = size_of(content[at : at + 8])
        if size <= 0 or at + size > len(content):
            raise NoRecording
        at += size


def _mpeg_frame(head: bytes) -> int:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bits, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or bits in (0, 15) or rate == 3:
        return 0
    kbits = _KBITS[version == 3, layer][bits]
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    padding = head[2] >> 1 & 1
    if layer == 1:
        return (12 * kbits * 1000 // hertz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * kbits * 1000 // hertz + padding


def _adts_frame(head: bytes) -> int:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5


def _amr(content: bytes) -> bytes:
    head = next((each for each in (b"#!AMR-WB\n", b"#!AMR\n") if content.startswith(each)), None)
    if head is None or len(content) <= len(head):
        raise NoRecording
    return content


def _ebml(content: bytes) -> bytes:
    if not content.startswith(b"\x1a\x45\xdf\xa3") or b"webm" not in content[:80]:
        raise NoRecording
    return content


KINDS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    BOXES: _boxes,
    OGG: _ogg,
    MPEG: _mpeg,
    ADTS: _adts,
    AMR: _amr,
    EBML: _ebml,
}
"""What is made of the bytes of each."""
