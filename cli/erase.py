"""``aduan erase TICKET``: the right to be forgotten."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from cli.erasing import erase_wholly
from cli.installation import data_option, running
from shared.domain.dossier.events import ERASURE_REASONS, ErasureReason
from shared.platform.database.pool import Database
from shared.store.vault.sweeping import Swept, sweep


@click.command()
@click.argument("ticket")
@click.option("--tenant", required=True, help="The government.")
@click.option("--reason", required=True, type=click.Choice(ERASURE_REASONS), help="Kept in the log.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def command(ticket: str, tenant: str, reason: ErasureReason, yes: bool, data: Path | None) -> None:
    """Make all that was written in the dossier of TICKET unreadable, for ever.

    Its key is destroyed, taken off the pages of its table and out of the write-ahead log, and its letters leave the
    outbox. What happened when stays in the log and in the recaps; a dossier that was still open ends. Mails that have
    been sent, and backups of the table of keys, are out of reach: keep such backups no longer than erased persons may
    be found. The protocol that is printed says where copies may still be; keep it. It may be stopped and run again.

    Reasons: asked (the reporter asked for it), retention (the time of keeping is over), order (an authority did).
    """
    if not yes:
        click.confirm(f"Nobody will ever read {ticket} again. Go on?", abort=True)
    with running(data) as runtime:
        try:
            erased = erase_wholly(runtime, tenant, ticket, reason)
        finally:
            with closing(Database(runtime.settings.database_url, pool_size=1)) as owner:
                swept = sweep(owner)
        at = runtime.clock.now()
    click.echo(f"{ticket} is erased ({erased['status']})" if erased else f"{ticket} had been erased before")
    for line in _protocol(swept, mailed=bool(runtime.settings.smtp_url)):
        click.echo(f"  {line}")
    place = f", position {erased['position']} of the log" if erased else ""
    click.echo(f"  done at {at.isoformat(timespec='seconds')}{place}")


def _protocol(swept: Swept, *, mailed: bool) -> Iterator[str]:
    """Where the key and what was written may still be, and until when."""
    yield "key: destroyed in vault.keys"
    if swept.pages:
        yield "pages: the table was written anew, and holds no trace of it"
    else:
        yield "pages: it lies there until the tables' owner runs VACUUM (FULL) vault.keys"
    if swept.checkpoint:
        yield "write-ahead log: the server has let go of every file that holds it; a server that keeps them for reuse"
        yield "  overwrites them as it goes on (wal_recycle; an embedded one has removed them)"
    else:
        yield "write-ahead log: it lies there until PostgreSQL's next checkpoint but one has been passed"
    yield "backups of the database or its log made before now: the last copy goes when the last of them does"
    if mailed:
        yield "letters: those that were mailed have left the house; none will follow"
    else:
        yield "letters: none is left in the outbox, and none will follow"
