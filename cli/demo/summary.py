"""What became of the demo's month, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.demo.client import Client
from cli.demo.counting import Figures
from cli.demo.coverage import Coverage


def print_summary(console: Console, figures: Sequence[Figures], month: str) -> None:
    """What became of every government's complaints, and which ways they took."""
    outcome = Table(
        *("tenant", "filed", "answered", "reached", "not reached", "to be contacted"),
        *("rejected", "merged groups", "transferred", "withdrawn", "lapsed", "late"),
        title=f"Complaints of {month}",
    )
    for each in figures:
        ways = ", ".join(f"{way} {number}" for way, number in sorted(each.reached.items()))
        outcome.add_row(
            each.tenant,
            *_told(each.filed, each.answered),
            f"{sum(each.reached.values())}: {ways}" if ways else "0",
            *_told(each.not_reached, each.to_contact, each.events["Rejected"], each.groups),
            *_told(each.events["Transferred"], each.events["Withdrawn"], each.events["Lapsed"], each.late),
        )
    console.print(outcome)
    console.print(_paths(figures))
    untrue = [line for each in figures for line in each.untrue]
    console.print(
        "Nothing counts as delivered that was not." if not untrue else f"[red]Counted though untold:[/red] {untrue}"
    )


_PATHS = {
    "wrongly sent, returned": "returned_wrong_agency",
    "recalled": "Recalled",
    "taken up again": "Reinstated",
    "returned incomplete": "returned_incomplete",
    "completed by telephone": "completed_by_telephone",
    "incomplete, with a reason": "despite",
    "another agency helped": "HelpGiven",
    "leave given": "LeaveGranted",
    "replies": "Replied",
    "replies answered": "answered_balasan",
    "reopened": "Reopened",
    "photos": "photos",
    "documents": "documents",
}


def _paths(figures: Sequence[Figures]) -> Table:
    table = Table("", *(each.tenant for each in figures), title="Ways that complaints took")
    for title, name in _PATHS.items():
        table.add_row(title, *_told(*(each.events[name] for each in figures)))
    return table


def print_drawn(console: Console, client: Client, tenants: Sequence[str], month: str) -> None:
    """The recaps that the system drew up by itself when the month was over, as they were then."""
    table = Table(
        *("tenant", "drawn up", "filed", "answered", "open", "within standard", "returned", "breached by holder"),
        title=f"Recap of {month}, drawn up by itself on the first working day after it",
    )
    for tenant in tenants:
        recap = client.drawn_recap(tenant, month)
        if recap is None:
            table.add_row(tenant, "its SOP asks for none", *[""] * 6)
            continue
        holders = ", ".join(f"{holder} {number}" for holder, number in _by_actor(recap["breached_by_holder"]).items())
        table.add_row(
            tenant,
            recap["drawn_at"][:16].replace("T", " "),
            *_told(recap["filed"], recap["answered"], recap["open"]),
            _share(recap["within_standard"]),
            str(sum(recap["returned"].values())),
            holders or "none",
        )
    console.print(table)


def coverage_line(coverages: Mapping[str, Coverage]) -> str:
    """Whether every officer's action of every SOP was taken."""
    taken = sum(each.taken for each in coverages.values())
    missed = [f"{tenant}: {line}" for tenant, each in coverages.items() for line in each.missed()]
    if not missed:
        return f"Every one of the {taken} officers' actions of the SOPs was taken at least once."
    return f"{taken} officers' actions were taken; not taken in this play: {'; '.join(missed)}."


def _by_actor(breached: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in breached:
        actor = str(each["actor"])
        counts[actor] = counts.get(actor, 0) + int(each["count"])
    return dict(sorted(counts.items()))


def _share(within: Mapping[str, Any]) -> str:
    share = within["share"]
    return "-" if share is None else f"{float(share):.0%}"


def _told(*numbers: int) -> list[str]:
    return [str(number) for number in numbers]
