"""The portal's calls, held against what the services take."""

import inspect
from typing import Any, cast

from nameko.rpc import Rpc

from portal.gateway import Gateway, PageAsked
from portal.rpc_gateway import RpcGateway
from services.intake.service import IntakeService
from services.reporting.service import ReportingService
from services.routing.service import RoutingService
from services.sla.service import SlaService
from shared.base.caller import Caller
from shared.messaging.calling.rpc_client import RpcClients

_SERVICES: dict[str, type] = {each.name: each for each in (IntakeService, RoutingService, SlaService, ReportingService)}
_WHO = Caller(tenant="cilacap", actor="operator", agency="dpupr", user="siti")


class Noting:
    """Stands where the started clients would: notes each call and the arguments by name."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def __getitem__(self, service: str) -> "NotingService":
        return NotingService(service, self.calls)


class NotingService:
    """One service of them."""

    def __init__(self, service: str, calls: list[tuple[str, str, dict[str, Any]]]) -> None:
        self._service, self._calls = service, calls

    def __getattr__(self, method: str) -> Any:
        def call(**arguments: Any) -> dict[str, Any]:
            self._calls.append((self._service, method, arguments))
            return {}

        return call


def test_every_call_fits_its_service() -> None:
    """Each call names a method that its service offers over RPC, with the arguments that it takes."""
    noting = Noting()
    gateway: Gateway = RpcGateway(cast("RpcClients", noting))
    page = PageAsked(None, 5)
    gateway.file("cilacap", {"message": "x"}, _WHO, "c", key="k")
    gateway.file("cilacap", {"message": "x"}, None, "c", key="k")
    gateway.track("cilacap", "T", "C")
    gateway.reporter_act("cilacap", "T", "C", action="rate", fields={"score": 1}, correlation_id="c", key="k")
    gateway.resolve("cilacap", "T")
    gateway.dossier("cilacap", "d", _WHO)
    gateway.suggestions("cilacap", "d", _WHO)
    gateway.act("cilacap", "d", action="return", fields={}, version=1, caller=_WHO, correlation_id="c", key="k")
    gateway.inbox("cilacap", None, None, page, _WHO)
    gateway.clocks("cilacap", (), page, _WHO)
    gateway.recap("cilacap", "2026-10", None, _WHO)
    gateway.drawn("cilacap", None, _WHO)
    asked = {"month": "2026-10", "register": None, "after": None, "limit": 5, "min_position": None}
    gateway.register("cilacap", asked, _WHO)
    gateway.search("cilacap", {}, page, _WHO)

    for service, method, arguments in noting.calls:
        called = getattr(_SERVICES[service], method)
        inspect.signature(called).bind(None, **arguments)
        assert any(isinstance(each, Rpc) for each in called.nameko_entrypoints), f"{service}.{method}"
