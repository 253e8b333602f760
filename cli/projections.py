"""The services' projections, by name: the command line knows no service from inside."""

from importlib import import_module

from shared.store.projection.projection import Projection


def projection_of(service: str) -> Projection:
    """The projection of a service."""
    module = import_module(f"services.{service}.projection")
    for candidate in vars(module).values():
        if isinstance(candidate, type) and issubclass(candidate, Projection) and candidate is not Projection:
            return candidate()
    raise LookupError(f"{module.__name__} holds no projection")
