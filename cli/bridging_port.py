"""Tables that travel by an adapter of somebody's, instead of by hand."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from shared.application.runtime import Runtime
from shared.channels.bridges import BridgeAway, ForeignSystem, ForeignTable, UnknownBridge, bridge_to
from shared.channels.installed import Channels
from shared.channels.secrets import SecretMissing, Secrets

Told = TypeVar("Told")


def system_named(runtime: Runtime, tenant: str, via: str) -> ForeignSystem:
    """The way to the other system for one government.

    :raises click.UsageError: if no installed package brings it, naming those that there are.
    """
    government = runtime.tenants.get(runtime.tenants.meant(tenant))
    try:
        return bridge_to(via, government.id, Secrets(Channels(runtime).secrets_folder, f"{government.id}.{via}"))
    except UnknownBridge as error:
        known = ", ".join(error.known) or "none; write a file by --output instead"
        raise click.UsageError(f"{error}; there are: {known}") from None


def fetched(system: ForeignSystem) -> ForeignTable:
    """The other system's complaints.

    :raises click.ClickException: if it cannot be asked, in a sentence.
    """
    return _asked(system.fetch)


def sent(system: ForeignSystem, table: ForeignTable) -> Mapping[str, str]:
    """What the other system did not take, and why, by number.

    :raises click.ClickException: as :func:`fetched`.
    """
    return _asked(lambda: system.send(table))


def _asked(ask: Callable[[], Told]) -> Told:
    try:
        return ask()
    except (BridgeAway, SecretMissing) as away:
        raise click.ClickException(str(away)) from None
