"""``aduan token``: print a bearer token."""

from pathlib import Path
from typing import Final

import click

from cli.installation import data_option, settings_with_key
from shared.application.identity.membership import administrator, caller_for
from shared.application.identity.tokens import issue_token
from shared.domain.all_tenants import Tenants

_LONGEST_USER: Final = 60


@click.command()
@data_option
@click.option("--tenant", help="The government.")
@click.option("--actor", help="A role of its SOP, e.g. coordinator.")
@click.option("--agency", help="The agency, for actors that belong to one.")
@click.option("--user", help="The account's name, as it will stand in the dossier; the actor's if not given.")
@click.option("--admin", is_flag=True, help="May read everything and move a simulated clock.")
def command(
    data: Path | None, tenant: str | None, actor: str | None, agency: str | None, user: str | None, admin: bool
) -> None:
    """Print a bearer token for the HTTP API."""
    if user is not None and (len(user) > _LONGEST_USER or not user.isprintable()):
        raise click.BadParameter("a name is printable and no longer than 60 characters", param_hint="--user")
    settings = settings_with_key(data)
    if admin:
        caller = administrator(user or "admin")
    elif tenant is None or actor is None:
        raise click.UsageError("name --tenant and --actor, or --admin")
    else:
        caller = caller_for(Tenants(settings.tenants_dir), tenant, actor, agency, user or actor)
    click.echo(issue_token(settings.token_key, caller))
