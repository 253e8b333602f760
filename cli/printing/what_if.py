"""What a draft would have changed, in plain text."""

from collections.abc import Iterator, Mapping
from typing import Any


def render_what_if(told: Mapping[str, Any]) -> str:
    """The figures before and after, desk by desk, and what checking the draft finds."""
    return "\n".join(_lines(told))


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    if "broken" in told:
        yield f"{told['tenant']}: the draft cannot be read"
        yield told["broken"]
        return
    yield f"{told['tenant']}, complaints filed since {told['since'][:10]}: {told['complaints']}"
    cases = told["cases"]
    yield f"{'':<44}{'as it was':>14}{'under the draft':>18}"
    before, after = _of(cases["late"], cases["judged"]), _of(cases["late_after"], cases["judged_after"])
    yield _row("cases past their bound", before, after)
    yield _row("median to the answer, working hours", told["median_hours"], told["median_hours_after"])
    yield ""
    yield f"{'late, of visits':<44}{'as it was':>14}{'under the draft':>18}"
    for row in told["desks"]:
        name = row["title"] + (f", {row['agency_name']}" if row["agency_name"] else "")
        yield _row(name, _of(row["late"], row["visits"]), _of(row["late_after"], row["visits_after"]))
    if told["assumed"]:
        yield ""
        yield "without a history, taken as usual: " + _steps(told["assumed"])
    if told["left_out"]:
        yield "of the history, left out: " + _steps(told["left_out"])
    yield ""
    counts = [each["severity"] for each in told["findings"]]
    yield "check: " + (", ".join(f"{counts.count(name)} {name}" for name in dict.fromkeys(counts)) or "nothing found")
    for each in told["findings"]:
        if each["severity"] != "info":
            yield f"  {each['file']}:{each['line']}: {each['severity']}: {each['message']} [{each['code']}]"


def _row(name: str, before: object, after: object) -> str:
    shown = ["-" if value is None else str(value) for value in (before, after)]
    return f"{name[:43]:<44}{shown[0]:>14}{shown[1]:>18}"


def _of(late: int, judged: int) -> str | None:
    return f"{late} of {judged}" if judged else None


def _steps(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{step} ({count})" for step, count in counts.items())
