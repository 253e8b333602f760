"""By which ways a reporter is written to: the channel by which the complaint came, then the others, each in its turn.

A letter has arrived when its provider says so. Until then it waits; when that takes too long, the next way is taken.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn
from uuid import UUID, uuid5

from services.notify.bounces import reason_of
from services.notify.carried import Handing
from services.notify.carrying import PACED, Carriers, ReachByChannel, by_template, reach, way_named
from services.notify.channel_contacts import ChannelContact, by_channel, contacts_of, ordered
from services.notify.channel_words import words_for
from services.notify.commands import EMAIL
from services.notify.enclosed import enclosed
from services.notify.followed import FAILED_IN_FULL
from services.notify.ledger import DROPPED, FAILED, SENT, Message, Outcome
from services.notify.letters import ANSWERING, ERASED, NoLetter, may_be_spared
from services.notify.quiet_hours import morning_after
from services.notify.receipts import KNOWN, UNSAID, LostReceipt, lost
from services.notify.reports import ARRIVED
from services.notify.sparing import is_address_spared, is_spared
from services.notify.tries import ATTEMPTS, BY_CHANNEL, LONGEST, pause
from shared.application.runtime import Runtime
from shared.channels.carrier import PLAINEST, Enclosure, Maybe, Refused
from shared.domain.dossier.contents import complaint_of, given_in
from shared.domain.dossier.events import ComplaintFiled, DossierEvent
from shared.domain.dossier.reaching import must_be_told
from shared.domain.sealing import DataKey
from shared.domain.sop.vocabulary import Way
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

log = logging.getLogger(__name__)

SPARED: Final = "spared"
NO_REPORT: Final = "no_report"
PATIENCE: Final = timedelta(hours=72)
"""For so long a provider may say nothing: a telephone may be off."""
UNKNOWN: Final = timedelta(seconds=60)
"""For so long a word of the provider is waited for that tells whether a letter was taken."""
_AWAKE: Final = timedelta(minutes=15)
"""For so long after they have written somebody is not asleep."""
_IN_ORDER: Final = timedelta(minutes=10)
"""For so long a letter waits for an earlier one of which nobody knows whether it was taken."""
_LOOK_AGAIN: Final = timedelta(seconds=15)
MOST_UNKNOWN: Final = 5
"""So often a letter is handed over of which nobody says whether it was taken."""
_NAMESPACE: Final = UUID("5b0a7ad8-9c55-5d0f-9d3e-2f0d4d0f6c11")


class Waits(Exception):
    """A letter is under way, or may not go yet.

    :param until: when it is looked at again, in the installation's time.
    :param reason: why, as a code.
    :param begun: whether it was tried and not taken.
    :param anew: whether the way was given up, so that the next one has all attempts before it.
    """

    def __init__(self, until: datetime, reason: str, *, begun: bool = False, anew: bool = False) -> None:
        self.begun = begun
        self.anew = anew
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
class _Letter:
    """One letter on its way to a reporter.

    :param history: of its dossier, up to the event that it tells of at least.
    :param key: opens what lies sealed there.
    """

    tenant: Tenant
    message: Message
    history: Sequence[DossierEvent]
    key: DataKey

    @property
    def event(self) -> DossierEvent:
        """What it tells of."""
        return self.history[self.message.version - 1]


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
        if key is None:
            return None
        letter = _Letter(tenant, message, history, key)
        outcome = self._by_channels(letter)
        if outcome is not None or not may_be_spared(letter.event):
            return outcome
        email = str((complaint_of(history, key).get("reporter") or {}).get("email") or "")
        with self.runtime.database.autocommit() as cursor:
            if email and is_address_spared(cursor, self.carriers.channels.persons, tenant.id, email):
                return Outcome(DROPPED, None, SPARED)
        return None

    def _by_channels(self, letter: _Letter) -> Outcome | None:
        tenant, filed = letter.tenant, letter.history[0]
        if not isinstance(filed, ComplaintFiled) or not by_channel(filed):
            return None
        contacts = contacts_of(given_in(filed, letter.key))
        if not contacts:
            return None
        receipt = self._lost_receipt(letter.message) if letter.event is filed else None
        why_not = self._why_not(letter, filed, contacts) if receipt is None else None
        if why_not is not None:
            return Outcome(DROPPED, None, why_not)
        tried = self._tried(letter.message)
        by_mail = receipt is not None and self._is_mailbox(tenant, receipt.channel)
        for way in ordered(self.carriers.channels.book(tenant.id).ways, contacts[0].channel, contacts):
            if way is None or self._is_mail(tenant, way):
                if by_mail:
                    continue  # there it has just failed
                return None
            outcome = self._by_way(letter, way, tried.get((way.channel, way.account)))
            if outcome is not None:
                return outcome
        return Outcome(FAILED, EMAIL, _why_lost(receipt)) if receipt is not None and by_mail else None

    def _lost_receipt(self, message: Message) -> LostReceipt | None:
        """The receipt that the conversation gave, if it never arrived."""
        with self.runtime.database.transaction() as cursor:
            return lost(cursor, message, self.runtime.clock.now())

    def _by_way(self, letter: _Letter, way: ChannelContact, last: dict[str, Any] | None) -> Outcome | None:
        """Bring it by one way; none if that leads nowhere.

        :param last: what became of it on this way before, if it was tried.
        :raises Waits: if its end is not known yet.
        """
        if last is None or last["state"] == "unknown" or self._other_words_may_help(letter, way, last):
            return self._hand_over(letter, way, last)
        taken = last["state"] in ("accepted", "sent")
        # Of what no report comes, whoever wrote down that it was taken was ended before the rest.
        if last["state"] in ARRIVED or (taken and not self._reports(letter.tenant, way)):
            return Outcome(SENT, way_named(way.channel))
        if taken:
            self._wait_or_give_up(letter.event, last)
        return None

    def _why_not(self, letter: _Letter, filed: DossierEvent, contacts: Sequence[ChannelContact]) -> str | None:
        """Why a letter is not for this reporter, as a code; none if it is."""
        if letter.event is filed:
            return KNOWN  # the conversation has told its ticket and its code
        spared = may_be_spared(letter.event) and any(
            self._is_spared(letter.tenant.id, each.person) for each in contacts
        )
        return SPARED if spared else None

    def _is_mail(self, tenant: Tenant, way: ChannelContact) -> bool:
        """Whether a contact is a mailbox: letters to it go as all mail does."""
        return self._is_mailbox(tenant, way.channel)

    def _is_mailbox(self, tenant: Tenant, name: str) -> bool:
        channel = self.carriers.channels.find(tenant.id, name)
        return channel is not None and channel.letters

    def _reports(self, tenant: Tenant, way: ChannelContact) -> bool:
        """Whether a provider tells that a letter has arrived, so that its word is waited for."""
        carrier = self.carriers.find(tenant.id, way.channel, way.account)
        return carrier is None or carrier.traits.reports_delivery

    def _other_words_may_help(self, letter: _Letter, way: ChannelContact, last: dict[str, Any]) -> bool:
        """Whether a provider took a letter and said later that it goes in other words only: those are tried once."""
        carrier = self.carriers.find(letter.tenant.id, way.channel, way.account)
        codes = carrier.traits.other_words if carrier is not None else frozenset()
        return last["state"] == "failed" and last["code"] in codes and _is_first(last, letter.message, way)

    def _hand_over(self, letter: _Letter, way: ChannelContact, last: dict[str, Any] | None) -> Outcome | None:
        """Hand it to a carrier; none if this way leads nowhere.

        :param last: what became of it on this way before, if it was tried: refused by a later word of the provider's,
            it goes by its template; if it went by that, by the plainest.
        """
        runtime, now = self.runtime, self.runtime.clock.now()
        tenant, message, event = letter.tenant, letter.message, letter.event
        if runtime.vault.keyless(None, [message.dossier]):
            raise NoLetter(ERASED)  # since the batch was read
        with runtime.database.autocommit() as cursor:
            known = reach(cursor, tenant.id, way.person, way.channel, runtime.vault, now)
        self._keep_quiet(tenant, event, now, known)
        self._keep_order(message, now)
        anew = last is not None and (last["state"] == "failed" or not _is_first(last, message, way))
        id_ = _key(message, way, anew=anew)
        account, to = (known.account, known.to) if known else (way.account, way.to)
        account = self.carriers.account_of_letters(tenant.id, way.channel, account)
        words = words_for(runtime, tenant, message.template, letter.history, event, letter.key)
        carrier = self.carriers.find(tenant.id, way.channel, account)
        window = known.window_until if known and not anew else None
        if last is not None and last["state"] == "failed" and last["person"] is not None:
            words = replace(words, template=PLAINEST)
        if carrier is not None and carrier.traits.files and not by_template(carrier, window):
            words = replace(words, files=self._enclosed(letter))
        handing = Handing(runtime, message, way.channel, way.account, id_, now)
        try:
            taken, templated = self.carriers.send_somehow(
                tenant.id, way.channel, account, to, words, id_, window, handing.begins
            )
        except Maybe as lost:
            # It may have come each time: never without end. Attempts that were refused meanwhile cannot have come.
            since = last["handed_at"] if last is not None else now
            if message.attempts >= MOST_UNKNOWN and now - since >= UNKNOWN * (MOST_UNKNOWN - 1):
                handing.ended("failed", code="unknown")
                return None
            handing.ended("unknown", parts=lost.parts)
            raise Waits(now + UNKNOWN, "unknown", begun=True) from None
        except Refused as refused:
            if refused.remedy in ("later", "shut"):
                self._wait(handing, refused)
            handing.ended("failed", code=refused.code)
            return None
        handing.ended(
            "accepted",
            provider_id=taken.provider_id,
            parts=taken.parts,
            shortened_for=way.person if templated else None,
        )
        if carrier is not None and carrier.traits.reports_delivery:
            raise Waits(now + PATIENCE, "accepted")
        return Outcome(SENT, way_named(way.channel))

    def _wait(self, handing: Handing, refused: Refused) -> NoReturn:
        """Wait for when a letter may be taken; if this was its last attempt, the next way has as many before it.

        :raises Paced: if an account, or a person, has had as much as goes for now.
        :raises Waits: else.
        """
        handing.was_refused()
        if refused.code == PACED:
            raise Paced(refused.seconds) from None
        if refused.seconds:
            raise Waits(handing.now + timedelta(seconds=refused.seconds), refused.code) from None
        attempts = handing.message.attempts
        if attempts >= ATTEMPTS:
            handing.ended("failed", code=refused.code)
            raise Waits(handing.now, refused.code, anew=True) from None
        wait = pause(attempts, BY_CHANNEL, LONGEST, self.runtime.randomness)
        raise Waits(handing.now + wait, refused.code, begun=True) from None

    def _enclosed(self, letter: _Letter) -> tuple[Enclosure, ...]:
        """What goes with it.

        :raises Waits: while the store of files is away.
        """
        try:
            return enclosed(self.runtime, letter.event, letter.history, letter.key)
        except OSError as away:
            log.warning("a letter waits for its paper", extra={"why": type(away).__name__})
            raise Waits(self.runtime.clock.now() + timedelta(minutes=1), "files_away") from None

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

    def _keep_quiet(self, tenant: Tenant, event: DossierEvent, now: datetime, known: ReachByChannel | None) -> None:
        """What answers nothing waits for the morning, unless its reader is up: they have just written themselves.

        :param known: how they are reached by this way; none if they never wrote by it.
        """
        if event.type in ANSWERING or (known is not None and now - known.heard_at <= _AWAKE):
            return
        morning = morning_after(self.carriers.channels.book(tenant.id).conversation.quiet, now, tenant.zone)
        if morning is not None:
            raise Waits(morning, "quiet_hours")

    def _keep_order(self, message: Message, now: datetime) -> None:
        """A letter waits for an earlier one of its dossier, as long as nobody knows whether that was taken.

        :raises Waits: until that is known, or for ten minutes after it was handed over.
        """
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                """
                SELECT EXISTS (
                    SELECT FROM notify.carried c
                      JOIN notify.messages m USING (dossier, version, recipient, template)
                     WHERE c.dossier = %s AND c.recipient = %s AND c.version < %s AND c.state = 'unknown'
                       AND c.handed_at > %s AND m.outcome IS NULL AND NOT m.settled)
                """,
                (str(message.dossier), message.recipient, message.version, now - _IN_ORDER),
            )
            held = cursor.fetchone() == (True,)
        if held:
            raise Waits(now + _LOOK_AGAIN, "after_another")

    def _tried(self, message: Message) -> dict[tuple[str, str], dict[str, Any]]:
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                f"SELECT channel, account, key, CASE WHEN {FAILED_IN_FULL} THEN 'failed' ELSE state END AS state, "  # noqa: S608 - ours
                "coalesce(code, (SELECT t.code FROM notify.talks t WHERE t.key = c.in_full)) AS code, "
                "handed_at, person FROM notify.carried c "
                "WHERE dossier = %s AND version = %s AND recipient = %s AND template = %s ORDER BY handed_at",
                (str(message.dossier), message.version, message.recipient, message.template),
            )
            return {(row["channel"], row["account"]): row for row in named_rows(cursor)}


def _why_lost(receipt: LostReceipt) -> str:
    return receipt.code if receipt.code == UNSAID else reason_of(receipt.code)


def _key(message: Message, way: ChannelContact, *, anew: bool = False) -> UUID:
    """Under which a letter goes by a way; in other words under another, since words of the first may still come."""
    names = (message.dossier, message.version, message.template, way.channel, way.account, *(("anew",) if anew else ()))
    return uuid5(_NAMESPACE, " ".join(map(str, names)))


def _is_first(last: dict[str, Any], message: Message, way: ChannelContact) -> bool:
    return UUID(str(last["key"])) == _key(message, way)
