"""Running services in this process, by name: the command line knows no service from inside."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from nameko.runners import ServiceRunner

from shared.application.runtime import Runtime
from shared.messaging.wire.configuration import nameko_config

SERVICES = ("intake", "routing", "sla", "notify", "reporting")
PORTAL = "portal"


def service_class(name: str) -> type:
    """The nameko service of that name.

    :param name: one of :data:`SERVICES`, or ``portal``.
    """
    module = import_module("portal.service" if name == PORTAL else f"services.{name}.service")
    for candidate in vars(module).values():
        own = isinstance(candidate, type) and candidate.__module__ == module.__name__
        if own and getattr(candidate, "name", None) == name:
            found: type = candidate
            return found
    raise LookupError(f"{module.__name__} holds no service named {name}")


def runner_for(runtime: Runtime, names: Sequence[str], **extra: Any) -> ServiceRunner:
    """A runner of these services on one runtime, not started yet.

    The governments' files are read now: a mistake in them is to stop the start, not every event that needs them.

    :param extra: further entries of nameko's configuration.
    :raises FileError: if one of the files is wrong.
    """
    for tenant in runtime.tenants.all():
        tenant.calendar, tenant.entries  # noqa: B018 - read when first asked for
    runner = ServiceRunner({**nameko_config(runtime.settings, runtime), **extra})
    for name in names:
        runner.add_service(service_class(name))
    return runner
