"""Tracking codes: the secret with which a ticket is followed."""

from typing import Final

from shared.base.randomness import Randomness
from shared.domain.complaint.spelling import CODE_ALPHABET

_LENGTH: Final = 10


def tracking_code(randomness: Randomness) -> str:
    """A new secret of 50 bits, in letters and digits that are not mistaken for one another."""
    return "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in randomness.bytes(_LENGTH))
