"""Bringing one message to whom it is for: by a channel, by an officer's telephone, or as a mail."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from services.notify.commands import EMAIL, SERVICE, has_consequence
from services.notify.enclosed import enclosed
from services.notify.ledger import DROPPED, FAILED, SENT, Message, Outcome
from services.notify.letter import Letter
from services.notify.letters import BAD_ADDRESS, ERASED, NO_ADDRESS, NoLetter, address_hash, letter_for
from services.notify.mailing import Mailing
from services.notify.office_phones import OfficePhones, PhonesTold
from services.notify.post import OpenPost
from services.notify.receipts import KNOWN
from services.notify.refused import LetterRefused
from services.notify.rules import THE_REPORTER
from services.notify.ways import Ways
from shared.application.identity.people import People
from shared.application.letter_words import edited
from shared.application.runtime import Runtime
from shared.channels.carrier import Enclosure
from shared.domain.contacts import Contact
from shared.domain.dossier.events import Answered, ComplaintFiled, DossierEvent
from shared.domain.dossier.reaching import knows_already
from shared.domain.dossier.telling_desk import NO_WAY
from shared.domain.sealing import DataKey
from shared.platform.purposes import Lasting

log = logging.getLogger(__name__)


class Bringing:
    """Words the messages of a batch and hands them to whoever carries them.

    :param runtime: the process's parts.
    :param ways: the channels by which reporters are written to.
    :param mailing: the batch's letters on their way into the mail.
    :param histories: the events of the messages' dossiers.
    :param keys: the keys of these dossiers; none of one that was erased.
    :param repeatable: whether sending twice does no harm.
    """

    def __init__(
        self,
        runtime: Runtime,
        ways: Ways,
        mailing: Mailing,
        histories: Mapping[UUID, list[DossierEvent]],
        keys: Mapping[UUID, DataKey | None],
        *,
        repeatable: bool,
    ) -> None:
        self._runtime = runtime
        self._ways = ways
        self._phones = OfficePhones(runtime, ways.carriers)
        self._mailing = mailing
        self._histories = histories
        self._keys = keys
        self._repeatable = repeatable
        self._holders: dict[tuple[str, date, str, str | None], tuple[Contact, ...]] = {}

    def bring(self, message: Message, session: OpenPost) -> Outcome:
        """Bring a message to whom it is for, by a channel, a telephone or a mail.

        :raises NoLetter: if there is nothing to write, or nobody to write to.
        :raises Waits: if a way is away; it is tried again then.
        :raises Paced: if a way has had as much as it takes for now.
        :raises LetterRefused: if the mail is not taken, for now or for good.
        """
        history = self._histories[message.dossier]
        tenant = self._runtime.tenants.get(message.tenant)
        key = self._keys.get(message.dossier)
        now = self._runtime.clock.now()
        holding = partial(self._holding, tenant.id, now.astimezone(tenant.zone).date())
        if message.recipient == THE_REPORTER:
            told = PhonesTold(outcome=self._ways.bring(tenant, message, history, key))
        else:
            told = self._phones.tell(tenant, message, history, key, holding)
        if told.outcome is not None:
            return told.outcome
        back = self._ways.carriers.channels.return_address(tenant.id)
        edits = edited(self._runtime.database, tenant.id)
        try:
            letter = letter_for(self._runtime, tenant, message, history, key, now, holding, back, edits)
        except NoLetter as none:
            if none.reason not in (NO_ADDRESS, BAD_ADDRESS):
                raise
            return _without_mail(told, none)
        if not told.mailed:
            self._mail(message, letter, _ticket(history), session, told)
        if told.pending is not None:
            raise told.pending
        if told.refused:
            return _without_mail(told, LetterRefused(told.refused, permanent=True))
        whereto = address_hash(self._runtime.key(Lasting.ADDRESSES_OF_LETTERS), letter.to)
        return Outcome(SENT, EMAIL, None, whereto, letter.id)

    def undeliverable(self, message: Message, reason: str) -> Outcome:
        """What nobody can be brought is dropped; if the reporter must know of it, that has failed, there and then.

        Once they were erased nobody is there who must know. An answer whose key is gone while its dossier goes on has
        failed: a step may wait for it.
        """
        event = event_of(message, self._histories)
        gone = reason == ERASED and (not isinstance(event, Answered) or self._erased(message))
        if gone or not has_consequence(message, event):
            return Outcome(DROPPED, None, reason)
        tried = self._ways.reason(message, self._histories[message.dossier][0])
        if tried is not None:
            return Outcome(FAILED, *tried)
        if reason == NO_ADDRESS:
            return Outcome(DROPPED, None, KNOWN) if knows_already(event) else Outcome(FAILED, None, NO_WAY)
        return Outcome(FAILED, EMAIL, reason)

    def _enclosed(self, message: Message) -> tuple[Enclosure, ...]:
        """What goes with a letter to a reporter.

        :raises LetterRefused: for now, while the store of files is away.
        """
        key = self._keys.get(message.dossier)
        if key is None or message.recipient != THE_REPORTER:
            return ()
        try:
            return enclosed(self._runtime, event_of(message, self._histories), self._histories[message.dossier], key)
        except OSError as away:
            log.warning("a letter waits for its paper", extra={**log_fields(message), "why": type(away).__name__})
            raise LetterRefused("files_away") from None

    def _mail(self, message: Message, letter: Letter, ticket: str, session: OpenPost, told: PhonesTold) -> None:
        """Hand a letter over; while a colleague's telephone has to wait, once, whatever became of it.

        :raises LetterRefused: if it is not taken, and nobody has to wait, or it may be taken later.
        :raises NoLetter: ``erased``.
        """
        code = None
        if files := self._enclosed(message):
            letter = replace(letter, files=files)
        try:
            self._mailing.send(message, letter, ticket, session)
        except LetterRefused as refused:
            if told.pending is None or not refused.permanent:
                raise
            code = refused.reason
        if told.pending is not None and not self._repeatable:  # else the same once more changes nothing
            self._phones.note_mailed(message, code)

    def _holding(self, tenant: str, day: date, actor: str, agency: str | None) -> tuple[Contact, ...]:
        """The officers who act in a role; the same for all letters of the batch."""
        asked = (tenant, day, actor, agency)
        if asked not in self._holders:
            self._holders[asked] = People(self._runtime.database).holding(tenant, actor, agency, day=day)
        return self._holders[asked]

    def _erased(self, message: Message) -> bool:
        """Whether a dossier is erased by now: it may have been since the batch was read."""
        return self._runtime.dossiers(SERVICE).load(message.dossier).erased


def event_of(message: Message, histories: Mapping[UUID, list[DossierEvent]]) -> DossierEvent:
    """The event that a message tells of."""
    return histories[message.dossier][message.version - 1]


def log_fields(message: Message) -> dict[str, object]:
    """What a line of the log says of a message: ids alone."""
    return {
        "dossier": str(message.dossier),
        "version": message.version,
        "recipient": message.recipient,
        "template": message.template,
        "attempt": message.attempts,
    }


def _without_mail(told: PhonesTold, why: NoLetter | LetterRefused) -> Outcome:
    """What became of a message that nobody can be mailed: some of them may have been told, or will be.

    :param why: raised if none of them is.
    """
    if told.pending is not None:
        raise told.pending from None
    if told.way is None:
        raise why
    return Outcome(SENT, told.way)


def _ticket(history: Sequence[DossierEvent]) -> str:
    first = history[0]
    return first.ticket if isinstance(first, ComplaintFiled) else "tanpa-tiket"
