"""What people in the demo decide. What an SOP lets a holder do is done at least once, if a month gives time."""

from typing import Any

from cli.demo.coverage import Coverage
from cli.demo.story import OF_OTHERS, WRITTEN_TO, PlayedStory, Plot
from cli.demo.words import REPORTERS, ActionWords, way_to
from shared.domain.dossier.arranged import ARRANGED
from shared.domain.dossier.view import allowed_view
from shared.domain.sop.engine import holder_of, is_open
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import REPORTER, SYSTEM, VIA
from shared.domain.tenants import Tenant

_ORDER = ("supplement", "return", "transfer", "classify", "interim", "answer", "approve", "dispose", "forward")
_INSISTS = {Plot.REPLY: "reply", Plot.REPLY_REOPENED: "reply", Plot.REOPENED: "reopen"}
_ON_THE_TELEPHONE = {Plot.RUNG: "rate", Plot.BY_TELEPHONE: "reply", Plot.RUNG_REOPENED: "reopen"}
_TO_OTHERS = frozenset({"dispose", "forward"})
"""By which a desk lets others find the answer; it gives one itself to a question, or once they have had their say."""
_MOST_TRANSFERS = 2

Offer = dict[str, Any]
"""An action as the API offers it."""


class Chooser:
    """Decides for everybody in one tenant.

    :param tenant: its SOP and agencies.
    :param coverage: what was done at least once.
    """

    def __init__(self, tenant: Tenant, coverage: Coverage) -> None:
        self._sop: Sop = tenant.sop
        self._coverage = coverage
        elsewhere = [step for step in self._sop.steps if step.status == "transferred"]
        self._elsewhere = {step.id for step in elsewhere}
        self._asking = {step.id for step in elsewhere if step.timeout is None}
        self.words = ActionWords(tenant)

    def officer(self, story: PlayedStory, view: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """What the officer who holds the dossier does, with its fields; none to let it lie."""
        own = {action.name for action in self._own(view, view["actor"])}
        # The view also tells what its reader may do besides.
        offered = [each for each in view["allowed"] if each["actor"] == view["actor"] and each["action"] in own]
        return self._chosen(story, view, [each for each in offered if each["action"] not in ARRANGED])

    def bystander(self, story: PlayedStory, view: dict[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
        """What an officer does who does not hold it, where the step lets them and nobody ever did it."""
        for action in self._own(view, None):
            actor = action.actor
            if actor in (None, SYSTEM, REPORTER, view["actor"]) or not self._coverage.lacks(view, action.name, actor):
                continue
            offer = {**allowed_view(action, view["actor"]), "actor": actor}
            if is_open(self._sop, view["step"], action, view["status"]) and self._knows_answer(story):
                chosen = self._chosen(story, view, [offer])
                if chosen is not None:
                    return str(actor), *chosen
        return None

    def reporter(
        self, story: PlayedStory, offered: dict[str, Offer], *, returned: bool
    ) -> tuple[str, dict[str, Any]] | None:
        """What the reporter does; none to stay silent."""
        insists = _INSISTS.get(story.plot)
        if insists in offered and not story.did(str(insists)):
            return str(insists), REPORTERS[str(insists)]
        chances = {"supplement": 0.85, "withdraw": 0.05} if returned else {"rate": 0.5, "reply": 0.12, "reopen": 0.1}
        if story.plot is Plot.RETURNED and returned:
            chances = {"supplement": 1.0}
        for name, chance in chances.items():
            if name not in offered or (name != "supplement" and story.did(name)):
                continue
            if story.chance.random() < chance:
                return name, self.said(story, name)
        return None

    def on_behalf(self, story: PlayedStory) -> str | None:
        """What a reporter says on the telephone once they know the answer: each says one thing."""
        insists = _ON_THE_TELEPHONE.get(story.plot)
        if insists is not None:
            return None if story.did(insists) else insists
        return "rate" if story.chance.random() < 0.6 and not story.did("rate") else None

    def said(self, story: PlayedStory, name: str) -> dict[str, Any]:
        """The fields of what a reporter says."""
        if name == "supplement":
            return story.left_out
        if name == "rate":
            return {"score": story.chance.choices([5, 4, 3, 2, 1], [40, 30, 15, 10, 5])[0]}
        return REPORTERS[name]

    def asks_again(self, story: PlayedStory) -> bool:
        """Whether a reporter asks what became of what another authority has: until every answer to it was given."""
        return story.role.elsewhere and self._knows_answer(story) and self._coverage.lacks_in(self._asking)

    def _own(self, view: dict[str, Any], actor: str | None) -> list[Any]:
        """The step's own actions: of one actor, or of all."""
        actions = self._sop.step(view["step"]).actions
        return [each for each in actions if actor in (None, holder_of(self._sop, view["step"], each))]

    def _chosen(
        self, story: PlayedStory, view: dict[str, Any], offered: list[Offer]
    ) -> tuple[str, dict[str, Any]] | None:
        """Exceptions first, what was never done before what was; then what moves the dossier on."""

        def urgency(offer: Offer) -> tuple[bool, int]:
            name = offer["action"]
            first = self._fresh(story, view, offer) or self._has_it_reopened(story, view, offer)
            return not first, _ORDER.index(name) if name in _ORDER else len(_ORDER)

        for offer in sorted(offered, key=urgency):
            if self._inclined(story, view, offer):
                fields = self.words.of(story, view, offer)
                if fields is not None:
                    return offer["action"], fields
        return None

    def _inclined(self, story: PlayedStory, view: dict[str, Any], offer: Offer) -> bool:
        match offer["event"]:
            case "Supplemented":
                said = bool(story.left_out) and not story.did("supplement")
                return said and story.role.mending == "telephone" and not self._left_to_another_desk(story, view)
            case "AnswerDelivered" | "NoticeDelivered":
                return way_to(story) is not None
            case "Returned":
                return self._returns(story, view, offer)
            case "Dispositioned" if view["missing"] and "despite" in offer["optional"]:
                return story.role.mending == "despite"
            case "Transferred":
                return self._hands_over(story)
        if view["missing"] and any(each.get("why") == "incomplete" for each in view["allowed"]):
            return False
        if self._has_it_reopened(story, view, offer):
            return True
        if offer["action"] in ("classify", "interim", "reopen"):
            return not self._did(story, view, offer) and self._sometimes(story, view, offer, 0.15)
        others = {each["action"] for each in view["allowed"]} & _TO_OTHERS
        if offer["action"] == "answer" and others:
            back = any(self._did(story, view, each) for each in view["allowed"] if each["action"] in others)
            simple = story.kind == "question" and story.plot is Plot.CHANCE
            return back or simple or self._fresh(story, view, offer)
        return True

    def _has_it_reopened(self, story: PlayedStory, view: dict[str, Any], offer: Offer) -> bool:
        """Whether a desk takes a reporter's reply for what it is: the matter is not done."""
        reopens = story.plot is Plot.REPLY_REOPENED and offer["event"] == "Reopened"
        return reopens and story.did("reply") and not self._did(story, view, offer)

    def _left_to_another_desk(self, story: PlayedStory, view: dict[str, Any]) -> bool:
        """Whether the first desk leaves it to the next one to ask the reporter, where there is one that may."""
        asking = [step.id for step in self._sop.steps if any(_asks_reporter(each) for each in step.actions)]
        return story.plot is Plot.BY_TELEPHONE_LATER and view["step"] == asking[0] and len(asking) > 1

    def _returns(self, story: PlayedStory, view: dict[str, Any], offer: Offer) -> bool:
        match offer.get("why"):
            case "incomplete":
                return bool(view["missing"]) and story.role.mending == "return"
            case "wrong_agency" if view["agency"] is not None and view["status"] == "in_progress":
                return self._astray(story, view)
            case "out_of_authority":
                return self._hands_over(story)
            case _:
                return not self._did(story, view, offer) and self._sometimes(story, view, offer, 0.2)

    def _hands_over(self, story: PlayedStory) -> bool:
        """What is another authority's goes there; and comes back again while something there was never done."""
        times = sum(name == "transfer" for _, name in story.done)
        more = times < _MOST_TRANSFERS and self._coverage.lacks_in(self._elsewhere)
        return story.role.elsewhere and (not times or more)

    def _astray(self, story: PlayedStory, view: dict[str, Any]) -> bool:
        """Sent to a wrong agency by the coordinator, or, where no person disposes, by the category's keywords."""
        if story.did("return") or story.plot is Plot.WRONG_RECALLED:
            return False
        if story.role.elsewhere and not story.did("transfer"):
            return True
        if not story.role.wrong_agency:
            return False
        return not story.did("dispose") or view["agency"] != self.words.right_agency(story)

    def _knows_answer(self, story: PlayedStory) -> bool:
        return story.role.reach in WRITTEN_TO

    def _did(self, story: PlayedStory, view: dict[str, Any], offer: Offer) -> bool:
        return (view["step"], offer["action"]) in story.done

    def _fresh(self, story: PlayedStory, view: dict[str, Any], offer: Offer) -> bool:
        """Never done before; complaints with a part of their own leave such trials to the others."""
        own_part = story.plot is not Plot.CHANCE and story.plot not in OF_OTHERS
        return not own_part and self._coverage.lacks(view, offer["action"], offer["actor"])

    def _sometimes(self, story: PlayedStory, view: dict[str, Any], offer: Offer, chance: float) -> bool:
        return self._fresh(story, view, offer) or story.chance.random() < chance


def _asks_reporter(action: Action) -> bool:
    """Whether an officer completes a complaint by it, as the reporter told them."""
    return action.event == "Supplemented" and VIA in action.needs
