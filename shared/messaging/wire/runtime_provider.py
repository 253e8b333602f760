"""How a service comes by the process's runtime."""

from typing import Any

from nameko.extensions import DependencyProvider

from shared.base.deadline import set_deadline
from shared.messaging.wire.configuration import DEADLINE, RUNTIME


class UseRuntime(DependencyProvider):
    """``runtime = UseRuntime()`` in a service class gives its methods the parts of the process."""

    def worker_setup(self, worker_ctx: Any) -> None:
        """Let what the worker writes know until when its caller waits."""
        set_deadline(worker_ctx.data.get(DEADLINE))

    def get_dependency(self, _worker_ctx: Any) -> Any:
        """The runtime.

        :raises LookupError: if the process was started without one.
        """
        try:
            return self.container.config[RUNTIME]
        except KeyError:
            raise LookupError("start services through cli.hosting: nameko's configuration lacks the runtime") from None
