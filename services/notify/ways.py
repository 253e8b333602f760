"""By which ways a reporter is written to: the channel by which the complaint came, then the others, each in its turn.

A letter has arrived when its provider says so. Until then it waits; when that takes too long, the next way is taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID, uuid5

from services.notify.carried import note_carried
from services.notify.carrying import PACED, Carriers, reach, way_named
from services.notify.ledger import DROPPED, SENT, Message, Outcome
from services.notify.letters import ANSWERING, ERASED, NoLetter, may_be_spared
from services.notify.reports import ARRIVED
from services.notify.sparing import is_address_spared, is_spared
from services.notify.texts import worded
from services.notify.values import values_for_reporter
from shared.application.runtime import Runtime
from shared.channels.carrier import Maybe, Refused, Words
from shared.channels.settings import EMAIL, ORIGIN
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.events import Answered, ComplaintFiled, DossierEvent, Returned
from shared.domain.dossier.reaching import must_be_told
from shared.domain.sealing import DataKey
from shared.domain.sop.vocabulary import Way
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

KNOWN: Final = "known"
SPARED: Final = "spared"
NO_REPORT: Final = "no_report"
PATIENCE: Final = timedelta(hours=72)
"""For so long a provider may say nothing: a telephone may be off."""
UNKNOWN: Final = timedelta(seconds=60)
"""For so long a word of the provider is waited for that tells whether a letter was taken."""
_NAMESPACE: Final = UUID("5b0a7ad8-9c55-5d0f-9d3e-2f0d4d0f6c11")
_SUMMARY: Final = 300
_MAILS_OWN: Final = "\n--\n"
"""What stands below is about mail only: that one should not reply to it."""
_TEMPLATES: Final = {"Answered": "answered", "Returned": "returned"}


class Waits(Exception):
    """A letter is under way, or may not go yet.

    :param until: when it is looked at again, in the installation's time.
    :param reason: why, as a code.
    :param begun: whether it was tried and not taken.
    """

    def __init__(self, until: datetime, reason: str, *, begun: bool = False) -> None:
        self.begun = begun
        self.until = until
        self.reason = reason
        super().__init__(reason)


class Paced(Exception):
    """An account, or a person, is written to again in a moment.

    :param seconds: of the machine's time, whatever time is being simulated.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(seconds)


@dataclass(frozen=True)
class ChannelContact:
    """A reporter on a channel, as the channel that filed their complaint left it there."""

    channel: str
    account: str
    person: UUID
    to: str


