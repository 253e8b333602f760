"""An SOP's flow as a drawing with swim lanes, in SVG of our own hand.

Every step has a row to itself. So a line may cross a row beside the step's box, and run up and down in the gutters
between the lanes, without ever touching a box: no layout engine is needed, and the drawing is the same every time.
"""

from collections.abc import Iterator, Sequence
from html import escape

from shared.domain.sop.drawing.svg_layout import Arrow, Box, Drawing, Lane, lay_out
from shared.domain.sop.model import Sop

_FONT = "font-family='Liberation Sans, DejaVu Sans, Arial, sans-serif'"
_STYLE = """
.lane{fill:#f6f7f9}.lane.odd{fill:#eceff3}.lanetitle{font-weight:bold;font-size:13px;fill:#1f2a37}
.box{fill:#fff;stroke:#3b4a5e;stroke-width:1.2}.box.system{fill:#eef1f5;stroke-dasharray:2 2}
.box.public{fill:#fff8e8;stroke:#8a6414}.head{font-weight:bold;font-size:12px;fill:#1f2a37}
.time{font-size:11px;fill:#0b5c46;font-weight:bold}.text{font-size:11px;fill:#1f2a37}.act{font-size:10.5px;fill:#42526b}
.line{fill:none;stroke:#3b4a5e;stroke-width:1.3}.line.return{stroke:#b3261e;stroke-dasharray:6 3}
.line.timeout{stroke:#7a7f87;stroke-dasharray:2 3}.end{fill:#3b4a5e}.endtext{font-size:11px;fill:#fff}
.title{font-weight:bold;font-size:16px;fill:#1f2a37}.note{font-size:11px;fill:#42526b}
"""


def svg(sop: Sop) -> str:
    """The drawing as one SVG document."""
    drawing = lay_out(sop)
    return "\n".join(_document(sop, drawing)) + "\n"


def _document(sop: Sop, drawing: Drawing) -> Iterator[str]:
    width, height = drawing.width, drawing.height
    yield (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' "
        f"role='img' aria-labelledby='t d' {_FONT}>"
    )
    yield f"<title id='t'>{escape(sop.title)}</title>"
    yield f"<desc id='d'>{escape(_description(sop))}</desc>"
    yield f"<style>{_STYLE}</style>"
    yield "<defs>" + "".join(_marker(name, colour) for name, colour in _ARROWS.items()) + "</defs>"
    yield f"<rect width='{width}' height='{height}' fill='#fff'/>"
    yield f"<text class='title' x='16' y='26'>{escape(sop.title)}</text>"
    yield f"<text class='note' x='16' y='44'>{escape(_subtitle(sop))}</text>"
    for index, lane in enumerate(drawing.lanes):
        yield from _lane(lane, index, drawing)
    for line in drawing.lines:
        yield _line(line)
    for box in drawing.boxes:
        yield from _box(box)
    if drawing.end is not None:
        x, y = drawing.end
        yield f"<rect class='end' x='{x - 40}' y='{y - 12}' width='80' height='24' rx='12'/>"
        yield f"<text class='endtext' x='{x}' y='{y + 4}' text-anchor='middle'>end</text>"
    for index, note in enumerate(drawing.notes):
        yield f"<text class='note' x='16' y='{drawing.notes_top + 16 * index}'>{escape(note)}</text>"
    yield "</svg>"


_ARROWS = {"step": "#3b4a5e", "return": "#b3261e", "timeout": "#7a7f87"}


def _marker(name: str, colour: str) -> str:
    return (
        f"<marker id='a-{name}' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto'>"
        f"<path d='M0 0L8 4L0 8z' fill='{colour}'/></marker>"
    )


def _lane(lane: Lane, index: int, drawing: Drawing) -> Iterator[str]:
    odd = " odd" if index % 2 else ""
    yield (
        f"<rect class='lane{odd}' x='{lane.left}' y='{drawing.lanes_top}' width='{lane.width}' "
        f"height='{drawing.lanes_bottom - drawing.lanes_top}'/>"
    )
    for row, text in enumerate(lane.title):
        y = drawing.lanes_top + 18 + 15 * row
        yield f"<text class='lanetitle' x='{lane.centre}' y='{y}' text-anchor='middle'>{escape(text)}</text>"


def _box(box: Box) -> Iterator[str]:
    yield f"<g id='step-{box.id}'>"
    yield (
        f"<rect class='box {box.scope}' x='{box.left}' y='{box.top}' width='{box.width}' height='{box.height}' rx='5'/>"
    )
    yield f"<text class='head' x='{box.left + 8}' y='{box.top + 16}'>{escape(box.head)}</text>"
    right = box.left + box.width - 8
    yield f"<text class='time' x='{right}' y='{box.top + 16}' text-anchor='end'>{escape(box.time)}</text>"
    for y, style, text in box.texts:
        yield f"<text class='{style}' x='{box.left + 8}' y='{y}'>{escape(text)}</text>"
    yield "</g>"


def _line(line: Arrow) -> str:
    return f"<path class='line {line.style}' d='{_path(line.points)}' marker-end='url(#a-{line.style})'/>"


def _path(points: Sequence[tuple[int, int]]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in points)


def _subtitle(sop: Sop) -> str:
    case = f" · whole case {sop.case.within}" if sop.case else ""
    return f"{sop.tenant} · version {sop.version}{f' · {sop.number}' if sop.number else ''}{case}"


def _description(sop: Sop) -> str:
    return "; ".join(f"{step.id}: {sop.actor(step.actor).title}, {step.activity}" for step in sop.steps)
