"""From notices to messages: decided once per event, in the transaction in which the event is applied.

Dying anywhere leaves either both or neither. A rebuild makes notices anew and plans nothing, so that neither a rebuild
nor a changed rule ever writes to anybody about the past; and what a rebuild has applied ahead of the live consumer is
planned all the same when its event arrives.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.notify.projection import NoticeProjection
from services.notify.rules import ENDED_FOR_HELPERS, GROUP, Notice, addressed
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import Erased
from shared.domain.tenants import Tenant
from shared.platform.database.many import rows_as_json
from shared.platform.database.prepared import Prepared
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.applied import array
from shared.store.projection.remade import looked_through, remade
from shared.store.projection.runner import apply_events
from shared.store.projection.share import Share

LATENESS: Final[frozenset[EventName]] = frozenset({"ClockBreached", "Escalated"})
"""Events that tell of a desk's being late."""
A_MINUTE = timedelta(minutes=1)
_NOTICE_FIELDS = tuple(field.name for field in fields(Notice))
_HELPING = f"""
    CASE WHEN n.event IN ({", ".join(f"'{event}'" for event in sorted(ENDED_FOR_HELPERS))}) THEN
        (SELECT array_agg(DISTINCT asked.holder_agency) FROM notify.notices asked
          WHERE asked.dossier = n.dossier AND asked.version < n.version AND asked.event = 'HelpAsked')
    END
"""  # noqa: S608 - event names of our own
_ELSEWHERE: Final = {"former_unit": "earlier.unit", "former_unit_actor": "earlier.unit_actor", "helping": _HELPING}
"""Of what a notice is judged by, what does not stand in its own row."""
_SELECTED = ", ".join(_ELSEWHERE.get(name, f"n.{name}") for name in _NOTICE_FIELDS)
_NOTICES: Final = Prepared(
    "notices_to_plan",
    ("uuid[]", "integer[]", "integer[]"),
    f"""
    WITH advanced AS (
        INSERT INTO notify.planned AS planned (dossier, version, before)
        SELECT * FROM unnest(%s::uuid[], %s::integer[], %s::integer[])
        ON CONFLICT (dossier) DO UPDATE SET version = excluded.version, before = planned.version
            WHERE planned.version < excluded.version
        RETURNING dossier, version, before)
    SELECT n.dossier, n.version, n.tenant, n.sop_version, n.recorded_at, n.category, {_SELECTED}
      FROM advanced JOIN notify.notices n ON n.dossier = advanced.dossier
       AND n.version > advanced.before AND n.version <= advanced.version
      LEFT JOIN notify.notices earlier ON earlier.dossier = n.dossier AND earlier.version = n.version - 1
     ORDER BY n.dossier, n.version
    """,  # noqa: S608 - field names of our own dataclass
)
"""By then its batch holds what a rebuild exchanges first (see :func:`.advance`): no exchange is waited for in it."""
_MESSAGE: Final = ("dossier", "version", "recipient", "template", "tenant", "queued_at", "due")
_MADE_BY_REBUILD = """
    SELECT a.dossier FROM notify.applied a
     WHERE a.dossier = ANY(%s::uuid[]) AND NOT EXISTS (SELECT FROM notify.planned p WHERE p.dossier = a.dossier)
"""
_BEHIND = """
    SELECT DISTINCT a.dossier, a.version
      FROM eventstore.events e
      JOIN notify.applied a ON a.dossier = e.dossier
      JOIN notify.planned p ON p.dossier = e.dossier AND p.version < a.version
     WHERE e.position > %s AND e.position <= %s
"""


@dataclass(frozen=True)
class _Stretch:
    """The versions of a dossier that a batch is about."""

    first: int
    last: int


def apply(runtime: Runtime, events: Sequence[RecordedEvent]) -> None:
    """Bring the notices up to date, and write down the messages that are due of them."""
    if not events:
        return
    own = share(runtime)
    # Before the transaction: that must begin with the projection's own first statement (see `apply_events`).
    with runtime.database.autocommit() as cursor:
        made_by_rebuild = own.before(cursor, events)
    with runtime.database.transaction() as cursor:
        apply_events(cursor, own.projection, own.decode, events, schema=own.projection.name)
        own.within(cursor, events, made_by_rebuild)


def share(runtime: Runtime) -> Share:
    """What notify has in what its process applies of the log: notices and messages. It has to forget the erased."""

    def within(cursor: Any, events: Sequence[RecordedEvent], made_by_rebuild: Collection[UUID]) -> None:
        # A gap below the first delivered event is filled, and told of too; unless a rebuild had filled it long before.
        plan = {
            dossier: _Stretch(stretch.first if dossier in made_by_rebuild else 1, stretch.last)
            for dossier, stretch in _stretches(events).items()
        }
        _plan(cursor, runtime, plan)

    return Share(
        NoticeProjection(),
        decode,
        before=_made_by_rebuild,
        within=within,
        concerns=lambda event: isinstance(event, Erased),
    )


