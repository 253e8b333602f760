"""A month of complaints, played through the HTTP API on a simulated clock."""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from eventlet import GreenPool

from cli.demo.cast import Cast
from cli.demo.choosing import Chooser, Story
from cli.demo.client import Client, Refused
from shared.base.caller import REPORTER, SYSTEM, Caller
from shared.base.times import from_iso
from shared.domain.tenants import Tenant

GRID = timedelta(minutes=5)
HALF_HOUR = timedelta(minutes=30)
PART_OF_DAY = timedelta(hours=3)
"""Moves of the clock are rounded up to one of these, so that many people act at the same instant."""
_SHORT_SECONDS = 1800
_LONG_SECONDS = 3 * 3600
_AT_ONCE = 8

Task = Callable[[], None]


class Play:
    """Everything that is going to happen, in the order in which it does.

    :param client: the API.
    :param start: the simulated instant at which the month begins.
    :param until: when the curtain falls, whatever is still open.
    """

    def __init__(self, client: Client, start: datetime, until: datetime) -> None:
        self.client = client
        self.now = start
        self.moves = 0
        self._until = until
        self._queue: list[tuple[datetime, int, Task]] = []
        self._order = itertools.count()

    def at(self, instant: datetime, task: Task) -> None:
        """Plan something."""
        heapq.heappush(self._queue, (_on_grid(max(instant, self.now), GRID), next(self._order), task))

    def run(self) -> Iterator[datetime]:
        """Let everything happen; yields the simulated instant after every move of the clock."""
        while self._queue and self._queue[0][0] <= self._until:
            instant = self._queue[0][0]
            if instant > self.now:
                self.client.move_clock(instant)
                self.now = instant
                self.moves += 1
            # Whoever acts at the same instant does so side by side, as people do.
            people = GreenPool(_AT_ONCE)
            acts = []
            while self._queue and self._queue[0][0] == instant:
                acts.append(people.spawn(heapq.heappop(self._queue)[2]))
            for act in acts:
                act.wait()
            yield instant
        self.client.move_clock(self._until)


