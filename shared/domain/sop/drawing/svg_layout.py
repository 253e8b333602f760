"""Where everything stands in the drawing of an SOP: lanes, boxes, and lines that keep to rows and gutters."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.drawing.show import action_line, ends, within
from shared.domain.sop.model import Sop, Step
from shared.domain.sop.vocabulary import END, SAME

LANE_WIDTH = 232
GUTTER = 44
BOX_WIDTH = 216
ROW_GAP = 22
TOP = 60
TITLE_HEIGHT = 44
_TRACK = 6
_LETTERS = 34
_SMALL_LETTERS = 37
_TIMEOUT = -1
_FILING = -2
_LINE_HEIGHT = 14

Point = tuple[int, int]


@dataclass(frozen=True)
class Lane:
    """One actor's column."""

    actor: str
    left: int
    width: int
    title: tuple[str, ...]

    @property
    def centre(self) -> int:
        """The middle of the column."""
        return self.left + self.width // 2


@dataclass(frozen=True)
class Box:
    """One step.

    :param texts: what stands in it: the y of the base line, the style, the text.
    :param ports: the y at which the line of an action leaves, by its number; filing and the time-out have their own.
    """

    id: str
    lane: int
    scope: str
    left: int
    top: int
    width: int
    height: int
    head: str
    time: str
    texts: tuple[tuple[int, str, str], ...]
    ports: dict[int, int]


@dataclass(frozen=True)
class Arrow:
    """One way from a step to another.

    :param style: ``step``, ``return`` or ``timeout``.
    """

    style: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Drawing:
    """All of it, in pixels."""

    width: int
    height: int
    lanes_top: int
    lanes_bottom: int
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Arrow, ...]
    end: Point | None
    notes: tuple[str, ...]
    notes_top: int


def lay_out(sop: Sop) -> Drawing:
    """Lay out an SOP: actors from left to right, steps from top to bottom, both in the order of the file."""
    lanes = tuple(_lanes(sop))
    order = {lane.actor: index for index, lane in enumerate(lanes)}
    boxes: list[Box] = []
    top = TOP + TITLE_HEIGHT + ROW_GAP
    for step in sop.steps:
        box = _box(sop, step, lanes[order[step.actor]], order[step.actor], top)
        boxes.append(box)
        top += box.height + ROW_GAP
    last_lane = boxes[-1].lane
    end = (lanes[last_lane].centre, top + 12) if ends(sop) else None
    bottom = top + (24 + ROW_GAP if end else 0)
    notes = tuple(f"at any time: {action_line(action)}" for action in sop.anytime)
    lines = tuple(_lines(sop, boxes, end, last_lane))
    width = GUTTER + len(lanes) * (LANE_WIDTH + GUTTER)
    return Drawing(
        width=width,
        height=bottom + 16 + 16 * len(notes),
        lanes_top=TOP,
        lanes_bottom=bottom,
        lanes=lanes,
        boxes=tuple(boxes),
        lines=lines,
        end=end,
        notes=notes,
        notes_top=bottom + 18,
    )


def _lanes(sop: Sop) -> Iterator[Lane]:
    acting = {step.actor for step in sop.steps}
    used = [actor for actor in sop.actors if actor.id in acting]
    for index, actor in enumerate(used):
        left = GUTTER + index * (LANE_WIDTH + GUTTER)
        yield Lane(actor.id, left, LANE_WIDTH, tuple(textwrap.wrap(actor.title, 32)[:2]))