def _made_by_rebuild(cursor: Any, events: Sequence[RecordedEvent]) -> set[UUID]:
    """The dossiers that are known only by a rebuild."""
    cursor.execute(_MADE_BY_REBUILD, ([str(dossier) for dossier in {event.dossier for event in events}],))
    return {row[0] for row in cursor.fetchall()}


def _stretches(events: Sequence[RecordedEvent]) -> dict[UUID, _Stretch]:
    stretches: dict[UUID, _Stretch] = {}
    for event in events:
        known = stretches.get(event.dossier, _Stretch(event.version, event.version))
        stretches[event.dossier] = _Stretch(min(known.first, event.version), max(known.last, event.version))
    return stretches


def plan_missed(runtime: Runtime) -> None:
    """Plan what a rebuild has applied and no event has called for since: the broker may have lost it meanwhile.

    Only for dossiers that were planned before. A service that was set up by a rebuild, on a log that is older than
    itself, thus begins with what happens from then on. Looks only at what rebuilds have left a note of.
    """
    with runtime.database.transaction() as cursor:
        for stretch in remade(cursor, NoticeProjection.name):
            cursor.execute(_BEHIND, (stretch.after, stretch.position))
            behind = {dossier: _Stretch(1, version) for dossier, version in cursor.fetchall()}
            if behind:
                _plan(cursor, runtime, behind)
            looked_through(cursor, NoticeProjection.name, stretch)


def _plan(cursor: Any, runtime: Runtime, stretches: Mapping[UUID, _Stretch]) -> None:
    """Write down the messages of stretches that were not planned yet.

    All are due now: what was recorded by a machine whose clock was ahead does not wait until that is reached.
    """
    in_order = sorted(stretches.items(), key=lambda each: str(each[0]))  # so that two instances never form a ring
    _NOTICES.ask(
        cursor,
        (
            array(dossier for dossier, _ in in_order),
            array(stretch.last for _, stretch in in_order),
            array(stretch.first - 1 for _, stretch in in_order),
        ),
    )
    messages = list(_messages(cursor.fetchall(), runtime.tenants, runtime.clock.now()))
    if messages:
        cursor.execute(
            """
            INSERT INTO notify.messages (dossier, version, recipient, template, tenant, queued_at, next_attempt_at)
            SELECT new.* FROM json_to_recordset(%s) AS new (dossier uuid, version integer, recipient text,
                   template text, tenant text, queued_at timestamptz, due timestamptz)
             WHERE NOT new.template = ANY(ARRAY['clock_breached', 'escalated'])
                OR NOT EXISTS (
                   SELECT FROM notify.messages earlier
                    WHERE earlier.dossier = new.dossier AND earlier.recipient = new.recipient
                      AND earlier.template = ANY(ARRAY['clock_breached', 'escalated'])
                      AND earlier.version < new.version AND earlier.queued_at > new.queued_at - interval '1 minute')
            ON CONFLICT DO NOTHING
            """,
            (rows_as_json(_MESSAGE, messages),),
        )


def _messages(rows: Iterable[tuple[Any, ...]], tenants: Tenants, now: datetime) -> Iterable[tuple[Any, ...]]:
    late: dict[tuple[Any, str], datetime] = {}
    for dossier, version, tenant, sop_version, recorded_at, category, *rest in rows:
        notice = Notice(**dict(zip(_NOTICE_FIELDS, rest, strict=True)))
        home = tenants.get(tenant)
        for each in addressed(notice, home.sop_of(sop_version)):
            # Step and case that run out within a minute are one letter, not two, to whoever is told of both.
            if notice.event in LATENESS:
                told = late.get((dossier, each.recipient))
                if told is not None and recorded_at - told < A_MINUTE:
                    continue
                late[dossier, each.recipient] = recorded_at
            for recipient in _members(each.recipient, notice, home, category):
                yield dossier, version, recipient, each.template, tenant, recorded_at, min(recorded_at, now)


def _members(recipient: str, notice: Notice, tenant: Tenant, category: str | None) -> Iterator[str]:
    """A recipient, or the members of the group: each agency's desk but that which is responsible, and its people."""
    if recipient != GROUP:
        yield recipient
        return
    group = tenant.group_for(category)
    if group is None:
        return
    yield from (f"agency:{agency}" for agency in group.agencies if agency != notice.agency)
    if group.people:
        yield f"{GROUP}:{group.id}"
