"""``aduan at``: any other command, on the database in which a government lies, or on all of them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

import click

from cli.processes import environment
from shared.domain.all_tenants import Tenants
from shared.platform.settings import Settings

ALL = "all"
_OWN = ("ADUAN_DATABASES", "ADUAN_DATABASE_URL", "ADUAN_BROKER_URL", "ADUAN_READ_DATABASE_URL", "ADUAN_TENANTS")


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("where")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(where: str, arguments: tuple[str, ...]) -> None:
    """Run another command on the database in which the government WHERE lies; on each in turn if WHERE is `all`.

    Which lies where is said by ADUAN_DATABASES. `aduan at bantul serve intake routing sla notify reporting` serves that
    database, `aduan at all migrate` brings every one up to date. One that fails stops no other; the status is then 1.
    """
    if where.startswith("-"):
        raise click.NoSuchOption(where)
    if not arguments:
        raise click.UsageError("say which command is to be run there, e.g. `aduan at all migrate`")
    settings = Settings.from_environment(os.environ)
    if not settings.databases:
        raise click.UsageError("ADUAN_DATABASES is not set: there is but one database, and commands need no `at`")
    places = dict(_places(settings))
    if where != ALL:
        variables = next((given for names, given in places.items() if where in names.split()), None)
        if variables is None:
            raise click.UsageError(f"there is no government {where}; there are {', '.join(sorted(_all_of(places)))}")
        program = [sys.executable, "-m", "cli.main", *arguments]
        os.execve(program[0], program, _with(variables))  # noqa: S606 - this very program
    failed = []
    for names, variables in places.items():
        click.echo(f"== {names}")
        done = subprocess.run([sys.executable, "-m", "cli.main", *arguments], env=_with(variables), check=False)  # noqa: S603
        if done.returncode:
            failed.append(names)
    if failed:
        raise click.ClickException(f"failed for: {'; '.join(failed)}")


def _places(settings: Settings) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each database by the names of its governments, with the variables that name it."""
    if rest := Tenants(settings.tenants_dir, without=settings.elsewhere).ids():
        yield " ".join(rest), _variables(rest, settings.database_url, settings.broker_url, settings.read_database_url)
    for each in settings.databases:
        own = _variables(each.tenants, each.database_url, each.broker_url, each.read_database_url)
        yield " ".join(each.tenants), own


def _variables(
    tenants: tuple[str, ...], database_url: str, broker_url: str, read_database_url: str
) -> Mapping[str, str]:
    return {
        "ADUAN_TENANTS": " ".join(tenants),
        "ADUAN_DATABASE_URL": database_url,
        "ADUAN_BROKER_URL": broker_url,
        "ADUAN_READ_DATABASE_URL": read_database_url,
    }


def _all_of(places: Mapping[str, object]) -> list[str]:
    return [name for names in places for name in names.split()]


def _with(variables: Mapping[str, str]) -> dict[str, str]:
    without = {name for each in _OWN for name in (each, f"{each}_FILE")}
    return {**{name: value for name, value in environment().items() if name not in without}, **variables}
