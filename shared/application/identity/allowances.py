"""How often something may be asked for from one place, whatever comes of it."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from shared.application.identity import tally
from shared.application.identity.errors import TooManyAttempts
from shared.base.clock import Clock
from shared.platform.database.pool import Database


@dataclass(frozen=True)
class Allowance:
    """So often within so long.

    :param most: 0: without end.
    :param window: from the first of them on; at most :data:`shared.application.identity.tally.LONGEST`.
    """

    most: int
    window: timedelta


def use(database: Database, machine: Clock, allowance: Allowance, what: str, whose: str, refusal: str) -> tally.Counted:
    """Count once.

    :param machine: the machine's clock.
    :param what: is asked for: counted apart from everything else.
    :param whose: allowance it is: a place, or somebody's name.
    :param refusal: the code of the error; its sentence may name ``{seconds}``.
    :returns: what can be taken back.
    :raises TooManyAttempts: if it was asked for too often.
    """
    if allowance.most == 0:
        return {}
    now = machine.now()
    key = tally.key_of("allowance", what, str(allowance.window), whose)
    counted = tally.add(database, [key], now, allowance.window)
    times, since = counted[key]
    if times > allowance.most:
        left = since + allowance.window - now
        raise TooManyAttempts(refusal, {"seconds": max(1, round(left.total_seconds()))})
    return counted


def place_of(address: str) -> str:
    """The network that is one place: who has one address of it mostly has them all.

    :param address: of whoever asks, or whatever stands where it is not known.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False))
