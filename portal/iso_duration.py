"""Durations as ISO 8601 writes them, where they have a fixed length: ``PT15M``, ``P1DT2H30M``, ``P2W``."""

import re
from datetime import timedelta
from typing import Final

_FORM: Final = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,10})S)?)?",
    re.ASCII,
)


def parse_duration(text: str) -> timedelta:
    """The duration. Years and months have no fixed length and are refused, as are fractions and negative ones.

    :raises ValueError: if the text is not such a duration.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("not a duration of fixed length")
    return timedelta(**{unit: int(amount) for unit, amount in found.groupdict().items() if amount is not None})
