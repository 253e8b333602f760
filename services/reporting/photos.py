"""The index of what photos look like: one that comes again in another complaint is told, and nobody is judged by it.

It follows the log as :mod:`services.reporting.keyed_index` tells. Looks lie sealed in the dossiers; here they stand
under a mask made from the key, which leaves the difference between two of them as it is. An erased reporter's go.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.keyed_index import KeyedIndex
from services.reporting.readings import Readings
from shared.application.dossiers.codec import decode
from shared.application.reading_rights import check_may_read, readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.arranged import helpers
from shared.domain.dossier.contents import opened
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import FileAdded
from shared.domain.files.looks import LOOK, NEAR
from shared.platform.database.limited import searched_within
from shared.platform.database.many import rows_as_json
from shared.platform.database.named import named_rows
from shared.platform.purposes import Lasting
from shared.store.eventstore.reading import RecordedEvent

SERVICE: Final = "reporting"
MOST: Final = 20
_PATIENCE_SECONDS: Final = 1.0

_ADDED: Final[EventName] = "FileAdded"
_ERASED: Final[EventName] = "Erased"
_BITS: Final = 64
_BAND_BITS: Final = 16
_COLUMNS: Final = ("dossier", "file", "tenant", "at", "look", "bands")
_KEEP: Final = """
    INSERT INTO reporting.photos (dossier, file, tenant, at, look, bands)
    SELECT dossier, file, tenant, at, look, bands
      FROM json_to_recordset(%s)
           AS rows (dossier uuid, file uuid, tenant text, at timestamptz, look bigint, bands integer[])
    ON CONFLICT DO NOTHING
"""
_ALIKE: Final = f"""
    SELECT ours.file, c.ticket, c.agency, theirs.at
      FROM reporting.photos ours
      JOIN reporting.photos theirs
           ON theirs.bands && ours.bands AND theirs.tenant = ours.tenant AND theirs.dossier <> ours.dossier
              AND bit_count((theirs.look # ours.look)::bit({_BITS})) <= {NEAR}
      JOIN reporting.cases c ON c.dossier = theirs.dossier
     WHERE ours.dossier = %(dossier)s::uuid AND (%(own)s::text IS NULL OR c.agency = %(own)s)
     ORDER BY ours.at, ours.file, theirs.at DESC, c.ticket
     LIMIT {MOST}
"""  # noqa: S608 - constants of ours


def photos_alike(runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID) -> dict[str, Any]:
    """Photos of other complaints that look like those of a dossier, for whoever may read it.

    A search that takes longer than a page may is given up, and finds nothing.

    :returns: ``items``, each with our ``file``, the other complaint's ``ticket`` and ``agency_name``, and ``at``, when
        its photo was added; at most :data:`MOST`. An agency is told of its own complaints only.
    :raises NotFound: no such dossier in that tenant.
    :raises Forbidden: as for the dossier itself.
    """
    tenant = runtime.tenants.get(tenant_id)
    state, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    check_may_read(caller, tenant, state.sop_version, state.agency, helpers(events))
    if not any(isinstance(event, FileAdded) for event in events):
        return {"items": []}
    INDEX.catch_up(runtime, _PAGE_BATCHES)
    with runtime.database.autocommit() as cursor:
        asked = {"dossier": str(dossier_id), "own": readable_agency(caller, tenant)}
        # Of a quarter that half of all photos share (the sky) there may be too many to look through for a page.
        found = named_rows(cursor) if searched_within(cursor, _ALIKE, asked, _PATIENCE_SECONDS) else []
    return {
        "items": [
            {
                "file": str(row["file"]),
                "ticket": row["ticket"],
                "agency_name": tenant.agency_name(row["agency"]),
                "at": tenant.local(row["at"]),
            }
            for row in found
        ]
    }


def _apply(
    runtime: Runtime, cursor: Any, key: bytes, events: Sequence[RecordedEvent], _readings: Readings
) -> Callable[[], None]:
    rows = list(_rows(runtime, cursor, key, [event for event in events if event.type == _ADDED]))
    erased = [str(event.dossier) for event in events if event.type == _ERASED]

    def write() -> None:
        if rows:
            cursor.execute(_KEEP, (rows_as_json(_COLUMNS, rows),))
        if erased:
            cursor.execute("DELETE FROM reporting.photos WHERE dossier = ANY(%s::uuid[])", (erased,))

    return write


def _rows(runtime: Runtime, cursor: Any, key: bytes, added: Sequence[RecordedEvent]) -> Iterator[tuple[Any, ...]]:
    """Of an erased reporter's photos there is nothing to open, and of files that are no pictures nothing to see."""
    mask = int.from_bytes(key[: _BITS // 8])
    keys = runtime.vault.keys(cursor, sorted({event.dossier for event in added}, key=str)) if added else {}
    for recorded in added:
        event = decode(recorded)
        if not isinstance(event, FileAdded):
            raise TypeError(f"{recorded.type} is no file")
        look = str(opened(event, keys.get(recorded.dossier)).get("look") or "")
        if LOOK.fullmatch(look):
            masked = int(look, 16) ^ mask
            at = event.occurred_at.isoformat()
            yield str(recorded.dossier), str(event.file), event.tenant, at, _signed(masked), _bands(masked)


def _bands(look: int) -> list[int]:
    """Each quarter with its number, so that like is compared with like."""
    quarters = range(_BITS // _BAND_BITS)
    return [(place << _BAND_BITS) | (look >> (place * _BAND_BITS)) % (1 << _BAND_BITS) for place in quarters]


def _signed(look: int) -> int:
    """As the database holds 64 bits."""
    return look - (1 << _BITS) if look >> (_BITS - 1) else look


INDEX: Final = KeyedIndex(
    Lasting.PHOTOS, "reporting.photos_position", ("reporting.photos",), _apply, frozenset({_ADDED}), batch=2000
)
_PAGE_BATCHES: Final = 2
"""As much of the log is read before a page is shown; the rest comes by itself, where the index is made anew."""
