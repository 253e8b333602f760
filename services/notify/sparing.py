"""Who wants to be spared what answers nothing: reminders, surveys, closings. What is theirs to know they are told."""

from typing import Any
from uuid import UUID

from shared.application.runtime import Runtime
from shared.channels.names import names_of
from shared.channels.persons import BY_MAIL, Persons


def spare(runtime: Runtime, tenant: str, person: UUID, *, on: bool) -> None:
    """Note what a person wants; said twice it is the same."""
    with runtime.database.autocommit() as cursor:
        if on:
            cursor.execute(
                "INSERT INTO notify.spared (tenant, person) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (tenant, str(person)),
            )
        else:
            names = [str(name) for name in names_of(cursor, tenant, person)]
            cursor.execute("DELETE FROM notify.spared WHERE tenant = %s AND person = ANY(%s::uuid[])", (tenant, names))


def is_spared(cursor: Any, tenant: str, person: UUID) -> bool:
    """Whether they do, under whatever name they said so: of two who turned out to be one, one wish suffices."""
    names = [str(name) for name in names_of(cursor, tenant, person)]
    cursor.execute(
        "SELECT EXISTS (SELECT FROM notify.spared WHERE tenant = %s AND person = ANY(%s::uuid[]))", (tenant, names)
    )
    return cursor.fetchone() == (True,)


def is_address_spared(cursor: Any, persons: Persons, tenant: str, email: str) -> bool:
    """Whether who writes from an address does, however they filed."""
    person = persons.known(cursor, tenant, BY_MAIL, email)
    return person is not None and is_spared(cursor, tenant, person)
