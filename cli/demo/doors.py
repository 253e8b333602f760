"""Accounts for whoever looks at the demo: one for each officer's role of each government."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cli.installation import running
from shared.application.identity.membership import caller_for
from shared.application.identity.shown_doors import DemoAccount, lay_open
from shared.application.identity.users import Users
from shared.base.errors import Conflict
from shared.base.randomness import Randomness
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant

_BYTES: Final = 10


def open_doors(directory: Path) -> tuple[str, tuple[DemoAccount, ...]]:
    """Open the accounts, or give those that are there a new password; the first page shows them.

    :param directory: of the installation's data; it may be running.
    :returns: the password of them all, and the accounts.
    """
    with running(directory) as runtime:
        password = _password(runtime.randomness)
        users = Users(runtime.database, runtime.randomness)
        doors = tuple(door for tenant in runtime.tenants.all() for door in _doors(tenant))
        for door in doors:
            home = runtime.tenants.get(door.tenant)
            agency = home.agencies[0].id if home.sop.actor(_actor(door)).scope == "agency" else None
            caller = caller_for(runtime.tenants, door.tenant, _actor(door), agency, door.username)
            try:
                users.add(caller, password)
            except Conflict:
                users.set_password(door.tenant, door.username, password)
    lay_open(directory, password, doors)
    return password, doors


def _doors(tenant: Tenant) -> Iterator[DemoAccount]:
    """One for each role that people hold; those of an agency in its first."""
    for actor in tenant.sop.actors:
        if actor.id not in (REPORTER, SYSTEM):
            office = tenant.agencies[0].name if actor.scope == "agency" else tenant.name
            yield DemoAccount(tenant.id, actor.id.replace("_", "-"), actor.title, office)


def _actor(door: DemoAccount) -> str:
    return door.username.replace("-", "_")


def _password(randomness: Randomness) -> str:
    return base64.b32encode(randomness.bytes(_BYTES)).decode().lower()
