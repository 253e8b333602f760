"""Which hosts are a browser's own machine: there alone it keeps cookies that are for TLS without TLS."""

from ipaddress import ip_address


def is_own_machine(host: str) -> bool:
    """Whether a host's name or address is the browser's own machine.

    :param host: without a port, an IPv6 address without its brackets.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
