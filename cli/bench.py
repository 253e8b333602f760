"""``aduan bench``: measure this machine, as ratios against baselines of the same run."""

import sys
from importlib import import_module
from typing import Any

import click

from shared.platform.settings import PROJECT

BENCHMARKS = ("appends", "throughput", "filings", "latency", "officers", "clocks", "hooks")
SCALE = "scale"
"""Run when it is named: it fills a disk."""
NATION = "nation"
"""Run when it is named: it tells of many, and takes minutes."""
SOAK = "soak"
"""Run when it is named: it takes its time."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice((*BENCHMARKS, SCALE, SOAK, NATION)))
@click.option("--complaints", type=click.IntRange(min=1_000), help="For scale.")
@click.option("--minutes", type=click.FloatRange(min=0.5, max=1440), help="For soak: how long; 20 if not given.")
@click.option("--hours", type=click.FloatRange(min=0.02, max=8760), help="For nation: of its time; half of one.")
@click.option("--per-second", type=click.FloatRange(min=0.1), help="For soak: complaints; half of the full load.")
@click.option("--quick", is_flag=True, help="Shorter runs, coarser figures.")
def command(
    names: tuple[str, ...],
    quick: bool,
    complaints: int | None,
    minutes: float | None,
    hours: float | None,
    per_second: float | None,
) -> None:
    """Run the benchmarks NAMES, or all but scale, soak and nation.

    Traffic stays on this machine, and every run ends by itself.
    """
    if str(PROJECT) not in sys.path:
        sys.path.append(str(PROJECT))  # benchmarks are part of the source, not of what is installed
    for name in names or BENCHMARKS:
        own: dict[str, dict[str, Any]] = {
            SCALE: {"complaints": complaints},
            SOAK: {"minutes": minutes, "per_second": per_second},
            NATION: {"hours": hours},
        }
        more = own.get(name, {})
        click.echo(import_module(f"benchmarks.{name}").report(quick=quick, **more))
