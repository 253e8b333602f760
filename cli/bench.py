"""``aduan bench``: measure this machine, as ratios against baselines of the same run."""

import sys
from importlib import import_module

import click

from shared.platform.settings import PROJECT

BENCHMARKS = ("appends", "throughput", "filings", "latency", "officers", "clocks", "hooks")
SCALE = "scale"
"""Run when it is named: it fills a disk."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice((*BENCHMARKS, SCALE)))
@click.option("--complaints", type=click.IntRange(min=1_000), help="For scale.")
@click.option("--quick", is_flag=True, help="Shorter runs, coarser figures.")
def command(names: tuple[str, ...], quick: bool, complaints: int | None) -> None:
    """Run the benchmarks NAMES, or all but scale. Traffic stays on this machine, and every run ends by itself."""
    if str(PROJECT) not in sys.path:
        sys.path.append(str(PROJECT))  # benchmarks are part of the source, not of what is installed
    for name in names or BENCHMARKS:
        more = {"complaints": complaints} if name == SCALE else {}
        click.echo(import_module(f"benchmarks.{name}").report(quick=quick, **more))
