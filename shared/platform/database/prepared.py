"""Statements that a connection plans once: for who holds one of its own and asks the same again and again.

To plan a statement takes PostgreSQL longer than to carry out one that finds a handful of rows. What is prepared belongs
to the session, so it is for connections outside the pool only (see :meth:`.Database.connect`); a proxy that gives each
transaction another session cannot stand before those, which hold locks of their session anyway. A new connection
prepares anew. When tables are exchanged or indexes made, PostgreSQL plans anew by itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final, cast

from psycopg2.errors import FeatureNotSupported
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection, cursor

from shared.platform.database.answering import Watched

_VALUE: Final = re.compile("%s")


@dataclass(frozen=True)
class Prepared:
    """A statement that may be prepared. Not one that has to see what was committed while it waited for a lock: a
    prepared one sees what there was before.

    :param name: by which the session knows it.
    :param types: of its values, in order: lists are given as the text of an array.
    :param statement: with a ``%s`` for each, and no other percent sign. It is planned without knowing them: a number
        by which the server chooses how to go about it, such as a limit, should stand in it.
    """

    name: str
    types: Sequence[str]
    statement: str
    _prepare: str = field(init=False)
    _execute: str = field(init=False)

    def __post_init__(self) -> None:
        numbers: Iterator[int] = count(1)
        numbered = _VALUE.sub(lambda _: f"${next(numbers)}", self.statement)
        object.__setattr__(self, "_prepare", f"PREPARE {self.name} ({', '.join(self.types)}) AS {numbered}")
        object.__setattr__(self, "_execute", f"EXECUTE {self.name} ({', '.join('%s' for _ in self.types)})")

    def ask(self, on: cursor, values: Sequence[object]) -> None:
        """Execute it; prepared, if the connection is one of :func:`preparing`.

        :raises psycopg2.errors.FeatureNotSupported: once, within a transaction, after a migration has changed the type
            of what it gives. From then on the connection prepares nothing.
        """
        own = cast("Watched", on.connection)
        known = getattr(own, "prepared", None)
        if known is None:
            on.execute(self.statement, values)
            return
        if self.name not in known:
            on.execute(self._prepare)
            known.add(self.name)
        try:
            on.execute(self._execute, values)
        except FeatureNotSupported:
            own.prepared = None
            if own.get_transaction_status() != TRANSACTION_STATUS_IDLE:
                raise
            on.execute(self.statement, values)


def preparing(own: connection) -> connection:
    """A connection that is nobody else's, and prepares what can be.

    :param own: in autocommit.
    """
    with own.cursor() as opened:
        # Else the server plans for each list anew as long as it takes that to be worth the while: the time that
        # planning takes is more than it reckons.
        opened.execute("SET plan_cache_mode = force_generic_plan")
        # A plan is kept that was made when a table was nearly empty, and none of these is to go through a whole one.
        opened.execute("SET enable_seqscan = off")
        # Where one cannot be avoided it is reckoned so dear that the server would compile the statement each time.
        opened.execute("SET jit = off")
    cast("Watched", own).prepared = set()
    return own
