"""What the worker asks of the services."""

from typing import Any, Protocol

from shared.base.services import ServiceName


class Services(Protocol):
    """The services' calls, each under a key of its own: asked again it has one effect and one answer."""

    def __call__(self, service: ServiceName, method: str, **arguments: Any) -> Any:
        """Call a method.

        :raises AduanError: as the method does; ``Unavailable`` if nobody answers.
        """
