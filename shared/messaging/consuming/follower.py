"""Following the log by position, for all services of a process together.

One reader, one decoding and one transaction for each batch bring the tables of all of them up to date. What fails there
is tried for each service by itself; what fails for one alone, and whatever a service has to do about an event besides
its tables, is put into the service's own queue, where its consumer finds the culprit, tries again, and puts aside. So a
poisoned event holds only its own service, and slow work holds nobody's tables.

The broker is not needed for any table: followers are woken by the bell (:mod:`shared.platform.database.bell`), and look
by themselves now and then. Of several instances of a service one follows; the others stand by, and share the queue.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import eventlet

from shared.base.errors import UnknownEventType
from shared.messaging.consuming.handing import HandingOver
from shared.messaging.consuming.leads import Leads
from shared.messaging.consuming.member import Member
from shared.messaging.consuming.positions import begin, move
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.failures import describe, is_transient
from shared.messaging.wire.trouble import Trouble
from shared.platform.database.bell import Ear
from shared.platform.database.pool import Database
from shared.platform.database.prepared import preparing
from shared.platform.database.transacting import transaction_on
from shared.platform.metrics import CONSUMED, CONSUMER_BATCH_SECONDS, CONSUMER_BATCH_SIZE
from shared.store.eventstore.reading import RecordedEvent, read_next
from shared.store.projection.errors import Superseded
from shared.store.projection.projection import Decode
from shared.store.projection.runner import BatchApplied, apply_together, count, remembering

log = logging.getLogger(__name__)

IDLE_SECONDS: Final = 0.25
"""How often the log is looked at although nobody has rung."""
OFTEN: Final = 2
"""So many processes may end on one batch; then its events go through the services' queues, one by one if need be."""

_MOST_REST_SECONDS: Final = 0.05
_REST: Final = 4.0  # rests so many times as long as it worked: the more there is to do, the larger the next batch
_SETTLING_SECONDS: Final = 0.004
_STAND_BY_SECONDS: Final = 0.4
_BACKOFF: Final = Retries(first_seconds=0.1, most_seconds=2.0)
# The log is on the disk already: should the last of these be lost with the machine, they are made again.
_BEGIN: Final = "BEGIN; SET LOCAL synchronous_commit = off"


