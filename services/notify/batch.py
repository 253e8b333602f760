"""Some messages that this process has claimed, with what is needed to deal with each of them."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import psycopg2

from services.notify.commands import EMAIL, SERVICE, follow_up, has_consequence
from services.notify.ledger import DROPPED, FAILED, SENT, Message, Outcome, close, conclude, give_back, put_off, rest
from services.notify.letter import Letter
from services.notify.letters import BAD_ADDRESS, ERASED, NO_ADDRESS, NoLetter, address_hash, letter_for
from services.notify.mailing import Mailing
from services.notify.office_phones import OfficePhones, PhonesTold
from services.notify.outbox import OpenOutbox
from services.notify.post import OpenPost
from services.notify.refused import LetterRefused
from services.notify.rules import SYSTEM, THE_REPORTER
from services.notify.ways import Paced, Waits, Ways
from shared.application.identity.people import People
from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.domain.contacts import Contact
from shared.domain.dossier.events import Answered, ComplaintFiled, DossierEvent
from shared.domain.dossier.reaching import knows_already
from shared.domain.dossier.telling_desk import NO_WAY
from shared.domain.sealing import DataKey
from shared.platform.metrics import MESSAGES

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
INTERNAL_ERROR = "internal_error"
_CONCLUDING = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts to write down what was sent: together well within the lease."""
KNOWN = "known"
"""Why a letter was dropped: it would tell the reporter what they have done or been shown themselves."""
ATTEMPTS = 18
"""With the pauses doubling up to the longest, a letter is tried for about 40 hours."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute at first, then twice as long each time, up to four hours."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 30), LONGEST_PAUSE)


class Batch:
    """Claimed messages; their dossiers and keys are read in two queries.

    :param runtime: the process's parts.
    :param messages: all that will be handled.
    :param ways: the channels by which reporters are written to.
    :param repeatable: whether sending twice does no harm. Then what was sent is written down, with what follows, for
        all of them by the last :meth:`finish`; else for each as soon as it was sent.
    """

    def __init__(self, runtime: Runtime, messages: Sequence[Message], ways: Ways, *, repeatable: bool) -> None:
        self._runtime = runtime
        self._ways = ways
        self._phones = OfficePhones(runtime, ways.carriers)
        self._repeatable = repeatable
        dossiers = sorted({message.dossier for message in messages}, key=str)
        self._histories: Mapping[UUID, list[DossierEvent]] = runtime.dossiers(SERVICE).open_all(dossiers)
        self._keys: Mapping[UUID, DataKey | None] = runtime.vault.keys(None, dossiers)
        self._mailing = Mailing(runtime, repeatable=repeatable)
        self._done: list[tuple[Message, Outcome, bool]] = []
        self._to_follow: list[tuple[Message, Outcome]] = []
        self._over: list[Message] = []
        self._holders: dict[tuple[str, date, str, str | None], tuple[Contact, ...]] = {}

    def handle(self, message: Message, session: OpenPost) -> None:
        """Send one message, unless that was done before. A fault of its own harms no other.

        :raises psycopg2.Error: if the database fails; what was claimed comes free when its lease runs out.
        """
        known = Outcome(message.outcome, message.way, message.reason) if message.outcome else None
        outcome = known or self._bring(message, session)
        if outcome is not None and self._has_consequence(message, outcome):
            self._to_follow.append((message, outcome))
        elif known is not None:
            self._over.append(message)  # a provider said so, and nothing follows from it
        if not self._repeatable:
            self.finish(session)

    def leave(self, message: Message) -> None:
        """Leave it to the next tick, or to another instance."""
        with self._runtime.database.autocommit() as cursor:
            give_back(cursor, message)

    def finish(self, session: OpenPost) -> None:
        """See that it is sent, write that down, record what follows from it, and be done with it.

        :raises OSError: if what was taken cannot be brought on its way; nothing of it is written down then.
        """
        if isinstance(session, OpenOutbox):
            for ticket in self._mailing.erased_meanwhile():
                session.withdraw(ticket)
            session.flush()
        if self._done:
            self._conclude()
            self._done.clear()
        self._mailing.take_back_of_erased()
        done = [*self._over, *(message for message, outcome in self._to_follow if self._followed(message, outcome))]
        self._over.clear()
        self._to_follow.clear()
        if done:
            with self._runtime.database.autocommit() as cursor:
                close(cursor, done)

    def _conclude(self) -> None:
        """Write down what was sent, also when the database has just gone: else those letters would go out twice.

        :raises psycopg2.Error: if it does not come back for as long as the lease allows to wait.
        """
        for pause in (*_CONCLUDING, None):
            try:
                with self._runtime.database.autocommit() as cursor:
                    conclude(cursor, self._done, self._runtime.clock.now())
            except (psycopg2.OperationalError, psycopg2.InterfaceError, Unavailable):
                if pause is None:
                    raise
                log.warning("what was sent could not be written down yet")
                time.sleep(pause)
            else:
                return

    def _followed(self, message: Message, outcome: Outcome) -> bool:
        try:
            follow_up(self._runtime, message, outcome)
        except (psycopg2.Error, Unavailable):
            raise
        except Exception:
            log.exception("what follows from a message could not be recorded", extra=_ids(message))
            self._put_off(message, INTERNAL_ERROR)
            return False
        return True

    def _bring(self, message: Message, session: OpenPost) -> Outcome | None:
        """Bring a message on its way; what became of it, or none if it is to be tried again."""
        outcome: Outcome | None
        try:
            outcome = self._send(message, session)
        except NoLetter as none:
            outcome = self._undeliverable(message, none.reason)
        except Waits as waits:
            with self._runtime.database.autocommit() as cursor:
                put_off(cursor, message, waits.reason, waits.until, begun=waits.begun)
            return None
        except Paced as paced:
            with self._runtime.database.autocommit() as cursor:
                rest(cursor, message, paced.seconds)
            return None
        except LetterRefused as refused:
            outcome = self._refused(message, refused)
        except (psycopg2.Error, Unavailable):
            raise
        except Exception:
            log.exception("a message could not be dealt with", extra=_ids(message))
            outcome = self._refused(message, LetterRefused(INTERNAL_ERROR))
        if outcome is not None:
            self._done.append((message, outcome, not self._has_consequence(message, outcome)))
            MESSAGES.labels(outcome.way or "none", outcome.state).inc()
        return outcome

    def _refused(self, message: Message, refused: LetterRefused) -> Outcome | None:
        """Given up for good, or put off."""
        if refused.permanent or message.attempts >= ATTEMPTS:
            log.warning("a message was given up", extra={**_ids(message), "reason": refused.reason})
            return Outcome(FAILED, EMAIL, refused.reason)
        MESSAGES.labels(EMAIL, "deferred").inc()
        self._put_off(message, refused.reason)
        return None

    def _send(self, message: Message, session: OpenPost) -> Outcome:
        if message.recipient == SYSTEM:
            return Outcome(SENT, SYSTEM)
        if message.attempts > ATTEMPTS:  # only a process that died each time leaves it like this
            raise LetterRefused(INTERNAL_ERROR, permanent=True)
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
        try:
            letter = letter_for(self._runtime.settings, tenant, message, history, key, now, holding, back)
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
        return Outcome(SENT, EMAIL, None, address_hash(self._runtime.settings.master_key, letter.to), letter.id)

    def _mail(self, message: Message, letter: Letter, ticket: str, session: OpenPost, told: PhonesTold) -> None:
        """Hand a letter over; while a colleague's telephone has to wait, once, whatever became of it.

        :raises LetterRefused: if it is not taken, and nobody has to wait, or it may be taken later.
        :raises NoLetter: ``erased``.
        """
        code = None
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

    def _undeliverable(self, message: Message, reason: str) -> Outcome:
        """What nobody can be brought is dropped; if the reporter must know of it, that has failed, there and then.

        Once they were erased nobody is there who must know. An answer whose key is gone while its dossier goes on has
        failed: a step may wait for it.
        """
        event = self._event(message)
        gone = reason == ERASED and (not isinstance(event, Answered) or self._erased(message))
        if gone or not has_consequence(message, event):
            return Outcome(DROPPED, None, reason)
        tried = self._ways.reason(message, self._histories[message.dossier][0])
        if tried is not None:
            return Outcome(FAILED, *tried)
        if reason == NO_ADDRESS:
            return Outcome(DROPPED, None, KNOWN) if knows_already(event) else Outcome(FAILED, None, NO_WAY)
        return Outcome(FAILED, EMAIL, reason)

    def _erased(self, message: Message) -> bool:
        """Whether a dossier is erased by now: it may have been since the batch was read."""
        return self._runtime.dossiers(SERVICE).load(message.dossier).erased

    def _put_off(self, message: Message, reason: str) -> None:
        until = self._runtime.clock.now() + pause_after(message.attempts)
        with self._runtime.database.autocommit() as cursor:
            put_off(cursor, message, reason, until)

    def _has_consequence(self, message: Message, outcome: Outcome) -> bool:
        return has_consequence(message, self._event(message), outcome)

    def _event(self, message: Message) -> DossierEvent:
        return self._histories[message.dossier][message.version - 1]


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


def _ids(message: Message) -> dict[str, object]:
    return {
        "dossier": str(message.dossier),
        "version": message.version,
        "recipient": message.recipient,
        "template": message.template,
        "attempt": message.attempts,
    }
