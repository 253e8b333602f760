"""``aduan bounced MESSAGE-ID``: a letter came back."""

from pathlib import Path

import click

from cli.doors import OPERATOR, ask
from cli.installation import data_option, running

REASONS = ("bounced", "mailbox_refused", "mailbox_full", "no_such_domain")


@click.command()
@click.argument("message_id")
@click.option("--reason", type=click.Choice(REASONS), default="bounced", show_default=True, help="Kept in the log.")
@data_option
def command(message_id: str, reason: str, data: Path | None) -> None:
    """Note that the letter of MESSAGE_ID, as its report quotes it, came back.

    If it was to a reporter, what it said does not count as told any more: the coordinator is to reach them, and no time
    runs out against them until somebody has.
    """
    with running(data) as runtime:
        found = ask(runtime, "notify", "bounced", message_id=message_id, reason=reason, caller=OPERATOR)
    click.echo(f"noted: the letter to {found['recipient']} came back")
