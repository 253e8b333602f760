"""``aduan sop show``: an SOP as a table of plain text, as wide as a terminal."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.totals import sum_of_steps
from shared.domain.sop.vocabulary import ANY_COMPLAINT_FIELD, END, SAME

WIDTH: Final = 120
_HEADINGS: Final = ("No", "Step", "Actor", "Activity", "Within", "Actions")
_SHARES: Final = (4, 17, 21, 25, 11, 30)


def table(sop: Sop, width: int = WIDTH) -> str:
    """The whole of an SOP in plain text.

    :param width: the longest line, in characters; at least 80.
    """
    return "\n".join(line.rstrip() for line in _lines(sop, max(width, 80)))


def action_line(action: Action) -> str:
    """An action in a few words, e.g. ``return (reason) → check [wrong_agency]``."""
    optional = ("any field" if name == ANY_COMPLAINT_FIELD else f"{name}?" for name in action.optional)
    needs = [*action.needs, *optional]
    fields = f" ({', '.join(needs)})" if needs else ""
    mark = action.why or action.kind
    who = f"{action.actor}: " if action.actor else ""
    return f"{who}{action.name}{fields}{leads(action.to)}{f' [{mark}]' if mark else ''}{added(action)}"


def added(part: Action | Step) -> str:
    """The mark of what the document itself does not state; nothing for what it does."""
    if part.source is None:
        return ""
    return f" [+ {part.source}]" if part.confirmed else f" [+ {part.source}, unconfirmed]"


def leads(to: str) -> str:
    """Where an action leads, as an arrow; nothing for one that stays."""
    return "" if to == SAME else f" → {to}"


def within(step: Step) -> str:
    """A step's time standard in words."""
    if step.within is not None:
        return str(step.within)
    return f"with {step.shares}" if step.shares else ""


def _lines(sop: Sop, width: int) -> Iterator[str]:
    yield f"{sop.title}"
    yield f"{sop.tenant} · version {sop.version}" + (f" · {sop.number}" if sop.number else "") + f" · {sop.timezone}"
    yield ""
    yield from _facts(sop, width)
    yield ""
    columns = [max(share * width // sum(_SHARES) - 2, 3) for share in _SHARES]
    yield from _row(_HEADINGS, columns)
    yield from _row(["-" * column for column in columns], columns)
    for step in sop.steps:
        yield from _row(_cells(sop, step), columns)
    if sop.anytime:
        actions = "\n".join(action_line(action) for action in sop.anytime)
        yield from _row(("", "(any time)", "", "", "", actions), columns)
    if sop.after_end:
        actions = "\n".join(action_line(action) for action in sop.after_end)
        yield from _row(("", "(after the end)", "", "", "", actions), columns)
    yield ""
    yield from _words(sop, width)
    yield from _section("Known gaps of the source", [_gap(sop, index) for index in range(len(sop.known_gaps))], width)


def _words(sop: Sop, width: int) -> Iterator[str]:
    """What the document itself says, beside its table."""
    for title, entries in (
        ("Legal basis", sop.legal_basis),
        ("Qualifications", sop.qualifications),
        ("Related", sop.related),
        ("Equipment", sop.equipment),
        ("Warnings", sop.warnings),
        ("Records", sop.records),
        ("In the document's own words", [line for step in sop.steps for line in _quoted(step)]),
        ("Switched off", sop.without),
    ):
        yield from _section(title, entries, width)


def _quoted(step: Step) -> Iterator[str]:
    said = {"": step.quote, "requires": step.requirements, "yields": step.output, "notes": step.notes}
    for name, text in said.items():
        if text is not None:
            yield f"{step.id}{f' {name}' if name else ''}: {text}"


def _facts(sop: Sop, width: int) -> Iterator[str]:
    allotted = sum_of_steps(sop)
    case = f"{sop.case.within} from {sop.case.starts} to {sop.case.ends}" if sop.case else "none"
    addresses = {channel.id: f" ({channel.address})" if channel.address else "" for channel in sop.channels}
    facts = {
        "Made": sop.made or "not said",
        "Revised": sop.revised or "not said",
        "In force": sop.effective or "not said",
        "Approved by": sop.approved_by or "not said",
        "Channels": ", ".join(f"{channel}{address}" for channel, address in addresses.items()),
        "A complaint needs": ", ".join(sop.requires),
        "Begins in": sop.start,
        "Steps make up": f"{allotted or 'no exact sum'}; stated total {sop.stated_total or 'none'}",
        "Whole case": case,
    }
    for name, value in facts.items():
        yield from textwrap.wrap(f"{name:<18} {value}", width, subsequent_indent=" " * 19)


def _cells(sop: Sop, step: Step) -> Sequence[str]:
    lines = [f"file{leads(sop.start)}"] if step.id == sop.filed_in else []
    lines += [action_line(action) for action in step.actions]
    if step.timeout is not None:
        mark = "" if step.timeout.confirmed else ", unconfirmed"
        lines.append(f"after {step.timeout.after}: {step.timeout.event}{leads(step.timeout.to)}{mark}")
    return (
        step.printed or "",
        step.id + (f" (automatic: {step.automatic})" if step.automatic else ""),
        sop.actor(step.actor).title,
        step.activity + added(step),
        within(step),
        "\n".join(lines),
    )


def _row(cells: Sequence[str], columns: Sequence[int]) -> Iterator[str]:
    wrapped = [
        [part for line in cell.split("\n") for part in (textwrap.wrap(line, column, subsequent_indent=" ") or [""])]
        for cell, column in zip(cells, columns, strict=True)
    ]
    for index in range(max(len(cell) for cell in wrapped)):
        parts = (cell[index] if index < len(cell) else "" for cell in wrapped)
        yield "  ".join(part.ljust(column) for part, column in zip(parts, columns, strict=True))


def _gap(sop: Sop, index: int) -> str:
    gap = sop.known_gaps[index]
    return f"{gap.where}: {gap.source} Read as: {gap.reading}" + (" (confirmed)" if gap.confirmed else "")


def _section(title: str, entries: Sequence[str], width: int) -> Iterator[str]:
    if not entries:
        return
    yield title
    for entry in entries:
        yield from textwrap.wrap(entry, width, initial_indent="  - ", subsequent_indent="    ")


def ends(sop: Sop) -> bool:
    """Whether any step of an SOP leads to an end, so that a drawing needs one."""
    targets = [action.to for step in sop.steps for action in step.actions]
    targets += [step.timeout.to for step in sop.steps if step.timeout]
    return END in targets
