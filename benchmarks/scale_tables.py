"""The tables in which :mod:`benchmarks.scale` tells what it measured."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from benchmarks.browsing import READERS
from benchmarks.rounds import table

_WORTH_TELLING: Final = 50
"""Bytes of a complaint in a table or an index."""
_GOAL_ALL: Final = "20,000/s: a million in 15 minutes"
_GOAL_MS: Final = "goal at a million: < 10 ms in the query, < 30 ms by HTTP"


def pages_told(figures: dict[str, Any]) -> str:
    """What each page takes, one request after the other."""
    fill = figures["fill"]
    rows = [
        [name, *(_milliseconds(samples.get(kind)) for kind in ("query", "service", "http"))]
        for name, samples in figures["pages"].items()
    ]
    return table(
        f"Pages at {fill['complaints']:,} complaints, {fill['events']:,} events (p50, p99 in ms)",
        ("", "in the query", "in the service", "by HTTP"),
        rows,
        [f"{figures['asked']} requests each, one after the other; p99 is their slowest. {_GOAL_MS}."],
    )


def browsed_told(figures: dict[str, Any]) -> str:
    """What people look at, under several readers at once."""
    rows = [
        [
            name,
            _milliseconds(each["milliseconds"]),
            f"{each['processor']:.1f}",
            f"{each['bytes'] / 1024:.1f}",
            f"{each['most']}",
        ]
        for name, each in figures["browsed"].items()
    ]
    return table(
        f"Pages that people look at, {READERS} readers at once (p50, p99 in ms; kB compressed)",
        ("", "by HTTP", "processor", "kB", "at most"),
        rows,
        ["Processor: ms that the whole installation spends on a page, database included. Style and scripts apart."],
    )


def rest_told(figures: dict[str, Any], file: Path) -> str:
    """Rebuilds, indexes, the audit, a start."""
    fill, audit, load = figures["fill"], figures["audit"], figures["load"].values()
    rows = [
        [f"rebuild {service}", _rate_told(each), _GOAL_ALL if service == "all" else "40,000/s"]
        for service, each in sorted(figures["rebuild"].items(), key=lambda each: each[0] == "all")
    ]
    rows += [
        [f"index of {name}", f"{fill['events'] / seconds:,.0f} events/s ({seconds:.1f} s)", ""]
        for name, seconds in figures["indexes"].items()
    ]
    rows += [
        ["audit", _rate_told(audit), "220,000/s"],
        [f"start, {figures['overdue']:,} clocks overdue", f"ready after {figures['ready']:.1f} s", ""],
        ["until they have fired", f"{figures['drained']:.1f} s more", ""],
        ["moving the clock", f"{median(figures['moved']):.2f} s", ""],
        ["a complaint takes", f"{figures['bytes'] / fill['complaints']:,.0f} bytes", ""],
        ["copied into the log", f"{fill['events'] / fill['seconds']:,.0f} events/s", ""],
    ]
    return table(
        "The rest", ("", "measured", "goal"), rows, [f"Load {min(load):.1f} to {max(load):.1f}. Every figure: {file}"]
    )


def room_told(figures: dict[str, Any]) -> str:
    """Bytes of each table and index for a complaint."""
    complaints = figures["fill"]["complaints"]
    rows = [
        [f"{each['schema']}.{each['name']}", "index" if each["table"] else "table", f"{share:,.0f}"]
        for each in figures["relations"]
        if (share := each["bytes"] / complaints) >= _WORTH_TELLING
    ]
    return table(
        "Bytes of a complaint",
        ("", "", "bytes"),
        rows,
        [f"{_WORTH_TELLING} bytes at least. The most at any time: {figures['most'] / complaints:,.0f}, log included."],
    )


def _rate_told(each: dict[str, float]) -> str:
    return f"{each['rate']:,.0f} events/s ({each['seconds']:.1f} s; {each['cpu_us']:.0f} µs of processor time each)"


def _milliseconds(samples: Sequence[float] | None) -> str:
    if not samples:
        return ""
    ranks = quantiles(samples, n=100, method="inclusive") if len(samples) > 1 else [samples[0]] * 99
    return f"{median(samples):.1f}, {ranks[98]:.1f}"
