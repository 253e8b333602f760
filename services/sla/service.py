"""The nameko edge of sla: entrypoints only."""

from typing import Any

from services.sla import queries, timers
from services.sla.projection import ClockProjection
from shared.caller import Caller
from shared.dossier.codec import decode
from shared.eventstore.reading import RecordedEvent
from shared.health import HealthServer
from shared.messaging.consumer import consume_log
from shared.messaging.relay import LogRelay
from shared.messaging.rpc import rpc
from shared.messaging.runtime_provider import UseRuntime
from shared.messaging.ticker import ticking
from shared.projection.runner import apply_batch
from shared.runtime import Runtime, ensure_seen


class SlaService:
    """Clocks."""

    name = "sla"

    runtime: Runtime = UseRuntime()
    relay = LogRelay()
    health = HealthServer()

    @consume_log("sla")
    def project(self, events: list[RecordedEvent]) -> None:
        """Bring the clocks up to date."""
        apply_batch(self.runtime.database, ClockProjection(), decode, events)

    @ticking
    def tick(self) -> bool:
        """Record what is due; says whether there may be more."""
        return timers.tick(self.runtime) == timers.BATCH

    @rpc
    def clocks(
        self,
        tenant: str,
        states: list[str],
        after: str | None,
        limit: int,
        min_position: int | None,
        caller: dict[str, Any],
    ) -> dict[str, Any]:
        """A tenant's clocks."""
        ensure_seen(self.runtime, ["sla"], min_position)
        return queries.clocks(self.runtime, Caller.from_dict(caller), tenant, states, after, limit)
