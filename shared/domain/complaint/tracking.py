"""Tracking codes: the secret with which a ticket is followed."""

from shared.base.randomness import Randomness
from shared.domain.complaint.spelling import CODE_ALPHABET, CODE_LENGTH


def tracking_code(randomness: Randomness) -> str:
    """A new secret of 50 bits, in letters and digits that are not mistaken for one another."""
    return "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in randomness.bytes(CODE_LENGTH))
