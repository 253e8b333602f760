"""An SOP's flow in Mermaid's language, for pages that draw it themselves."""

from collections.abc import Iterator

from shared.domain.sop.drawing.show import ends, within
from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.vocabulary import END, SAME

_SHAPES = {"system": ("[[", "]]"), "public": ("([", "])"), "tenant": ("[", "]"), "agency": ("(", ")")}


def mermaid(sop: Sop) -> str:
    """The flow chart: one box for each step, dotted arrows for returns and time-outs."""
    return "\n".join(_lines(sop)) + "\n"


def _lines(sop: Sop) -> Iterator[str]:
    yield "flowchart TD"
    for step in sop.steps:
        yield f"    {_node(sop, step)}"
    if ends(sop):
        yield f"    {_id(END)}((({END})))"
    if sop.filed_in is not None:
        yield f'    {_id(sop.filed_in)} -- "file" --> {_id(sop.start)}'
    for step in sop.steps:
        for action in step.actions:
            if action.to != SAME:
                yield f"    {_id(step.id)} {_arrow(action)} {_id(action.to)}"
        if step.timeout is not None:
            yield f'    {_id(step.id)} -. "{step.timeout.after}" .-> {_id(step.timeout.to)}'


def _node(sop: Sop, step: Step) -> str:
    number = f"{step.printed.rstrip('.')}. " if step.printed else ""
    time = f" · {within(step)}" if within(step) else ""
    label = f"{number}{_escaped(step.activity)}<br/><i>{_escaped(sop.actor(step.actor).title)}{time}</i>"
    opening, closing = _SHAPES[sop.actor(step.actor).scope]
    return f'{_id(step.id)}{opening}"{label}"{closing}'


def _arrow(action: Action) -> str:
    if action.event == "Returned":
        return f'-. "{action.name}: {action.why}" .->'
    return f'-- "{action.name}" -->'


def _id(step_id: str) -> str:
    # Mermaid keeps some words, `end` among them, for itself.
    return f"s_{step_id}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
