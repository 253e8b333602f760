"""What became of the demo's month, as a table."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from cli.demo.client import Client
from cli.demo.playing import TenantPlay
from shared.domain.tenants import Tenants

_REPORTERS = "reporter"


def print_summary(console: Console, client: Client, tenants: Sequence[str], month: str) -> None:
    """One row per tenant, from its own recap."""
    table = Table(
        "tenant",
        "filed",
        "answered",
        "within standard",
        "returned",
        "lapsed",
        "open",
        "breached by holder",
        title=f"Complaints of {month}",
    )
    for tenant in tenants:
        recap = client.recap(tenant, month)
        breached = recap["breached_by_holder"]
        holders = ", ".join(f"{holder} {count}" for holder, count in sorted(_by_actor(breached).items()))
        table.add_row(
            tenant,
            str(recap["filed"]),
            str(recap["answered"]),
            _share(recap["within_standard"]),
            str(sum(recap["returned"].values())),
            str(recap["lapsed"]),
            str(recap["open"]),
            holders or "none",
        )
    console.print(table)


def coverage_line(players: Mapping[str, TenantPlay], tenants: Tenants) -> str:
    """Whether every officer's action of every SOP was taken."""
    missed = []
    taken = 0
    for tenant, player in players.items():
        for step in tenants.get(tenant).sop.steps:
            for action in step.actions:
                if (action.actor or step.actor) in ("system", _REPORTERS):
                    continue
                if (step.id, action.name) in player.chooser.used:
                    taken += 1
                else:
                    missed.append(f"{tenant}: {action.name} in {step.id}")
    if not missed:
        return f"Every one of the {taken} officers' actions of the SOPs was taken at least once."
    return f"{taken} officers' actions were taken; not taken in this play: {', '.join(missed)}."


def _by_actor(breached: Sequence[Mapping[str, object]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in breached:
        actor = str(each["actor"])
        counts[actor] = counts.get(actor, 0) + int(str(each["count"]))
    return counts


def _share(within: Mapping[str, object]) -> str:
    share = within["share"]
    return "-" if share is None else f"{float(str(share)):.0%}"
