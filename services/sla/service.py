"""The nameko edge of sla: entrypoints only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from services.sla import checkpoints, queries, timers
from services.sla.moved import moved
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.application.lists import read
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.messaging.calling.rpc import rpc
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.ticker import ticking
from shared.messaging.wire.health_server import HealthServer
from shared.messaging.wire.runtime_provider import UseRuntime
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.runner import apply_batch
from shared.store.projection.share import Share


class SlaService:
    """Clocks."""

    name = "sla"
    waited_for: ClassVar[Mapping[str, str]] = {"tick": timers.DUE}
    """See :func:`cli.doors.outstanding_in`."""

    runtime: Runtime = UseRuntime()
    relay = LogRelay()
    health = HealthServer()

    @consume_log("sla", share=lambda _: Share(ClockProjection(), decode))
    def project(self, events: list[RecordedEvent]) -> None:
        """Bring the clocks up to date."""
        apply_batch(self.runtime.database, ClockProjection(), decode, events)

    @ticking(due=timers.DUE)
    def tick(self) -> bool:
        """Record what is due; says whether there may be more."""
        return timers.tick(self.runtime) == timers.BATCH

    @ticking(15)
    def measure(self) -> None:
        """Keep the figures on timers and on the log's readers."""
        timers.measure(self.runtime)

    @ticking(60)
    def sign(self) -> bool:
        """Sign the log where that is wanted and due; says whether there is more to be signed."""
        return checkpoints.sign(self.runtime)

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
        who = Caller.from_dict(caller)
        return read(
            self.runtime, ["sla"], min_position, lambda at: queries.clocks(at, who, tenant, states, after, limit)
        )

    @rpc
    def moved(self, tenant: str, section: str, record: dict[str, Any], caller: dict[str, Any]) -> dict[str, Any]:
        """Which open clocks a draft for the calendar would move."""
        return moved(self.runtime, Caller.from_dict(caller), tenant, section, record)
