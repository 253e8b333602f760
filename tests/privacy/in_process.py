"""The portal over the services' own code in this process: real decisions, and no broker, server or second process."""

from typing import Any

from flask import Flask

from cli.doors import ask
from portal.app import create_app
from portal.rpc_gateway import RpcGateway
from shared.application.runtime import Runtime
from tests.portal.conftest import StillSimulation


class _Service:
    """A service, as a caller has it: every method of it can be called."""

    def __init__(self, runtime: Runtime, name: Any) -> None:
        self._runtime = runtime
        self._name = name

    def __getattr__(self, method: str) -> Any:
        return lambda **arguments: ask(self._runtime, self._name, method, **arguments)


class _Services:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def __getitem__(self, name: str) -> _Service:
        return _Service(self._runtime, name)


def portal(runtime: Runtime) -> Flask:
    """The whole portal, under a simulated clock."""
    services: Any = _Services(runtime)
    return create_app(
        RpcGateway(services), runtime, simulation=StillSimulation(), wait=lambda _schemas, _position, _seconds: True
    )
