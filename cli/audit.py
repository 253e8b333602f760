"""``aduan audit verify``: check that nobody has changed the log, or exchanged the keys of what is sealed in it."""

import re
from pathlib import Path
from typing import Final

import click

from cli.auditing import auditors_for
from cli.installation import data_option, running
from shared.store.eventstore.audit import verify
from shared.store.eventstore.audit_report import Checkpoint
from shared.store.vault.auditing import verify_keys

_ERASED: Final = "Erased"
_MOST_FAULTS: Final = 100
_REMEDY: Final = (
    "What to do: change nothing, keep a copy of this database as it is, and compare the rows named with a backup "
    '(docs/security.md, "When the log was changed")'
)
_WRITTEN: Final = re.compile(r"(?:digest:\s*)?([0-9]{1,19}):([0-9a-fA-F]{64})")


class _Digest(click.ParamType):
    name = "digest"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Checkpoint:
        found = _WRITTEN.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{value} is no digest as an audit prints it, POSITION:64 hexadecimal digits", param, ctx)
        return Checkpoint(int(found[1]), found[2].lower())


@click.group()
def command() -> None:
    """Check the log."""


@command.command(name="verify")
@click.option("--since", type=_Digest(), help="What an earlier audit printed as its digest.")
@data_option
def verify_log(since: Checkpoint | None, data: Path | None) -> None:
    """Recompute every dossier's chain of hashes, and open every dossier's key. Ends with status 1 if anything was
    changed, removed, reordered or exchanged.

    What a whole rewritten log hides from this, `aduan checkpoint verify` finds.
    """
    with running(data) as runtime:
        report = verify(runtime.database, since, crew=auditors_for(runtime.database))
        keys, faults = verify_keys(runtime.database, runtime.vault, _ERASED)
    click.echo(str(report))
    for fault in faults[:_MOST_FAULTS]:
        click.echo(str(fault))
    click.echo(f"{keys} keys: {f'NOT AS THEY WERE, {len(faults)} faults' if faults else 'each opens, and is wanted'}")
    if not report.intact or faults:
        click.echo(_REMEDY)
        raise SystemExit(1)
