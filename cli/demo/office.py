"""A government's officers at work: whatever they do goes through the HTTP API, with a token of their own."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from cli.demo.client import ApiRefused, Client
from cli.demo.coverage import Coverage
from cli.demo.photo import photo
from cli.demo.story import PlayedStory
from shared.base.caller import Caller
from shared.domain.documents.forms import KINDS as DOCUMENTS
from shared.domain.sop.engine import find_action
from shared.domain.tenants import Tenant

_WHEN_MOVED_ON = (HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN)
"""What an officer is answered who comes too late: not here any more, or not yours any more."""


class Staff:
    """Everybody who works for one government.

    :param client: the API.
    :param tenant: whose officers.
    :param coverage: notes what they do.
    """

    def __init__(self, client: Client, tenant: Tenant, coverage: Coverage) -> None:
        self._client = client
        self._tenant = tenant
        self._coverage = coverage

    def officer(self, actor: str, agency: str | None, desk: int = 1) -> Caller:
        """Somebody of a role; of an agency, where the role is one of an agency's."""
        of_agency = self._tenant.sop.actor(actor).scope == "agency"
        return Caller(tenant=self._tenant.id, actor=actor, agency=agency if of_agency else None, user=f"{actor}-{desk}")

    def act(
        self,
        story: PlayedStory,
        view: Mapping[str, Any],
        actor: str,
        name: str,
        fields: Mapping[str, Any],
        *,
        agency: str | None = None,
    ) -> dict[str, Any] | None:
        """An officer does something.

        :param view: where the complaint stands.
        :param agency: whose officer it is, if not of the agency that has it.
        :returns: where it stands then; none if it has moved on since the officer looked: a time ran out.
        :raises ApiRefused: for any other refusal: what people in the demo do, the product should let them do.
        """
        who = self.officer(actor, agency or view["agency"], story.chance.randint(1, 3))
        try:
            self._see_to_files(story, view, who, name)
            after = self._client.act(who, story.id, name, dict(fields))
        except ApiRefused as refused:
            if refused.status not in _WHEN_MOVED_ON or not self._moved_on(story, view):
                raise
            return None
        self._coverage.note(view["step"], name, actor)
        story.done.append((str(view["step"]), name))
        if after.get("tracking_code"):
            story.receipt["tracking_code"] = after["tracking_code"]  # the officer hands it on; the old one has ended
        if name == "deliver":
            story.told_by.add(str(fields["way"]))
            story.on_the_line = True
        return after

    def inbox(self, actor: str, agency: str | None = None) -> list[dict[str, Any]]:
        """The tasks of a role, by its own token."""
        return self._client.inbox(self.officer(actor, agency))

    def make_document(self, story: PlayedStory, view: Mapping[str, Any], actor: str, kind: str) -> None:
        """An officer has a document made from the government's template."""
        self._client.make_document(self.officer(actor, view["agency"]), story.id, kind)

    def _moved_on(self, story: PlayedStory, view: Mapping[str, Any]) -> bool:
        """Whether somebody or a timer was quicker; else what was refused is a way that the product bars."""
        return bool(self._client.dossier(story.tenant, story.id)["version"] != view.get("version"))

    def _see_to_files(self, story: PlayedStory, view: Mapping[str, Any], who: Caller, name: str) -> None:
        """What the SOP wants to lie in the dossier before such a step is made or photographed."""
        if view["step"] is None:
            return
        try:
            action = find_action(self._tenant.sop, view["step"], name, who.actor)
        except KeyError:
            return
        # What was made for an answer that was reopened since does not count any more: each time it is made anew.
        for kind in action.needs_files:
            if kind in DOCUMENTS:
                self._client.make_document(who, story.id, kind)
            else:
                self._client.add_file(who, story.id, kind, f"{kind}.jpg", photo(story.role.number))
