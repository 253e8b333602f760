"""Others' complaints, which lie at a desk before any test comes: more of them than a page of a list has rows."""

from hashlib import sha256
from typing import Final

from tests.journey.installation import Api

DAY_BEFORE: Final = "2026-10-02T13:00:00+07:00"
"""The last working day before tests begin: what is filed then is due sooner than what any of them files, and late."""

MANY: Final = 60
"""Of them: more than the 50 rows that a page has for who has not chosen."""


def crowd(api: Api, tenant: str = "cilacap", count: int = MANY) -> None:
    """File complaints that nobody will touch; they lie at the government's first desk.

    They cost a second of processor time, so they are of nobody, and short. No two have anything in common: none is
    suggested as another's twin.

    :param api: an installation whose clock stands where they are filed.
    """
    for number in range(count):
        words = sha256(f"{number}".encode()).hexdigest()
        api.file(tenant, title=f"Aduan orang lain {number}", message=words)
