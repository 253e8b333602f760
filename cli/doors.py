"""Asking a service by its own RPC methods, in this process: the same door, without a broker in between.

For operators' commands, which reach the database anyway and must work while nothing else runs.
"""

from typing import Any

from cli.hosting import service_class
from shared.application.runtime import Runtime
from shared.base.caller import Caller

OPERATOR = Caller(tenant="*", actor="admin", user="cli", admin=True).to_dict()
"""Who asks: may read every tenant and act on none."""


def ask(runtime: Runtime, service: str, method: str, **arguments: Any) -> Any:
    """Call a service's RPC method.

    :param arguments: as the method takes them.
    :raises AduanError: as the method does.
    """
    door = service_class(service)()
    door.runtime = runtime
    return getattr(door, method)(**arguments)
