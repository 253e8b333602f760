"""The portal's calls, held against what the services take."""

import inspect
from typing import Any, cast

import pytest
from nameko.exceptions import IncorrectSignature, MethodNotFound
from nameko.rpc import Rpc

from portal.gateway import Gateway, PageAsked
from portal.rpc_gateway import RpcGateway
from services.intake.service import IntakeService
from services.reporting.service import ReportingService
from services.routing.service import RoutingService
from services.sla.service import SlaService
from shared.base.caller import Caller
from shared.base.errors import Unavailable
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
    gateway.latest("cilacap", "d", _WHO, since=1)
    gateway.spread("cilacap", "2026-10", _WHO)
    gateway.spread("cilacap", "2026-10", None)
    gateway.inbox("cilacap", None, None, page, _WHO, states=("late",))
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


def test_an_inbox_that_is_not_narrowed_is_asked_for_as_the_version_before_knows_it() -> None:
    """While an upgrade goes on services of both versions take the calls, and no officer meets an error."""
    noting = Noting()
    gateway = RpcGateway(cast("RpcClients", noting))
    gateway.inbox("cilacap", None, None, PageAsked(None, 5), _WHO, wanted={})
    gateway.inbox("cilacap", None, None, PageAsked(None, 5), _WHO, wanted={"channel": ("web",)})

    assert [None, {"channel": ["web"]}] == [arguments.get("wanted", None) for _, _, arguments in noting.calls]
    assert "wanted" not in noting.calls[0][2]


class Older:
    """Stands where the started clients would: services that do not know what they are asked."""

    def __init__(self, refusal: Exception) -> None:
        self._refusal = refusal

    def __getitem__(self, _service: str) -> "Older":
        return self

    def __getattr__(self, _method: str) -> Any:
        def call(**_arguments: Any) -> None:
            raise self._refusal

        return call


@pytest.mark.parametrize("refusal", [MethodNotFound("photos_alike"), IncorrectSignature("wanted")])
def test_what_the_version_before_does_not_know_is_unavailable(refusal: Exception) -> None:
    """Pages that can do without it are shown without it, and others say when to try again."""
    gateway = RpcGateway(cast("RpcClients", Older(refusal)))
    with pytest.raises(Unavailable) as told:
        gateway.photos_alike("cilacap", "d", _WHO)

    assert ("service_unavailable", {"service": "reporting"}) == (told.value.code, told.value.params)


class Before(NotingService):
    """A service that does not know all arguments of an inbox."""

    unknown = "states"

    def __getattr__(self, method: str) -> Any:
        noted = super().__getattr__(method)

        def call(**arguments: Any) -> Any:
            if self.unknown in arguments:
                self._calls.append((self._service, "refused", arguments))
                raise IncorrectSignature(self.unknown)
            return noted(**arguments)

        return call


def test_an_inbox_by_time_is_told_by_the_version_before_as_it_can() -> None:
    """By due time: an officer's page is of that inbox all the same."""
    calls: list[tuple[str, str, dict[str, Any]]] = []
    gateway = RpcGateway(cast("RpcClients", {"routing": Before("routing", calls)}))
    gateway.inbox("cilacap", None, None, PageAsked(None, 5), _WHO, states=("late",))

    assert ["refused", "inbox"] == [method for _, method, _ in calls]


def test_what_lies_at_other_desks_is_not_asked_of_the_version_before_again() -> None:
    """Any other list would be shown as theirs: it is said when to try again."""
    calls: list[tuple[str, str, dict[str, Any]]] = []
    service = Before("routing", calls)
    service.unknown = "colleagues"
    gateway = RpcGateway(cast("RpcClients", {"routing": service}))
    with pytest.raises(Unavailable, match="service_unavailable"):
        gateway.inbox("cilacap", "dpupr", "operator", PageAsked(None, 5), _WHO, states=(), colleagues=True)

    assert ["refused"] == [method for _, method, _ in calls]
