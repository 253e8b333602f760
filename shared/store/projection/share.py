"""What a service has in a batch of the log that is applied to several services' tables in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2 import extensions as pg

from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Decode, Projection


def _nothing(*_: Any) -> None:
    """Nothing is to be done."""


def _never(_: Any) -> bool:
    return False


@dataclass(frozen=True)
class Share:
    """A service's share.

    :param projection: brings its tables up to date.
    :param decode: makes typed events of stored ones; services with the same function have each event decoded once.
    :param before: asked before the transaction, with a cursor in autocommit; what it gives is handed to `within`.
    :param within: what else commits with the tables, run after they are up to date.
    :param concerns: whether the service has to do something about an event (as decoded) after the commit. One at which
        it raises concerns it.
    """

    projection: Projection
    decode: Decode
    before: Callable[[pg.cursor, Sequence[RecordedEvent]], Any] = _nothing
    within: Callable[[pg.cursor, Sequence[RecordedEvent], Any], None] = _nothing
    concerns: Callable[[Any], bool] = _never
