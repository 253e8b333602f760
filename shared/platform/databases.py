"""Governments over several databases: which lies where, as one setting says it.

A line for each database, with the governments before the sign and the two addresses after it::

    bantul cirebon = postgresql://aduan:...@db2:5432/aduan amqp://aduan:...@broker:5672/second

Each has a virtual host of the broker's to itself, since queues are named after services. Whoever is in no line is in
the database that ``ADUAN_DATABASE_URL`` names.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)


@dataclass(frozen=True)
class FurtherDatabase:
    """One of them.

    :param tenants: whose complaints lie there.
    :param database_url: of it.
    :param broker_url: of its own virtual host.
    """

    tenants: tuple[str, ...]
    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)


def further_databases(
    database: Callable[[str], str], broker: Callable[[str], str]
) -> Callable[[str], tuple[FurtherDatabase, ...]]:
    """How the setting is read.

    :param database: reads a database's address.
    :param broker: reads a broker's.
    """

    def parse(given: str) -> tuple[FurtherDatabase, ...]:
        found = tuple(_lines(given, database, broker))
        for what, all_of in (
            ("government", [tenant for each in found for tenant in each.tenants]),
            ("database", [each.database_url for each in found]),
            ("virtual host of the broker", [each.broker_url for each in found]),
        ):
            if len(set(all_of)) < len(all_of):
                raise ValueError(f"names the same {what} in two places; name each once")
        return found

    return parse


def tenants_named(given: str) -> tuple[str, ...]:
    """Names of governments, with blanks or commas between them."""
    found = tuple(given.replace(",", " ").split())
    if not all(_NAME.fullmatch(each) for each in found):
        raise ValueError("must be names of governments with blanks or commas between them, e.g. cilacap bantul")
    return found


def _lines(given: str, database: Callable[[str], str], broker: Callable[[str], str]) -> Iterator[FurtherDatabase]:
    for number, line in enumerate(given.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        names, _, addresses = line.partition("=")
        both = addresses.split()
        try:
            if len(both) != 2 or not (tenants := tenants_named(names)):
                raise ValueError("must be: governments = address of the database, address of the broker")  # noqa: TRY301
            yield FurtherDatabase(tenants, database(both[0]), broker(both[1]))
        except ValueError as error:
            raise ValueError(f"is wrong in line {number}, which {error}") from None
