"""The master key, under which the dossiers' keys are kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.domain.sealing import NONCE_BYTES, Unsealable
from shared.platform.purposes import Lasting
from shared.platform.secret import derive

_PURPOSE = "aduan vault"
_CHECKED = b"aduan"


@dataclass(frozen=True)
class MasterKey:
    """Wraps and unwraps the dossiers' keys.

    :param id: tells master keys apart without telling the key: kept beside each wrapped key.
    :param secret: 32 bytes; never shown.
    :param lasting: by purpose the keys that follow from it; see :mod:`shared.platform.purposes`.
    """

    id: str
    secret: bytes = field(repr=False)
    lasting: Mapping[str, bytes] = field(repr=False, default_factory=dict, compare=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The master key that a configuration gives.

        What wraps is derived from it, so that it has nothing in common with the key of the tokens.

        :param text: 32 bytes in base64.
        :raises ValueError: if it is something else. The text does not quote it.
        """
        secret = derive(text, _PURPOSE)
        lasting = {each.value: derive(text, each) for each in Lasting}
        return cls(id=hashlib.sha256(b"id" + secret).hexdigest()[:16], secret=secret, lasting=lasting)

    def wrap(self, dossier: UUID, secret: bytes, nonce: bytes) -> bytes:
        """A dossier's key as it is kept: nonce, ciphertext and tag, bound to the dossier.

        :param nonce: 12 random bytes, used once.
        """
        return nonce + self._cipher.encrypt(nonce, secret, dossier.bytes)

    def unwrap(self, dossier: UUID, wrapped: bytes) -> bytes:
        """The reverse of :meth:`wrap`.

        :raises Unsealable: if it was changed, wrapped by another master key, or is another dossier's.
        """
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], dossier.bytes)
        except (InvalidTag, ValueError):
            raise Unsealable(f"the key of dossier {dossier} cannot be unwrapped by master key {self.id}") from None

    def check_value(self, nonce: bytes) -> bytes:
        """What proves later that a key is this one: kept in the vault, and of no use without the key.

        :param nonce: 12 random bytes, used once.
        """
        return nonce + self._cipher.encrypt(nonce, _CHECKED, self.id.encode())

    def seal_lasting(self, keys: Mapping[str, bytes], nonce: bytes) -> bytes:
        """Keys that outlive the master key before this one, as they are kept beside this one's id.

        :param keys: by purpose.
        :param nonce: 12 random bytes, used once.
        """
        told = json.dumps({purpose: key.hex() for purpose, key in sorted(keys.items())}).encode()
        return nonce + self._cipher.encrypt(nonce, told, _about_lasting(self.id))

    def open_lasting(self, sealed: bytes) -> dict[str, bytes]:
        """The reverse of :meth:`seal_lasting`.

        :raises Unsealable: if it was changed, or sealed by another master key.
        """
        try:
            told = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _about_lasting(self.id))
        except (InvalidTag, ValueError):
            raise Unsealable(f"the lasting keys beside master key {self.id} cannot be opened by it") from None
        return {str(purpose): bytes.fromhex(key) for purpose, key in json.loads(told).items()}

    def confirms(self, value: bytes) -> bool:
        """Whether a check value was made by this key."""
        try:
            return self._cipher.decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], self.id.encode()) == _CHECKED
        except (InvalidTag, ValueError):
            return False

    @cached_property
    def _cipher(self) -> AESGCM:
        """Made once: a list of fifty complaints unwraps as many keys, and to make it takes twice as long as that."""
        return AESGCM(self.secret)


def _about_lasting(id_: str) -> bytes:
    return f"lasting keys\n{id_}".encode()
