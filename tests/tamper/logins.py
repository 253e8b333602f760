"""Logins of the services' own, as ``deploy/postgres/roles.sh`` makes them, on the tests' server."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from shared.application.service_roles import OWN_SCHEMAS, give_rights, role_of
from shared.platform.database.pool import Database
from tests.fixtures.postgres import execute, with_database

MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "aduan_web": ("portal", "channels"),
    "aduan_front": ("portal", "channels", "intake"),
    "aduan_back": ("routing", "sla", "notify", "reporting"),
}
LOGINS: Final[Mapping[str, tuple[str, ...]]] = {**{role_of(each): (each,) for each in OWN_SCHEMAS}, **MEMBERS}
"""Which services may log in by a login."""


def make_logins(server: str) -> None:
    """Make them all; nobody is asked for a password here."""
    execute(server, *(f"CREATE ROLE {role_of(each)} LOGIN" for each in OWN_SCHEMAS))
    for login, services in MEMBERS.items():
        execute(server, f"CREATE ROLE {login} LOGIN", *(f"GRANT {role_of(each)} TO {login}" for each in services))


def login_of(services: Iterable[str]) -> str:
    """The login that may do what these need, and least besides."""
    fitting = [login for login, members in LOGINS.items() if set(services) <= set(members)]
    return min(fitting, key=lambda login: len(LOGINS[login]))


def as_login(url: str, login: str) -> str:
    """The same database for somebody else."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}"))


@contextmanager
def database_with_logins(server: str, template: str) -> Iterator[str]:
    """A database of its own in which every service has its login; both go afterwards."""
    name = f"logins_{uuid4().hex}"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    url = with_database(server, name)
    make_logins(server)
    try:
        with closing(Database(url)) as owner, owner.autocommit() as cursor:
            give_rights(cursor)
        yield url
    finally:
        execute(server, f"DROP DATABASE {name} WITH (FORCE)")
        execute(server, *(f"DROP ROLE {login}" for login in reversed(list(LOGINS))))
