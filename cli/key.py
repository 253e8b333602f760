"""``aduan key``: the master key, and how it is changed."""

from contextlib import closing
from pathlib import Path

import click

from cli.erasing import erase_wholly
from cli.installation import data_option, require_there, running, settings_for
from cli.key_copies import destroyed, erased, read_copy, write_copy
from cli.outputs import require_replaceable
from shared.application.folder import held
from shared.domain.dossier.events import ERASURE_REASONS, ErasureReason
from shared.platform.database.pool import Database
from shared.platform.secret import forget_former_secrets, replace_embedded_secret
from shared.platform.settings import SettingsError
from shared.store.vault.sweeping import Swept, sweep


@click.group()
def command() -> None:
    """The master key, which wraps the key of every dossier."""


@command.command()
@click.option("--batch", type=click.IntRange(1, 100_000), default=500, show_default=True, help="Keys per transaction.")
@data_option
def rotate(batch: int, data: Path | None) -> None:
    """Wrap the key of every dossier anew, so that the former master key opens nothing any more.

    An embedded installation gets a new master key by this; it must not be running. Elsewhere the new one is in
    ADUAN_MASTER_KEY and the former in ADUAN_FORMER_MASTER_KEYS, in every process, and the services may go on.

    May be stopped and run again at any time. Tokens that were issued under the former key end.
    """
    settings = settings_for(data)
    if settings.given_master_key:
        if not settings.former_master_keys:
            raise SettingsError(["ADUAN_FORMER_MASTER_KEYS is not set; name the master key that is to be replaced"])
        count, swept = _rewrap(data, batch)
    else:
        require_there(settings.data_dir)
        with held(settings.data_dir):
            settings.master_key, settings.former_master_keys  # noqa: B018 - lost or damaged ones are told
            replace_embedded_secret(settings.data_dir)
            count, swept = _rewrap(data, batch)
            forget_former_secrets(settings.data_dir)
    click.echo(f"{count} keys are wrapped by the new master key; the former one opens none of them")
    if not swept.pages:
        click.echo("former wraps lie on the table's pages: have its owner run VACUUM (FULL) vault.keys")
    if not swept.checkpoint:
        click.echo("former wraps lie in the write-ahead log until PostgreSQL's next checkpoint but one")
    click.echo("backups, and archives of the write-ahead log, hold former wraps: keep the former key away from them")


@command.command()
@click.argument("to", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def copy(to: Path, data: Path | None) -> None:
    """Write the dossiers' keys, wrapped as they lie in the vault, to the file TO, in place of an older copy.

    Keep it apart from the backups of the database, and no longer than erased persons may be found. See docs/backup.md.
    """
    require_replaceable(to)
    with running(data) as runtime:
        count = write_copy(runtime, to)
    click.echo(f"{count} keys lie in {to}; without the master key they open nothing")


@command.command()
@click.argument("copied", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, type=click.Choice(ERASURE_REASONS), help="Kept in the log.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def gone(copied: Path, reason: ErasureReason, yes: bool, data: Path | None) -> None:
    """After a restore to an earlier instant: erase again whatever had been erased when COPIED was made.

    COPIED is the last file that `aduan key copy` has made. A key that lies here, is older than the copy and is not
    in it was destroyed. It may be stopped and run again.
    """
    with running(data) as runtime:
        known = read_copy(copied)
        for tenant, ticket in erased(runtime):
            # Whichever run erased it may have been killed before its files and letters were gone.
            erase_wholly(runtime, tenant, ticket, reason)
        found = destroyed(runtime, known)
        if found and not yes:
            click.echo("\n".join(f"{ticket} of {tenant}" for tenant, ticket in found))
            click.confirm(f"Nobody will ever read these {len(found)} again. Go on?", abort=True)
        for tenant, ticket in found:
            erase_wholly(runtime, tenant, ticket, reason)
            click.echo(f"{ticket} of {tenant} is erased again")
        with closing(Database(runtime.settings.database_url, pool_size=1)) as owner:
            sweep(owner)  # also where nothing is left to be erased: a run before may have been stopped before this
    click.echo(f"{len(found)} were erased again")


def _rewrap(data: Path | None, batch: int) -> tuple[int, Swept]:
    with running(data, owner=True) as runtime:
        return runtime.vault.rewrap(batch), sweep(runtime.database)
