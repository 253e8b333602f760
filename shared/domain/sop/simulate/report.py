"""A simulation's result in plain text, one SOP beside another."""

from collections.abc import Iterator, Sequence

from shared.domain.sop.simulate.result import Result, Spread


def report(results: Sequence[Result]) -> str:
    """The figures of one SOP, or of several on the same complaints."""
    return "\n".join(line.rstrip() for line in _lines(results))


def _lines(results: Sequence[Result]) -> Iterator[str]:
    yield from _row("", [result.tenant for result in results])
    yield from _row("complaints", [f"{result.filed.mean:.0f}" for result in results])
    yield from _row("answered", [_percent(result.answered) for result in results])
    yield from _row("within the standard", [_percent(result.within) for result in results])
    yield from _row("median to the answer", [_hours(result.hours) for result in results])
    yield from _row("lapsed", [_percent(result.lapsed) for result in results])
    yield from _row("handed elsewhere", [_percent(result.elsewhere) for result in results])
    yield from _row("bottleneck", [result.bottleneck or "none" for result in results])
    for result in results:
        yield ""
        yield f"{result.tenant}, {result.runs} playings; mean (5 %..95 %)"
        yield (f"  {'desk':<16}{'visits':>8}{'busiest':>10}{'waiting':>10}{'longest':>10}{'wait':>14}{'late':>8}")
        for desk in result.desks:
            yield (
                f"  {desk.actor:<16}{desk.visits.mean:>8.0f}{desk.busy.mean:>10.0%}{desk.queue.mean:>10.2f}"
                f"{desk.longest.mean:>10.1f}{desk.wait_minutes.mean:>10.1f} min{desk.late.mean:>8.0%}"
            )


def _row(name: str, cells: Sequence[str]) -> Iterator[str]:
    yield f"{name:<22}" + "".join(f"{cell:<28}" for cell in cells)


def _percent(spread: Spread) -> str:
    return f"{spread.mean:.0%} ({spread.low:.0%}..{spread.high:.0%})"


def _hours(spread: Spread) -> str:
    return f"{spread.mean:.1f} h ({spread.low:.1f}..{spread.high:.1f})"
