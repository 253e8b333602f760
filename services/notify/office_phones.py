"""Officers who have nothing but a telephone: told by SMS or WhatsApp what others of their role read as a mail.

Nothing that lies sealed in a dossier is said: what a complaint says is read after logging in.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from services.notify.carried import Handing
from services.notify.carrying import PACED, Carriers, way_named
from services.notify.ledger import SENT, Message, Outcome
from services.notify.letters import ERASED, Holding, NoLetter, role_contacts, still_to_be_told
from services.notify.quiet_hours import morning_after
from services.notify.tries import pause
from services.notify.values import values_for_officer
from services.notify.ways import UNKNOWN, Paced, Waits
from shared.application.letter_texts import LetterText, worded
from shared.application.letter_words import edited
from shared.application.runtime import Runtime
from shared.channels.carrier import Maybe, Refused, Words
from shared.channels.numbers import persons_number
from shared.channels.settings import EMAIL, OFFICER_KINDS
from shared.domain.contacts import Contact
from shared.domain.dossier.events import DossierEvent
from shared.domain.sealing import DataKey
from shared.domain.sop.vocabulary import Way
from shared.domain.tenants import Tenant
from shared.platform.purposes import Lasting

_NAMESPACE: Final = UUID("3c0e0b57-2f4e-5c1b-8f0d-9a6c1d7e5b42")
_TEMPLATES: Final = ("officer", "notice")
"""By either of which WhatsApp writes to who has not written."""
_QUIET: Final = "quiet_hours"
_PAUSE: Final = timedelta(minutes=2)
_MOST_TRIES: Final = 6
"""So often a carrier that is away is tried, for about a quarter of an hour; then the office's mailbox is told."""
_ON_ITS_WAY: Final = frozenset({"accepted", "sent", "delivered", "read"})


@dataclass(frozen=True)
class PhonesTold:
    """What became of those of a role who are reached by telephone alone.

    :param way: by which somebody was told; none if nobody was.
    :param outcome: what became of the message; none if a mail is to follow: to others of the role, or to the office
        where somebody could not be told.
    :param pending: why somebody has to wait who has colleagues with a mailbox: those are written to before.
    :param mailed: whether these colleagues were written to already.
    :param refused: why their mail was refused for good then, as a code; none if it was taken.
    """

    way: Way | None = None
    outcome: Outcome | None = None
    pending: Waits | Paced | None = None
    mailed: bool = False
    refused: str | None = None


