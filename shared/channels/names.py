"""The names of one person: two who turned out to be one are known by both, for as long as anything bears them."""

from typing import Any
from uuid import UUID

_NAMES = """
    WITH now AS (SELECT coalesce((SELECT person FROM channels.joined WHERE tenant = %(tenant)s AND former = %(name)s),
                                 %(name)s::uuid) AS person)
    SELECT person FROM now
     UNION SELECT former FROM channels.joined, now WHERE tenant = %(tenant)s AND joined.person = now.person
"""


def names_of(cursor: Any, tenant: str, person: UUID) -> list[UUID]:
    """Every name that a person has or had; of most it is one.

    :param person: any of them.
    """
    cursor.execute(_NAMES, {"tenant": tenant, "name": str(person)})
    return sorted(UUID(str(name)) for (name,) in cursor.fetchall())


def became(cursor: Any, tenant: str, former: UUID, person: UUID) -> None:
    """One person's name, and whatever they were called before, is another's from now on."""
    cursor.execute(
        "UPDATE channels.joined SET person = %s WHERE tenant = %s AND person = %s", (str(person), tenant, str(former))
    )
    cursor.execute(
        "INSERT INTO channels.joined (tenant, former, person) VALUES (%s, %s, %s) "
        "ON CONFLICT (tenant, former) DO UPDATE SET person = excluded.person",
        (tenant, str(former), str(person)),
    )
