"""``aduan user``: officers' accounts."""

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from cli.installation import data_option, running
from shared.application.identity.bindings import Bindings
from shared.application.identity.membership import EVERY_TENANT, administrator, caller_for
from shared.application.identity.people import People
from shared.application.identity.users import Users

_username: Final = click.argument("username")
_tenant: Final = click.option("--tenant", required=True, help="The government.")
_tenant_or_none: Final = click.option(
    "--tenant", default=EVERY_TENANT, help="The government; none for an administrator."
)


@click.group()
def command() -> None:
    """Officers' accounts, with which they log in to the portal."""


@command.command()
@_username
@click.option("--tenant", help="The government.")
@click.option("--actor", help="A role of its SOP.")
@click.option("--agency", help="The agency, for actors that belong to one.")
@click.option("--admin", is_flag=True, help="An administrator of the installation instead.")
@click.password_option(envvar="ADUAN_USER_PASSWORD")
@data_option
def add(
    username: str,
    tenant: str | None,
    actor: str | None,
    agency: str | None,
    admin: bool,
    password: str,
    data: Path | None,
) -> None:
    """Open an account."""
    with running(data, new=True) as runtime:
        if admin:
            caller = administrator(username)
        elif tenant is None or actor is None:
            raise click.UsageError("name --tenant and --actor, or --admin")
        else:
            caller = caller_for(runtime.tenants, tenant, actor, agency, username)
        user = Users(runtime.database, runtime.randomness).add(caller, password)
    click.echo(f"{user.username} may log in to {user.tenant} as {user.actor}")


@command.command()
@_username
@_tenant
@click.option("--email", help="Where letters for the officer go.")
@click.option("--phone", help="The officer's telephone number.")
@data_option
def reach(username: str, tenant: str, email: str | None, phone: str | None, data: Path | None) -> None:
    """Say how an officer is reached; what is left out stays as it was."""
    if email is None and phone is None:
        raise click.UsageError("give --email or --phone")
    with running(data) as runtime:
        People(runtime.database).reach(tenant, username, email, phone)


@command.command()
@_username
@_tenant
@click.option("--from", "first_day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day away.")
@click.option("--to", "last_day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day away.")
@click.option("--deputy", help="Who stands in (Plh./Plt.): the name of another account.")
@data_option
def absent(
    username: str, tenant: str, first_day: datetime, last_day: datetime, deputy: str | None, data: Path | None
) -> None:
    """Note that an officer is away; letters go to the deputy meanwhile."""
    with running(data) as runtime:
        People(runtime.database).absent(tenant, username, first_day.date(), last_day.date(), deputy)


@command.command(name="list")
@click.option("--tenant", help="Of this government only.")
@data_option
def list_users(tenant: str | None, data: Path | None) -> None:
    """List the accounts."""
    with running(data) as runtime:
        for user in Users(runtime.database).all(tenant):
            state = "disabled" if user.disabled else "open"
            click.echo(f"{user.tenant}\t{user.username}\t{user.actor}\t{user.agency or '-'}\t{state}")


@command.command()
@_username
@_tenant_or_none
@data_option
def disable(username: str, tenant: str, data: Path | None) -> None:
    """Shut an account. Its tokens stop working."""
    with running(data) as runtime:
        Users(runtime.database).disable(tenant, username)


@command.command()
@_username
@_tenant_or_none
@click.password_option(envvar="ADUAN_USER_PASSWORD")
@data_option
def password(username: str, tenant: str, password: str, data: Path | None) -> None:
    """Give an account a new password, and open it if it was shut."""
    with running(data) as runtime:
        Users(runtime.database).set_password(tenant, username, password)


@command.command()
@_username
@_tenant
@click.option("--email", default="", help="An address that the government's provider has verified.")
@click.option("--subject", default="", help="The provider's own name for the officer (`sub`).")
@data_option
def bind(username: str, tenant: str, email: str, subject: str, data: Path | None) -> None:
    """Let an account be entered by the government's own account (ADUAN_OIDC). Its visits and tokens end."""
    with running(data) as runtime:
        issuers = [each.issuer for each in runtime.settings.oidc if tenant in each.tenants]
        if not issuers:
            raise click.UsageError(f"ADUAN_OIDC names no provider of {tenant}")
        Bindings(runtime.database).bind(tenant, username, issuers[0], subject=subject, email=email)
    click.echo(f"{username} may log in to {tenant} as {email or subject} of {issuers[0]}")


@command.command()
@_username
@_tenant
@data_option
def unbind(username: str, tenant: str, data: Path | None) -> None:
    """Let an account be entered by its password only. Its visits and tokens end."""
    with running(data) as runtime:
        Bindings(runtime.database).unbind(tenant, username)