@dataclass(frozen=True)
class OfficePhones:
    """The ways of this process to officers' telephones."""

    runtime: Runtime
    carriers: Carriers

    def channels(self, tenant: Tenant) -> tuple[str, ...]:
        """The channels by which this government writes to officers' telephones, in its order."""
        book = self.carriers.channels.book(tenant.id)
        found = [each.id for kind in OFFICER_KINDS for each in book.channels if each.kind == kind]
        wanted = found if book.officer_ways is None else [each for each in book.officer_ways if each != EMAIL]
        return tuple(each for each in wanted if self._can_begin(tenant.id, each))

    def _can_begin(self, tenant: str, channel: str) -> bool:
        """Whether words may go out by a channel to somebody who has never written by it."""
        found = self.carriers.channels.find(tenant, channel)
        if found is None or found.letters or not found.carriers:
            return False
        templates: Mapping[str, Any] = found.spec.options.get("templates", {})
        first = next(iter(found.carriers.values()))
        return not first.traits.has_window or any(each in templates for each in _TEMPLATES)

    def tell(
        self,
        tenant: Tenant,
        message: Message,
        history: Sequence[DossierEvent],
        key: DataKey | None,
        holding: Holding,
    ) -> PhonesTold:
        """Tell those of a role who have no mailbox; who was told before is told no more.

        :param history: the dossier's.
        :param holding: the officers who act in a role now.
        :raises NoLetter: if there is nothing to tell any more.
        :raises Waits: if it cannot be said yet, and nobody of this role has a mailbox.
        :raises Paced: likewise, for seconds of the machine's time.
        """
        event = history[message.version - 1]
        contacts = role_contacts(tenant, message.recipient, tenant.sop_of(event.sop_version), holding)
        numbers = phones_of(contacts)
        channels = self.channels(tenant) if numbers else ()
        if not channels:
            return PhonesTold()
        still_to_be_told(message, history, key)
        if self.runtime.vault.keyless(None, [message.dossier]):
            raise NoLetter(ERASED)  # since the batch was read
        settings = self.runtime.settings
        values = values_for_officer(tenant, history, event, message.recipient, settings.public_address)
        edits = edited(self.runtime.database, tenant.id)
        text = worded(settings.tenants_dir, tenant.messages, "officer", message.template, values, edits)
        words, mailed = words_for_phone(text, values), any(contact.email for contact in contacts)
        ways: list[Way | None] = []
        pending: Waits | Paced | None = None
        for number in numbers:
            try:
                ways.append(self._told(tenant, message, number, channels, words))
            except (Waits, Paced) as wait:  # the others are told meanwhile
                pending = _sooner(pending, wait)
        if pending is not None and not mailed:
            raise pending
        way = next((each for each in ways if each), None)
        whole = pending is None and all(ways) and not mailed
        before = self._before(self._key(message, "", EMAIL)) if mailed else None
        refused = before[1] or "mailbox_refused" if before and before[0] == "failed" else None
        return PhonesTold(way, Outcome(SENT, way) if whole else None, pending, before is not None, refused)

    def note_mailed(self, message: Message, refused: str | None = None) -> None:
        """Colleagues with a mailbox were written to: while somebody has to wait, they are not written to again.

        :param refused: why their mail was refused for good, as a code.
        """
        id_, state = self._key(message, "", EMAIL), "failed" if refused else "accepted"
        Handing(self.runtime, message, EMAIL, "", id_, self.runtime.clock.now()).ended(state, code=refused)

    def _told(self, tenant: Tenant, message: Message, number: str, channels: Sequence[str], words: Words) -> Way | None:
        """By which way one telephone was told; none if no way led to it."""
        now = self.runtime.clock.now()
        for channel in channels:
            id_ = self._key(message, number, channel)
            before = self._before(id_)
            state = before and before[0]
            if state in _ON_ITS_WAY:
                return way_named(channel)
            if state == "failed":
                continue
            try:
                self._hand_over(tenant, message, channel, number, words, id_, now)
            except Waits as wait:  # pace is no fault, nor is the night
                if message.attempts < _MOST_TRIES or wait.reason == _QUIET:
                    raise
                continue
            except Refused:
                continue
            return way_named(channel)
        return None

    def _hand_over(
        self, tenant: Tenant, message: Message, channel: str, number: str, words: Words, id_: UUID, now: datetime
    ) -> None:
        """Hand it to a carrier.

        :raises Refused: if this channel leads nowhere.
        """
        quiet = morning_after(self.carriers.channels.book(tenant.id).conversation.quiet, now, tenant.zone)
        if quiet is not None:
            raise Waits(quiet, _QUIET)
        handing = Handing(self.runtime, message, channel, "", id_, now)
        try:
            taken = self.carriers.send(tenant.id, channel, "", number, words, id_, None, begins=handing.begins)
        except Maybe as lost:
            handing.ended("unknown", parts=lost.parts)
            raise Waits(now + UNKNOWN, "unknown", begun=True) from None
        except Refused as refused:
            if refused.remedy in ("later", "shut"):
                handing.was_refused()
                if refused.code == PACED:
                    raise Paced(refused.seconds) from None
                wait = pause(1, _PAUSE, _PAUSE, self.runtime.randomness)
                raise Waits(now + wait, refused.code, begun=True) from None
            handing.ended("failed", code=refused.code)
            raise
        handing.ended("accepted", provider_id=taken.provider_id, parts=taken.parts)

    def _key(self, message: Message, number: str, channel: str) -> UUID:
        """The same for the same letter to the same telephone, which it does not tell."""
        whom = hmac.new(self.runtime.key(Lasting.PHONES_OF_OFFICERS), number.encode(), sha256).hexdigest()
        told = f"{message.dossier} {message.version} {message.recipient} {message.template} {channel} {whom}"
        return uuid5(_NAMESPACE, told)

    def _before(self, id_: UUID) -> tuple[str, str | None] | None:
        """What became of a letter, with the code of why it failed; none if it was not handed over yet."""
        with self.runtime.database.autocommit() as cursor:
            cursor.execute("SELECT state, code FROM notify.carried WHERE key = %s", (str(id_),))
            row = cursor.fetchone()
        return None if row is None else (str(row[0]), row[1])


def _sooner(one: Waits | Paced | None, other: Waits | Paced) -> Waits | Paced:
    """For which of two is waited; whoever's pace it is can wait for as long as another's word is awaited."""
    if one is None or isinstance(one, Paced):
        return other if isinstance(other, Waits) or one is None or other.seconds < one.seconds else one
    return other if isinstance(other, Waits) and other.until < one.until else one


def phones_of(contacts: Sequence[Contact]) -> tuple[str, ...]:
    """The numbers of those who have no mailbox, in E.164, each once; what is no person's number is left out."""
    given = [persons_number(contact.phone) for contact in contacts if contact.phone and not contact.email]
    return tuple(dict.fromkeys(number for number in given if number))


def words_for_phone(text: LetterText, values: Mapping[str, Any]) -> Words:
    """A letter's words on a telephone: what it is about, by when, and where to read on."""
    due = f" Batas waktu: {values['due_at']}." if values.get("due_at") else ""
    said = f"{text.subject}.{due} {values['link']}"
    return Words(
        text=said, short=said, template=_TEMPLATES[0], values={"ticket": values["ticket"], "summary": text.subject}
    )