class TenantPlay:
    """One tenant's part in it.

    :param play: the common stage.
    :param tenant: its calendar and agencies.
    :param cast: who reports what.
    :param seed: another seed tells another month.
    """

    def __init__(self, play: Play, tenant: Tenant, cast: Cast, seed: str) -> None:
        self._play = play
        self._client = play.client
        self._tenant = tenant
        self._cast = cast
        self._seed = seed
        self._random = random.Random(f"{seed}:plan")
        self._sop = play.client.sop(tenant.id)
        self.chooser = Chooser(tenant)
        self.filed = 0

    def plan(self, count: int, month: timedelta) -> None:
        """Plan the month's complaints: most by day, some at night."""
        for number in range(1, count + 1):
            day = self._random.uniform(0, month / timedelta(days=1) - 3)
            hour = self._random.triangular(0, 23, 10)
            at = _on_grid(self._play.now + timedelta(days=int(day), hours=hour), HALF_HOUR)
            self._play.at(at, lambda number=number: self._file(number))  # type: ignore[misc]

    def _file(self, number: int) -> None:
        channels = self._sop["channels"]
        channel = self._random.choice(channels)
        complaint = self._cast.complaint(channel["id"] if isinstance(channel, dict) else channel, number)
        whole = complaint
        left_out: dict[str, Any] = {}
        required = [name for name in self._sop["requires"] if name != "message"]
        if required and (number % 7 == 3):
            complaint, left_out = _without(complaint, self._random.choice(required))
        story = Story(
            tenant=self._tenant.id,
            receipt=self._client.file(self._tenant.id, complaint),
            category=whole["category"],
            kind=whole["classification"],
            left_out=left_out,
            wrong_agency=number % 8 == 5,
            elsewhere=number % 13 == 6,
            chance=random.Random(f"{self._seed}:{number}"),
        )
        self.filed += 1
        self.chooser.tickets.append(story.receipt["ticket"])
        self._visit_later(story, self._read(story))

    def _visit_later(self, story: Story, view: dict[str, Any]) -> None:
        """Plan the next visit of whoever holds the dossier now.

        :param view: where it is, as the last answer told.
        """
        if view["step"] is None:
            return
        if view["actor"] == SYSTEM:
            self._play.at(self._play.now + GRID, lambda: self._visit_later(story, self._read(story)))
        elif view["actor"] == REPORTER:
            wait = timedelta(hours=story.chance.uniform(1, 30))
            self._play.at(_on_grid(self._play.now + wait, PART_OF_DAY), lambda: self._visit_reporter(story))
        else:
            self._play.at(self._when(story, view), lambda: self._visit_desk(story, view))

    def _visit_desk(self, story: Story, view: dict[str, Any]) -> None:
        if not view["allowed"]:
            view = self._read(story)  # it had left the last officer's agency, who was told no more than that
        chosen = self.chooser.officer(story, view)
        if chosen is None:
            return
        action, fields = chosen
        scope = self._tenant.sop.actor(view["actor"]).scope
        caller = Caller(
            tenant=story.tenant,
            actor=view["actor"],
            agency=view["agency"] if scope == "agency" else None,
            user=f"{view['actor']}-{story.chance.randint(1, 3)}",
        )
        try:
            for kind in self.chooser.files(view, action):
                self._client.attach(caller, story.receipt["id"], kind)
            after = self._client.act(caller, story.receipt["id"], action, fields)
        except Refused as refused:
            if refused.status != HTTPStatus.CONFLICT:
                raise
            self._visit_later(story, self._read(story))  # it has moved on since the officer looked: a time ran out
            return
        self.chooser.note(story, view["step"], action)
        if after.get("tracking_code"):
            story.receipt["tracking_code"] = after["tracking_code"]  # the officer hands it on; the old one has ended
        self._visit_later(story, after)

    def _visit_reporter(self, story: Story) -> None:
        ticket, code = story.receipt["ticket"], story.receipt["tracking_code"]
        view = self._client.track(story.tenant, ticket, code)
        offered = {each["action"]: each for each in view["allowed"]}
        chosen = self.chooser.reporter(story, offered, returned=view["status"] == "returned")
        if chosen is None:
            return
        action, fields = chosen
        after = self._client.reporter(story.tenant, ticket, code, action, fields)
        self.chooser.note(story, "reporter", action)
        self._visit_later(story, self._read(story) if after["actor"] != REPORTER else after)

    def _read(self, story: Story) -> dict[str, Any]:
        return self._client.dossier(story.tenant, story.receipt["id"])

    def _when(self, story: Story, view: dict[str, Any]) -> datetime:
        """When the officer gets to it: usually well in time, now and then too late, always in office hours."""
        calendar = self._tenant.calendar
        now = self._play.now
        due = from_iso(view["due_at"]) if view["due_at"] else now + timedelta(days=1)
        seconds = max(60, calendar.between(now, max(due, now)))
        share = story.chance.uniform(0.1, 0.75) if story.chance.random() < 0.88 else story.chance.uniform(1.05, 1.6)
        at = calendar.add(now, round(seconds * share))
        if seconds <= _SHORT_SECONDS:
            return at
        grid = PART_OF_DAY if seconds > _LONG_SECONDS else HALF_HOUR
        earlier = _on_grid(at, grid) - grid  # rather than later than the officer meant, and then perhaps too late
        return earlier if earlier > now else at


def _without(complaint: dict[str, Any], dotted: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The complaint without a field, and what it takes to complete it."""
    first, _, rest = dotted.partition(".")
    if not rest:
        return {name: value for name, value in complaint.items() if name != first}, {first: complaint.get(first)}
    part = dict(complaint.get(first) or {})
    value = part.pop(rest, None)
    return {**complaint, first: part}, {first: {rest: value}}


def _on_grid(instant: datetime, grid: timedelta) -> datetime:
    over = timedelta(seconds=instant.timestamp() % grid.total_seconds())
    return instant if not over else instant - over + grid
