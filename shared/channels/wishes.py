"""A wish to be spared that proves itself: a word that stands in letters to a mailbox, for its reader alone."""

import hmac
import re
from hashlib import sha256
from typing import Final

_LENGTH: Final = 16
SPARE_ME: Final = "BERHENTI"
"""The word by which letters say how to be spared such."""
_PROVEN: Final = re.compile(rf"\b(berhenti|mulai)[\s_+-]+([0-9a-f]{{{_LENGTH}}})\b", re.IGNORECASE)


def proof(key: bytes, tenant: str, address: str) -> str:
    """What stands behind the word in letters to an address; of another address, or by another government, another.

    :param key: of :attr:`.Lasting.WISHES_BY_MAIL`.
    """
    said = f"{tenant}\n{address.casefold()}".encode("utf-8", "replace")
    return hmac.new(key, said, sha256).hexdigest()[:_LENGTH]


def proven(key: bytes, tenant: str, address: str, said: str) -> str:
    """The wish that a text expresses with its proof: ``quiet`` or ``unquiet``; blank if it does neither.

    :param key: as for :func:`proof`.
    :param address: whose the text claims to be.
    """
    for word, given in _PROVEN.findall(said):
        if hmac.compare_digest(proof(key, tenant, address), given.lower()):
            return "quiet" if word.casefold() == SPARE_ME.casefold() else "unquiet"
    return ""
