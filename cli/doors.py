"""Asking a service by its own RPC methods, in this process: the same door, without a broker in between.

For operators' commands, which reach the database anyway and must work while nothing else runs.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from cli.hosting import service_class
from shared.application.runtime import Runtime
from shared.application.simulation import Duty, Outstanding
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


_OUTSTANDING: Final[Mapping[str, tuple[str, str]]] = {
    "timers to be fired": ("sla", "tick"),
    "messages to be sent": ("notify", "send"),
    "replies to be said": ("notify", "send_talks"),
    "automatic steps to be taken": ("routing", "project"),
    "conversations to go on": ("channels", "work"),
}
"""What a simulated clock waits for, by the service and the method that does it."""


def outstanding_in(runtime: Runtime) -> Outstanding:
    """For a clock that is to be moved: by what it is, what services have to do by themselves.

    Of most the database knows: a service says under ``waited_for`` how it is asked, by the method that does it.
    """
    duties = {
        what: Duty(_waited_for(service)[method], partial(rouse, service, method))
        for what, (service, method) in _OUTSTANDING.items()
    }
    recaps = partial(ask, runtime, "reporting", "outstanding", caller=OPERATOR)
    return {**duties, "recaps to be drawn up": Duty("false", partial(rouse, "reporting", "draw_up"), recaps)}


def _waited_for(service: str) -> Mapping[str, str]:
    door: Any = service_class(service)
    waited_for: Mapping[str, str] = door.waited_for
    return waited_for