@dataclass(frozen=True)
class Ways:
    """The ways of this process."""

    runtime: Runtime
    carriers: Carriers

    def bring(
        self, tenant: Tenant, message: Message, history: Sequence[DossierEvent], key: DataKey | None
    ) -> Outcome | None:
        """Bring a letter to its reporter by a channel.

        :returns: what became of it; none if it is mail's turn.
        :raises Waits: if its end is not known yet.
        """
        outcome = self._by_channels(tenant, message, history, key)
        if outcome is not None or key is None or not may_be_spared(history[message.version - 1]):
            return outcome
        email = str((complaint_of(history, key).get("reporter") or {}).get("email") or "")
        with self.runtime.database.autocommit() as cursor:
            if email and is_address_spared(cursor, self.carriers.channels.persons, tenant.id, email):
                return Outcome(DROPPED, None, SPARED)
        return None

    def _by_channels(
        self, tenant: Tenant, message: Message, history: Sequence[DossierEvent], key: DataKey | None
    ) -> Outcome | None:
        filed = history[0]
        if key is None or not isinstance(filed, ComplaintFiled) or not by_channel(filed):
            return None
        contacts = contacts_of(complaint_of(history, key))
        if not contacts:
            return None
        event = history[message.version - 1]
        why_not = self._why_not(tenant, event, filed, contacts)
        if why_not is not None:
            return Outcome(DROPPED, None, why_not)
        tried = self._tried(message)
        for way in ordered(self.carriers.channels.book(tenant.id).ways, contacts[0].channel, contacts):
            if way is None or self._is_mail(tenant, way):
                return None
            last = tried.get((way.channel, way.account))
            if last is None or last["state"] == "unknown":
                outcome = self._hand_over(tenant, message, history, key, way)
                if outcome is not None:
                    return outcome
            elif last["state"] in ("accepted", "sent"):
                self._wait_or_give_up(event, last)
            elif last["state"] in ARRIVED:
                return Outcome(SENT, way_named(way.channel))
        return None

    def _why_not(
        self, tenant: Tenant, event: DossierEvent, filed: DossierEvent, contacts: Sequence[ChannelContact]
    ) -> str | None:
        """Why a letter is not for this reporter, as a code; none if it is."""
        if event is filed:
            return KNOWN  # the conversation has told its ticket and its code
        spared = may_be_spared(event) and any(self._is_spared(tenant.id, each.person) for each in contacts)
        return SPARED if spared else None

    def _is_mail(self, tenant: Tenant, way: ChannelContact) -> bool:
        """Whether a contact is a mailbox: letters to it go as all mail does."""
        channel = self.carriers.channels.find(tenant.id, way.channel)
        return channel is not None and channel.letters

    def _hand_over(
        self, tenant: Tenant, message: Message, history: Sequence[DossierEvent], key: DataKey, way: ChannelContact
    ) -> Outcome | None:
        """Hand it to a carrier; none if this way leads nowhere."""
        runtime, now = self.runtime, self.runtime.clock.now()
        event = history[message.version - 1]
        if runtime.vault.keys(None, [message.dossier])[message.dossier] is None:
            raise NoLetter(ERASED)  # since the batch was read
        self._keep_quiet(tenant, event, now)
        id_ = uuid5(_NAMESPACE, f"{message.dossier} {message.version} {message.template} {way.channel} {way.account}")
        with runtime.database.autocommit() as cursor:
            secret = runtime.vault.keys(cursor, [way.person])[way.person]
            known = reach(cursor, tenant.id, way.person, way.channel, secret, now)
        account, to = (known.account, known.to) if known else (way.account, way.to)
        words = words_for(runtime, tenant, message, history, key)
        try:
            taken = self.carriers.send(
                tenant.id, way.channel, account, to, words, id_, known.window_until if known else None
            )
        except Maybe:
            note_carried(runtime, message, way.channel, way.account, id_, "unknown", now)
            raise Waits(now + UNKNOWN, "unknown") from None
        except Refused as refused:
            if refused.code == PACED:
                raise Paced(refused.seconds) from None
            if refused.remedy in ("later", "shut"):
                pause = refused.seconds or min(60.0 * 2 ** min(message.attempts - 1, 8), 4 * 3600.0)
                raise Waits(now + timedelta(seconds=pause), refused.code, begun=not refused.seconds) from None
            note_carried(runtime, message, way.channel, way.account, id_, "failed", now, code=refused.code)
            return None
        note_carried(
            runtime,
            message,
            way.channel,
            way.account,
            id_,
            "accepted",
            now,
            provider_id=taken.provider_id,
            parts=taken.parts,
        )
        carrier = self.carriers.find(tenant.id, way.channel, account)
        if carrier is not None and carrier.traits.reports_delivery:
            raise Waits(now + PATIENCE, "accepted")
        return Outcome(SENT, way_named(way.channel))

    def _wait_or_give_up(self, event: DossierEvent, last: dict[str, Any]) -> None:
        """Wait on for the provider's word; when that takes too long, this way has led nowhere."""
        until = last["handed_at"] + PATIENCE
        if self.runtime.clock.now() < until:
            raise Waits(until, "accepted")
        if not must_be_told(event):
            raise Waits(until + timedelta(days=3650), "accepted")
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "UPDATE notify.carried SET state = 'failed', code = %s "
                "WHERE key = %s AND state IN ('accepted', 'sent')",
                (NO_REPORT, str(last["key"])),
            )

    def reason(self, message: Message, filed: DossierEvent) -> tuple[Way, str] | None:
        """The way that was tried last, and why it led nowhere; none if none was."""
        if not by_channel(filed):
            return None
        failed = [row for row in self._tried(message).values() if row["state"] == "failed"]
        return (way_named(failed[-1]["channel"]), failed[-1]["code"] or "failed") if failed else None

    def _is_spared(self, tenant: str, person: UUID) -> bool:
        with self.runtime.database.autocommit() as cursor:
            return is_spared(cursor, tenant, person)

    def _keep_quiet(self, tenant: Tenant, event: DossierEvent, now: datetime) -> None:
        """What answers nothing waits for the morning."""
        if event.type in ANSWERING:
            return
        morning = morning_after(self.carriers.channels.book(tenant.id).conversation.quiet, now, tenant.zone)
        if morning is not None:
            raise Waits(morning, "quiet_hours")

    def _tried(self, message: Message) -> dict[tuple[str, str], dict[str, Any]]:
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "SELECT channel, account, key, state, code, handed_at FROM notify.carried "
                "WHERE dossier = %s AND version = %s AND recipient = %s AND template = %s ORDER BY handed_at",
                (str(message.dossier), message.version, message.recipient, message.template),
            )
            return {(row["channel"], row["account"]): row for row in named_rows(cursor)}


