"""The round of those who see to it that reporters are told: the tasks "hubungi pelapor" of a government."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cli.demo.choosing import Chooser
from cli.demo.coverage import Coverage
from cli.demo.office import Staff
from cli.demo.story import PlayedStory
from cli.demo.turns import COORDINATOR, Play
from cli.demo.words import way_to
from shared.domain.sop.vocabulary import REPORTER
from shared.domain.tenants import Tenant

_NOT_AT_HOME: Final = 0.25
_CONTACT: Final = "contact"


class Round:
    """Rings up who can be rung up, and records what was said.

    :param play: lets complaints go on.
    :param stories: the government's, by the dossier's id.
    """

    def __init__(self, play: Play, chooser: Chooser, coverage: Coverage, stories: Mapping[str, PlayedStory]) -> None:
        self._play = play
        self._office: Staff = play.office
        self._tenant: Tenant = play.tenant
        self._chooser = chooser
        self._coverage = coverage
        self._stories = stories

    def tasks(self) -> list[dict[str, Any]]:
        """Reporters to be reached, in the order of their complaints."""
        found = [each for each in self._office.inbox(COORDINATOR) if each["task"] == _CONTACT]
        return sorted(found, key=lambda each: (self._stories[each["id"]].role.number, each["task_version"]))

    def make(self, tasks: list[dict[str, Any]]) -> None:
        """Ring up; who does not answer is tried again another day."""
        for task in tasks:
            story = self._stories[task["id"]]
            if way_to(story) is not None and story.chance.random() > _NOT_AT_HOME:
                self._tell(story, task)

    def ring(self, story: PlayedStory, view: Mapping[str, Any], version: int) -> bool:
        """Have somebody ring up the reporter and tell them of an event; whether that is on record then."""
        way, note = way_to(story) or ("", "")
        fields = {"way": way, "note": note, "of": version}
        return self._office.act(story, view, self._teller(view), "deliver", fields) is not None

    def heard(self, story: PlayedStory, view: Mapping[str, Any]) -> None:
        """The reporter, now that they know, says something; the officer records it."""
        story.on_the_line = False
        if view["status"] == "returned":
            said: str | None = "supplement" if story.left_out else None
        else:
            said = self._chooser.on_behalf(story) if view["status"] == "answered" else None
        if said is not None:
            fields = {"via": "telephone", **self._chooser.said(story, said)}
            self._office.act(story, view, COORDINATOR, said, fields)
            self._play.go_on(story)

    def _tell(self, story: PlayedStory, task: dict[str, Any]) -> None:
        view = self._play.client.dossier(story.tenant, story.id)
        if not self.ring(story, view, task["task_version"]):
            return
        if self._coverage.lacks(view, "renew_code", COORDINATOR):
            self._office.act(story, view, COORDINATOR, "renew_code", {"via": "telephone"})
        if view["actor"] == REPORTER:
            self._play.go_on(story)

    def _teller(self, view: Mapping[str, Any]) -> str:
        """An officer of the agency that has it, where the SOP lets them and none ever did; else the coordinator."""
        sop = self._tenant.sop
        actors = [str(each.actor) for each in sop.anytime if each.name == "deliver"]
        of_agency = [actor for actor in actors if sop.actor(actor).scope == "agency"]
        if view["step"] is None or view["agency"] is None:
            return COORDINATOR
        return next((actor for actor in of_agency if self._coverage.lacks(view, "deliver", actor)), COORDINATOR)


def days_of_rounds(tenant: Tenant, start: datetime, daily: timedelta, until: timedelta) -> list[datetime]:
    """When the rounds are made: every working day at ten for a while, then once a week.

    :param daily: for how long.
    :param until: for how long at all.
    """
    first = start.astimezone(tenant.zone).replace(hour=10, minute=0, second=0, microsecond=0)
    days = [first + timedelta(days=day) for day in range(until.days)]
    return [day for day in days if tenant.calendar.is_open(day) and (day - start < daily or day.weekday() == 0)]
