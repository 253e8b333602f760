"""The nameko edge of the channels' worker: entrypoints only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from channels import forgetting, looking_after, waiting, working
from channels.conversing import House
from channels.polling import polling_of
from shared.application.runtime import Runtime
from shared.base.services import ServiceName
from shared.channels.installed import channels_of
from shared.messaging.calling.rpc_client import RpcProxy
from shared.messaging.ticker import ticking
from shared.messaging.wire.health_server import HealthServer
from shared.messaging.wire.runtime_provider import UseRuntime

_WORK_SECONDS = 0.1
_LOOK_SECONDS = 1.0
_ASK_SECONDS = 60.0


class ChannelsService:
    """Conversations, and what comes of them."""

    name = "channels"
    waited_for: ClassVar[Mapping[str, str]] = {"work": waiting.UNDER_WAY}
    """See :func:`cli.doors.outstanding_in`."""

    runtime: Runtime = UseRuntime()
    health = HealthServer()
    intake = RpcProxy("intake")
    notify = RpcProxy("notify")

    @ticking(_WORK_SECONDS, due=working.DUE)
    def work(self) -> bool:
        """Do what there is to do; says whether there may be more."""
        return working.tick(House(self.runtime, channels_of(self.runtime), self._ask))

    @ticking(_LOOK_SECONDS)
    def fetch(self) -> bool:
        """Look into a mailbox that is due; says whether there may be more."""
        house = House(self.runtime, channels_of(self.runtime), self._ask)
        polling = polling_of(self.runtime)
        polling.listen(house)
        return polling.tick(house)

    @ticking(_LOOK_SECONDS)
    def forget_erased(self) -> None:
        """Forget what is of a complaint that has just been erased."""
        forgetting.forget_erased(House(self.runtime, channels_of(self.runtime), self._ask))

    @ticking(15)
    def measure(self) -> None:
        """Keep the figures on what waits to be taken up, and on what was given up."""
        waiting.measure(self.runtime)

    @ticking(_ASK_SECONDS)
    def look_after(self) -> None:
        """Ask the provider of a channel that was not asked for a day whether all is well."""
        looking_after.tick(House(self.runtime, channels_of(self.runtime), self._ask))

    @ticking(3600)
    def forget(self) -> None:
        """Forget what is due."""
        forgetting.forget(House(self.runtime, channels_of(self.runtime), self._ask))

    def _ask(self, service: ServiceName, method: str, **arguments: Any) -> Any:
        return getattr(getattr(self, service), method)(**arguments)
