"""A month of complaints in one government, played through the HTTP API."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cli.demo.cast import Cast
from cli.demo.choosing import Chooser
from cli.demo.coverage import Coverage
from cli.demo.office import Staff
from cli.demo.rounds import Round, days_of_rounds
from cli.demo.stage import HALF_HOUR, PART_OF_DAY, Act, Stage, StageVisit, on_grid
from cli.demo.story import PLOTS, WRITTEN_TO, PlayedStory, Plot, Reachability, Role, role_of
from cli.demo.telephones import SMS, Telephones
from cli.demo.turns import COORDINATOR, AskAgain, SideTurn, turns_of
from shared.base.caller import REPORTER, SYSTEM
from shared.base.times import from_iso
from shared.domain.tenants import Tenant

_SHORT_SECONDS = 1800
_LONG_SECONDS = 3 * 3600
_AT_COUNTER = frozenset({Reachability.NOTHING, Reachability.CODE})


class TenantPlay:
    """One tenant's part in the month.

    :param stage: the common one.
    :param tenant: its SOP, calendar and agencies.
    :param cast: who reports what.
    :param seed: another seed tells another month.
    :param telephones: by which some of them write.
    """

    def __init__(self, stage: Stage, tenant: Tenant, cast: Cast, seed: str, telephones: Telephones) -> None:
        self._stage = stage
        self.client = stage.client
        self.tenant = tenant
        self._cast = cast
        self._seed = seed
        self._telephones = telephones
        self._random = random.Random(f"{seed}:plan")
        self.coverage = Coverage(tenant.sop)
        self._chooser = Chooser(tenant, self.coverage)
        self.words = self._chooser.words
        self.office = Staff(stage.client, tenant, self.coverage)
        self.stories: dict[str, PlayedStory] = {}
        self._by_number: dict[int, PlayedStory] = {}
        self._round = Round(self, self._chooser, self.coverage, self.stories)

    @property
    def filed(self) -> int:
        """How many complaints were filed so far."""
        return len(self.stories)

    def plan(self, count: int, month: timedelta, watched: timedelta) -> None:
        """Plan the month's complaints: most by day, some at night.

        :param watched: how long the government's officers are watched after it.
        """
        start = self._stage.now
        before = start
        for number in range(1, count + 1):
            day = self._random.uniform(0, month / timedelta(days=1) - 3)
            hour = self._random.triangular(0, 23, 10)
            at = on_grid(start + timedelta(days=int(day), hours=hour), HALF_HOUR)
            if role_of(number, self._chance(number)).plot is Plot.DUPLICATE:
                at = before  # two who saw the same thing
            before = at
            self._at(at, number, lambda: None, partial(self._file, number))
        for day_of_round in days_of_rounds(self.tenant, start, month + timedelta(days=21), month + watched):
            self._at(day_of_round, 0, self._round.tasks, self._round.make)

    def go_on(self, story: PlayedStory, seconds: int = 0) -> None:
        """Let the complaint go its way again: at once, or once the system has done what is its turn.

        :param seconds: of open offices until somebody looks.
        """
        if not seconds:
            view = self._read(story)
            if view["actor"] != SYSTEM:
                self._lead_on_now(story, view)
                return
        at = self._stage.now if not seconds else self.tenant.calendar.add(self._stage.now, seconds)
        self._at(at, story.role.number, lambda: self._read(story), lambda view: self._lead_on(story, view))

    def after(self, seconds: int, story: PlayedStory, act: Act) -> None:
        """Plan something for when the offices have been open for so long."""
        at = self.tenant.calendar.add(self._stage.now, seconds)
        self._at(at, story.role.number, lambda: None, lambda _: act)

    def ring(self, story: PlayedStory, view: dict[str, Any], version: int) -> bool:
        """Have somebody ring up the reporter and tell them of an event; whether that is on record then."""
        return self._round.ring(story, view, version)

    def until(self, delay: timedelta, due_at: str | None = None) -> str:
        """An instant so long after now, or after a due time that is yet to come."""
        due = from_iso(due_at) if due_at else self._stage.now
        return (max(due, self._stage.now) + delay).isoformat()

    def _chance(self, number: int) -> random.Random:
        return random.Random(f"{self._seed}:{number}")

    def _at(self, instant: datetime, number: int, look: Callable[[], Any], decide: Callable[[Any], Act | None]) -> None:
        self._stage.at(instant, (self.tenant.id, number), StageVisit(look, decide))

    def _file(self, number: int, _seen: None) -> None:
        """File a complaint, in its turn: so that tickets are numbered alike in every play of the same month."""
        chance = self._chance(number)
        role, way = self._by_telephone(number, role_of(number, chance))
        twin = self._by_number.get(number - 1) if role.plot is Plot.DUPLICATE else None
        drawn = "counter" if role.reach in _AT_COUNTER else self._random.choice(self.tenant.sop.channels).id
        channel = way or drawn
        whole = self._cast.complaint(channel, role, twin.complaint if twin else None)
        complaint, left_out = self._incomplete(whole, role, chance) if role.left_out else (whole, {})
        registrar = self.office.officer(COORDINATOR, None) if channel == "counter" else None
        receipt = self._written(way, whole) if way else self.client.file(self.tenant.id, complaint, registrar)
        if way == SMS and "attachments" in self.tenant.sop.requires:
            left_out = {"attachments": whole["attachments"]}  # an SMS carries none: they are asked for later
        story = PlayedStory(
            tenant=self.tenant.id,
            role=role,
            receipt=receipt,
            complaint=whole,
            left_out=left_out,
            chance=chance,
        )
        story.turns = [*turns_of(story, twin, self.tenant.sop)]
        self.stories[story.id] = self._by_number[number] = story
        self.go_on(story)

    def _by_telephone(self, number: int, role: Role) -> tuple[Role, str | None]:
        """The part of who writes by WhatsApp or SMS: a whole complaint that takes its way by chance."""
        place = {1: 0, len(PLOTS) + 2: 1}.get(number)
        way = None if place is None else self._telephones.way_for(self.tenant.id, place)
        if way is None:
            return role, None
        return replace(role, reach=Reachability(way), left_out=False, mending="return", elsewhere=False), way

    def _written(self, way: str, whole: dict[str, Any]) -> dict[str, Any]:
        """Have somebody write what they have to say, answer what they are asked, and keep what they are told."""
        ticket, code = self._telephones.complain(self.tenant.id, way, whole, self._stage.now)
        view = self.client.track(self.tenant.id, ticket, code)
        return {"id": view["id"], "ticket": ticket, "tracking_code": code}

    def _incomplete(
        self, whole: dict[str, Any], role: Role, chance: random.Random
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        required = [name for name in self.tenant.sop.requires if name != "message"]
        if required:
            return _without(whole, chance.choice(required))
        if role.mending != "telephone":
            return whole, {}
        # Where the SOP requires nothing but a message, an officer asks all the same what this is about.
        without, left_out = _without(whole, "location")
        return {**without, "category": "", "title": "Mohon bantuan", "message": "Mohon segera dibantu."}, left_out

    def _lead_on(self, story: PlayedStory, view: dict[str, Any]) -> Act | None:
        """Plan the next visit of whoever holds the complaint, or of whoever has something to do beside.

        :param view: where it is, as the last answer told.
        """
        number = story.role.number
        turn = self._turn(story, view)
        if turn is not None and not turn.wait and view["allowed"]:
            return self._take(story, turn, view)
        if turn is not None:
            at = self.tenant.calendar.add(self._stage.now, turn.wait) if turn.wait else self._stage.now
            self._at(at, number, lambda: self._read(story), lambda now: self._take(story, turn, now))
        elif view["step"] is None:
            return None
        elif view["actor"] == SYSTEM:
            self.go_on(story, 300)
        elif view["actor"] == REPORTER and (act := self._beside_the_reporter(story, view)) is not None:
            return act
        elif self._awaits_reporter(story, view):
            wait = timedelta(hours=story.chance.uniform(1, 30))
            at = on_grid(self._stage.now + wait, PART_OF_DAY)
            self._at(at, number, lambda: self._track(story), lambda seen: self._hear(story, seen))
        elif view["actor"] != REPORTER:
            at = self._when(story, view)
            # It had left the last officer's agency, who was told no more than that: then one has to look.
            look = (lambda: view) if view["allowed"] else (lambda: self._read(story))
            self._at(at, number, look, lambda seen: self._desk(story, seen))
        return None

    def _turn(self, story: PlayedStory, view: dict[str, Any]) -> SideTurn | None:
        if story.turns and story.turns[0].fits(self.tenant.sop, view):
            return story.turns[0]
        again = AskAgain()
        if self._chooser.asks_again(story) and again.fits(self.tenant.sop, view):
            return again
        return None

    def _take(self, story: PlayedStory, turn: SideTurn, view: dict[str, Any]) -> Act | None:
        if story.turns and story.turns[0] is turn:
            story.turns.pop(0)
        if turn.fits(self.tenant.sop, view):
            return lambda: turn.take(self, story, view)
        return self._lead_on(story, view)

    def _beside_the_reporter(self, story: PlayedStory, view: dict[str, Any]) -> Act | None:
        """What officers do while it is the reporter's turn: record what they say, or add a word."""
        if story.on_the_line:
            return lambda: self._round.heard(story, view)
        beside = self._chooser.bystander(story, view)
        return None if beside is None else lambda: self._act(story, view, *beside)

    def _awaits_reporter(self, story: PlayedStory, view: dict[str, Any]) -> bool:
        """Whether the reporter knows that it is their turn, or looks by themselves what became of their complaint."""
        if story.role.reach is Reachability.CODE and view["status"] == "answered" and not story.looked:
            return True
        return view["actor"] == REPORTER and (story.role.reach in WRITTEN_TO or story.looked)

    def _desk(self, story: PlayedStory, view: dict[str, Any]) -> Act | None:
        if view["step"] is None or view["actor"] in (SYSTEM, REPORTER):
            return self._lead_on(story, view)  # it has moved on since: a time ran out
        beside = self._chooser.bystander(story, view)
        if beside is not None:
            return lambda: self._act(story, view, *beside)
        chosen = self._chooser.officer(story, view)
        if chosen is None:
            return None
        return lambda: self._act(story, view, view["actor"], *chosen)

    def _act(self, story: PlayedStory, view: dict[str, Any], actor: str, name: str, fields: dict[str, Any]) -> None:
        after = self.office.act(story, view, actor, name, fields)
        if after is None or after["actor"] == SYSTEM:
            self.go_on(story)
        else:
            self._lead_on_now(story, after)

    def _lead_on_now(self, story: PlayedStory, view: dict[str, Any]) -> None:
        further = self._lead_on(story, view)
        if further is not None:
            further()

    def _track(self, story: PlayedStory) -> dict[str, Any]:
        story.looked = True
        return self.client.track(story.tenant, story.receipt["ticket"], story.receipt["tracking_code"])

    def _hear(self, story: PlayedStory, view: dict[str, Any]) -> Act | None:
        offered = {each["action"]: each for each in view["allowed"]}
        chosen = self._chooser.reporter(story, offered, returned=view["status"] == "returned")
        if chosen is None:
            return None
        name, fields = chosen

        def act() -> None:
            self.client.reporter(story.tenant, story.receipt["ticket"], story.receipt["tracking_code"], name, fields)
            story.done.append((REPORTER, name))
            self.go_on(story)

        return act

    def _read(self, story: PlayedStory) -> dict[str, Any]:
        return self.client.dossier(story.tenant, story.id)

    def _when(self, story: PlayedStory, view: dict[str, Any]) -> datetime:
        """When the officer gets to it: usually well in time, now and then too late, always in office hours."""
        calendar = self.tenant.calendar
        now = self._stage.now
        due = from_iso(view["due_at"]) if view["due_at"] else now + timedelta(days=1)
        seconds = max(60, calendar.between(now, max(due, now)))
        share = story.chance.uniform(0.1, 0.75) if story.chance.random() < 0.88 else story.chance.uniform(1.05, 1.6)
        at = calendar.add(now, round(seconds * share))
        if seconds <= _SHORT_SECONDS:
            return at
        grid = PART_OF_DAY if seconds > _LONG_SECONDS else HALF_HOUR
        earlier = on_grid(at, grid) - grid  # rather than later than the officer meant, and then perhaps too late
        return earlier if earlier > now else at


def _without(complaint: dict[str, Any], dotted: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The complaint without a field, and what it takes to complete it."""
    first, _, rest = dotted.partition(".")
    if not rest:
        return {name: value for name, value in complaint.items() if name != first}, {first: complaint.get(first)}
    part = dict(complaint.get(first) or {})
    value = part.pop(rest, None)
    return {**complaint, first: part}, {first: {rest: value}}
