"""``aduan channel``: whether channels are connected, and a letter to try them."""

from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import click

from channels import dropping, outgoing_rows
from channels.conversing import House
from cli.doors import OPERATOR, ask
from cli.installation import data_option, running
from shared.application.operations import Operation, record
from shared.application.runtime import Runtime
from shared.base.randomness import new_uuid
from shared.base.times import to_iso
from shared.channels.asking import faults_of
from shared.channels.carrier import Maybe, Refused, Words
from shared.channels.installed import Channels, channels_of
from shared.channels.numbers import persons_number
from shared.channels.registry import Channel
from shared.channels.secrets import SecretMissing

_HELLO = "Ini pesan percobaan dari layanan aduan {government}. Tidak perlu dibalas."

_FETCHED = ("zenziva",)
"""Formats of gateways that deliver nothing."""
_MOST_LISTED: Final = 20

tenant_option = click.option("--tenant", required=True, help="The government.")


@click.group()
def command() -> None:
    """Channels: WhatsApp, SMS and the like."""


@command.command()
@tenant_option
@data_option
def check(tenant: str, data: Path | None) -> None:
    """Ask each channel's provider whether all is well. Sends nothing; the status is 1 if something is wrong."""
    with running(data) as runtime:
        channels = Channels(runtime)
        government = runtime.tenants.get(tenant)
        specs = channels.book(tenant).channels
        if not specs:
            click.echo(f"{tenant} has no channels.yaml: the portal and mail are its only ways")
        wrong = False
        for spec in specs:
            channel = channels.find(tenant, spec.id)
            found = faults_of(channel) if channel else []
            wrong = wrong or bool(found)
            click.echo(f"{spec.id} ({spec.kind}): {'; '.join(found) or 'well'}")
            for below in delivered_below(channel) if channel else ():
                click.echo(f"  delivers to {channels.hook(tenant, spec.id)}{below}")
        named = {channel.id for channel in government.sop.channels}
        with runtime.database.autocommit() as cursor:
            given_up = outgoing_rows.given_up(cursor, tenant)
        if given_up:
            click.echo(f"given up: {len(given_up)} (see the log of channels; when mended, `aduan channel again`)")
        for lost in given_up[:_MOST_LISTED]:
            click.echo(f"  {lost.kind} {lost.id} since {to_iso(lost.at)}")
        wrong = wrong or bool(given_up)
        if missing := sorted(named - {spec.id for spec in specs} - {"web", "app"}):
            click.echo(f"named by the SOP and not connected here: {', '.join(missing)}")
    if wrong:
        raise SystemExit(1)


@command.command()
@tenant_option
@data_option
def again(tenant: str, data: Path | None) -> None:
    """Have tried anew what was given up since it broke each time: when that has been mended."""
    with running(data) as runtime:
        runtime.tenants.get(tenant)
        with runtime.database.autocommit() as cursor:
            count = outgoing_rows.take_up_anew(cursor, tenant)
        click.echo(f"{count} to be tried again")


@command.command()
@tenant_option
@click.option("--id", "id_", required=True, type=click.UUID, help="What `check` lists as given up.")
@click.option(
    "--why", required=True, help="Kept for ever, with the id: administrators read it beside what was put aside."
)
@data_option
def drop(tenant: str, id_: UUID, why: str, data: Path | None) -> None:
    """Throw away what was given up and is not to be done any more: who waits for it is told that it did not succeed."""
    if not why.strip():
        raise click.UsageError("say --why: it is kept")
    with running(data) as runtime:
        runtime.tenants.get(tenant)
        with runtime.database.autocommit() as cursor:
            if outgoing_rows.find_given_up(cursor, tenant, id_) is None:
                raise click.ClickException(f"nothing of {tenant} with this id is given up; see `aduan channel check`")
        place = f"channels ({tenant})"
        done = Operation(runtime.clock.now(), str(OPERATOR["user"]), "discard", place, (str(id_),), why.strip())
        record(runtime.database, done)
        if not dropping.drop(House(runtime, channels_of(runtime), partial(ask, runtime)), tenant, id_):
            raise click.ClickException("somebody is being answered by the services at this moment; say it again")
        click.echo("dropped")


@command.command()
@tenant_option
@click.option("--channel", required=True, help="The channel, e.g. whatsapp.")
@click.option("--to", required=True, help="A telephone number, an address, or what the provider calls the person.")
@click.option("--text", help="What is said, in place of the usual sentence.")
@data_option
def say(tenant: str, channel: str, to: str, text: str | None, data: Path | None) -> None:
    """Send one letter by a channel, at once and past the ledger."""
    with running(data) as runtime:
        channels = Channels(runtime)
        found = channels.find(tenant, channel)
        said = text or _HELLO.format(government=runtime.tenants.get(tenant).name)
        if found is not None and found.letters:
            id_ = ask(runtime, "notify", "try_mail", tenant=tenant, to=to, text=said, caller=OPERATOR)
            click.echo(f"taken as {id_}")
            return
        if found is None or found.account is None:
            raise click.ClickException(f"{tenant} has no channel {channel} that can send; see `aduan channel check`")
        words = Words(said)
        _send(runtime, found, to, words)


def _send(runtime: Runtime, channel: Channel, to: str, words: Words) -> None:
    carrier = channel.carriers[channel.account or ""]
    try:
        taken = carrier.send(
            persons_number(to) or to,
            words,
            key=str(new_uuid(runtime.randomness)),
            window_until=runtime.clock.now(),  # whoever tries has the telephone at hand, and has written before
        )
    except SecretMissing as missing:
        raise click.ClickException(str(missing)) from None
    except Refused as refused:
        raise click.ClickException(f"not taken: {refused.code} ({refused.remedy})") from None
    except Maybe:
        raise click.ClickException("nobody knows whether it was taken: the provider did not answer") from None
    click.echo(f"taken as {taken.provider_id or 'a letter without an id'}")


def delivered_below(channel: Channel) -> list[str]:
    """What stands behind a channel's address for each who delivers to it; a gateway's key is its owner's to add."""
    gateways = channel.spec.options.get("gateways") or ()
    if gateways:
        return [f"/{each['id']}?key=..." for each in gateways if each["format"] not in _FETCHED]
    return [""] if channel.incoming is not None and channel.polled is None else []
