"""Bodies that a sender has compressed, unfolded no further than a submission may be long.

A few bytes can unfold to gigabytes, so it is given up when it gets too long. The names are those that kombu's
publishers write into the header ``compression``.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

MOST_BYTES: Final = 1024 * 1024
"""The longest submission, unfolded; as long as a request over HTTP."""

UNKNOWN: Final = "unknown_compression"
BROKEN: Final = "broken_compression"
TOO_LARGE: Final = "too_large"

_HEADER: Final = "compression"
_ERRORS: Final = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError)
_ZLIB: Final = partial(zlib.decompressobj, wbits=zlib.MAX_WBITS | 32)  # gzip's form, too
_LZMA: Final = partial(lzma.LZMADecompressor, memlimit=64 * 1024 * 1024)
_KINDS: Final[dict[str, Callable[[], Any]]] = {
    "application/x-gzip": _ZLIB,
    "gzip": _ZLIB,
    "zlib": _ZLIB,
    "application/x-bz2": bz2.BZ2Decompressor,
    "bzip2": bz2.BZ2Decompressor,
    "bzip": bz2.BZ2Decompressor,
    "application/x-lzma": _LZMA,
    "lzma": _LZMA,
    "xz": _LZMA,
}


class CannotUnfold(Exception):
    """A body that cannot be used as it is.

    :param reason: why, as a stable code.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def unfolded(body: bytes, headers: Mapping[Any, Any]) -> bytes:
    """The body as it was before its sender compressed it.

    :raises CannotUnfold: if that is not known, fails, or would be longer than :data:`MOST_BYTES`.
    """
    named = headers.get(_HEADER)
    return body if named is None else _unfold(body, named)


def _unfold(body: bytes, named: object) -> bytes:
    kind = _KINDS.get(named) if isinstance(named, str) else None
    if kind is None:
        raise CannotUnfold(UNKNOWN)
    unfolding = kind()
    try:
        plain: bytes = unfolding.decompress(body, MOST_BYTES + 1)
    except _ERRORS:
        raise CannotUnfold(BROKEN) from None
    if len(plain) > MOST_BYTES:
        raise CannotUnfold(TOO_LARGE)
    if not unfolding.eof:
        raise CannotUnfold(BROKEN)  # it breaks off
    return plain
