"""Sealing what is too large for one piece: AES-256-GCM in chunks, of which none can be changed, moved, left out or cut.

The STREAM construction: a nonce is a random prefix, the chunk's number, and whether it is the last one. Each file has a
key of its own, derived from its dossier's: whoever is given it can read that file and no other.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.base.randomness import Randomness
from shared.domain.sealing import KEY_BYTES, DataKey, Unsealable

CHUNK_BYTES: Final = 64 * 1024
_MAGIC: Final = b"ADF1"
_PREFIX_BYTES: Final = 7
_TAG_BYTES: Final = 16


def file_key(key: DataKey, file: UUID) -> bytes:
    """The key of one file of a dossier: 32 bytes."""
    info = b"aduan file 1" + key.dossier.bytes + file.bytes
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key.secret)


def seal_stream(secret: bytes, name: UUID, content: Iterable[bytes], randomness: Randomness) -> Iterator[bytes]:
    """Seal a content, piece by piece.

    :param secret: 32 bytes, used for this content alone.
    :param name: what the content is called; the same is needed to open it.
    :param content: in pieces of any size.
    :returns: the sealed bytes, in pieces.
    """
    prefix = randomness.bytes(_PREFIX_BYTES)
    cipher = AESGCM(secret)
    yield _MAGIC + prefix
    chunks = _chunks(content)
    number, chunk = 0, next(chunks)
    while True:
        following = next(chunks, None)
        yield cipher.encrypt(_nonce(prefix, number, last=following is None), chunk, name.bytes)
        if following is None:
            return
        number, chunk = number + 1, following


def open_stream(secret: bytes, name: UUID, sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Open what :func:`seal_stream` made, piece by piece.

    :raises Unsealable: as soon as a piece is not what was sealed under this name. Pieces before it were.
    """
    pieces = _resized(sealed, len(_MAGIC) + _PREFIX_BYTES, CHUNK_BYTES + _TAG_BYTES)
    head = next(pieces, b"")
    if len(head) != len(_MAGIC) + _PREFIX_BYTES or not head.startswith(_MAGIC):
        raise Unsealable(f"{name} is no sealed content")
    cipher, prefix = AESGCM(secret), head[len(_MAGIC) :]
    number, chunk = 0, next(pieces, None)
    while True:
        following = next(pieces, None)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=following is None), chunk or b"", name.bytes)
        except (InvalidTag, ValueError):
            raise Unsealable(f"the sealed content {name} cannot be opened") from None
        if following is None:
            return
        number, chunk = number + 1, following


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


def _chunks(content: Iterable[bytes]) -> Iterator[bytes]:
    """At least one, though it be empty, so that an empty content has a last chunk too."""
    empty = True
    for chunk in _resized(content, CHUNK_BYTES, CHUNK_BYTES):
        empty = False
        yield chunk
    if empty:
        yield b""


def _resized(content: Iterable[bytes], first: int, then: int) -> Iterator[bytes]:
    held, size = bytearray(), first
    for piece in content:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
            size = then
    if held:
        yield bytes(held)
