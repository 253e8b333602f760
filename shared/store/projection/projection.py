"""What a service writes to turn events into rows: one class, one pure method."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeAlias

from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.generation import generation_of
from shared.store.projection.table import Table, check_identifier
from shared.store.projection.tally import Contribution, Tally

Row: TypeAlias = Mapping[str, Any]
"""One row: a value for every column of its table."""

Rows: TypeAlias = Mapping[str, Sequence[Row]]
"""All rows of one dossier, by table name."""

Decode: TypeAlias = Callable[[RecordedEvent], Any]
"""Makes the typed event of a stored one; raises `UnknownEventType` for a type it does not know."""


class Projection(ABC):
    """How the events of a dossier become its rows in a service's tables.

    State is kept per dossier: `evolve` sees all rows of one dossier and of no other. That is what lets batches of
    any size, from any number of instances, and a rebuild come to the same rows.
    """

    name: ClassVar[str]
    """The service's name, which is also its PostgreSQL schema."""

    tables: ClassVar[tuple[Table, ...]]
    """Every table it writes."""

    tallies: ClassVar[tuple[Tally, ...]] = ()
    """Every table of sums that it keeps."""

    heeds: ClassVar[frozenset[str] | None] = None
    """The types of the only events that change any row; none where any may. All others may be left out."""

    notes_rebuilds: ClassVar[bool] = False
    """Whether a rebuild leaves a note of what it applied, see :mod:`shared.store.projection.remade`."""

    @property
    def generation(self) -> int:
        """Of the rows that it makes, see :mod:`shared.store.projection.generation`."""
        return generation_of(self.name)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        check_identifier(cls.name)
        kept: tuple[Table | Tally, ...] = (*cls.tables, *cls.tallies)
        if strangers := [str(each) for each in kept if each.schema != cls.name]:
            raise ValueError(f"projection {cls.name} names tables of another schema: {', '.join(strangers)}")
        if len({each.name for each in kept}) != len(kept):
            raise ValueError(f"projection {cls.name} names a table twice")

    def beside(self, database: Database) -> Self:
        """The same, told where it may read what it needs besides events: for a process that serves nobody.

        :param database: in which an installation's log lies.
        """
        del database
        return self

    @abstractmethod
    def evolve(self, rows: Rows, event: Any, recorded: RecordedEvent) -> Rows:
        """The dossier's rows after one more event.

        Pure: no clock, no database, no change to what was given; new rows are made as ``{**row, "step": ...}``.
        Rows may be of any order in what is returned and come in the order of their keys. Values must come back from
        PostgreSQL as they went in (a number for ``numeric`` is a Decimal, times carry a zone), or a batch boundary
        would show.

        :param rows: for every table the dossier's rows, none before its first event.
        :param event: the typed event.
        :param recorded: the same event as stored: its position in the log and its version in the dossier.
        :returns: the rows of every table: what is left out there is deleted. Return `rows` to change nothing.
        """

    def history(self, events: Sequence[tuple[Any, RecordedEvent]]) -> Rows | None:  # noqa: ARG002 - for those that override it
        """A dossier's rows after all its events, in one go: what `evolve` comes to, one event after the other.

        For a projection that has that for less than a fold over rows; none from any other.

        :param events: from the first on, with no gap.
        """
        return None

    def counted(self, rows: Rows) -> Iterable[Contribution]:  # noqa: ARG002 - for those that override it
        """What a dossier's rows contribute to the sums. Pure, as `evolve` is; of no rows nothing.

        :param rows: for every table the dossier's rows, in the order of their keys.
        """
        return ()

    def changed(self, before: Rows, after: Rows) -> Iterable[tuple[int, Contribution]]:
        """What a dossier contributes to the sums more (1) and less (-1) than before.

        To be overridden where most of it is the same.
        """
        yield from ((-1, part) for part in self.counted(before))
        yield from ((1, part) for part in self.counted(after))
