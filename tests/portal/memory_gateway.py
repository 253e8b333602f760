"""A gateway for tests of the web alone: it remembers what it was asked, and answers in the API's shapes.

It knows nothing of SOPs. What the services decide is tested on the services; here it is put in as ``refusal``.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from portal.gateway import PageAsked
from shared.base.caller import Caller
from shared.base.errors import AduanError, NotFound

Json = dict[str, Any]

_SPACE = UUID(int=7)
AT = "2026-10-01T08:00:00+07:00"
CODE = "KODE2345"


class MemoryGateway:
    """Complaints in a dict.

    :ivar asked: every call: its name and what it was given.
    :ivar refusal: raised by the next call, once.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, Json]] = []
        self.refusal: Exception | None = None
        self._tickets: dict[str, Json] = {}
        self._filed: dict[tuple[str, str], str] = {}
        self._position = 0

    def file(self, tenant: str, complaint: Json, caller: Caller | None, correlation_id: str, *, key: str = "") -> Json:
        """File it, unless its channel and external id were seen before."""
        self._note("file", tenant=tenant, complaint=complaint, caller=caller, correlation_id=correlation_id, key=key)
        seen = (complaint["channel"], complaint.get("external_id", ""))
        known = self._filed.get(seen) if seen[1] else None
        if known is None:
            self._position += 1
            known = f"CLP-2026-{self._position:06}"
            self._filed[seen] = known
            self._tickets[known] = self._heading(known, tenant)
        return {
            "created": self._tickets[known]["position"] == self._position,
            "id": self._tickets[known]["id"],
            "ticket": known,
            "tracking_code": CODE,
            "status": "in_progress",
            "step": "check",
            "position": self._tickets[known]["position"],
        }

    def track(self, tenant: str, ticket: str, code: str, *, shown: bool = True) -> Json:
        """The ticket, for its code."""
        del shown
        self._note("track", tenant=tenant, ticket=ticket, code=code)
        return {**self._found(tenant, ticket, code), "timeline": [_ENTRY]}

    def reporter_act(
        self, tenant: str, ticket: str, code: str, *, action: str, fields: Json, correlation_id: str, key: str = ""
    ) -> Json:
        """Remember it."""
        self._note("reporter_act", tenant=tenant, action=action, fields=fields, correlation_id=correlation_id, key=key)
        return {**self._found(tenant, ticket, code), "timeline": [_ENTRY]}

    def standing(self, tenant: str, codes: Mapping[str, str]) -> Json:
        """Nobody knows."""
        self._note("standing", tenant=tenant, codes=dict(codes))
        return {}

    def resolve(self, tenant: str, ticket: str) -> Json:
        """The dossier's id."""
        self._note("resolve", tenant=tenant, ticket=ticket)
        return {"id": self._found(tenant, ticket, CODE)["id"]}

    def readings(self, tenant: str, dossier_id: str | None, asked: Json, caller: Caller) -> Json:
        """Nobody has read anything."""
        self._note("readings", tenant=tenant, dossier_id=dossier_id, asked=asked, caller=caller)
        return {"items": [], "next": None}

    def own_data(self, tenant: str, ticket: str, code: str) -> Json:
        """Nothing was given to anybody."""
        self._note("own_data", tenant=tenant, ticket=ticket, code=code)
        raise NotFound("data_not_given")

    def readers(self, tenant: str, ticket: str, code: str) -> Json:
        """Nobody has read anything."""
        self._note("readers", tenant=tenant, ticket=ticket, code=code)
        return {"ticket": self._found(tenant, ticket, code)["ticket"], "times": 0, "named": 0, "items": []}

    def dossier(self, tenant: str, dossier_id: str, caller: Caller, why: str | None = None) -> Json:
        """The dossier."""
        self._note("dossier", tenant=tenant, dossier_id=dossier_id, caller=caller, why=why)
        beside = {"beside": [], "publication": {"facts": None, "written": None, "published": None}}
        return {**self._by_id(dossier_id), "sop_version": 1, "clocks": [_CLOCK], "timeline": [_ENTRY], **beside}

    def act(
        self,
        tenant: str,
        dossier_id: str,
        *,
        action: str,
        fields: Json,
        version: int | None,
        caller: Caller,
        correlation_id: str,
        key: str = "",
    ) -> Json:
        """Remember it."""
        self._note(
            "act",
            tenant=tenant,
            action=action,
            fields=fields,
            version=version,
            caller=caller,
            correlation_id=correlation_id,
            key=key,
        )
        return self._by_id(dossier_id)

    def inbox(
        self,
        tenant: str,
        agency: str | None,
        actor: str | None,
        page: PageAsked,
        caller: Caller,
        *,
        wanted: Mapping[str, Sequence[str]] | None = None,
        states: Sequence[str] | None = None,
        colleagues: bool = False,
    ) -> Json:
        """Every ticket."""
        self._note(
            "inbox",
            tenant=tenant,
            agency=agency,
            actor=actor,
            **page.to_dict(),
            caller=caller,
            wanted=wanted,
            states=states,
            colleagues=colleagues,
        )
        tasks = [{**each, "title": "Jalan", "since": AT, "state": "running"} for each in self._tickets.values()]
        return {"items": tasks, "next": None}

    def outline(self, tenant: str, *, agency: str | None, actor: str | None, caller: Caller) -> Json:
        """Nothing waits."""
        self._note("outline", tenant=tenant, agency=agency, actor=actor, caller=caller)
        return {"items": [], "more": False}

    def latest(self, tenant: str, dossier_id: str, caller: Caller, since: int | None = None) -> Json:
        """It was filed."""
        self._note("latest", tenant=tenant, dossier_id=dossier_id, caller=caller, since=since)
        return {"version": 1, "event": "ComplaintFiled", "actor": "reporter", "agency": None, "at": AT}

    def audit(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """A chain of nothing."""
        self._note("audit", tenant=tenant, dossier_id=dossier_id, caller=caller)
        return {"intact": True, "events": []}

    def clocks(self, tenant: str, states: Sequence[str], page: PageAsked, caller: Caller) -> Json:
        """One clock."""
        self._note("clocks", tenant=tenant, states=states, **page.to_dict(), caller=caller)
        return {"items": [_CLOCK], "next": None}

    def drawn(self, tenant: str, month: str | None, caller: Caller) -> Json:
        """No month has ended yet."""
        self._note("drawn", tenant=tenant, month=month, caller=caller)
        return {"items": []}

    def register(self, tenant: str, asked: Json, caller: Caller) -> Json:
        """An empty month."""
        self._note("register", tenant=tenant, asked=asked, caller=caller)
        return {"tenant": tenant, "month": asked["month"], "government": "", "titles": [], "rows": [], "next": None}

    def search(self, tenant: str, wanted: Json, page: PageAsked, caller: Caller) -> Json:
        """Nothing is found."""
        self._note("search", tenant=tenant, wanted=wanted, caller=caller, **page.to_dict())
        return {"items": [], "next": None}

    def photos_alike(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """None."""
        self._note("photos_alike", tenant=tenant, dossier_id=dossier_id, caller=caller)
        return {"items": []}

    def suggestions(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """Nothing comes to mind."""
        self._note("suggestions", tenant=tenant, dossier_id=dossier_id, caller=caller)
        none = {"judged": 0, "first": 0, "among": 0}
        return {"alike": [], "agencies": [], "categories": [], "hits": {"agency": none, "category": none}}

    def board(self, tenant: str, caller: Caller) -> Json:
        """An empty board."""
        self._note("board", tenant=tenant, caller=caller)
        return {"cells": [], "as_of": AT}

    def watched(self, tenant: str, kind: str, wanted: Json, page: PageAsked, caller: Caller) -> Json:
        """Nothing waits."""
        self._note("watched", tenant=tenant, kind=kind, wanted=wanted, page=page, caller=caller)
        return {"items": [], "next": None}

    def returned(self, tenant: str, kind: str, page: PageAsked, caller: Caller) -> Json:
        """Nothing came back."""
        self._note("returned", tenant=tenant, kind=kind, page=page, caller=caller)
        return {"items": [], "next": None, "counts": {"returned": 0, "bounced": 0}}

    def hints(self, tenant: str, dossiers: Sequence[str], caller: Caller) -> Json:
        """Nothing is suggested."""
        self._note("hints", tenant=tenant, dossiers=list(dossiers), caller=caller)
        return {}

    def twins(self, tenant: str, after: str | None, caller: Caller) -> Json:
        """None."""
        self._note("twins", tenant=tenant, after=after, caller=caller)
        return {"items": [], "next": None, "may_decide": False}

    def tell_apart(self, tenant: str, dossiers: Sequence[str], caller: Caller) -> Json:
        """Remember it."""
        self._note("tell_apart", tenant=tenant, dossiers=list(dossiers), caller=caller)
        return {"apart": True}

    def what_if(self, tenant: str, asked: Json, caller: Caller) -> Json:
        """Nothing is read."""
        self._note("what_if", tenant=tenant, asked=asked, caller=caller)
        return {"tenant": tenant, "since": AT, "until": AT, "findings": [], "broken": "sop.yaml:1"}

    def running(self, tenant: str, caller: Caller) -> dict[str, int]:
        """None runs."""
        self._note("running", tenant=tenant, caller=caller)
        return {}

    def moved(self, tenant: str, section: str, record: Json, caller: Caller) -> Json:
        """No clock runs."""
        self._note("moved", tenant=tenant, section=section, record=record, caller=caller)
        return {"looked_at": 0, "more": False, "later": 0, "earlier": 0, "items": []}

    def public_recap(self, tenant: str, month: str) -> Json:
        """An empty month."""
        self._note("public_recap", tenant=tenant, month=month)
        return {"tenant": tenant, "month": month, "few": True}

    def spread(self, tenant: str, month: str, caller: Caller | None) -> Json:
        """Nothing to spread."""
        self._note("spread", tenant=tenant, month=month, caller=caller)
        return {"days": [], "first_answer": {"bins": [], "working": True, "within": None}, "steps": []}

    def year(self, tenant: str, year: str, caller: Caller) -> Json:
        """Twelve empty months."""
        self._note("year", tenant=tenant, year=year, caller=caller)
        return {"tenant": tenant, "year": year, "months": []}

    def public_year(self, tenant: str, year: str) -> Json:
        """Twelve empty months."""
        self._note("public_year", tenant=tenant, year=year)
        return {"tenant": tenant, "year": year, "months": []}

    def published(self, tenant: str, wanted: Json, *, after: str | None, limit: int) -> Json:
        """Nothing public."""
        self._note("published", tenant=tenant, wanted=wanted, after=after, limit=limit)
        return {"items": [], "next": None, "by_kecamatan": [], "by_category": []}

    def published_one(self, tenant: str, ticket: str) -> Json:
        """Nothing public."""
        self._note("published_one", tenant=tenant, ticket=ticket)
        raise NotFound("not_public")

    def followed(self, tenant: str, wanted: Json) -> Json:
        """Nothing to follow."""
        self._note("followed", tenant=tenant, wanted=wanted)
        return {"items": []}

    def refused(self, tenant: str, channel: str, why: str) -> Json:
        """Nobody is told."""
        self._note("refused", tenant=tenant, channel=channel, why=why)
        return {"told": False}

    def file_for_program(self, tenant: str, complaint: Json, program: str, correlation_id: str) -> Json:
        """As anybody's."""
        return self.file(tenant, complaint, None, f"{program} {correlation_id}")

    def add_for_program(
        self, tenant: str, ticket: str, filed_as: str, text: str, *, correlation_id: str, key: str
    ) -> Json:
        """Nothing was filed by a program."""
        self._note("add_for_program", tenant=tenant, ticket=ticket, text=text)
        del filed_as, correlation_id, key
        raise NotFound("unknown_ticket")

    def filed(self, tenant: str, channel: str, external_id: str) -> Json:
        """Its ticket."""
        self._note("filed", tenant=tenant, channel=channel, external_id=external_id)
        known = self._filed.get((channel, external_id))
        if known is None:
            raise NotFound("unknown_ticket")
        return {"ticket": known}

    def to_publish(self, tenant: str, page: PageAsked, caller: Caller) -> Json:
        """Nothing waits."""
        self._note("to_publish", tenant=tenant, page=page, caller=caller)
        return {"items": [], "next": None}

    def recap(self, tenant: str, month: str, min_position: int | None, caller: Caller) -> Json:
        """An empty month."""
        self._note("recap", tenant=tenant, month=month, min_position=min_position, caller=caller)
        return {"tenant": tenant, "month": month}

    def last(self, call: str) -> Json:
        """What the latest call of that name was given."""
        return next(given for name, given in reversed(self.asked) if name == call)

    def files(self, service: str, method: str, tenant: str, **arguments: Any) -> Json:
        """Only noted: no store stands behind it."""
        self._note("files", service=service, method=method, tenant=tenant, **arguments)
        return {"most_bytes": 1}

    def _note(self, call: str, **given: Any) -> None:
        self.asked.append((call, given))
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal

    def _heading(self, ticket: str, tenant: str) -> Json:
        return {
            "id": str(uuid5(_SPACE, ticket)),
            "ticket": ticket,
            "tenant": tenant,
            "status": "in_progress",
            "missing": [],
            "filed_at": AT,
            "complaint": {"title": "Jalan rusak", "message": "Jalan rusak"},
            "step": "check",
            "actor": "coordinator",
            "agency": None,
            "agency_name": None,
            "due_at": AT,
            "warn_at": AT,
            "allowed": [{"action": "dispose", "needs": ["agency"]}],
            "version": 1,
            "position": self._position,
        }

    def _found(self, tenant: str, ticket: str, code: str) -> Json:
        found = self._tickets.get(ticket)
        if found is None or found["tenant"] != tenant or code != CODE:
            raise NotFound("unknown_ticket")
        return found

    def _by_id(self, dossier_id: str) -> Json:
        for found in self._tickets.values():
            if found["id"] == dossier_id:
                return found
        refusal: AduanError = NotFound("unknown_dossier")
        raise refusal


_ENTRY: Json = {"event": "ComplaintFiled", "at": AT, "step": None, "actor": "reporter", "agency": None}
_CLOCK: Json = {
    "target": "step",
    "step": "check",
    "actor": "coordinator",
    "agency": None,
    "started_at": AT,
    "due_at": AT,
    "state": "running",
    "ended_at": None,
    "late_seconds": 0,
}
