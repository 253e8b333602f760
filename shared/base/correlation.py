"""The ids by which what belongs together is found again, in logs and in the event store: never anything personal."""

import re
from typing import Final

from shared.base.randomness import Randomness, new_uuid

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


def correlation_id(given: object, randomness: Randomness) -> str:
    """A stranger's own id if it is a UUID as these are written, else a new one.

    A telephone number must not come into the log, nor two identity numbers in a row, which are 32 digits and would do
    for a UUID if one looked less closely.
    """
    if isinstance(given, str) and _UUID.fullmatch(given):
        return given.lower()
    return str(new_uuid(randomness))
