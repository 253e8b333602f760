"""Some messages that this process has claimed, with what is needed to deal with each of them."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import psycopg2

from services.notify.commands import EMAIL, PORTAL, SERVICE, follow_up, has_consequence
from services.notify.ledger import DROPPED, FAILED, SENT, Message, Outcome, conclude, give_back, put_off, settle
from services.notify.letters import NoLetter, file_name, letter_for
from services.notify.post import Session
from services.notify.refused import Refused
from services.notify.rules import SYSTEM
from shared.dossier.events import ComplaintFiled, DossierEvent
from shared.errors import Unavailable
from shared.metrics import MESSAGES
from shared.runtime import Runtime
from shared.vault.sealing import DataKey

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
ATTEMPTS = 18
"""With the pauses doubling up to the longest, a letter is tried for about 40 hours."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute at first, then twice as long each time, up to four hours."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 30), LONGEST_PAUSE)


class Batch:
    """Claimed messages; their dossiers and keys are read in two queries.

    :param runtime: the process's parts.
    :param messages: all that will be handled.
    """

    def __init__(self, runtime: Runtime, messages: Sequence[Message]) -> None:
        self._runtime = runtime
        dossiers = sorted({message.dossier for message in messages}, key=str)
        self._histories: Mapping[UUID, list[DossierEvent]] = runtime.dossiers(SERVICE).open_all(dossiers)
        self._keys: Mapping[UUID, DataKey | None] = runtime.vault.keys(None, dossiers)
        self._shut: Refused | None = None

    def handle(self, message: Message, session: Session) -> None:
        """Do with one message whatever is to be done. A fault of its own harms no other.

        :raises psycopg2.Error: if the database fails; what was claimed comes free when its lease runs out.
        """
        try:
            outcome = _known(message) or self._bring(message, session)
            if outcome is not None:
                self._finish(message, outcome)
        except (psycopg2.Error, Unavailable):
            raise
        except Exception:
            log.exception("a message could not be dealt with", extra=_ids(message))
            self._put_off(message, "internal_error")

    def leave(self, message: Message) -> None:
        """Leave it to the next tick, or to another instance."""
        with self._runtime.database.autocommit() as cursor:
            give_back(cursor, message)

    def _bring(self, message: Message, session: Session) -> Outcome | None:
        """Bring a message on its way and write down what became of it; none if it is to be tried again."""
        try:
            outcome = self._send(message, session)
        except NoLetter as none:
            outcome = self._undeliverable(message, none.reason)
        except Refused as refused:
            if not refused.permanent and message.attempts < ATTEMPTS:
                MESSAGES.labels(EMAIL, "deferred").inc()
                self._put_off(message, refused.reason)
                return None
            log.warning("a message was given up", extra={**_ids(message), "reason": refused.reason})
            outcome = Outcome(FAILED, EMAIL, refused.reason)
        with self._runtime.database.autocommit() as cursor:
            settled = not has_consequence(message, self._event(message))
            conclude(cursor, message, outcome, self._runtime.clock.now(), settled=settled)
        MESSAGES.labels(outcome.way or "none", outcome.state).inc()
        return outcome

    def _send(self, message: Message, session: Session) -> Outcome:
        if message.recipient == SYSTEM:
            return Outcome(SENT, SYSTEM)
        history = self._histories[message.dossier]
        tenant = self._runtime.tenants.get(message.tenant)
        key = self._keys.get(message.dossier)
        letter = letter_for(self._runtime.settings, tenant, message, history, key, self._runtime.clock.now())
        if self._shut is not None:
            raise self._shut
        try:
            session.send(letter, file_name(message, _ticket(history)))
        except Refused as refused:
            self._shut = refused if refused.everywhere else None
            raise
        return Outcome(SENT, EMAIL)

    def _undeliverable(self, message: Message, reason: str) -> Outcome:
        """Without an address an answer is read on the tracking page, and has arrived there already."""
        if not has_consequence(message, self._event(message)):
            return Outcome(DROPPED, None, reason)
        return Outcome(SENT, PORTAL) if reason == "no_address" else Outcome(FAILED, EMAIL, reason)

    def _finish(self, message: Message, outcome: Outcome) -> None:
        if has_consequence(message, self._event(message)):
            follow_up(self._runtime, message, outcome)
            with self._runtime.database.autocommit() as cursor:
                settle(cursor, message)

    def _put_off(self, message: Message, reason: str) -> None:
        until = self._runtime.clock.now() + pause_after(message.attempts)
        with self._runtime.database.autocommit() as cursor:
            put_off(cursor, message, reason, until)

    def _event(self, message: Message) -> DossierEvent:
        return self._histories[message.dossier][message.version - 1]


def _known(message: Message) -> Outcome | None:
    """What became of it already, when only what follows from that was left undone."""
    return Outcome(message.outcome, message.way, message.reason) if message.outcome else None


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
