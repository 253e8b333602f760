"""One complaint on its way through the demo: who reports it, what is to become of it, what was done."""

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Reachability(StrEnum):
    """How the people of an office can reach a reporter."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    TELEPHONE = "telephone"
    """No e-mail address; somebody has to ring."""
    CODE = "code"
    """Neither; but the tracking code is used."""
    NOTHING = "nothing"
    """Neither, and the code is lost."""


WRITTEN_TO: Final = frozenset({Reachability.EMAIL, Reachability.WHATSAPP, Reachability.SMS})
"""Who reads what the system writes."""


class Plot(StrEnum):
    """What is to happen to a complaint; every other complaint takes its way by chance."""

    CHANCE = "chance"
    WRONG_RETURNED = "sent to a wrong agency, which returns it"
    WRONG_RECALLED = "sent to a wrong agency, and recalled"
    SPAM = "rejected as spam"
    REINSTATED = "rejected, and taken up again"
    LEADER = "the first of two about one thing"
    DUPLICATE = "the second of two about one thing"
    REPLY = "a reply to the answer"
    REPLY_REOPENED = "a reply to the answer, upon which a desk has it reopened"
    REOPENED = "reopened after the answer"
    BY_TELEPHONE = "completed on the reporter's word"
    BY_TELEPHONE_LATER = "completed on the reporter's word by the desk that looks into it"
    RETURNED = "returned as incomplete"
    RETURNED_RUNG = "returned as incomplete, and completed on the telephone"
    DESPITE = "goes on incomplete, with a reason"
    HELPED = "another agency does its part"
    HELP_CANCELLED = "another agency is asked in vain"
    PAUSED = "leave for a pause"
    LEAVE_REFUSED = "leave is refused"
    PHOTO = "a photo of the reporter's"
    ELSEWHERE = "another authority's"
    ELSEWHERE_RUNG = "another authority's, and the reporter is rung up"
    RUNG = "the reporter is rung up"
    RUNG_REOPENED = "the reporter is rung up, and is not content"
    LETTERLESS = "the reporter is never reached"
    LOOKED = "the reporter looks with the code"
    WITHDRAWN = "withdrawn by telephone"


REACHED_BY = {
    Plot.BY_TELEPHONE: Reachability.TELEPHONE,
    Plot.BY_TELEPHONE_LATER: Reachability.TELEPHONE,
    Plot.RETURNED_RUNG: Reachability.TELEPHONE,
    Plot.RUNG: Reachability.TELEPHONE,
    Plot.RUNG_REOPENED: Reachability.TELEPHONE,
    Plot.REINSTATED: Reachability.TELEPHONE,
    Plot.ELSEWHERE_RUNG: Reachability.TELEPHONE,
    Plot.WITHDRAWN: Reachability.TELEPHONE,
    Plot.LETTERLESS: Reachability.NOTHING,
    Plot.LOOKED: Reachability.CODE,
}
"""The reporters that a plot wants; others have an e-mail address."""
_BY_CHANCE = {Reachability.EMAIL: 62, Reachability.TELEPHONE: 24, Reachability.CODE: 7, Reachability.NOTHING: 7}
_MENDINGS = {
    Plot.BY_TELEPHONE: "telephone",
    Plot.BY_TELEPHONE_LATER: "telephone",
    Plot.RETURNED: "return",
    Plot.RETURNED_RUNG: "return",
    Plot.DESPITE: "despite",
}
INCOMPLETE = frozenset(_MENDINGS)
OF_OTHERS = frozenset({Plot.ELSEWHERE, Plot.ELSEWHERE_RUNG})
ASTRAY = frozenset({Plot.WRONG_RETURNED, Plot.WRONG_RECALLED})
PLOTS = (*list(Plot)[1:], *[Plot.ELSEWHERE] * 4)
"""In the order of the complaints, from the second on; then chance has its way."""


@dataclass(frozen=True)
class Role:
    """What one complaint's part is, decided before the month begins.

    :param number: of the complaint in its government, counted from 1.
    :param left_out: whether it is incomplete at first.
    :param mending: how it is completed: ``return``, ``telephone`` or ``despite``.
    :param wrong_agency: whether it is sent astray once.
    :param elsewhere: whether it is not the county's own matter.
    """

    number: int
    plot: Plot
    reach: Reachability
    left_out: bool
    mending: str
    wrong_agency: bool
    elsewhere: bool


def role_of(number: int, chance: random.Random) -> Role:
    """The part of one complaint.

    :param chance: its own.
    """
    place = number - 2
    plot = PLOTS[place] if 0 <= place < len(PLOTS) else Plot.CHANCE
    by_chance = plot is Plot.CHANCE
    drawn = chance.choices(list(_BY_CHANCE), list(_BY_CHANCE.values()))[0]
    drawn_mending = chance.choices(["return", "telephone", "despite"], [70, 15, 15])[0]
    if by_chance and drawn in (Reachability.CODE, Reachability.NOTHING):
        drawn_mending = "despite"
    return Role(
        number=number,
        plot=plot,
        reach=drawn if by_chance else REACHED_BY.get(plot, Reachability.EMAIL),
        left_out=plot in INCOMPLETE or (by_chance and number % 7 == 3),
        mending=_MENDINGS.get(plot) or drawn_mending,
        wrong_agency=plot in ASTRAY or (by_chance and number % 8 == 5),
        elsewhere=plot in OF_OTHERS or (by_chance and number % 13 == 6),
    )


@dataclass
class PlayedStory:
    """One complaint on its way, and what its people have in mind.

    :param receipt: what its reporter was given: id, ticket, tracking code.
    :param complaint: whole.
    :param left_out: the fields that were left out at first.
    :param chance: decides what its people do; its own, so that it does not matter who acts first at an instant.
    :param done: the actions taken, each with its step.
    :param turns: what is still to be done beside the steps, in order.
    :param told_by: the ways by which officers have recorded that the reporter was told something.
    :param on_the_line: whether an officer has just told the reporter something by telephone.
    :param looked: whether the reporter has opened the page.
    """

    tenant: str
    role: Role
    receipt: dict[str, Any]
    complaint: dict[str, Any]
    left_out: dict[str, Any]
    chance: random.Random
    done: list[tuple[str, str]] = field(default_factory=list)
    turns: list[Any] = field(default_factory=list)
    told_by: set[str] = field(default_factory=set)
    on_the_line: bool = False
    looked: bool = False

    @property
    def plot(self) -> Plot:
        """What is to happen to it."""
        return self.role.plot

    @property
    def category(self) -> str:
        """What it is about, as the reporter knows it."""
        return str(self.complaint["category"])

    @property
    def kind(self) -> str:
        """Complaint, question, information or suggestion."""
        return str(self.complaint["classification"])

    @property
    def id(self) -> str:
        """The dossier's id."""
        return str(self.receipt["id"])

    def did(self, name: str) -> bool:
        """Whether an action of that name was taken, in whatever step."""
        return any(done == name for _, done in self.done)
