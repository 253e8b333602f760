"""``aduan dossier show TICKET``: one dossier, as an operator may see it."""

import json
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from cli.doors import OPERATOR, ask
from cli.installation import data_option, running
from shared.application.runtime import Runtime
from shared.base.errors import NotFound


@click.group()
def command() -> None:
    """Look into a dossier."""


@command.command()
@click.argument("ticket")
@click.option("--tenant", help="The government; searched for if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole view as JSON.")
@data_option
def show(ticket: str, tenant: str | None, as_json: bool, data: Path | None) -> None:
    """Show where the dossier of TICKET is, its clocks and its history. No reporter's name is shown."""
    with running(data) as runtime:
        found, dossier_id = find_dossier(runtime, ticket, tenant)
        view = ask(runtime, "routing", "dossier", tenant=found, dossier_id=str(dossier_id), caller=OPERATOR)
    view.pop("complaint")
    if as_json:
        click.echo(json.dumps(view, ensure_ascii=False, indent=2))
        return
    _print(view)


def find_dossier(runtime: Runtime, ticket: str, tenant: str | None) -> tuple[str, UUID]:
    """The tenant and dossier of a ticket.

    :raises NotFound: if no tenant, or not the one named, has given such a ticket.
    """
    for each in [tenant] if tenant else [known.id for known in runtime.tenants.all()]:
        try:
            return each, UUID(ask(runtime, "intake", "resolve", tenant=each, ticket=ticket)["id"])
        except NotFound:
            continue
    raise NotFound("unknown_ticket")


def _print(view: dict[str, object]) -> None:
    console = Console()
    console.print(
        f"[bold]{view['ticket']}[/bold]  {view['tenant']}  {view['status']}  "
        f"step {view['step'] or '-'}  held by {view['actor'] or '-'}  agency {view['agency'] or '-'}  "
        f"due {view['due_at'] or '-'}"
    )
    clocks = Table("clock", "step", "holder", "within", "due", "state", "late s", title="Clocks")
    for clock in view["clocks"]:  # type: ignore[attr-defined]
        holder = " ".join(filter(None, (clock["actor"], clock["agency"])))
        clocks.add_row(
            clock["target"],
            clock["step"] or "",
            holder,
            clock["within"] or "",
            clock["due_at"],
            clock["state"],
            str(clock["late_seconds"]),
        )
    console.print(clocks)
    history = Table("at", "event", "step", "by", "leads to", title="History")
    for entry in view["timeline"]:  # type: ignore[attr-defined]
        by = " ".join(filter(None, (entry["actor"], entry["agency"])))
        history.add_row(entry["at"], entry["event"], entry["step"] or "", by, entry["to_step"] or entry["status"])
    console.print(history)
