"""How a service comes by the process's runtime."""

from contextlib import suppress
from typing import Any

from nameko.extensions import DependencyProvider

from shared.base.deadline import set_deadline
from shared.base.freshness import set_written
from shared.base.present_call import set_call
from shared.messaging.wire.configuration import CALL_ID, DEADLINE, RUNTIME, WRITTEN
from shared.platform import tracing
from shared.platform.health import checks_of
from shared.platform.tracing import TRACEPARENT


class UseRuntime(DependencyProvider):
    """``runtime = UseRuntime()`` in a service class gives its methods the parts of the process."""

    def setup(self) -> None:
        """The health pages tell how far a replica lags."""
        runtime = self.container.config.get(RUNTIME)
        if runtime is not None and runtime.replica is not None:
            checks_of(self.container.config).add_note("replica", runtime.replica.told)

    def worker_setup(self, worker_ctx: Any) -> None:
        """Let the worker know which call it answers, until when its caller waits and what they know, and its trace."""
        set_call(worker_ctx.data.get(CALL_ID))
        set_deadline(worker_ctx.data.get(DEADLINE))
        set_written(worker_ctx.data.get(WRITTEN))
        parent = worker_ctx.data.get(TRACEPARENT)
        if parent and tracing.on():
            name = f"{self.container.service_name}.{worker_ctx.entrypoint.method_name}"
            worker_ctx.span = tracing.span(name, "server", parent)
            worker_ctx.span.__enter__()

    def worker_result(self, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> None:  # noqa: ARG002 - nameko's
        """The worker's span ends."""
        opened = getattr(worker_ctx, "span", None)
        if opened is not None:
            with suppress(Exception):  # the worker's own, which is told to its caller
                opened.__exit__(*(exc_info or (None, None, None)))

    def get_dependency(self, _worker_ctx: Any) -> Any:
        """The runtime.

        :raises LookupError: if the process was started without one.
        """
        try:
            return self.container.config[RUNTIME]
        except KeyError:
            raise LookupError("start services through cli.hosting: nameko's configuration lacks the runtime") from None
