"""Running services in this process, by name: the command line knows no service from inside."""

import logging
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from nameko.runners import ServiceRunner

from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.base.services import SERVICES
from shared.channels.installed import channels_of
from shared.domain.whole_folder import read_whole
from shared.messaging.calling.direct import HOSTED, Hosted
from shared.messaging.wire.configuration import nameko_config

log = logging.getLogger(__name__)

PORTAL = "portal"
CHANNELS = "channels"
CLIENTS = (PORTAL, CHANNELS)
"""What calls the services and is called by none."""


class Runner(ServiceRunner):
    """Runs services; when told to stop it first lets those finish which call the others."""

    def stop(self) -> None:
        """Stop all of them, as each is when it has finished what it had begun."""
        for name in CLIENTS:
            client = self.service_map.get(name)
            if client is not None:
                client.stop()
        super().stop()


@cache
def service_class(name: str) -> type:
    """The nameko service of that name.

    :param name: one of :data:`shared.base.services.SERVICES`, ``portal`` or ``channels``.
    """
    module = import_module(f"{name}.service" if name in CLIENTS else f"services.{name}.service")
    for candidate in vars(module).values():
        own = isinstance(candidate, type) and candidate.__module__ == module.__name__
        if own and getattr(candidate, "name", None) == name:
            found: type = candidate
            return found
    raise LookupError(f"{module.__name__} holds no service named {name}")


def runner_for(runtime: Runtime, names: Sequence[str], **extra: Any) -> Runner:
    """A runner of these services on one runtime, not started yet. They call each other without the broker.

    The governments' files are read now: a mistake in them is to stop the start, not every event that needs them. No
    database is asked: it may not be there yet.

    :param extra: further entries of nameko's configuration.
    :raises FileError: if one of the files is wrong.
    """
    for tenant in runtime.tenants.in_files():
        read_whole(tenant)
    services = [name for name in names if name not in CLIENTS]
    hosted = Hosted(services, complete=set(SERVICES) <= set(services))
    runner = Runner({**nameko_config(runtime.settings, runtime), HOSTED: hosted, **extra})
    for name in names:
        runner.add_service(service_class(name))
    return runner


def check_channels(runtime: Runtime, names: Sequence[str]) -> None:
    """Likewise for how channels are connected, which depends on what procedures were approved: the database says that.

    While it is away nothing can be said of them, and each is looked at when it is first needed.

    :raises FileError: if a ``channels.yaml`` is wrong.
    """
    if not set(names) & {*CLIENTS, "notify"}:
        return
    try:
        channels_of(runtime).check()
    except Unavailable as error:
        log.warning("channels are looked at when they are first needed", extra={"why": str(error)})
