"""Sound and film: whether a content is what its first bytes say, and what it tells of who made it where, taken out.

Nothing is decoded and nothing is played: a recording is kept for whoever fetches it. Sources: ISO/IEC 11172-3 and
13818-7 (frames of MP3 and AAC), RFC 4867 (AMR), APE Tags Specification 2.0; of the other kinds see their modules.
"""

from collections.abc import Callable, Mapping
from typing import Final

from shared.domain.files.boxes import bare_boxes
from shared.domain.files.ogg import bare_ogg
from shared.domain.files.telling import NoRecording, TellsMore
from shared.domain.files.webm import bare_webm

__all__ = ["ADTS", "AMR", "BOXES", "EBML", "KINDS", "MPEG", "OGG", "NoRecording", "TellsMore", "bare"]

BOXES: Final = "BOXES"
OGG: Final = "OGG"
MPEG: Final = "MPEG"
ADTS: Final = "ADTS"
AMR: Final = "AMR"
EBML: Final = "EBML"

_TAG_HEAD: Final = 10
_OLD_TAG: Final = 128
_FOOT: Final = 32
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


def bare(content: bytes, kind: str) -> bytes:
    """A recording without what was written beside it.

    :param kind: one of :data:`KINDS`.
    :raises NoRecording: if it is none of that kind, or not whole.
    :raises TellsMore: if something that is written beside it cannot be taken out.
    """
    return KINDS[kind](content)


def _mpeg(content: bytes) -> bytes:
    """Frames, without the tags before and behind them."""
    start, end = 0, len(content)
    while content[start : start + 3] == b"ID3" and end - start > _TAG_HEAD:
        size = 0
        for each in content[start + 6 : start + _TAG_HEAD]:
            size = size << 7 | each & 0x7F
        start += _TAG_HEAD + size + (_TAG_HEAD if content[start + 5] & 0x10 else 0)
    start += len(content[start:end]) - len(content[start:end].lstrip(b"\0"))  # some write room behind their tag
    bare_frames = _untagged(content[start:end])
    _check_frames(bare_frames, _mpeg_frame)
    return bare_frames


def _adts(content: bytes) -> bytes:
    bare_frames = _untagged(content)
    _check_frames(bare_frames, _adts_frame)
    return bare_frames


def _untagged(content: bytes) -> bytes:
    """Frames without the tags that players write behind them, of two kinds, one behind the other."""
    end = len(content)
    while size := _tag_before(content, end):
        end = max(end - size, 0)
    return content[:end]


def _tag_before(content: bytes, end: int) -> int:
    """How long the tag is that ends there; 0 if none does."""
    if content[max(end - _OLD_TAG, 0) : end][:3] == b"TAG":
        return _OLD_TAG
    foot = content[max(end - _FOOT, 0) : end]
    if len(foot) < _FOOT or not foot.startswith(b"APETAGEX"):
        return 0
    return max(int.from_bytes(foot[12:16], "little") + (_FOOT if foot[23] & 0x80 else 0), _FOOT)


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


KINDS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    BOXES: bare_boxes,
    OGG: bare_ogg,
    MPEG: _mpeg,
    ADTS: _adts,
    AMR: _amr,
    EBML: bare_webm,
}
"""What is made of the bytes of each."""
