"""The services' projections, by name: the command line knows no service from inside."""

from importlib import import_module

from shared.application.dossiers.codec import decode
from shared.base.errors import UnknownEventType
from shared.domain.dossier.events import DossierEvent
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.errors import EventUnreadable
from shared.store.projection.projection import Projection


def projection_of(service: str, database: Database | None = None) -> Projection:
    """The projection of a service.

    :param database: where the log lies that is to be made tables of.
    """
    module = import_module(f"services.{service}.projection")
    for candidate in vars(module).values():
        if isinstance(candidate, type) and issubclass(candidate, Projection) and candidate is not Projection:
            return candidate().beside(database) if database is not None else candidate()
    raise LookupError(f"{module.__name__} holds no projection")


def readable(recorded: RecordedEvent) -> DossierEvent:
    """The typed event, for whoever makes tables of all there are.

    :raises EventUnreadable: naming the place of one that cannot be read.
    """
    try:
        return decode(recorded)
    except (ValueError, KeyError, UnknownEventType) as error:
        raise EventUnreadable(recorded.position, recorded.type) from error
