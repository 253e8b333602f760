"""``aduan erase TICKET``: the right to be forgotten."""

from pathlib import Path

import click

from cli.doors import OPERATOR, ask
from cli.installation import data_option, running
from shared.domain.dossier.events import ERASURE_REASONS


@click.command()
@click.argument("ticket")
@click.option("--tenant", required=True, help="The government.")
@click.option("--reason", required=True, type=click.Choice(ERASURE_REASONS), help="Kept in the log.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def command(ticket: str, tenant: str, reason: str, yes: bool, data: Path | None) -> None:
    """Make all that was written in the dossier of TICKET unreadable, for ever.

    Its key is destroyed. What happened when stays in the log and in the recaps; a dossier that was still open ends.
    Mails that have been sent, and backups of the table of keys, are out of reach: keep such backups no longer than
    erased persons may be found.

    Reasons: asked (the reporter asked for it), retention (the time of keeping is over), order (an authority did).
    """
    if not yes:
        click.confirm(f"Nobody will ever read {ticket} again. Go on?", abort=True)
    with running(data) as runtime:
        erased = ask(runtime, "intake", "erase", tenant=tenant, ticket=ticket, reason=reason, caller=OPERATOR)
    click.echo(f"{ticket} is erased ({erased['status']})")
