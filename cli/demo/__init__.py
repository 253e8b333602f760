"""``aduan demo``: a month of complaints in every tenant, on a simulated clock; then the installation stays up."""

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.demo.cast import Cast
from cli.demo.client import Client
from cli.demo.counting import count
from cli.demo.doors import open_doors
from cli.demo.playing import TenantPlay
from cli.demo.stage import Stage
from cli.demo.summary import coverage_line, print_drawn, print_summary
from cli.demo.telephones import FOLDER, Telephones, telephones
from cli.installation import settings_for
from cli.lifetime import Life
from cli.up import installation
from shared.application.identity.shown_doors import being_played
from shared.base.times import from_iso
from shared.domain.all_tenants import Tenants
from shared.platform.listening import kept
from shared.platform.logging import configure_logging
from shared.platform.settings import Settings

START = "2026-10-01T07:00:00+07:00"
MONTH = timedelta(days=31)
AFTER = timedelta(days=75)
"""How long the slowest procedures are watched after the month: some take two months by their own standard."""


@click.command()
@click.option("--exit", "leave", is_flag=True, help="Stop after the summary instead of serving.")
@click.option("--complaints", default=48, show_default=True, type=click.IntRange(1, 5000), help="Per tenant.")
@click.option("--seed", default="aduan", show_default=True, help="Another seed tells another month.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the portal; 8000 if nothing is set, 0 for any.")
@click.option("--figures", type=click.Path(dir_okay=False, path_type=Path), help="Write the summary there as JSON.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Keep the demo's data here.")
def command(leave: bool, complaints: int, seed: str, port: int | None, figures: Path | None, data: Path | None) -> None:
    """Play a month of complaints through every tenant's SOP, print what became of them, then serve."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    with _directory(data) as directory:
        settings = settings_for(directory)
        usual = 0 if leave else settings.portal_port  # nobody visits what ends by itself
        settings = replace(settings, portal_port=usual if port is None else port)
        configure_logging(replace(settings, log_level="WARNING"), "demo")
        started = time.monotonic()
        with (
            # Before the providers lay anything down: who is refused leaves nothing behind.
            kept(settings.listen_host, settings.portal_port, "ADUAN_PORTAL_PORT") as number,
            Life() as life,
            telephones(replace(settings, portal_port=number), directory / "outbox") as (settings, people),
            installation(settings, life, from_iso(START), telephones=people, durable=data is not None) as address,
        ):
            people.connect(address)
            console.print(f"[bold]Aduan[/bold] is up at {address} after {time.monotonic() - started:.1f} s")
            client = Client(address, settings.token_key)
            with life.heeding(), being_played(directory):
                players = _play(client, settings, complaints, seed, people, console)
                _tell(console, client, players, figures)
                written = people.lay_down()
            console.print(
                f"{written} people wrote by WhatsApp, SMS or e-mail on this machine; {directory}/outbox/{FOLDER} "
                "holds what each of them wrote and received."
            )
            console.print(f"Played in {time.monotonic() - started:.0f} s.")
            if not leave:
                _invite(console, address, directory, next(iter(players)))
                life.wait()


def _play(
    client: Client, settings: Settings, complaints: int, seed: str, people: Telephones, console: Console
) -> dict[str, TenantPlay]:
    start = from_iso(START)
    stage = Stage(client, start, start + MONTH + AFTER, people.report)
    players: dict[str, TenantPlay] = {}
    for tenant in Tenants(settings.tenants_dir).all():
        own = f"{seed}:{tenant.id}"
        cast = Cast(settings.tenants_dir, tenant.id, random.Random(own))
        players[tenant.id] = TenantPlay(stage, tenant, cast, own, people)
        players[tenant.id].plan(complaints, MONTH, AFTER)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[filed]} filed"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=2) as progress:
        bar = progress.add_task("October 2026", total=1.0, filed=0)
        for instant in stage.run():
            progress.update(
                bar,
                completed=min(1.0, (instant - start) / (MONTH + AFTER)),
                description=_local(instant),
                filed=sum(player.filed for player in players.values()),
            )
        progress.update(bar, completed=1.0)
    console.print(f"{stage.visits} visits; the clock was moved {stage.moves} times.")
    return players


def _tell(console: Console, client: Client, players: Mapping[str, TenantPlay], file: Path | None) -> None:
    """What became of it all; as JSON too, if a file is named."""
    month = START[:7]
    figures = [count(client, player) for player in players.values()]
    print_summary(console, figures, month)
    print_drawn(console, client, list(players), month)
    coverages = {tenant: player.coverage for tenant, player in players.items()}
    console.print(coverage_line(coverages))
    if file is not None:
        told = {
            "figures": {each.tenant: each.as_dict() for each in figures},
            "not_taken": {tenant: coverage.missed() for tenant, coverage in coverages.items()},
            "drawn": {tenant: client.drawn_recap(tenant, month) for tenant in players},
        }
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _local(instant: datetime) -> str:
    return instant.astimezone(datetime.fromisoformat(START).tzinfo).strftime("%a %d %b %H:%M")


@contextmanager
def _directory(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="aduan-demo-") as directory:
        yield Path(directory)


def _invite(console: Console, address: str, directory: Path, tenant: str) -> None:
    password, doors = open_doors(directory)
    table = Table("log in at", "account", "role", "office", box=None, pad_edge=False)
    for door in doors:
        table.add_row(f"{address}/{door.tenant}/masuk", door.username, door.role, door.office)
    console.print(
        f"\nThe month stays to be looked at, in a browser:\n"
        f"  {address}/   the first page: citizens' pages, log-ins, the clock, telephones\n"
        f"  officers log in with the password [bold]{password}[/bold]:\n"
    )
    console.print(table)
    console.print(
        f"\n  {address}/api/v1/openapi.json   the HTTP API\n"
        f"  aduan token --data {directory} --admin   a token that may read everything\n"
        f"  aduan recap --data {directory} --tenant {tenant} --month {START[:7]}\n"
        f"  {directory}/outbox   the messages that were sent\n"
        "Ctrl-C stops it."
    )
