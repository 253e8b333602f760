"""One signed checkpoint, as a line of JSON that tells all by itself."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.base.errors import Invalid
from shared.base.strict_json import parsed
from shared.platform.secret import check_secret
from shared.store.eventstore.checkpoints.tree import HASH_BYTES, HashTree

_SIGNED_AS = b"aduan checkpoint 1\n"
_VERSION = 1
NONE_BEFORE = bytes(HASH_BYTES).hex()
"""What the first checkpoint follows."""
_NUMBERS = ("number", "size", "position")
_WORDS = ("tip", "root", "previous", "made_at", "key")


@dataclass(frozen=True)
class SignedCheckpoint:
    """What the log was when it was made.

    :param number: from 1, without gaps.
    :param size: how many events there were.
    :param position: of the last of them.
    :param tip: that event's hash.
    :param root: of the tree over all of them.
    :param peaks: of the same tree, by which the next checkpoint goes on.
    :param previous: the hash of the checkpoint before it.
    :param made_at: ISO 8601 with its offset.
    :param key: the id of the key that signed it.
    :param signature: Ed25519 (RFC 8032) over all the rest, in base64.
    """

    number: int
    size: int
    position: int
    tip: str
    root: str
    peaks: tuple[str, ...]
    previous: str
    made_at: str
    key: str
    signature: str = ""

    @property
    def tree(self) -> HashTree:
        """To go on with.

        :raises ValueError: if size and peaks do not belong together.
        """
        return HashTree.grown(self.size, [bytes.fromhex(each) for each in self.peaks])

    @property
    def line(self) -> str:
        """As it is kept, without a line end."""
        return json.dumps({**self._told(), "signature": self.signature}, sort_keys=True, separators=(",", ":"))

    @property
    def hash(self) -> str:
        """By which the next one names it."""
        return hashlib.sha256(self.line.encode()).hexdigest()

    def signed(self, key: Ed25519PrivateKey) -> "SignedCheckpoint":
        """The same with its signature."""
        named = replace(self, key=key_id(key.public_key()))
        return replace(named, signature=base64.b64encode(key.sign(named.statement)).decode())

    def is_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the holder of that key's private half made it, word for word."""
        try:
            given = base64.b64decode(self.signature, validate=True)
            key.verify(given, self.statement)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        # The last letter of base64 has bits that nobody reads: of sixteen that mean the same one is ours.
        return base64.b64encode(given).decode() == self.signature

    @property
    def statement(self) -> bytes:
        """What is signed."""
        return _SIGNED_AS + json.dumps(self._told(), sort_keys=True, separators=(",", ":")).encode()

    def _told(self) -> dict[str, Any]:
        return {
            "version": _VERSION,
            **{name: getattr(self, name) for name in (*_NUMBERS, *_WORDS)},
            "peaks": list(self.peaks),
        }


def read_checkpoint(line: str) -> SignedCheckpoint:
    """The reverse of :attr:`SignedCheckpoint.line`. Its signature is not looked at.

    :raises ValueError: if it is no checkpoint, or not one that this version knows. The text says what is wrong.
    """
    try:
        told = parsed(line)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    except Invalid:
        raise ValueError("it gives a field twice") from None
    if not isinstance(told, Mapping) or told.get("version") != _VERSION:
        raise ValueError("it is no checkpoint of this kind")
    numbers: dict[str, Any] = {name: told.get(name) for name in _NUMBERS}
    words: dict[str, Any] = {name: told.get(name) for name in (*_WORDS, "signature")}
    peaks = told.get("peaks")
    if not all(type(each) is int and each > 0 for each in numbers.values()):
        raise ValueError("its number, size and position must be whole numbers from 1")
    if not isinstance(peaks, list) or not all(isinstance(each, str) for each in (*peaks, *words.values())):
        raise ValueError("it lacks a field")
    found = SignedCheckpoint(**numbers, **words, peaks=tuple(peaks))
    if found.tree.root.hex() != found.root:
        raise ValueError("its peaks are not those of its root")
    if datetime.fromisoformat(found.made_at).tzinfo is None:
        raise ValueError("its time lacks an offset")
    return found


def signing_key(text: str) -> Ed25519PrivateKey:
    """The private key that a configuration gives.

    :param text: 32 bytes in base64, from ``aduan checkpoint key``.
    :raises ValueError: if it is something else. The text does not quote it.
    """
    return Ed25519PrivateKey.from_private_bytes(check_secret(text))


def public_key(text: str) -> Ed25519PublicKey:
    """A public key as people hand it on.

    :raises ValueError: if it is something else.
    """
    try:
        given = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        given = b""
    if len(given) != HASH_BYTES:
        raise ValueError("a public key is 32 bytes in base64, as `aduan checkpoint key` prints it")
    return Ed25519PublicKey.from_public_bytes(given)


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as people hand it on."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def key_id(key: Ed25519PublicKey) -> str:
    """Tells keys apart."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
