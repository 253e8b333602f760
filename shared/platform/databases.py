"""Governments over several databases: which lies where, as one setting says it.

A line for each database, with the governments before the sign and the two addresses after it::

    bantul cirebon = postgresql://aduan:...@db2:5432/aduan amqp://aduan:...@broker:5672/second

Each has a virtual host of the broker's to itself, since queues are named after services. Whoever is in no line is in
the database that ``ADUAN_DATABASE_URL`` names.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

_PORTS: Final = {"postgresql": ":5432", "postgres": ":5432", "amqp": ":5672", "amqps": ":5671"}
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
            ("database", [place for each in found for place in places_of(each.database_url)]),
            ("virtual host of the broker", [place for each in found for place in places_of(each.broker_url)]),
        ):
            if len(set(all_of)) < len(all_of):
                raise ValueError(f"names the same {what} in two places; name each once")
        return found

    return parse


def places_of(addresses: str) -> frozenset[str]:
    """What an address leads to, whoever logs in there and however it is written: two that share one of these are one.

    :param addresses: a database's with all its hosts, or a broker's with all its nodes.
    """
    found = set()
    for each in addresses.split(";"):
        scheme, _, rest = each.strip().partition("://")
        hosts, slash, path = rest.partition("?")[0].rpartition("@")[2].partition("/")
        port = _PORTS.get(scheme.lower(), "")
        for host in hosts.split(",") if hosts else [each.partition("?")[2]]:  # a socket's folder stands in the query
            place = host if ":" in host.rpartition("]")[2] else host + port
            found.add(f"{place.lower()}{slash or '/'}{unquote(path) or '/'}")
    return frozenset(found)


def same_as_main(further: Iterable[FurtherDatabase], database: str, broker: str) -> Iterator[str]:
    """What of a line is the main database's own, where each must have its own; a sentence each.

    :param database: the main one's address.
    :param broker: of its virtual host, if one is known.
    """
    for each in further:
        for name, main, own in (
            ("ADUAN_DATABASE_URL", database, each.database_url),
            ("ADUAN_BROKER_URL", broker, each.broker_url),
        ):
            if main and places_of(main) & places_of(own):
                yield (
                    f"ADUAN_DATABASES names for {' '.join(each.tenants)} what {name} names; "
                    "give each database and each virtual host of a broker to one line only"
                )


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