def _box(sop: Sop, step: Step, lane: Lane, lane_index: int, top: int) -> Box:
    texts: list[tuple[int, str, str]] = []
    ports: dict[int, int] = {}
    y = top + 32
    for line in textwrap.wrap(step.activity, _LETTERS):
        texts.append((y, "text", line))
        y += _LINE_HEIGHT
    y += 3
    entries = [(_FILING, f"file → {sop.start}")] if step.id == sop.filed_in else []
    entries += [(number, action_line(action)) for number, action in enumerate(step.actions)]
    if step.timeout is not None:
        to = "" if step.timeout.to == SAME else f" → {step.timeout.to}"
        entries.append((_TIMEOUT, f"after {step.timeout.after}{to}"))
    for port, text in entries:
        ports[port] = y - 4
        for line in textwrap.wrap(text, _SMALL_LETTERS, subsequent_indent="   "):
            texts.append((y, "act", line))
            y += _LINE_HEIGHT
    number = f"{step.printed.rstrip('.')}. " if step.printed else ""
    return Box(
        id=step.id,
        lane=lane_index,
        scope=sop.actor(step.actor).scope,
        left=lane.left + (LANE_WIDTH - BOX_WIDTH) // 2,
        top=top,
        width=BOX_WIDTH,
        height=y - top - 2,
        head=f"{number}{step.id}",
        time=within(step),
        texts=tuple(texts),
        ports=ports,
    )


@dataclass
class _Gutters:
    """Which stretches of each gutter are taken, so that lines run side by side and not over each other."""

    taken: dict[int, list[list[tuple[int, int]]]] = field(default_factory=dict)

    def track(self, gutter: int, first: int, last: int) -> int:
        """The x of a free track."""
        low, high = min(first, last) - 4, max(first, last) + 4
        tracks = self.taken.setdefault(gutter, [])
        for index, stretches in enumerate(tracks):
            if all(high < start or low > stop for start, stop in stretches):
                stretches.append((low, high))
                return self._x(gutter, index)
        tracks.append([(low, high)])
        return self._x(gutter, len(tracks) - 1)

    def _x(self, gutter: int, index: int) -> int:
        # From the middle outwards, to the left and to the right by turns.
        away = (index + 1) // 2 * _TRACK * (1 if index % 2 else -1)
        limit = GUTTER // 2 - 2
        return gutter * (LANE_WIDTH + GUTTER) + GUTTER // 2 + max(-limit, min(limit, away))


def _lines(sop: Sop, boxes: list[Box], end: Point | None, end_lane: int) -> Iterator[Arrow]:
    by_id = {box.id: box for box in boxes}
    gutters = _Gutters()
    for step in sop.steps:
        start = by_id[step.id]
        ways = [(number, action.to, _style(action.event)) for number, action in enumerate(step.actions)]
        if step.id == sop.filed_in:
            ways.append((_FILING, sop.start, "step"))
        if step.timeout is not None:
            ways.append((_TIMEOUT, step.timeout.to, "timeout"))
        for number, to, style in ways:
            if to in (SAME, step.id):
                continue
            if to == END and end is not None:
                x, y = end
                yield _line(gutters, style, start, start.ports[number], end_lane, (x - 40, x + 40), y)
            elif to != END:
                target = by_id[to]
                sides = (target.left, target.left + target.width)
                yield _line(gutters, style, start, start.ports[number], target.lane, sides, target.top + 12)


def _line(
    gutters: _Gutters, style: str, start: Box, leaves: int, lane: int, sides: tuple[int, int], enters: int
) -> Arrow:
    """From the action's line across the row to the gutter beside the target's lane, along it, and into the target.

    :param sides: the left and right edge of the target.
    """
    leftwards = lane < start.lane or (lane == start.lane and enters < leaves)
    x_start = start.left if leftwards else start.left + start.width
    # A target in the lane itself is entered on the side that was left; one elsewhere on the side that faces it.
    on_left = leftwards if lane == start.lane else lane > start.lane
    x_end = sides[0] if on_left else sides[1]
    x = gutters.track(lane if on_left else lane + 1, leaves, enters)
    return Arrow(style, ((x_start, leaves), (x, leaves), (x, enters), (x_end, enters)))


def _style(event: EventName) -> str:
    return "return" if event == "Returned" else "step"
