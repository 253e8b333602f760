"""``aduan migrate``: bring the database's tables up to date."""

from contextlib import closing
from pathlib import Path

import click

from cli.installation import connected, data_option
from cli.migrating import bring_up_to_date
from shared.application.bootstrap import bootstrap
from shared.store.vault.masters import knows_any


@click.command()
@data_option
def command(data: Path | None) -> None:
    """Bring all tables up to date. May be run at any time, by several at once."""
    with connected(data, new=True) as settings:
        taken = bring_up_to_date(settings.database_url)
        runtime = bootstrap(settings, role=None)
        with closing(runtime.database):
            # A service that has no business with keys cannot make the first master key known.
            if not knows_any(runtime.database):
                runtime.vault.admit()
    click.echo("\n".join(taken) if taken else "nothing to do")
