"""A dossier's key, and sealing with it: AES-256-GCM, bound to the dossier and to what the data are part of."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.base.randomness import Randomness

KEY_BYTES = 32
NONCE_BYTES = 12  # random: a dossier's key seals some dozens of times, far from any chance of the same nonce twice


class Unsealable(Exception):
    """Sealed data cannot be opened: changed, cut, moved from elsewhere, or sealed with another key. Quotes no data."""


@dataclass(frozen=True)
class DataKey:
    """The key of one dossier, in memory only.

    :param dossier: whose key it is.
    :param secret: 32 bytes; never shown.
    :param randomness: where the nonces come from.
    """

    dossier: UUID
    secret: bytes = field(repr=False)
    randomness: Randomness = field(repr=False, compare=False)

    def seal(self, payload: Mapping[str, Any], context: str) -> str:
        """Seal data.

        :param payload: JSON values.
        :param context: what they are part of, such as the event's type; the same is needed to open them.
        :returns: base64 of nonce, ciphertext and tag.
        """
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        nonce = self.randomness.bytes(NONCE_BYTES)
        return base64.b64encode(nonce + AESGCM(self.secret).encrypt(nonce, text, self._bound_to(context))).decode()

    def open(self, sealed: str, context: str) -> dict[str, Any]:
        """Open sealed data.

        :raises Unsealable: if they are not exactly what this key sealed for this dossier in this context.
        """
        try:
            blob = base64.b64decode(sealed, validate=True)
            text = AESGCM(self.secret).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], self._bound_to(context))
        except (binascii.Error, InvalidTag, ValueError):
            raise Unsealable(f"sealed data of dossier {self.dossier} ({context}) cannot be opened") from None
        opened: dict[str, Any] = json.loads(text)
        return opened

    def _bound_to(self, context: str) -> bytes:
        return self.dossier.bytes + context.encode()
