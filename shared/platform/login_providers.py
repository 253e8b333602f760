"""Providers of governments' own accounts (OpenID Connect): whose officers log in by which, as one setting says it.

A line for each provider, with the governments before the sign, and its issuer and our client's name after it::

    cilacap bantul = https://sso.example.go.id/realms/pegawai aduan
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from shared.platform.settings_lines import check_once, lines_of, tenants_named

_FORM: Final = "must be: governments = address of the issuer, name of the client"


@dataclass(frozen=True)
class LoginProvider:
    """One of them.

    :param tenants: whose officers may log in by it.
    :param issuer: exactly as it calls itself; its description lies at ``/.well-known/openid-configuration`` below.
    :param client: how it calls this installation.
    """

    tenants: tuple[str, ...]
    issuer: str
    client: str


def login_providers(address: Callable[[str], str]) -> Callable[[str], tuple[LoginProvider, ...]]:
    """How the setting is read.

    :param address: reads an issuer's address.
    """

    def parse(given: str) -> tuple[LoginProvider, ...]:
        found = tuple(lines_of(given, one))
        check_once("government", [tenant for each in found for tenant in each.tenants])
        return found

    def one(names: str, words: Sequence[str]) -> LoginProvider:
        if len(words) != 2 or not (tenants := tenants_named(names)):
            raise ValueError(_FORM)
        issuer, client = words
        if urlsplit(address(issuer)).query or urlsplit(issuer).fragment:
            raise ValueError("must name an issuer without ? and #")
        return LoginProvider(tenants, issuer, client)

    return parse
