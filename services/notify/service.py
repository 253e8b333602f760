"""The nameko edge of notify: entrypoints only."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from services.notify import (
    alarms,
    answers,
    bounces,
    carrying,
    codes,
    forgetting,
    ledger,
    mail_carrier,
    planning,
    queries,
    sending,
    sparing,
    talking,
    waiting,
)
from services.notify import reports as reports_of
from services.notify.in_full import send_in_full
from shared.application.dossiers.ids import dossier_id_of
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.times import from_iso
from shared.channels.installed import channels_of
from shared.messaging.calling.rpc import rpc
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.ticker import ticking
from shared.messaging.wire.health_server import HealthServer
from shared.messaging.wire.runtime_provider import UseRuntime
from shared.store.eventstore.reading import RecordedEvent

_TALK_SECONDS = 0.1
_CODE_SECONDS = 0.5


class NotifyService:
    """Messages to reporters and officers."""

    name = "notify"
    waited_for: ClassVar[Mapping[str, str]] = {"send": ledger.DUE, "send_talks": talking.WAITED_FOR}
    """See :func:`cli.doors.outstanding_in`."""

    runtime: Runtime = UseRuntime()
    relay = LogRelay()
    health = HealthServer()

    @consume_log("notify", share=planning.share)
    def project(self, events: list[RecordedEvent]) -> None:
        """Note what happened, and which messages are due of it; forget whom it says to forget."""
        planning.apply(self.runtime, events)
        forgetting.forget(self.runtime, events)

    @rpc
    def forget(self, dossier_id: str, caller: dict[str, Any]) -> None:
        """Remove the letters of an erased dossier now, also where the services do not run."""
        check_administrator(Caller.from_dict(caller))
        forgetting.forget_dossiers(self.runtime, [UUID(dossier_id)])

    @ticking(due=ledger.DUE)
    def send(self) -> bool:
        """Send what is due; says whether there may be more."""
        return sending.tick(self.runtime) >= sending.BATCH  # fewer are worth a moment: more come with the next

    @ticking(15)
    def measure(self) -> None:
        """Keep the figures on what waits to be sent."""
        waiting.measure(self.runtime)
        sending.carriers_of(self.runtime).measure()

    @ticking(3600)
    def plan_missed(self) -> None:
        """At the start, and now and then: see to what only a rebuild has seen."""
        planning.plan_missed(self.runtime)

    @ticking(_TALK_SECONDS, due=talking.DUE)
    def send_talks(self) -> bool:
        """Send replies of conversations; says whether there may be more."""
        return talking.tick(self.runtime, sending.carriers_of(self.runtime)) > 0

    @ticking(_CODE_SECONDS)
    def send_codes(self) -> bool:
        """Bring codes that let citizens in; says whether there may be more."""
        return codes.tick(self.runtime, sending.carriers_of(self.runtime)) > 0

    @rpc
    def talk(self, tenant: str, person: str, key: str, channel: str, account: str, about: str, **said: Any) -> None:
        """A reply of a conversation is to be sent."""
        uuids = UUID(person), UUID(key)
        talking.talk(self.runtime, tenant, *uuids, channel=channel, account=account, about=about, **said)

    @rpc
    def unsaid(self, tenant: str, person: str, key: str, channel: str, account: str, receipt: str) -> None:
        """A receipt is not said, since its reader writes like a machine: somebody else has to see to it."""
        uuids = UUID(person), UUID(key)
        talking.unsaid(self.runtime, tenant, *uuids, channel=channel, account=account, receipt=receipt)

    @rpc
    def heard(self, tenant: str, person: str, channel: str, account: str, to: str, at: str) -> None:
        """A person has written by a channel."""
        instant = from_iso(at)
        by = {"channel": channel, "account": account, "to": to}
        carrying.heard(self.runtime, tenant, UUID(person), **by, at=instant)
        send_in_full(self.runtime, tenant, UUID(person), **by)

    @rpc
    def moved(self, tenant: str, person: str, channel: str, account: str, to: str) -> None:
        """A person is reached by another address of a channel now."""
        carrying.moved(self.runtime, tenant, UUID(person), channel=channel, account=account, to=to)

    @rpc
    def channel_trouble(self, tenant: str, channel: str, what: str) -> dict[str, Any]:
        """A provider tells of trouble with a channel's account, or it was found by asking: its operator is told."""
        return {"told": alarms.channel_has_trouble(self.runtime, tenant, channel, what)}

    @rpc
    def spare(self, tenant: str, person: str, *, on: bool) -> None:
        """A person wants to be spared what answers nothing, or no longer."""
        sparing.spare(self.runtime, tenant, UUID(person), on=on)

    @rpc
    def reported(self, reports: list[dict[str, str]]) -> list[bool]:
        """Providers told what became of letters; whether each of these letters is known."""
        return [reports_of.noted(self.runtime, told) for told in reports]

    @rpc
    def try_mail(self, tenant: str, to: str, text: str, caller: dict[str, Any]) -> str:
        """Send a mail of a government's mailbox, at once and past the ledger; the id under which it went."""
        check_administrator(Caller.from_dict(caller))
        return mail_carrier.try_mail(channels_of(self.runtime), tenant, to, text)

    @rpc
    def refused(self, tenant: str, channel: str, why: str) -> dict[str, Any]:
        """Deliveries of a channel are refused again and again: its operator is told."""
        return {"told": alarms.deliveries_are_refused(self.runtime, tenant, channel, why)}

    @rpc
    def forget_person(self, tenant: str, person: str) -> None:
        """A person who wrote by a channel is forgotten."""
        forgetting.forget_person(self.runtime, tenant, UUID(person))

    @rpc
    def about(self, tenant: str, letters: list[str]) -> dict[str, str]:
        """The tickets that letters were about, by their ids at the provider."""
        return talking.about(self.runtime, tenant, letters)

    @rpc
    def answered(self, tenant: str, letters: list[str], address: str) -> dict[str, str]:
        """The complaint that a mail answers: its ticket and code, for whoever was written to at that address."""
        return answers.answered(self.runtime, tenant, letters, address)

    @rpc
    def messages(self, tenant: str, dossier_id: str, caller: dict[str, Any]) -> dict[str, Any]:
        """What was told about a dossier to whom, and what became of it."""
        return queries.messages(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id))

    @rpc
    def bounced(self, message_id: str, reason: str, caller: dict[str, Any]) -> dict[str, str]:
        """A letter came back: what was taken for delivered was not."""
        return bounces.letter_bounced(self.runtime, Caller.from_dict(caller), message_id, reason)
