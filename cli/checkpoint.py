"""``aduan checkpoint``: sign the log, carry the signatures away, and hold the log against them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cli.failures import sentence
from cli.installation import data_option, running, settings_for
from cli.outputs import naming, write_new_secret
from shared.platform.secret import new_secret
from shared.platform.settings import Settings, SettingsError
from shared.store.eventstore.checkpoints.errors import LogChanged
from shared.store.eventstore.checkpoints.keeping import copy_to, documents
from shared.store.eventstore.checkpoints.making import make_checkpoint
from shared.store.eventstore.checkpoints.rows import export_hashes, rows_of_export, rows_of_log
from shared.store.eventstore.checkpoints.signed import public_key, public_text, signing_key
from shared.store.eventstore.checkpoints.verifying import CheckpointFault, CheckpointReport, hold, hold_kept, read_all

_REMEDY = (
    "What to do: change nothing, stop the services, keep a copy of this database as it is, and hold backups against "
    'the same checkpoints to find the last that is whole (docs/security.md, "When the log was changed").'
)
_FILE = click.Path(dir_okay=False, path_type=Path)
_READ = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Signed checkpoints of the log, by which an outsider finds that it was rewritten, cut or put back."""


@command.command()
@click.option("--output", type=_FILE, help="A new file for the private key; else it is printed.")
@click.option("--public", "only_public", is_flag=True, help="Print the public key of ADUAN_CHECKPOINT_KEY instead.")
def key(output: Path | None, only_public: bool) -> None:
    """Make the key that signs. Give the private one to the services by ADUAN_CHECKPOINT_KEY_FILE, and nobody else; hand
    the public one to whoever is to verify.
    """
    if only_public:
        click.echo(public_text(signing_key(_given_key(settings_for(None))).public_key()))
        return
    made = new_secret()
    if output is None:
        click.echo(made)
    else:
        write_new_secret(output, f"{made}\n".encode("ascii"))
    click.echo(f"public key: {public_text(signing_key(made).public_key())}", err=output is None)


@command.command()
@click.option("--former", multiple=True, metavar="KEY", help="Go on after a change of keys: the public key before.")
@click.option("--append", type=_FILE, help="Add what it lacks of all checkpoints to this file.")
@data_option
def make(former: Sequence[str], append: Path | None, data: Path | None) -> None:
    """Sign what has been appended since the last checkpoint. Ends with status 1 if the log is not what was signed."""
    keys = _keys(former)
    with running(data) as runtime, _told():
        own = signing_key(_given_key(runtime.settings))
        while made := make_checkpoint(runtime.database, own, runtime.clock.now(), former=keys):
            keys = ()
            click.echo(f"checkpoint {made.number}: {made.size} events up to position {made.position}, root {made.root}")
        file = append or runtime.settings.checkpoint_copy
        if file:
            with runtime.database.autocommit() as cursor:
                click.echo(f"{copy_to(cursor, Path(file))} added to {file}")


@command.command(name="list")
@data_option
def list_all(data: Path | None) -> None:
    """Print all checkpoints, one a line, to be carried away."""
    with running(data) as runtime, runtime.database.autocommit() as cursor:
        for line in documents(cursor):
            click.echo(line)


@command.command()
@click.option("--output", type=_FILE, required=True, help="The file; packed if its name ends with .gz.")
@data_option
def export(output: Path, data: Path | None) -> None:
    """Write the hashes of all events into a file: what an outsider needs to verify, and nothing about anybody."""
    with running(data) as runtime, naming(output):
        click.echo(f"{export_hashes(runtime.database, output)} events in {output}")


@command.command()
@click.option("--public-key", "public", multiple=True, required=True, help="Whose signatures are believed, or a file.")
@click.option("--checkpoints", type=_READ, help="The file that was carried away; else the database's own are taken.")
@click.option("--log", "export_file", type=_READ, help="An export of the log's hashes, instead of a database.")
@data_option
def verify(public: Sequence[str], checkpoints: Path | None, export_file: Path | None, data: Path | None) -> None:
    """Hold the log against its checkpoints. Ends with status 1 if anything is not as it was signed.

    With --log and --checkpoints neither a database nor a configuration is needed.
    """
    keys = _keys(public)
    if export_file is not None:
        if checkpoints is None:
            raise click.UsageError("--log needs --checkpoints: an export holds none")
        good, faults = read_all(_lines(checkpoints), keys)
        try:
            report = hold(rows_of_export(export_file), good)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        _tell(report, faults)
        return
    # Before the database is: one that is made meanwhile is then in the database, and lacks nowhere.
    carried = _lines(checkpoints) if checkpoints else None
    with running(data) as runtime:
        with runtime.database.autocommit() as cursor:
            kept = documents(cursor)
        good, faults = read_all(kept if carried is None else carried, keys)
        if checkpoints is None:
            click.echo("held against the database's own checkpoints: who rewrites the log can take them away with it")
        else:
            faults += hold_kept(kept, good)
        _tell(hold(rows_of_log(runtime.database), good), faults)


def _tell(report: CheckpointReport, faults: Sequence[CheckpointFault]) -> None:
    """Print what came of it, and end with its status."""
    for fault in (*faults, *report.faults):
        click.echo(f"{fault.what}: {fault.says}")
    count = len(faults) + report.faults_found
    if report.faults_found > len(report.faults):
        click.echo(f"and {report.faults_found - len(report.faults)} more")
    if not report.checkpoints:
        click.echo(
            "NOT VERIFIED: there is no checkpoint by the given key to hold the log against. `aduan checkpoint "
            "make` makes one; see that --public-key is the one that `aduan checkpoint key --public` prints"
        )
        raise SystemExit(1)
    told = f"{report.events} events held against {report.checkpoints} checkpoints up to position {report.position}"
    beyond = f"; {report.beyond} came after, and wait for the next" if report.beyond else ""
    if count:
        click.echo(f"NOT AS IT WAS SIGNED, {count} faults: {told}{beyond}\n{_REMEDY}")
        raise SystemExit(1)
    click.echo(f"as it was signed: {told}{beyond}")


@contextmanager
def _told() -> Iterator[None]:
    """A log that was changed is what this command is for: it ends with status 1, as the others that find it."""
    try:
        yield
    except LogChanged as error:
        click.echo(f"{sentence(error)}\n{_REMEDY}")
        raise SystemExit(1) from error


def _given_key(settings: Settings) -> str:
    if not settings.checkpoint_key:
        raise SettingsError(["ADUAN_CHECKPOINT_KEY is not set; `aduan checkpoint key` makes a key"])
    return settings.checkpoint_key


def _keys(given: Sequence[str]) -> tuple[Ed25519PublicKey, ...]:
    try:
        return tuple(public_key(Path(each).read_text(encoding="ascii") if _is_file(each) else each) for each in given)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except (OSError, ValueError):
        return False


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines()
