"""The services, reached over the broker."""

from collections.abc import Sequence
from typing import Any, cast

from portal.gateway import Json, PageAsked
from shared.base.caller import Caller
from shared.base.errors import Unavailable
from shared.messaging.calling.rpc_client import NoAnswer, RpcClients


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

    def filed(self, tenant: str, channel: str, external_id: str) -> Json:
        """Ask intake."""
        return self._ask("intake", "filed", tenant, channel=channel, external_id=external_id)

    def track(self, tenant: str, ticket: str, code: str) -> Json:
        """Ask intake."""
        return self._ask("intake", "track", tenant, ticket=ticket, code=code)

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

    def standing(self, tenant: str, dossiers: Sequence[str]) -> Json:
        """Ask intake."""
        return self._ask("intake", "standing", tenant, dossiers=list(dossiers))

    def resolve(self, tenant: str, ticket: str) -> Json:
        """Ask intake."""
        return self._ask("intake", "resolve", tenant, ticket=ticket)

    def dossier(self, tenant: str, dossier_id: str, caller: Caller, why: str | None = None) -> Json:
        """Ask routing."""
        return self._ask("routing", "dossier", tenant, dossier_id=dossier_id, caller=caller.to_dict(), why=why)

    def readings(self, tenant: str, dossier_id: str | None, asked: Json, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask("routing", "readings", tenant, dossier_id=dossier_id, **asked, caller=caller.to_dict())

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

    def inbox(self, tenant: str, agency: str | None, actor: str | None, page: PageAsked, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask(
            "routing",
            "inbox",
            tenant,
            agency=agency,
            actor=actor,
            **page.to_dict(),
            caller=caller.to_dict(),
        )

    def outline(self, tenant: str, *, agency: str | None, actor: str | None, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask(
            "routing", "outline", tenant, agency=agency, actor=actor, min_position=None, caller=caller.to_dict()
        )

    def latest(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask("routing", "latest", tenant, dossier_id=dossier_id, caller=caller.to_dict())

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

    def suggestions(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "suggestions", tenant, dossier_id=dossier_id, caller=caller.to_dict())

    def board(self, tenant: str, caller: Caller) -> Json:
        """Ask routing."""
        return self._ask("routing", "board", tenant, caller=caller.to_dict())

    def what_if(self, tenant: str, asked: Json, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "what_if", tenant, **asked, caller=caller.to_dict())

    def public_recap(self, tenant: str, month: str) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "public_recap", tenant, month=month)

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

    def to_publish(self, tenant: str, limit: int, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "to_publish", tenant, limit=limit, caller=caller.to_dict())

    def recap(self, tenant: str, month: str, min_position: int | None, caller: Caller) -> Json:
        """Ask reporting."""
        return self._ask("reporting", "recap", tenant, month=month, min_position=min_position, caller=caller.to_dict())

    def _write(self, service: str, method: str, tenant: str, *, key: str, **arguments: Any) -> Json:
        try:
            return self._ask(service, method, tenant, key=key, **arguments)
        except NoAnswer as error:
            # Neither done nor not done, as far as anybody knows here: to say either might be a lie.
            raise Unavailable("outcome_unknown", {"service": service, "key": key}) from error

    def files(self, service: str, method: str, tenant: str, **arguments: Any) -> Json:
        """Ask the service named."""
        return self._ask(service, method, tenant, **arguments)

    def _ask(self, service: str, method: str, tenant: str, **arguments: Any) -> Json:
        call = getattr(self._clients[service], method)
        return cast("Json", call(tenant=tenant, **arguments))
