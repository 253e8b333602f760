"""The past of a government, counted in memory and kept there for as long as it is what the table holds.

To read and count it anew takes a twentieth of a second, and each opened dossier asks it. What the table holds follows
from the log, so a past that was counted at one position of the index is right for as long as the index stands there;
and who moves the index on knows what that changed.
"""

from collections import OrderedDict
from collections.abc import Collection
from typing import Any, Final

from shared.application.runtime import Runtime
from shared.domain.likeness.matter import stems_of
from shared.domain.likeness.past import WINDOW as MOST_EXAMPLES
from shared.domain.likeness.past import Example, Past, buckets_of
from shared.domain.tenants import Tenant
from shared.platform.database.pool import Database

_MOST_KEPT: Final = 16
"""Governments; each takes some megabytes."""

_POSITION: Final = "SELECT position FROM reporting.likeness_position"
# In one statement, so that what is counted belongs to the position that is told with it.
_LATEST: Final = """
    SELECT index.position, latest.agency, latest.category, latest.buckets
      FROM reporting.likeness_position index LEFT JOIN (
           SELECT agency, category, buckets, position FROM reporting.past
            WHERE tenant = %s ORDER BY position DESC LIMIT %s
           ) AS latest ON true
     ORDER BY latest.position
"""


class Guessing:
    """The past of one government, as far as it is known.

    :ivar agencies: where complaints went.
    :ivar categories: what people said that they were about.
    """

    def __init__(self, tenant: Tenant, key: bytes) -> None:
        self._tenant = tenant
        self._key = key
        self.agencies, self.categories = Past(), Past()

    def learn(self, agency: str | None, category: str | None, buckets: tuple[int, ...]) -> None:
        """Take one more complaint of the past into account."""
        self.agencies.add(Example(agency, buckets))
        self.categories.add(Example(category, buckets))

    def buckets(self, complaint: dict[str, Any]) -> tuple[int, ...]:
        """A complaint's words, folded; its sub-district is one of them, since some offices are local."""
        kecamatan = (complaint.get("location") or {}).get("kecamatan")
        words = [*stems_of(complaint), *([f"@{kecamatan}"] if kecamatan else [])]
        return buckets_of(self._key, self._tenant.id, words)

    def guesses(self, buckets: tuple[int, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Agencies and categories that the past suggests, of those that there are today."""
        agencies = [agency.id for agency in self._tenant.agencies]
        categories = tuple(self._tenant.entries.categories.values())
        return self.agencies.guess(buckets, agencies), self.categories.guess(buckets, categories)


_Whose = tuple[Database, str, bytes]
"""A database, a government in it, and the key under which its words are folded."""
_kept: Final[OrderedDict[_Whose, tuple[int, Guessing]]] = OrderedDict()


def past_of(runtime: Runtime, cursor: Any, tenant: Tenant, key: bytes) -> Guessing:
    """A government's past as it is now, to be asked at once and not to be changed."""
    whose = (runtime.database, tenant.id, key)
    position = position_of(cursor)  # before: while the database answers, who learns may take a past away
    known = _kept.get(whose)
    if known is not None and known[0] == position:
        _kept.move_to_end(whose)
        return known[1]
    position, guessing = _counted(cursor, tenant, key)
    _keep(whose, position, guessing)
    return guessing


def past_for(runtime: Runtime, cursor: Any, tenant: Tenant, key: bytes, position: int) -> Guessing:
    """A government's past, for who holds the index and goes on learning.

    It is nobody else's meanwhile, and is forgotten unless it is handed back by :func:`learnt`.

    :param position: of the index.
    """
    known = _kept.pop((runtime.database, tenant.id, key), None)
    return known[1] if known is not None and known[0] == position else _counted(cursor, tenant, key)[1]


def learnt(
    runtime: Runtime, key: bytes, before: int, after: int, changed: dict[str, Guessing], anew: Collection[str]
) -> None:
    """The index moves on: what was learnt stands at its new position, and what did not change does too.

    :param before: the position at which the index stood.
    :param after: the one to which it moves with this transaction. Should that fail, nothing stands there yet.
    :param changed: by government the pasts that have been learnt on.
    :param anew: the governments in whose past something is not what it was: what others counted of theirs meanwhile,
        before that was committed, does not hold.
    """
    for tenant in anew:
        forget(runtime, tenant)
    for whose, (position, guessing) in list(_kept.items()):
        if whose[0] == runtime.database and whose[2] == key and position == before:
            _kept[whose] = (after, guessing)
    for tenant, guessing in changed.items():
        _keep((runtime.database, tenant, key), after, guessing)


def forget(runtime: Runtime, tenant: str | None = None) -> None:
    """Something in the past is not what it was: it is counted anew when it is asked next.

    :param tenant: whose; anybody's unless given.
    """
    for whose in [each for each in _kept if each[0] == runtime.database and tenant in (None, each[1])]:
        del _kept[whose]


def position_of(cursor: Any) -> int:
    """The position of the index in the log."""
    cursor.execute(_POSITION)
    [(position,)] = cursor.fetchall()
    return int(position)


def _counted(cursor: Any, tenant: Tenant, key: bytes) -> tuple[int, Guessing]:
    guessing = Guessing(tenant, key)
    cursor.execute(_LATEST, (tenant.id, MOST_EXAMPLES))
    position = 0
    for position, agency, category, buckets in cursor.fetchall():  # noqa: B007 - the same in every row
        if buckets is not None:
            guessing.learn(agency, category, tuple(buckets))
    return int(position), guessing


def _keep(whose: _Whose, position: int, guessing: Guessing) -> None:
    _kept[whose] = (position, guessing)
    _kept.move_to_end(whose)
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
