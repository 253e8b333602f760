"""What a picture looks like, in 64 bits: two that people call the same differ in few of them, however they were saved.

Of 9 by 8 grey patches each is held against its neighbour (a difference hash): a change of size, of quality or of
brightness leaves nearly all of them as they were. Nobody can see the picture in it.
"""

import io
import re
from itertools import pairwise
from typing import Final

LOOK: Final = re.compile(r"[0-9a-f]{16}")
NEAR: Final = 6
"""Bits that may differ between two pictures that look alike."""

_ACROSS, _DOWN = 9, 8
_FEWEST: Final = 8
"""A picture of which fewer patches are brighter than their neighbour, or darker, is plain: all such are alike."""


def look_of(content: bytes) -> str | None:
    """The look of a picture, in 16 hexadecimal digits.

    :param content: of a picture that can be decoded.
    :returns: none of a plain area, which says nothing.
    """
    from PIL import Image  # noqa: PLC0415 - only where it is decoded

    with Image.open(io.BytesIO(content)) as opened:
        opened.draft("L", (_ACROSS * 16, _DOWN * 16))
        grey = opened.convert("L").resize((_ACROSS, _DOWN), Image.Resampling.LANCZOS).tobytes()
    rows = [grey[start : start + _ACROSS] for start in range(0, len(grey), _ACROSS)]
    steps = [right - left for row in rows for left, right in pairwise(row)]
    if min(sum(step > 0 for step in steps), sum(step < 0 for step in steps)) < _FEWEST:
        return None
    return f"{sum((step > 0) << place for place, step in enumerate(steps)):016x}"


def told(remark: bytes) -> str | None:
    """The look that stands at the end of what a process has said; none if none does."""
    last = remark.decode("ascii", "replace").rpartition("\n")[2]
    return last if LOOK.fullmatch(last) else None