def by_channel(filed: DossierEvent) -> bool:
    """Whether a channel of ours has filed a complaint.

    What anybody else writes of contacts would have letters sent to whomever they name.
    """
    return isinstance(filed, ComplaintFiled) and filed.user == filed.channel


def contacts_of(complaint: dict[str, Any]) -> list[ChannelContact]:
    """The reporter's contacts on channels."""
    found = []
    for written in (complaint.get("reporter") or {}).get("contacts") or ():
        channel, _, rest = str(written).partition("/")
        account, _, rest = rest.partition("/")
        person, _, to = rest.partition("/")
        try:
            found.append(ChannelContact(channel, account, UUID(person), to))
        except ValueError:
            continue
    return found


def ordered(ways: Iterable[str], origin: str, contacts: Sequence[ChannelContact]) -> list[ChannelContact | None]:
    """The ways in the order in which they are tried; none stands for mail.

    :param ways: as the government orders them.
    :param origin: the channel by which the complaint came.
    """
    found: list[ChannelContact | None] = []
    for way in ways:
        if way == EMAIL:
            found.append(None)
            continue
        channel = origin if way == ORIGIN else way
        found += [each for each in contacts if each.channel == channel and each not in found]
    return found


def is_quiet(at: time, first: time, last: time) -> bool:
    """Whether a time of the day lies in the quiet hours, which may go over midnight."""
    return first <= at < last if first <= last else at >= first or at < last


def morning_after(quiet: tuple[time, time], now: datetime, zone: tzinfo) -> datetime | None:
    """When the quiet hours end; none if they are not now.

    :param quiet: from when to when, local time.
    """
    first, last = quiet
    local = now.astimezone(zone)
    if not is_quiet(local.time(), first, last):
        return None
    morning = datetime.combine(local.date(), last, zone)
    return morning if morning > local else morning + timedelta(days=1)


def words_for(
    runtime: Runtime, tenant: Tenant, message: Message, history: Sequence[DossierEvent], key: DataKey
) -> Words:
    """A letter's words for a channel: the whole, what fits an SMS, and the values of a template."""
    settings, event = runtime.settings, history[message.version - 1]
    values = values_for_reporter(tenant, history, event, key, settings.public_address)
    text = worded(settings.tenants_dir, tenant.messages, "reporter", message.template, values)
    said = str(values["text"] or values["reason"] or "")
    body = " ".join((said or text.body).split())
    summary = body if len(body) <= _SUMMARY else f"{body[: _SUMMARY - 1].rstrip()}…"
    short = f"{values['ticket']}: {_told(event)}{f' {summary}' if said else ''} {values['link']}"
    return Words(
        text=text.body.partition(_MAILS_OWN)[0].rstrip(),
        short=short,
        template=_TEMPLATES.get(event.type, "notice"),
        values={"ticket": str(values["ticket"]), "summary": summary, "reason": str(values["reason"] or summary)},
    )


def _told(event: DossierEvent) -> str:
    if isinstance(event, Answered):
        return "sudah dijawab."
    return "perlu dilengkapi." if isinstance(event, Returned) else "ada kabar."
