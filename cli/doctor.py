"""``aduan doctor``: whether an installation is well, from its keys to its lag, and what to do where it is not."""

import json
from pathlib import Path

import click

from cli.doctoring.examining import examine
from cli.doctoring.line import FAIL, OK, PARTS, WARN, Diagnosis, Measures
from cli.installation import data_option


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines.")
@click.option("--providers", is_flag=True, help="Ask the providers of channels too, as aduan channel check does.")
@click.option(
    "--only",
    type=click.Choice(PARTS),
    multiple=True,
    help="Look at this part only; may be given several times. All of them if not given.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0, 86_400),
    default=10.0,
    show_default=True,
    help="Warn when an event, a clock or a letter has waited for more seconds; thirty times that is a fault.",
)
@click.option(
    "--least-free",
    type=click.FloatRange(0, 100),
    default=15.0,
    show_default=True,
    help="Warn when less than so many per cent of a disk are free; below a third of that it is a fault.",
)
def command(
    data: Path | None, as_json: bool, providers: bool, only: tuple[str, ...], patience: float, least_free: float
) -> None:
    """Look at an installation, running or stopped, and say of each part ok, warn or fail and what to do.

    Changes nothing. Ends with status 1 if something fails; what only deserves a look does not change the status.
    """
    tell = _silent if as_json else _say
    lines = examine(data, Measures(patience, least_free / 100, providers, only or PARTS), tell)
    counts = {state: sum(each.state == state for each in lines) for state in (OK, WARN, FAIL)}
    if as_json:
        told = {"ok": not counts[FAIL], "counts": counts, "lines": [each.to_dict() for each in lines]}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo(", ".join(f"{count} {state}" for state, count in counts.items()))
    if counts[FAIL]:
        failing = "; ".join(f"{each.check} ({each.said})" for each in lines if each.state == FAIL)
        click.echo(f"aduan: not well: {failing}", err=True)
        raise SystemExit(1)


def _say(line: Diagnosis) -> None:
    click.echo(str(line))


def _silent(_line: Diagnosis) -> None:
    """JSON is printed as a whole."""
