"""How a service comes by the process's runtime."""

from typing import Any

from nameko.extensions import DependencyProvider

from shared.base.deadline import set_deadline
from shared.base.freshness import set_written
from shared.messaging.wire.configuration import DEADLINE, RUNTIME, WRITTEN
from shared.platform.health import checks_of


class UseRuntime(DependencyProvider):
    """``runtime = UseRuntime()`` in a service class gives its methods the parts of the process."""

    def setup(self) -> None:
        """The health pages tell how far a replica lags."""
        runtime = self.container.config.get(RUNTIME)
        if runtime is not None and runtime.replica is not None:
            checks_of(self.container.config).add_note("replica", runtime.replica.told)

    def worker_setup(self, worker_ctx: Any) -> None:
        """Let the worker know until when its caller waits, and of what its caller knows."""
        set_deadline(worker_ctx.data.get(DEADLINE))
        set_written(worker_ctx.data.get(WRITTEN))

    def get_dependency(self, _worker_ctx: Any) -> Any:
        """The runtime.

        :raises LookupError: if the process was started without one.
        """
        try:
            return self.container.config[RUNTIME]
        except KeyError:
            raise LookupError("start services through cli.hosting: nameko's configuration lacks the runtime") from None
