"""``aduan token``: print a bearer token."""

from pathlib import Path

import click

from cli.installation import data_option, settings_for
from shared.application.identity.membership import administrator, caller_for
from shared.application.identity.tokens import issue_token
from shared.domain.tenants import Tenants


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
    settings = settings_for(data)
    if admin:
        caller = administrator(user or "admin")
    elif tenant is None or actor is None:
        raise click.UsageError("name --tenant and --actor, or --admin")
    else:
        caller = caller_for(Tenants(settings.tenants_dir), tenant, actor, agency, user or actor)
    click.echo(issue_token(settings.token_key, caller))
