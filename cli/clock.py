"""``aduan clock explain TICKET``: why a due time is what it is."""

from pathlib import Path

import click

from cli.dossier import find_dossier
from cli.installation import data_option, running
from shared.domain.dossier.explaining import explain_clock


@click.group()
def command() -> None:
    """Look into clocks."""


@command.command()
@click.argument("ticket")
@click.option("--tenant", help="The government; searched for if not given.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@data_option
def explain(ticket: str, tenant: str | None, language: str, data: Path | None) -> None:
    """Print the sum behind every due time of the dossier of TICKET: window by window, holiday by holiday."""
    with running(data) as runtime:
        found, dossier_id = find_dossier(runtime, ticket, tenant)
        dossier, events = runtime.dossiers("cli").open(dossier_id)
        government = runtime.tenants.get(found)
        for clock in dossier.clocks:
            explained = explain_clock(clock, events, government.calendar, language)
            holder = " ".join(filter(None, (clock.actor, clock.agency))) if clock.target != "case" else ""
            click.echo(f"\n{clock.id}  {clock.target}  {clock.step}  {holder}  {clock.within}  {clock.state}")
            click.echo(explained.promised.text)
            if explained.shared:
                click.echo(f"time shared with the holder before, received {government.local(clock.started_at)}")
            click.echo(f"promised {government.local(clock.promised_due_at)}")
            for extension in explained.extensions:
                given = government.local(extension.occurred_at)
                click.echo(f"put off to {government.local(extension.until_at)}, given {given} ({extension.why})")
            if clock.due_at != clock.promised_due_at:
                moved = "pauses and extensions" if explained.extensions else "pauses"
                click.echo(f"after {moved} {government.local(clock.due_at)}")
            if explained.known_now is not None and explained.known_now != clock.due_at:
                click.echo(f"by the decrees known now it would be {government.local(explained.known_now)}")
            if not explained.exact:
                click.echo(f"the calendar {clock.calendar_version} of that day is gone; summed by today's")
