"""What is learnt of the past: where officers sent complaints, and whether it would have been suggested.

Each suggestion is judged on what was not known when it was made: before a disposition is learnt, the past up to it is
asked. Dispositions that the system made itself by an SOP's list teach nothing: it would learn from itself.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from services.reporting.guessing import Guessing, forget, learnt, past_for
from services.reporting.readings import Readings
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import Dispositioned, DossierEvent, Merged, Recalled, Reinstated, Returned
from shared.domain.likeness.comparing import likeness, meet
from shared.domain.likeness.sketch import Sketcher
from shared.domain.sop.vocabulary import SYSTEM
from shared.domain.tenants import Tenant
from shared.store.eventstore.reading import RecordedEvent

TELLING: Final[frozenset[EventName]] = frozenset({"Dispositioned", "Recalled", "Returned", "Merged", "Reinstated"})
"""The events of which something is learnt."""

_WRONG: Final = ("wrong_agency", "out_of_authority")
_KEEP: Final = """
    INSERT INTO reporting.past
           (dossier, tenant, position, month, buckets, agency, category, guessed_agencies, guessed_categories)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (dossier) DO UPDATE SET agency = excluded.agency, category = excluded.category
    RETURNING xmax = 0 AS is_new
"""
_AGENCY: Final = "UPDATE reporting.past SET agency = %s WHERE dossier = %s"
_MERGED: Final = """
    INSERT INTO reporting.past_merges (dossier, tenant, month, agency, suggested) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (dossier) DO UPDATE SET suggested = excluded.suggested
"""
_APART: Final = "DELETE FROM reporting.past_merges WHERE dossier = %s"


def concerned(event: RecordedEvent) -> Iterator[UUID]:
    """The complaints that must be read to learn of an event."""
    if event.type in ("Dispositioned", "Merged"):
        yield event.dossier
    if event.type == "Merged":
        yield UUID(event.data["into"])


class Lesson:
    """One batch of events, learnt in their order.

    :param readings: the complaints that are :func:`concerned`.
    :param position: where the index stood before it.
    """

    def __init__(self, runtime: Runtime, cursor: Any, key: bytes, readings: Readings, position: int) -> None:
        self._runtime = runtime
        self._cursor = cursor
        self._key = key
        self._readings = readings
        self._position = position
        self._known: dict[str, Guessing] = {}
        self._anew: set[str] = set()

    @cached_property
    def _there(self) -> frozenset[str]:
        return frozenset(self._runtime.tenants.ids())

    def take(self, recorded: RecordedEvent) -> None:
        """Learn of one event; of a government that is no longer there nothing."""
        event = decode(recorded)
        if event.tenant not in self._there:
            return
        if isinstance(event, Dispositioned):
            self._sent(event, recorded.position)
        elif isinstance(event, Recalled) or (isinstance(event, Returned) and event.why in _WRONG):
            self._went(event, None)
        elif isinstance(event, Merged) and event.actor != SYSTEM:
            self._merged(event, recorded.position)
        elif isinstance(event, Reinstated):
            self._cursor.execute(_APART, (str(event.originator_id),))

    def end(self, position: int) -> None:
        """Keep in memory what was learnt.

        :param position: to which the index moves.
        """
        learnt(self._runtime, self._key, self._position, position, self._known, self._anew)

    def _sent(self, event: Dispositioned, position: int) -> None:
        if event.actor == SYSTEM:
            self._went(event, event.to_agency)
            return
        complaint = self._readings.complaint(event.originator_id, position)
        if not complaint:
            return  # erased meanwhile
        tenant = self._runtime.tenants.get(event.tenant)
        past = self._past(tenant)
        buckets = past.buckets(complaint)
        agencies, categories = past.guesses(buckets)
        category = tenant.entries.category(self._readings.category(event.originator_id, position))
        self._cursor.execute(
            _KEEP,
            (
                str(event.originator_id),
                tenant.id,
                position,
                self._month(event, tenant),
                list(buckets),
                event.to_agency,
                category,
                list(agencies),
                list(categories),
            ),
        )
        [(is_new,)] = self._cursor.fetchall()
        if is_new:
            past.learn(event.to_agency, category, buckets)
        else:  # sent once more: it stands where it stood, with another answer
            self._changed(tenant.id)

    def _past(self, tenant: Tenant) -> Guessing:
        """The past of a government, read once for a batch while nothing in it changes."""
        if tenant.id not in self._known:
            if tenant.id in self._anew:  # whoever has counted meanwhile does not see what is not committed
                forget(self._runtime, tenant.id)
            self._known[tenant.id] = past_for(self._runtime, self._cursor, tenant, self._key, self._position)
        return self._known[tenant.id]

    def _went(self, event: DossierEvent, agency: str | None) -> None:
        """Where a complaint is now, if it is one that was learnt of."""
        self._cursor.execute(_AGENCY, (agency, str(event.originator_id)))
        if self._cursor.rowcount:
            self._changed(event.tenant)

    def _changed(self, tenant: str) -> None:
        """An answer of the past is another now: it is counted anew."""
        self._known.pop(tenant, None)
        self._anew.add(tenant)
        forget(self._runtime, tenant)

    def _merged(self, event: Merged, position: int) -> None:
        one, other = (self._readings.matter(each, position) for each in (event.originator_id, event.into))
        if one is None or other is None:
            return
        tenant = self._runtime.tenants.get(event.tenant)
        suggested = meet(Sketcher(self._key), tenant.id, one, other) and likeness(one, other).suggested
        row = (str(event.originator_id), tenant.id, self._month(event, tenant), event.agency, suggested)
        self._cursor.execute(_MERGED, row)

    def _month(self, event: DossierEvent, tenant: Tenant) -> str:
        """The month of the filing, by the government's own calendar: recaps count by it."""
        filed = self._readings.filed(event.originator_id)
        at = event.occurred_at if filed is None else filed.occurred_at
        return at.astimezone(tenant.zone).strftime("%Y-%m")
