"""Messages that this process has claimed: each is brought on its way, and what became of it is written down."""

import logging
import time
from collections.abc import Mapping, Sequence
from uuid import UUID

import psycopg2

from services.notify.bringing import Bringing, event_of, log_fields
from services.notify.commands import EMAIL, SERVICE, follow_up, has_consequence
from services.notify.ledger import FAILED, SENT, Message, Outcome, close, conclude, give_back, put_off, rest
from services.notify.letters import NoLetter
from services.notify.mailing import Mailing
from services.notify.opened_once import OpenedOnce
from services.notify.outbox import OpenOutbox
from services.notify.post import OpenPost
from services.notify.refused import LetterRefused
from services.notify.rules import SYSTEM
from services.notify.tries import ATTEMPTS, BY_MAIL, LONGEST, pause
from services.notify.ways import Paced, Waits, Ways
from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.domain.dossier.events import DossierEvent
from shared.platform.metrics import MESSAGES

log = logging.getLogger(__name__)

INTERNAL_ERROR = "internal_error"
_CONCLUDING = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts to write down what was sent: together well within the lease."""


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
        self._repeatable = repeatable
        dossiers = sorted({message.dossier for message in messages}, key=str)
        self._histories: Mapping[UUID, list[DossierEvent]] = runtime.dossiers(SERVICE).open_all(dossiers)
        keys = runtime.vault.keys(None, dossiers)
        opened = {each: key and OpenedOnce.of(key) for each, key in keys.items()}
        self._mailing = Mailing(runtime, repeatable=repeatable)
        self._bringing = Bringing(runtime, ways, self._mailing, self._histories, opened, repeatable=repeatable)
        self._done: list[tuple[Message, Outcome, bool]] = []
        self._to_follow: list[tuple[Message, Outcome]] = []
        self._over: list[Message] = []

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
        for seconds in (*_CONCLUDING, None):
            try:
                with self._runtime.database.autocommit() as cursor:
                    conclude(cursor, self._done, self._runtime.clock.now())
            except (psycopg2.OperationalError, psycopg2.InterfaceError, Unavailable):
                if seconds is None:
                    raise
                log.warning("what was sent could not be written down yet")
                time.sleep(seconds)
            else:
                return

    def _followed(self, message: Message, outcome: Outcome) -> bool:
        try:
            follow_up(self._runtime, message, outcome)
        except (psycopg2.Error, Unavailable):
            raise
        except Exception:
            log.exception("what follows from a message could not be recorded", extra=log_fields(message))
            self._put_off(message, INTERNAL_ERROR)
            return False
        return True

    def _bring(self, message: Message, session: OpenPost) -> Outcome | None:
        """Bring a message on its way; what became of it, or none if it is to be tried again."""
        outcome: Outcome | None
        try:
            outcome = self._send(message, session)
        except NoLetter as none:
            outcome = self._bringing.undeliverable(message, none.reason)
        except Waits as waits:
            with self._runtime.database.autocommit() as cursor:
                put_off(cursor, message, waits.reason, waits.until, begun=waits.begun, anew=waits.anew)
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
            log.exception("a message could not be dealt with", extra=log_fields(message))
            outcome = self._refused(message, LetterRefused(INTERNAL_ERROR))
        if outcome is not None:
            self._done.append((message, outcome, not self._has_consequence(message, outcome)))
            MESSAGES.labels(outcome.way or "none", outcome.state).inc()
        return outcome

    def _refused(self, message: Message, refused: LetterRefused) -> Outcome | None:
        """Given up for good, or put off."""
        if refused.permanent or message.attempts >= ATTEMPTS:
            log.warning("a message was given up", extra={**log_fields(message), "reason": refused.reason})
            return Outcome(FAILED, EMAIL, refused.reason)
        MESSAGES.labels(EMAIL, "deferred").inc()
        self._put_off(message, refused.reason)
        return None

    def _send(self, message: Message, session: OpenPost) -> Outcome:
        if message.recipient == SYSTEM:
            return Outcome(SENT, SYSTEM)
        if message.attempts > ATTEMPTS:  # only a process that died each time leaves it like this
            raise LetterRefused(INTERNAL_ERROR, permanent=True)
        return self._bringing.bring(message, session)

    def _put_off(self, message: Message, reason: str) -> None:
        wait = pause(message.attempts, BY_MAIL, LONGEST, self._runtime.randomness)
        until = self._runtime.clock.now() + wait
        with self._runtime.database.autocommit() as cursor:
            put_off(cursor, message, reason, until)

    def _has_consequence(self, message: Message, outcome: Outcome) -> bool:
        return has_consequence(message, event_of(message, self._histories), outcome)
