"""The services, reached over the broker."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

from nameko.exceptions import IncorrectSignature, MethodNotFound

from portal.gateway import OUTCOME_UNKNOWN, Json, PageAsked
from shared.base.caller import Caller
from shared.base.errors import Unavailable
from shared.messaging.calling.method import NoAnswer
from shared.messaging.calling.rpc_client import RpcClients

log = logging.getLogger(__name__)


class RpcGateway:
    """The gateway by nameko RPC; see :class:`portal.gateway.Gateway` for what each call does.

    :param clients: started, or to be started before the first call.
    """

    def __init__(self, clients: RpcClients) -> None:
        self._clients = clients

    def file(self, tenant: str, complaint: Json, caller: Caller | None, correlation_id: str, *, key: str) -> Json:
        """Ask intake."""
        told = caller.to_dict() if caller is not None else None
        return self._write(
            "intake", "file", tenant, complaint=complaint, caller=told, correlation_id=correlation_id, key=key
        )

    def file_for_program(self, tenant: str, complaint: Json, program: str, correlation_id: str) -> Json:
        """Ask intake."""
        told = {"user": program}
        return self._write(
            "intake", "file", tenant, complaint=complaint, caller=told, correlation_id=correlation_id, key=""
        )

    def add_for_program(
        self, tenant: str, ticket: str, filed_as: str, text: str, *, correlation_id: str, key: str
    ) -> Json:
        """Ask intake."""
        told = {"ticket": ticket, "filed_as": filed_as, "text": text}
        return self._write("intake", "program_add", tenant, **told, correlation_id=correlation_id, key=key)

    def filed(self, tenant: str, channel: str, external_id: str) -> Json:
        """Ask intake."""
        return self._ask("intake", "filed", tenant, channel=channel, external_id=external_id)

    def track(self, tenant: str, ticket: str, code: str, *, shown: bool = True) -> Json:
        """Ask intake."""
        # Services of the version before know no such argument; they would record a page's question as a reading.
        quietly = {} if shown else {"shown": False}
        return self._ask("intake", "track", tenant, ticket=ticket, code=code, **quietly)

    def reporter_act(
        self, tenant: str, ticket: str, code: str, *, action: str, fields: Json, correlation_id: str, key: str
    ) -> Json:
        """Ask intake."""
        return self._write(
            "intake",
            "reporter_act",
            tenant,
            ticket=ticket,
            code=code,
            action=action,
            fields=fields,
            correlation_id=correlation_id,
            key=key,
        )

    def standing(self, tenant: str, codes: Mapping[str, str]) -> Json:
        """Ask intake."""
        return self._ask("intake", "standing", tenant, dossiers=list(codes), codes=dict(codes))

    def resolve(self, tenant: str, ticket: str) -> Json:
        """Ask intake."""
        return self._ask("intake", "resolve", tenant, ticket=ticket)

    def dossier(self, tenant: str, dossier_id: str, caller: Caller, why: str | None = None) -> Json:
        """Ask routing."""
        return self._ask("routing", "dossier", tenant, dossier_id=dossier_id, caller=caller.to_dict(), why=why)

    def readings(self, tenant: str, dossier_id: str | None, asked: Json, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask("routing", "readings", tenant, dossier_id=dossier_id, **asked, caller=caller.to_dict())

    def own_data(self, tenant: str, ticket: str, code: str) -> Json:
        """Ask intake."""
        return self._ask("intake", "own_data", tenant, ticket=ticket, code=code)

    def readers(self, tenant: str, ticket: str, code: str) -> Json:
        """Ask intake."""
        return self._ask("intake", "readers", tenant, ticket=ticket, code=code)

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
        key: str,
    ) -> Json:
        """Ask routing."""
        return self._write(
            "routing",
            "act",
            tenant,
            dossier_id=dossier_id,
            action=action,
            fields=fields,
            version=version,
            caller=caller.to_dict(),
            correlation_id=correlation_id,
            key=key,
        )

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
        """Ask routing. Services of the version before tell the list by due time, and no counts; of colleagues they tell
        nothing, and are not asked twice.
        """
        asked = {
            "agency": agency,
            "actor": actor,
            **page.to_dict(),
            "caller": caller.to_dict(),
            # Only where it is narrowed: services of the version before, beside which this runs in an upgrade, know no
            # such argument.
            **({"wanted": {name: list(words) for name, words in wanted.items()}} if wanted else {}),
            **({"colleagues": True} if colleagues else {}),
        }
        if states is None:
            return self._ask("routing", "inbox", tenant, **asked)
        try:
            return self._ask("routing", "inbox", tenant, **asked, states=list(states))
        except Unavailable as error:
            if colleagues or not isinstance(error.__cause__, IncorrectSignature):
                raise
            return self._ask("routing", "inbox", tenant, **asked)

    def outline(self, tenant: str, *, agency: str | None, actor: str | None, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask(
            "routing", "outline", tenant, agency=agency, actor=actor, min_position=None, caller=caller.to_dict()
        )

    def latest(self, tenant: str, dossier_id: str, caller: Caller, since: int | None = None) -> Json:
        """Ask routing; services of the version before tell nothing since a version."""
        more = {} if since is None else {"since": since}
        return self._ask("routing", "latest", tenant, dossier_id=dossier_id, caller=caller.to_dict(), **more)

    def audit(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask("routing", "audit", tenant, dossier_id=dossier_id, caller=caller.to_dict())

    def clocks(self, tenant: str, states: Sequence[str], page: PageAsked, caller: Caller) -> Json:
        """Ask sla."""
        return self._ask(
            "sla",
            "clocks",
            tenant,
            states=list(states),
            **page.to_dict(),
            caller=caller.to_dict(),
        )

    def drawn(self, tenant: str, month: str | None, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "drawn", tenant, month=month, caller=caller.to_dict())

    def register(self, tenant: str, asked: Json, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "register", tenant, **asked, caller=caller.to_dict())

    def search(self, tenant: str, wanted: Json, page: PageAsked, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask(
            "reporting",
            "search",
            tenant,
            wanted=wanted,
            **page.to_dict(),
            caller=caller.to_dict(),
        )

    def photos_alike(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "photos_alike", tenant, dossier_id=dossier_id, caller=caller.to_dict())

    def suggestions(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "suggestions", tenant, dossier_id=dossier_id, caller=caller.to_dict())

    def board(self, tenant: str, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask("routing", "board", tenant, caller=caller.to_dict())

    def watched(self, tenant: str, kind: str, wanted: Json, page: PageAsked, caller: Caller) -> Json:
        """Ask routing."""
        asked = {"after": page.after, "limit": page.limit}
        return self._ask("routing", "watched", tenant, kind=kind, wanted=wanted, **asked, caller=caller.to_dict())

    def returned(self, tenant: str, kind: str, page: PageAsked, caller: Caller) -> Json:
        """Ask reporting."""
        asked = {"after": page.after, "limit": page.limit}
        return self._ask("reporting", "returned", tenant, kind=kind, **asked, caller=caller.to_dict())

    def hints(self, tenant: str, dossiers: Sequence[str], caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "hints", tenant, dossiers=list(dossiers), caller=caller.to_dict())

    def twins(self, tenant: str, after: str | None, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "twins", tenant, after=after, caller=caller.to_dict())

    def tell_apart(self, tenant: str, dossiers: Sequence[str], caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "tell_apart", tenant, dossiers=list(dossiers), caller=caller.to_dict())

    def what_if(self, tenant: str, asked: Json, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "what_if", tenant, **asked, caller=caller.to_dict())

    def running(self, tenant: str, caller: Caller) -> dict[str, int]:
        """Ask reporting."""
        return self._ask("reporting", "running", tenant, caller=caller.to_dict())

    def moved(self, tenant: str, section: str, record: Json, caller: Caller) -> Json:
        """Ask sla."""
        return self._ask("sla", "moved", tenant, section=section, record=record, caller=caller.to_dict())

    def public_recap(self, tenant: str, month: str) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "public_recap", tenant, month=month)

    def spread(self, tenant: str, month: str, caller: Caller | None) -> Json:
        """Ask reporting."""
        if caller is None:
            return self._ask("reporting", "public_spread", tenant, month=month)
        return self._ask("reporting", "spread", tenant, month=month, caller=caller.to_dict())

    def year(self, tenant: str, year: str, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "year", tenant, year=year, caller=caller.to_dict())

    def public_year(self, tenant: str, year: str) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "public_year", tenant, year=year)

    def published(self, tenant: str, wanted: Json, *, after: str | None, limit: int) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "published", tenant, wanted=wanted, after=after, limit=limit)

    def published_one(self, tenant: str, ticket: str) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "published_one", tenant, ticket=ticket)

    def followed(self, tenant: str, wanted: Json) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "followed", tenant, wanted=wanted)

    def refused(self, tenant: str, channel: str, why: str) -> Json:
        """Ask notify."""
        return self._ask("notify", "refused", tenant, channel=channel, why=why)

    def to_publish(self, tenant: str, page: PageAsked, caller: Caller) -> Json:
        """Ask reporting; services of the version before, which know one page only, are asked for no other."""
        onward = {"after": page.after} if page.after else {}
        return self._ask("reporting", "to_publish", tenant, limit=page.limit, caller=caller.to_dict(), **onward)

    def recap(self, tenant: str, month: str, min_position: int | None, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "recap", tenant, month=month, min_position=min_position, caller=caller.to_dict())

    def _write(self, service: str, method: str, tenant: str, *, key: str, **arguments: Any) -> Json:
        try:
            return self._ask(service, method, tenant, key=key, **arguments)
        except NoAnswer as error:
            # Neither done nor not done, as far as anybody knows here: to say either might be a lie.
            raise Unavailable(OUTCOME_UNKNOWN, {"service": service, "key": key}) from error

    def files(self, service: str, method: str, tenant: str, **arguments: Any) -> Json:
        """Ask the service named."""
        return self._ask(service, method, tenant, **arguments)

    def _ask(self, service: str, method: str, tenant: str, **arguments: Any) -> Json:
        call = getattr(self._clients[service], method)
        try:
            return cast("Json", call(tenant=tenant, **arguments))
        except (MethodNotFound, IncorrectSignature) as unknown:
            # While an upgrade goes on: nothing was done, and another of its processes may know it.
            log.warning("a service does not know a call", extra={"service": service, "method": method})
            raise Unavailable("service_unavailable", {"service": service}) from unknown
