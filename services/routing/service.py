"""The nameko edge of routing: entrypoints only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from services.routing import auditing, commands, documents, files, following, grouping, queries, watched
from services.routing import board as boards
from services.routing.projection import InboxProjection
from shared.application.automation import automate, follow
from shared.application.dossiers.codec import decode
from shared.application.dossiers.ids import dossier_id_of
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.files.drops import Drop
from shared.application.lists import read
from shared.application.requests import cause_of, mark_of
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.present_call import present_call
from shared.domain.dossier.desk import Cause
from shared.messaging.calling.rpc import rpc
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.ticker import ticking
from shared.messaging.wire.health_server import HealthServer
from shared.messaging.wire.runtime_provider import UseRuntime
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.runner import apply_batch

_SWEEP_SECONDS = 3600.0


class RoutingService:
    """Officers' actions and inboxes."""

    name = "routing"
    waited_for: ClassVar[Mapping[str, str]] = {"project": queries.OF_SYSTEM}
    """See :func:`cli.doors.outstanding_in`."""

    runtime: Runtime = UseRuntime()
    relay = LogRelay()
    health = HealthServer()

    @consume_log("routing", share=following.share)
    def project(self, events: list[RecordedEvent]) -> None:
        """Bring the inboxes up to date, then do what the SOP gives to the system."""
        applied = apply_batch(self.runtime.database, InboxProjection(), decode, events)
        automate(self.runtime, events, applied, "dispose", commands.dispose_by_category)
        follow(self.runtime, events, applied, grouping.ends_a_dossier, grouping.release_members)

    @rpc
    def act(
        self,
        tenant: str,
        dossier_id: str,
        action: str,
        fields: dict[str, Any],
        version: int | None,
        caller: dict[str, Any],
        correlation_id: str = "",
        key: str = "",
    ) -> dict[str, Any]:
        """Do an action; answers with the dossier after it and the log position.

        :param key: by which the same request is known when it comes again.
        """
        who = Caller.from_dict(caller)
        cause = _cause(self.runtime, tenant, who, correlation_id, key, [dossier_id, action, fields, version])
        uuid = dossier_id_of(dossier_id)
        done = on_fresh_state(lambda: commands.act(self.runtime, who, tenant, uuid, action, fields, cause, version))
        after = queries.after_action(self.runtime, who, done.dossier, done.events, done.key)
        return {**after, **done.said, "position": done.position}

    @rpc
    def dossier(self, tenant: str, dossier_id: str, caller: dict[str, Any], why: str | None = None) -> dict[str, Any]:
        """One dossier."""
        return queries.dossier(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id), why)

    @rpc
    def readings(self, tenant: str, dossier_id: str | None, caller: dict[str, Any], **asked: Any) -> dict[str, Any]:
        """Who opened personal data of a government's dossiers, or of one."""
        uuid = dossier_id_of(dossier_id) if dossier_id else None
        return queries.readings(self.runtime, Caller.from_dict(caller), tenant, uuid, asked)

    @rpc
    def latest(self, tenant: str, dossier_id: str, caller: dict[str, Any], since: int | None = None) -> dict[str, Any]:
        """What happened last to a dossier, or since a version."""
        return queries.latest(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id), since)

    @rpc
    def audit(self, tenant: str, dossier_id: str, caller: dict[str, Any]) -> dict[str, Any]:
        """The chain of one dossier, checked link by link; for administrators."""
        return auditing.audit(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id))

    @ticking(seconds=_SWEEP_SECONDS)
    def sweep(self) -> bool:
        """Take away what crashes have left among the files."""
        files.sweep_quietly(self.runtime)
        return False

    @rpc
    def may_add_file(self, tenant: str, dossier_id: str, caller: dict[str, Any]) -> dict[str, Any]:
        """Whether a file would be taken: asked before it is sent."""
        return files.may_add(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id))

    @rpc
    def add_file(
        self,
        tenant: str,
        dossier_id: str,
        kind: str,
        name: str,
        drop: dict[str, Any],
        caller: dict[str, Any],
        correlation_id: str = "",
    ) -> dict[str, Any]:
        """Add a file that was left in the store."""
        who, left = Caller.from_dict(caller), Drop.from_dict(drop)
        cause = cause_of(self.runtime, correlation_id)
        uuid = dossier_id_of(dossier_id)
        return files.add(self.runtime, who, tenant, uuid, kind=kind, name=name, drop=left, cause=cause)

    @rpc
    def document(
        self,
        tenant: str,
        dossier_id: str,
        fields: dict[str, Any],
        caller: dict[str, Any],
        correlation_id: str = "",
        key: str = "",
    ) -> dict[str, Any]:
        """Make a document, which becomes a file of the dossier.

        :param key: by which the same request is known when it comes again; without one only the same call is.
        """
        who, key, asked = Caller.from_dict(caller), key or present_call(), [dossier_id, fields]
        # Of a receipt two things may be recorded: the code that ends the one before, and the file.
        cause = _cause(self.runtime, tenant, who, correlation_id, key, asked)
        of_file = _cause(self.runtime, tenant, who, cause.correlation_id, key and f"{key}/file", asked)
        return documents.make(self.runtime, who, tenant, dossier_id_of(dossier_id), fields, cause, of_file)

    @rpc
    def file(
        self, tenant: str, dossier_id: str, file: str, caller: dict[str, Any], why: str | None = None
    ) -> dict[str, Any]:
        """What is needed to read a file."""
        return files.hand(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id), file, why)

    @rpc
    def board(self, tenant: str, caller: dict[str, Any]) -> dict[str, Any]:
        """The open tasks, counted by holder and step."""
        return read(self.runtime, ["routing"], None, lambda at: boards.board(at, Caller.from_dict(caller), tenant))

    @rpc
    def watched(
        self, tenant: str, kind: str, wanted: dict[str, Any], after: str | None, limit: int, caller: dict[str, Any]
    ) -> dict[str, Any]:
        """The tasks behind a figure of the board."""
        who = Caller.from_dict(caller)
        return read(
            self.runtime,
            ["routing"],
            None,
            lambda at: watched.watched(at, who, tenant, kind, wanted=wanted, after=after, limit=limit),
        )

    @rpc
    def inbox(
        self,
        tenant: str,
        agency: str | None,
        actor: str | None,
        after: str | None,
        limit: int,
        min_position: int | None,
        caller: dict[str, Any],
        wanted: dict[str, list[str]] | None = None,
        states: list[str] | None = None,
        colleagues: bool = False,  # noqa: FBT001, FBT002 - named in every call
    ) -> dict[str, Any]:
        """The open tasks of an agency and actor, or of the agency's other desks, of those that fit what is wanted."""
        who = Caller.from_dict(caller)
        return read(
            self.runtime,
            ["routing"],
            min_position,
            lambda at: queries.inbox(
                at,
                who,
                tenant,
                agency=agency,
                actor=actor,
                wanted=wanted,
                states=states,
                colleagues=colleagues,
                after=after,
                limit=limit,
            ),
        )

    @rpc
    def outline(
        self, tenant: str, agency: str | None, actor: str | None, min_position: int | None, caller: dict[str, Any]
    ) -> dict[str, Any]:
        """Which tasks an inbox holds, without what was written."""
        who = Caller.from_dict(caller)
        return read(
            self.runtime,
            ["routing"],
            min_position,
            lambda at: queries.outline(at, who, tenant, agency=agency, actor=actor),
        )


def _cause(runtime: Runtime, tenant: str, who: Caller, correlation_id: str, key: str, asked: list[Any]) -> Cause:
    """The cause of what an officer asks, by which the same request is known when it comes again."""
    mark = mark_of(runtime, tenant, (who.tenant, who.actor, who.agency, who.user), key, asked)
    return cause_of(runtime, correlation_id, mark)
