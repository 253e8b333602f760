"""The master key, under which the dossiers' keys are kept."""

import hashlib
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.domain.sealing import NONCE_BYTES, Unsealable
from shared.platform.secret import derive

_PURPOSE = "aduan vault"
_CHECKED = b"aduan"


@dataclass(frozen=True)
class MasterKey:
    """Wraps and unwraps the dossiers' keys.

    :param id: tells master keys apart without telling the key: kept beside each wrapped key.
    :param secret: 32 bytes; never shown.
    """

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The master key that a configuration gives.

        What wraps is derived from it, so that it has nothing in common with the key of the tokens.

        :param text: 32 bytes in base64.
        :raises ValueError: if it is something else. The text does not quote it.
        """
        secret = derive(text, _PURPOSE)
        return cls(id=hashlib.sha256(b"id" + secret).hexdigest()[:16], secret=secret)

    def wrap(self, dossier: UUID, secret: bytes, nonce: bytes) -> bytes:
        """A dossier's key as it is kept: nonce, ciphertext and tag, bound to the dossier.

        :param nonce: 12 random bytes, used once.
        """
        return nonce + AESGCM(self.secret).encrypt(nonce, secret, dossier.bytes)

    def unwrap(self, dossier: UUID, wrapped: bytes) -> bytes:
        """The reverse of :meth:`wrap`.

        :raises Unsealable: if it was changed, wrapped by another master key, or is another dossier's.
        """
        try:
            return AESGCM(self.secret).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], dossier.bytes)
        except (InvalidTag, ValueError):
            raise Unsealable(f"the key of dossier {dossier} cannot be unwrapped by master key {self.id}") from None

    def check_value(self, nonce: bytes) -> bytes:
        """What proves later that a key is this one: kept in the vault, and of no use without the key.

        :param nonce: 12 random bytes, used once.
        """
        return nonce + AESGCM(self.secret).encrypt(nonce, _CHECKED, self.id.encode())

    def confirms(self, value: bytes) -> bool:
        """Whether a check value was made by this key."""
        try:
            return AESGCM(self.secret).decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], self.id.encode()) == _CHECKED
        except (InvalidTag, ValueError):
            return False
