"""Months as addresses name them."""

import re
from datetime import datetime
from typing import Final

from shared.base.errors import NotFound

_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


def month_of(name: str) -> str:
    """A month in an address.

    :raises NotFound: if it is none.
    """
    if not _MONTH.fullmatch(name):
        raise NotFound("no_such_page")
    return name


def present(now: datetime) -> str:
    """The month of an instant."""
    return f"{now.year:04}-{now.month:02}"


def before(month: str) -> str:
    """The month before."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04}-12" if number == 1 else f"{year:04}-{number - 1:02}"


def after(month: str) -> str:
    """The month after."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1:04}-01" if number == 12 else f"{year:04}-{number + 1:02}"
