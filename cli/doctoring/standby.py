"""The standby that lists are read from, where one is named: whether it is one, and how far it is behind."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

import psycopg2

from cli.doctoring.line import Diagnosis, graded, warned
from cli.doctoring.place import Installed
from cli.failures import line_of
from shared.base.errors import Unavailable
from shared.platform.database.pool import Database
from shared.platform.database.replica import PLACE, REPLAYED, ServerPlace

_MEGABYTE: Final = 1 << 20
_BEHIND: Final = (16, 1024)
"""Megabytes of the write-ahead log: above the first lists are seldom read from it, above the second never."""

_CHECK: Final = "database.standby"


def standby_lines(found: Installed) -> Iterator[Diagnosis]:
    """Nothing where none is named. One that is away stops nobody: lists are then read from the primary."""
    if not found.settings.read_database_url:
        return
    try:
        with (
            closing(Database(found.settings.database_url, pool_size=1)) as primary,
            closing(Database(found.settings.read_database_url, pool_size=1, writes=False)) as standby,
        ):
            written, replayed = ServerPlace.of(primary, PLACE), ServerPlace.of(standby, REPLAYED)
    except (Unavailable, psycopg2.Error, TimeoutError) as error:
        yield warned(
            _CHECK, line_of(error), "start it, or compare ADUAN_READ_DATABASE_URL; the primary answers meanwhile"
        )
        return
    if not (replayed.in_recovery and replayed.follows(written)):
        yield warned(
            _CHECK,
            "what is named is no standby of this database",
            "name one in ADUAN_READ_DATABASE_URL, or take the setting away",
        )
        return
    megabytes = max(0.0, float(written.place - replayed.place) / _MEGABYTE)
    yield graded(
        _CHECK,
        megabytes,
        f"{megabytes:.1f} MB of the write-ahead log behind the primary",
        "look at the standby and the network between the two; the primary answers meanwhile",
        warn=_BEHIND[0],
        fail=_BEHIND[1],
    )
