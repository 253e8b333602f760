"""Asking a service by its own RPC methods, in this process: the same door, without a broker in between.

For operators' commands, which reach the database anyway and must work while nothing else runs.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from channels import waiting
from cli.hosting import service_class
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.services import ServiceName
from shared.messaging.ticker import rouse

OPERATOR = Caller(tenant="*", actor="admin", user="cli", admin=True).to_dict()
"""Who asks: may read every tenant and act on none."""


def ask(runtime: Runtime, service: ServiceName, method: str, **arguments: Any) -> Any:
    """Call a service's RPC method.

    :param arguments: as the method takes them.
    :raises AduanError: as the method does.
    """
    if isinstance(arguments.get("tenant"), str):
        arguments["tenant"] = runtime.tenants.meant(arguments["tenant"])
    door = service_class(service)()
    door.runtime = runtime
    return getattr(door, method)(**arguments)


_OUTSTANDING: Final[Mapping[str, ServiceName]] = {
    "timers to be fired": "sla",
    "messages to be sent": "notify",
    "automatic steps to be taken": "routing",
    "recaps to be drawn up": "reporting",
}


def outstanding_in(runtime: Runtime) -> dict[str, Callable[[], bool]]:
    """For a clock that is to be moved: by what it is, whether a service still has something to do at this instant."""
    services = {
        what: _roused(name, partial(ask, runtime, name, "outstanding", caller=OPERATOR))
        for what, name in _OUTSTANDING.items()
    }
    return {**services, "conversations to go on": _roused("channels", partial(waiting.outstanding, runtime))}


def _roused(service: str, is_there: Callable[[], bool]) -> Callable[[], bool]:
    """The same question; a service of this process that has something to do begins with it now."""

    def asked() -> bool:
        found = is_there()
        if found:
            rouse(service)
        return found

    return asked
