"""``aduan audit verify``: check that nobody has changed the log."""

from pathlib import Path

import click

from cli.auditing import auditors_for
from cli.installation import data_option, running
from shared.store.eventstore.audit import verify


@click.group()
def command() -> None:
    """Check the log."""


@command.command(name="verify")
@data_option
def verify_log(data: Path | None) -> None:
    """Recompute every dossier's chain of hashes. Ends with status 1 if anything was changed, removed or reordered."""
    with running(data) as runtime:
        report = verify(runtime.database, crew=auditors_for(runtime.database))
    click.echo(str(report))
    if not report.intact:
        raise SystemExit(1)