class Follower:
    """Follows the log for the services of a process that share a database and a broker.

    :param database: whose log.
    :param broker_url: where the services' queues are.
    :param batch: events in a transaction, at most.
    """

    def __init__(self, database: Database, broker_url: str, batch: int) -> None:
        self._database = database
        self._batch = batch
        self._members: list[Member] = []
        self._leads = Leads(self._members)
        self._handing = HandingOver(broker_url, self._members, self._remember)
        self._trouble = Trouble("follower")
        self._ear: Ear | None = None

    def join(self, member: Member) -> None:
        """Follow for this service, too."""
        self._members.append(member)

    def leave(self, member: Member, seconds: float) -> None:
        """Follow for it no more; comes back when its position is saved, or the time is over."""
        member.leaving.set()
        if self._ear is not None:
            self._ear.wake()
            member.left.wait(seconds)
        if member in self._members:
            self._members.remove(member)

    @property
    def deserted(self) -> bool:
        """Whether it follows for nobody."""
        return not self._members

    def lasting_trouble(self) -> list[str]:
        """What has been away for too long."""
        return [*self._trouble.lasting(), *self._handing.trouble.lasting()]

    def run(self, stop: threading.Event) -> None:
        """Follow until told to stop."""
        tried = 0
        handing = eventlet.spawn(self._handing.run)
        try:
            while not stop.is_set():
                began = time.monotonic()
                try:
                    with closing(preparing(self._database.connect())) as connection:
                        self._follow(connection, stop, handing)
                except Exception as error:
                    if not is_transient(error):
                        raise
                    self._trouble.note("database", error)
                    tried = 0 if time.monotonic() - began > 5.0 else tried + 1
                    stop.wait(_BACKOFF.wait_seconds(tried))
                finally:
                    self._ear = None
                    for member in self._members:
                        member.forget()
                        if member.leaving.is_set():
                            member.left.set()
        finally:
            handing.kill()
            self._handing.close()

    def _follow(self, connection: Any, stop: threading.Event, handing: Any) -> None:
        looked = -_STAND_BY_SECONDS
        with self._database.bell.listening() as ear:
            self._ear = ear
            while not stop.is_set():
                if handing.dead:
                    handing.wait()  # raises what it died of
                if time.monotonic() - looked >= _STAND_BY_SECONDS or self._leads.one_leaves:
                    looked = time.monotonic()
                    with connection.cursor() as cursor:
                        self._leads.see_to(cursor)
                    self._trouble.over("database")
                self._pause(ear, *self._round(connection))
            with connection.cursor() as cursor:
                self._leads.save(cursor)

    def _pause(self, ear: Ear, worked: float, full: bool, settling: bool) -> None:  # noqa: FBT001 - ours alone
        """Wait until there may be something to do; the longer, the more there was: it is dearer one by one."""
        if full:
            eventlet.sleep(0)
        elif worked:
            self._database.bell.rest(min(_MOST_REST_SECONDS, _REST * worked))
        if not full:
            ear.wait(_SETTLING_SECONDS if settling else IDLE_SECONDS)

    def _round(self, connection: Any) -> tuple[float, bool, bool]:
        """One batch for all who stand at the same place, and one for each who is behind.

        :returns: the seconds that it worked, 0 if there was nothing; whether there is certainly more; whether more is
            about to settle.
        """
        began = time.monotonic()
        places: dict[int, list[Member]] = defaultdict(list)
        for member in sorted(self._leads.led, key=lambda each: each.share.projection.name):
            if member.takes_part:
                places[member.read_to].append(member)
        worked = full = settling = False
        front = max(places, default=0)
        for place in sorted(places, reverse=True):
            with connection.cursor() as cursor:
                events, more = read_next(cursor, place, self._batch)
            settling = settling or more
            full = full or len(events) == self._batch
            if place < front:  # so that they meet there
                events = [event for event in events if event.position <= front]
                full = True
            if events:
                worked = True
                self._take(connection, places[place], events)
            elif place < front:
                for member in places[place]:
                    member.read_to = front
        return (time.monotonic() - began if worked else 0.0), full, settling

    def _take(self, connection: Any, members: Sequence[Member], events: Sequence[RecordedEvent]) -> None:
        able = [each for each in members if self._may_try(connection, each)]
        for member in members:
            if member not in able:
                self._owe(member, events)
        if not able or self._apply(connection, able, events, alone=False):
            return
        for member in able:
            if not self._apply(connection, [member], events, alone=True):
                self._owe(member, events)

    def _may_try(self, connection: Any, member: Member) -> bool:
        """Whether its events can be applied; not those on which processes have ended again and again."""
        if member.begun:
            return True
        with connection.cursor() as cursor:
            tries = begin(cursor, member.service)
        member.begun = True
        if tries > OFTEN:
            log.warning("events are looked at one by one", extra={"service": member.service, "tries": tries})
            member.cautious = True
        return tries <= OFTEN

    def _owe(self, member: Member, events: Sequence[RecordedEvent]) -> None:
        member.owe(events)
        member.read_to = events[-1].position
        self._handing.begin()

    def _apply(
        self, connection: Any, members: Sequence[Member], events: Sequence[RecordedEvent], *, alone: bool
    ) -> bool:
        """Apply a batch for some services in one transaction.

        :param alone: whether this is the last try: what is away is waited for then.
        :returns: False if that failed, and nothing was done.
        """
        began = time.monotonic()
        decodes = {each.share.decode: remembering(each.share.decode) for each in members}
        try:
            done = self._commit(connection, members, events, decodes)
        except Superseded as error:
            with connection.cursor() as cursor:
                self._leads.let_go(cursor, error.projection)
            return True  # nothing was done; the others read the same once more
        except Exception as error:
            if connection.closed:
                raise
            transient = is_transient(error)
            if alone and transient:
                members[0].away(error)
                return True  # it stays where it is, and is asked again
            log.warning(
                "a batch could not be applied",
                extra={"services": [each.service for each in members], "error": describe(error)},
            )
            return False
        self._database.bell.done()
        for member, became in zip(members, done, strict=True):
            member.well()
            count(member.share.projection.name, became.applied)
            CONSUMED.labels(member.service, "done").inc(len(events))
            CONSUMER_BATCH_SIZE.labels(member.service).observe(len(events))
            CONSUMER_BATCH_SECONDS.labels(member.service).observe(time.monotonic() - began)
            self._owe_concerned(member, events, became, decodes[member.share.decode])
            member.read_to = events[-1].position
        return True

    def _commit(
        self,
        connection: Any,
        members: Sequence[Member],
        events: Sequence[RecordedEvent],
        decodes: Mapping[Decode, Decode],
    ) -> list[BatchApplied]:
        shares = [each.share for each in members]
        with connection.cursor() as cursor:
            prepared = [share.before(cursor, events) for share in shares]
        done: dict[str, BatchApplied] = {}
        moves = self._leads.moves
        with transaction_on(connection, _BEGIN) as cursor:
            for decode, once in decodes.items():
                projections = [share.projection for share in shares if share.decode is decode]
                became = apply_together(cursor, projections, once, events)
                done |= {each.name: what for each, what in zip(projections, became, strict=True)}
            for share, ready in zip(shares, prepared, strict=True):
                share.within(cursor, events, ready)
            moved = move(cursor, moves) if moves else set()
        self._leads.note(moves, moved)
        return [done[share.projection.name] for share in shares]

    def _owe_concerned(
        self, member: Member, events: Sequence[RecordedEvent], became: BatchApplied, decode: Decode
    ) -> None:
        """Of what was delivered, and of what came with it, that about which the service has to do something."""
        both = {event.position: event for event in (*became.events, *events)}
        concerned = [both[position] for position in sorted(both) if _concerns(member, decode, both[position])]
        if concerned:
            member.owe(concerned)
            self._handing.begin()

    def _remember(self, member: Member) -> None:
        """What may end this process is not to be put into the queue by the next as well: its position is saved now."""
        if not member.cautious:
            return
        member.cautious = False
        try:
            with self._database.autocommit() as cursor:
                self._leads.save(cursor)
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("a position could not be saved yet", extra={"error": describe(error)})


def _concerns(member: Member, decode: Decode, event: RecordedEvent) -> bool:
    try:
        return member.share.concerns(decode(event))
    except UnknownEventType:
        return False
    except Exception:  # noqa: BLE001 - whatever it is, it is met again where it can be tried, and put aside
        return True
