"""The nameko edge of reporting: entrypoints only."""

from typing import Any

from services.reporting import queries
from services.reporting.projection import RecapProjection
from services.reporting.register import register
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime, ensure_seen
from shared.base.caller import Caller
from shared.messaging.calling.rpc import rpc
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.wire.health_server import HealthServer
from shared.messaging.wire.runtime_provider import UseRuntime
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.runner import apply_batch


class ReportingService:
    """Recaps."""

    name = "reporting"

    runtime: Runtime = UseRuntime()
    relay = LogRelay()
    health = HealthServer()

    @consume_log("reporting")
    def project(self, events: list[RecordedEvent]) -> None:
        """Bring the cases up to date."""
        apply_batch(self.runtime.database, RecapProjection(), decode, events)

    @rpc
    def recap(self, tenant: str, month: str, min_position: int | None, caller: dict[str, Any]) -> dict[str, Any]:
        """The recap of a month."""
        ensure_seen(self.runtime, ["reporting"], min_position)
        return queries.recap(self.runtime, Caller.from_dict(caller), tenant, month)

    @rpc
    def register(self, tenant: str, month: str, min_position: int | None, caller: dict[str, Any]) -> dict[str, Any]:
        """The complaints of a month, one line each."""
        ensure_seen(self.runtime, ["reporting"], min_position)
        return register(self.runtime, Caller.from_dict(caller), tenant, month)
