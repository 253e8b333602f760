"""How a setting's text becomes its value. Each function raises ``ValueError`` with the rest of a sentence that begins
with the variable's name, and never quotes what may be secret.
"""

import shlex
from collections.abc import Callable
from dataclasses import field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg2
from fsspec import available_protocols
from psycopg2.extensions import parse_dsn

from shared.base.whole_numbers import whole_number
from shared.platform.own_machine import is_own_machine
from shared.platform.secret import check_secret

T = TypeVar("T")
Network = IPv4Network | IPv6Network

_DATABASE = ("postgresql", "postgres")
_WITHOUT_HOST = {"memory"}
_LAST_PORT = 65535


def option(
    name: str,
    parse: Callable[[str], T],
    default: str,
    what: str,
    *,
    shown: str | None = None,
    hidden: bool = False,
    empty: T | None = None,
) -> T:
    """A field of the settings that is read from the environment.

    :param name: the variable.
    :param parse: from text to value.
    :param default: the text that is used when the variable is not set; an empty one is not parsed.
    :param what: what it means, in Markdown.
    :param shown: how the default is written in the documentation, where it depends on the machine.
    :param hidden: may hold a secret, and therefore never appears in a ``repr``.
    :param empty: the value when nothing is set and there is no default; an empty text unless given.
    """
    metadata = {"name": name, "parse": parse, "what": what, "shown": default if shown is None else shown}
    nothing: Any = "" if empty is None else empty
    value: Any = field(default=parse(default) if default else nothing, repr=not hidden, metadata=metadata)
    return value  # type: ignore[no-any-return] # dataclass turns the field into a T


def text(given: str) -> str:
    """Any text."""
    if "\0" in given:
        raise ValueError("must be text, and holds a NUL byte")
    return given


def secret(given: str) -> str:
    """32 bytes in base64."""
    check_secret(given)
    return given


def signing_secret(given: str) -> str:
    """The private key that signs checkpoints."""
    try:
        check_secret(given)
    except ValueError:
        raise ValueError("must be 32 bytes in base64; `aduan checkpoint key` makes a new one") from None
    return given


def secrets(given: str) -> tuple[str, ...]:
    """Several of 32 bytes in base64, with blanks, commas or line ends between them."""
    found = tuple(given.replace(",", " ").split())
    for each in found:
        check_secret(each)
    return found


def networks(given: str) -> tuple[Network, ...]:
    """Several addresses or networks, with blanks or commas between them."""
    try:
        return tuple(ip_network(each) for each in given.replace(",", " ").split())
    except ValueError:
        raise ValueError("must be addresses or networks separated by commas, e.g. 10.0.0.0/8, 192.0.2.7") from None


def path(given: str) -> Path:
    """A file or folder; a relative one is taken from the working directory."""
    return Path(text(given)).expanduser().absolute()


def integer(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(given: str) -> int:
        try:
            number = int(given)
        except ValueError:
            raise ValueError(f"must be a whole number, and is {given!r}") from None
        if not least <= number <= most:
            raise ValueError(f"must be between {least} and {most}, and is {number}")
        return number

    return parse


def choice(*allowed: str) -> Callable[[str], str]:
    """One of some words, whatever their case."""

    def parse(given: str) -> str:
        for word in allowed:
            if word.lower() == given.lower():
                return word
        raise ValueError(f"must be one of {', '.join(allowed)}, and is {given!r}")

    return parse


def url(*schemes: str) -> Callable[[str], str]:
    """A URL with one of some schemes, and a host to go to. It may hold a password, so a fault does not quote it."""

    def parse(given: str) -> str:
        try:
            parts = urlsplit(given)
            scheme, host, _ = parts.scheme, parts.hostname, parts.port
        except ValueError:
            raise ValueError("must be a URL such as scheme://host:port; write signs in a password as %40") from None
        if scheme not in schemes:
            raise ValueError(f"must be a URL that begins with {' or '.join(f'{each}://' for each in schemes)}")
        if not host and scheme not in _WITHOUT_HOST:
            raise ValueError(f"must name a host, as in {scheme}://host")
        return text(given)

    return parse


def public_url(given: str) -> str:
    """An address for browsers: with TLS, without which they keep our cookies on their own machine only."""
    found = url("http", "https")(given)
    parts = urlsplit(found)
    if parts.scheme == "http" and not is_own_machine(parts.hostname or ""):
        raise ValueError("must begin with https://: without TLS browsers keep no log-in, and no form would work")
    return found


def urls(*schemes: str) -> Callable[[str], str]:
    """A URL as :func:`url` takes it, or several with ``;`` between them."""
    one = url(*schemes)

    def parse(given: str) -> str:
        return ";".join(one(each) for each in given.split(";"))

    return parse


def database_url(given: str) -> str:
    """A URL of a PostgreSQL database; its host may also stand in the query, as that of a socket's folder does."""
    try:
        scheme = urlsplit(given).scheme
    except ValueError:
        scheme = ""
    if scheme not in _DATABASE:
        raise ValueError(f"must be a URL that begins with {' or '.join(f'{each}://' for each in _DATABASE)}")
    try:
        ports = str(parse_dsn(given).get("port", "")).split(",")
    except psycopg2.ProgrammingError:
        raise ValueError(
            "must be a URL such as postgresql://user:password@host:5432/database; write signs in a password as %40"
        ) from None
    if not all(each == "" or whole_number(each, _LAST_PORT) for each in ports):
        raise ValueError(f"must name a port between 1 and {_LAST_PORT}, or none")
    return text(given)


def file_place(given: str) -> str:
    """A folder, as a path or a URL, or a bucket; another address if there is a driver for it."""
    try:
        parts = urlsplit(given)
        host = parts.hostname
    except ValueError:
        raise ValueError("must be a folder, file:///srv/aduan/files, or a bucket, s3://bucket/prefix") from None
    if given.startswith("file:") and "://" not in given:
        raise ValueError("must name a folder with three slashes, as in file:///srv/aduan/files")
    if "://" not in given:
        return text(given)
    if parts.scheme == "file" and (host or not parts.path.strip("/")):
        raise ValueError("must name a folder of this machine, with three slashes, as in file:///srv/aduan/files")
    if parts.scheme == "s3" and not host:
        raise ValueError("must name a bucket, as in s3://bucket/prefix")
    if parts.scheme not in ("file", "s3") and parts.scheme not in available_protocols():
        raise ValueError("must be a folder, file:///srv/aduan/files, or a bucket, s3://bucket/prefix")
    return text(given)


def clamd(given: str) -> str:
    """The address of a virus scanner that speaks as clamd does."""
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not ((parts.scheme == "tcp" and host) or (parts.scheme == "unix" and not host and parts.path.strip("/"))):
        raise ValueError("must be tcp://host:3310, or unix:///path/to/the/socket")
    return text(given)


def command_line(given: str) -> str:
    """A program and its arguments, as a shell would take them apart."""
    try:
        shlex.split(text(given))
    except ValueError as error:
        raise ValueError(f"must be a program with its arguments ({error})") from None
    return given


def mail_address(given: str) -> str:
    """An e-mail address."""
    name, at, domain = given.partition("@")
    if not (name and at and domain) or any(sign in given for sign in " <>\r\n"):
        raise ValueError(f"must be an e-mail address such as aduan@example.go.id, and is {given!r}")
    return given
