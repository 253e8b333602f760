"""What a projection writes: one table, as the projection sees it."""

import re
from dataclasses import dataclass
from functools import cached_property

DOSSIER = "dossier"
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,54}")


@dataclass(frozen=True)
class Table:
    """A table of a service's schema. The service's migration creates it, with a primary key or unique index on `key`.

    It may have further columns with defaults: no event writes them, and a rebuild starts them afresh.

    :param schema: the PostgreSQL schema, which is the service's name.
    :param name: the table's name; also the key under which its rows stand in a projection's `Rows`.
    :param key: the columns that tell one row from another, `dossier` (a uuid) first.
    :param columns: every column the projection writes, those of `key` included.
    :raises ValueError: if a name is not a plain lower-case identifier, or the columns contradict each other.
    """

    schema: str
    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        for identifier in (self.schema, self.name, *self.columns):
            check_identifier(identifier)
        if self.key[:1] != (DOSSIER,):
            raise ValueError(f"the key of {self} must begin with {DOSSIER}: state is kept per dossier")
        if len(set(self.columns)) != len(self.columns):
            raise ValueError(f"a column of {self} is named twice")
        if unknown := sorted(set(self.key) - self.column_set):
            raise ValueError(f"the key of {self} names what is not a column: {', '.join(unknown)}")

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @cached_property
    def key_within(self) -> tuple[str, ...]:
        """The columns that tell rows of the same dossier from one another."""
        return self.key[1:]

    @cached_property
    def column_set(self) -> frozenset[str]:
        """The columns, for comparing with a row's."""
        return frozenset(self.columns)


def check_identifier(name: str) -> str:
    """The name itself, when it may stand in a statement as it is: identifiers cannot be parameters.

    :raises ValueError: if it is not a plain lower-case identifier, short enough to take a suffix.
    """
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain lower-case identifier")
    return name
