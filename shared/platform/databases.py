"""Governments over several databases: which lies where, as one setting says it.

A line for each database, with the governments before the sign and the two addresses after it::

    bantul cirebon = postgresql://aduan:...@db2:5432/aduan amqp://aduan:...@broker:5672/second

A third address, after these, is that of a standby from which lists are read. Each has a virtual host of the broker's to
itself, since queues are named after services. Whoever is in no line is in the database that ``ADUAN_DATABASE_URL``
names.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from shared.platform.settings_lines import check_once, lines_of, tenants_named

_PORTS: Final = {"postgresql": ":5432", "postgres": ":5432", "amqp": ":5672", "amqps": ":5671"}
_FORM: Final = "must be: governments = address of the database, address of the broker, perhaps address of a standby"


@dataclass(frozen=True)
class FurtherDatabase:
    """One of them.

    :param tenants: whose complaints lie there.
    :param database_url: of it.
    :param broker_url: of its own virtual host.
    :param read_database_url: of a standby of it, for lists; blank for none.
    """

    tenants: tuple[str, ...]
    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    read_database_url: str = field(default="", repr=False)


def further_databases(
    database: Callable[[str], str], broker: Callable[[str], str]
) -> Callable[[str], tuple[FurtherDatabase, ...]]:
    """How the setting is read.

    :param database: reads a database's address.
    :param broker: reads a broker's.
    """

    def parse(given: str) -> tuple[FurtherDatabase, ...]:
        found = tuple(lines_of(given, one))
        check_once("government", [tenant for each in found for tenant in each.tenants])
        check_once("database", [place for each in found for place in places_of(each.database_url)])
        check_once("virtual host of the broker", [place for each in found for place in places_of(each.broker_url)])
        return found

    def one(names: str, addresses: Sequence[str]) -> FurtherDatabase:
        if len(addresses) not in (2, 3) or not (tenants := tenants_named(names)):
            raise ValueError(_FORM)
        standby = database(addresses[2]) if len(addresses) == 3 else ""
        return FurtherDatabase(tenants, database(addresses[0]), broker(addresses[1]), standby)

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
