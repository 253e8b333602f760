"""An SOP as a table, a Mermaid flow and a drawing."""

import itertools
import re
from xml.etree import ElementTree as ET

import pytest

from shared.domain.sop.drawing.mermaid import mermaid
from shared.domain.sop.drawing.show import table
from shared.domain.sop.drawing.svg import svg
from shared.domain.sop.drawing.svg_layout import BOX_WIDTH, Box, Drawing, lay_out
from shared.domain.sop.model import Sop
from tests.sop.walker import SIXTH, TENANTS

ALL = [*TENANTS.all(), *SIXTH.all()]
each = pytest.mark.parametrize("sop", [tenant.sop for tenant in ALL], ids=[tenant.id for tenant in ALL])


@each
@pytest.mark.parametrize("width", [80, 100, 140])
def test_table(sop: Sop, width: int) -> None:
    """Every step, action and known gap is in the table, and no line is longer than asked for."""
    text = table(sop, width)
    flat = re.sub(r"\s+", "", text)

    assert width >= max(len(line) for line in text.splitlines())
    for step in sop.steps:
        assert step.id[:8] in text
        assert all(action.name in flat for action in step.actions)
    assert len(sop.known_gaps) == text.count("Read as:") + text.count("Read\n")


def test_table_tells_the_essentials() -> None:
    """Times, totals, required fields, causes and unconfirmed readings can be read off."""
    text = table(TENANTS.get("cilacap").sop)

    for part in (
        "061 / 0478 / 36",
        "135 min",
        "reporter.address",
        "[incomplete]",
        "[wrong_agency]",
        "unconfirmed",
        "60 min",
    ):
        assert part in text


@each
def test_mermaid(sop: Sop) -> None:
    """Every step is a node, every way an arrow between nodes that exist, and no label breaks the language."""
    lines = mermaid(sop).splitlines()
    nodes = {found[1] for line in lines if (found := re.match(r"    (s_\w+)[\[(]", line))}
    arrows = [
        found for line in lines if (found := re.match(r'    (s_\w+) (?:--|-\.) "[^"]*" (?:-->|\.->) (s_\w+)$', line))
    ]

    assert "flowchart TD" == lines[0]
    assert {f"s_{step.id}" for step in sop.steps} | {"s_end"} == nodes
    assert len(lines) == 1 + len(nodes) + len(arrows)
    assert all({arrow[1], arrow[2]} <= nodes for arrow in arrows)


@each
def test_drawing_is_well_formed(sop: Sop) -> None:
    """The drawing is XML with a title, a description and one group for each step, and always the same."""
    text = svg(sop)
    root = ET.fromstring(text)  # noqa: S314 - our own text
    space = "{http://www.w3.org/2000/svg}"

    assert sop.title == root.findtext(f"{space}title")
    assert [f"step-{step.id}" for step in sop.steps] == [group.get("id") for group in root.iter(f"{space}g")]
    assert text == svg(sop)


def crosses(box: Box, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether a stretch of a line runs through the inside of a box."""
    left, right = sorted((first[0], second[0]))
    top, bottom = sorted((first[1], second[1]))
    return left < box.left + box.width and right > box.left and top < box.top + box.height and bottom > box.top


def stretches(drawing: Drawing) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """All straight parts of all lines."""
    return [pair for line in drawing.lines for pair in zip(line.points, line.points[1:], strict=False)]


@each
def test_no_line_runs_through_a_box(sop: Sop) -> None:
    """Lines keep to rows and gutters: none touches the inside of any box."""
    drawing = lay_out(sop)

    assert [] == [box.id for box in drawing.boxes for pair in stretches(drawing) if crosses(box, *pair)]


@each
def test_everything_is_inside(sop: Sop) -> None:
    """Boxes lie in their lanes without touching one another, and nothing leaves the page."""
    drawing = lay_out(sop)
    tops = [(box.top, box.top + box.height) for box in drawing.boxes]

    assert all(below[0] > above[1] for above, below in itertools.pairwise(tops))
    assert all(drawing.lanes[box.lane].left < box.left for box in drawing.boxes)
    assert all(BOX_WIDTH == box.width for box in drawing.boxes)
    for pair in stretches(drawing):
        assert all(0 < x < drawing.width and 0 < y < drawing.height for x, y in pair)
