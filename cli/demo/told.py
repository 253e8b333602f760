"""What people are told when their complaint has been filed, wherever they read it."""

import re
from typing import Final

_TICKET: Final = re.compile(r"ercatat:? ([A-Z]+-\d+-\d+)")
_CODE: Final = re.compile(r"[Kk]ode(?: lacak)?:? ([A-Z0-9]{8,})")


def receipt_in(told: str) -> tuple[str, str] | None:
    """The ticket and the tracking code in what somebody is told; none if it is no receipt."""
    ticket, code = _TICKET.search(told), _CODE.search(told)
    return (ticket[1], code[1] if code else "") if ticket else None
