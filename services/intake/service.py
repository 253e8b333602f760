"""The nameko edge of intake: entrypoints only."""

from typing import Any

from services.intake import (
    agreed,
    asked_once,
    erasing,
    files,
    filing,
    following,
    programs,
    reporter,
    standing,
    submissions,
)
from services.intake.classifying import classify_dossier
from services.intake.projection import TicketProjection
from shared.application.automation import automate
from shared.application.dossiers.codec import decode
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.files.drops import Drop
from shared.application.requests import PUBLIC, cause_of, mark_of
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.domain.dossier.events import ErasureReason
from shared.messaging.calling.rpc import rpc
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.consuming.submissions import consume_submissions
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.ticker import ticking
from shared.messaging.wire.delivery import Delivery
from shared.messaging.wire.health_server import HealthServer
from shared.messaging.wire.runtime_provider import UseRuntime
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.runner import apply_batch

_AGREED_SECONDS = 2.0


class IntakeService:
    """Complaints and their reporters."""

    name = "intake"

    runtime: Runtime = UseRuntime()
    relay = LogRelay()
    health = HealthServer()

    @consume_submissions("intake")
    def submit(self, deliveries: list[Delivery]) -> list[submissions.Outcome]:
        """File what channel adapters sent."""
        return submissions.receive(self.runtime, deliveries)

    @consume_log("intake", share=following.share)
    def project(self, events: list[RecordedEvent]) -> None:
        """Bring the tickets up to date, then classify where the SOP gives that to the system."""
        applied = apply_batch(self.runtime.database, TicketProjection(), decode, events)
        automate(self.runtime, events, applied, "classify", classify_dossier)

    @ticking(_AGREED_SECONDS)
    def erase_agreed(self) -> bool:
        """Carry out erasures that two administrators have agreed on; says whether there may be more."""
        return agreed.carry_out(self.runtime)

    @ticking(3600)
    def forget_old_keys(self) -> bool:
        """Forget senders' keys of more than thirty days ago; says whether there may be more."""
        return asked_once.forget_old(self.runtime)

    @rpc
    def file(
        self,
        tenant: str,
        complaint: dict[str, Any],
        caller: dict[str, Any] | None = None,
        correlation_id: str = "",
        key: str = "",
    ) -> dict[str, Any]:
        """File one complaint; answers with its receipt.

        :param complaint: as :func:`shared.domain.complaint.schema.load_submission` gives it: whoever calls has a door
            of their own, and checks there what comes through it.
        :param caller: the officer, or ``import``; none for what anybody sent without a token.
        :param key: by which the same request is known when it comes again.
        """
        told = caller or {}
        who = (told.get("tenant", PUBLIC), told.get("actor"), told.get("agency"), told.get("user"))
        cause = cause_of(self.runtime, correlation_id, mark_of(self.runtime, tenant, who, key, complaint))
        asked = filing.submission(self.runtime, tenant, complaint, cause, caller)
        # A door that was given no key takes its request's own id for it.
        return filing.file(self.runtime, asked, key_chosen=bool(key) and key != correlation_id).to_dict()

    @rpc
    def filed(self, tenant: str, channel: str, external_id: str) -> dict[str, Any]:
        """The ticket of what a channel has filed under an id of its own."""
        return {"ticket": filing.filed(self.runtime, tenant, channel, external_id).ticket}

    @rpc
    def track(self, tenant: str, ticket: str, code: str, shown: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - named in every call
        """What a reporter may see of their complaint."""
        return on_fresh_state(lambda: reporter.track(self.runtime, tenant, ticket, code, shown=shown))

    @rpc
    def reporter_act(
        self,
        tenant: str,
        ticket: str,
        code: str,
        action: str,
        fields: dict[str, Any],
        correlation_id: str = "",
        key: str = "",
        shown: bool = True,  # noqa: FBT001, FBT002 - named in every call
        aside: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> dict[str, Any]:
        """Do one of the reporter's actions.

        :param key: by which the same request is known when it comes again.
        :param shown: whether they have the complaint before them.
        :param aside: whether what is added is no word of theirs.
        """
        mark = mark_of(self.runtime, tenant, (REPORTER,), key, [action, fields])
        cause = cause_of(self.runtime, correlation_id, mark)
        return on_fresh_state(
            lambda: reporter.act(self.runtime, tenant, ticket, code, action, fields, cause, shown=shown, aside=aside)
        )

    @rpc
    def own_data(self, tenant: str, ticket: str, code: str) -> dict[str, Any]:
        """The copy of a reporter's data, once a desk has given it."""
        return reporter.own_data(self.runtime, tenant, ticket, code)

    @rpc
    def program_add(
        self, tenant: str, ticket: str, filed_as: str, text: str, correlation_id: str = "", key: str = ""
    ) -> dict[str, Any]:
        """Add what a program says of a complaint that it has filed.

        :param key: by which the same request is known when it comes again.
        """
        mark = mark_of(self.runtime, tenant, (filed_as,), key, [ticket, text])
        cause = cause_of(self.runtime, correlation_id, mark)
        return on_fresh_state(lambda: programs.add(self.runtime, tenant, ticket, filed_as, {"text": text}, cause))

    @rpc
    def readers(self, tenant: str, ticket: str, code: str) -> dict[str, Any]:
        """How often a reporter's personal data were opened, by role."""
        return reporter.readers(self.runtime, tenant, ticket, code)

    @rpc
    def may_add_file(self, tenant: str, ticket: str, code: str) -> dict[str, Any]:
        """Whether a reporter's file would be taken: asked before it is sent."""
        return files.may_add(self.runtime, tenant, ticket, code)

    @rpc
    def add_file(
        self,
        tenant: str,
        ticket: str,
        code: str,
        kind: str,
        name: str,
        drop: dict[str, Any],
        correlation_id: str = "",
    ) -> dict[str, Any]:
        """Add a reporter's file that was left in the store."""
        left, cause = Drop.from_dict(drop), cause_of(self.runtime, correlation_id)
        return files.add(self.runtime, tenant, ticket, code, kind=kind, name=name, drop=left, cause=cause)

    @rpc
    def file_of(self, tenant: str, ticket: str, code: str, file: str) -> dict[str, Any]:
        """What is needed to read a file that the reporter may have."""
        return files.hand(self.runtime, tenant, ticket, code, file)

    def erase(self, tenant: str, ticket: str, reason: ErasureReason, caller: dict[str, Any]) -> dict[str, Any]:
        """Make a dossier unreadable, for ever. No call over the broker leads here: see ``aduan erase``."""
        who = Caller.from_dict(caller)
        cause = cause_of(self.runtime, None)
        return on_fresh_state(lambda: erasing.erase(self.runtime, who, tenant, ticket, reason, cause))

    @rpc
    def standing(self, tenant: str, dossiers: list[str], codes: dict[str, str] | None = None) -> dict[str, Any]:
        """Where complaints stand, for the channel or the account that keeps their reporter's tracking codes."""
        return standing.standing(self.runtime, tenant, dossiers, codes)

    @rpc
    def resolve(self, tenant: str, ticket: str) -> dict[str, Any]:
        """The dossier behind a ticket."""
        return {"id": str(reporter.resolve(self.runtime, tenant, ticket))}
