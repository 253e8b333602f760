"""Whether an access token is about to run out: one that has is told too late, since nothing goes out any more.

Source: Meta's documents of the Graph API (``debug_token``, ``expires_at``, ``data_access_expires_at``).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from shared.base.whole_numbers import whole_number
from shared.channels.kinds.parsing import part

WARNED: Final = timedelta(days=14)
"""So long before a token runs out it is told: whoever has to ask for another may be away for a week."""
_ENDS: Final = ("expires_at", "data_access_expires_at")


def faults(told: Mapping[str, Any] | None, now: datetime) -> Iterator[str]:
    """What is wrong, a sentence.

    :param told: the provider's answer about the token; none if it does not tell.
    :param now: the machine's time.
    """
    seconds = [whole_number(str(part(told or {}, "data").get(name, ""))) for name in _ENDS]
    ends = min((each for each in seconds if each), default=0)  # 0 stands for never
    if ends and ends - now.timestamp() < WARNED.total_seconds():
        day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=ends // 86_400)).date().isoformat()
        yield f"the access_token runs out on {day}: put another into its file before"
