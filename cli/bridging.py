"""An export of another system, read for holding it against what is here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.importing_layout import layout_records
from shared.base.errors import Invalid
from shared.base.names import canonical
from shared.domain.complaint.bridging import Bridge, Theirs, conflicts
from shared.domain.complaint.layout import Layout, cell_of, row_of
from shared.domain.complaint.rows import MESSAGE
from shared.domain.complaint.table import Record
from shared.domain.sop.vocabulary import OPEN_STATUSES
from shared.domain.tenants import Tenant
from shared.wording.bridging import conflict_sentence

Line = tuple[int, str, str | None, str, str]
"""Row, number there, ticket here, code, what to do."""


def reports_of(
    file: Path, layout: Layout, bridge: Bridge, government: Tenant, sheet: str | None, encoding: str | None
) -> list[tuple[int, Theirs]]:
    """Its complaints, each with its line; rows without a number or a text, which no import takes either, are left out.

    :raises FileError: if the table cannot be read.
    """
    _, heading, records = layout_records(file, layout, sheet, encoding)
    found = []
    for record in records:
        theirs = _theirs(layout, bridge, heading, record, government)
        if theirs is not None:
            found.append((record.line, theirs))
    return found


def compared(
    reports: Sequence[tuple[int, Theirs]],
    ours: Mapping[str, Mapping[str, Any]],
    twice: Callable[[str], Sequence[str]],
) -> Iterator[Line]:
    """Where the two systems disagree, in the order of the table.

    :param ours: by external id.
    :param twice: the tickets of what was sent a second time in another way, by the dossier's id.
    """
    for line, theirs in reports:
        here = ours.get(theirs.external_id)
        ticket = None if here is None else str(here["ticket"])
        number = theirs.external_id.partition(":")[2]
        for code in conflicts(theirs, here):
            yield line, number, ticket, code, conflict_sentence(code)
        if here is not None and here["status"] in OPEN_STATUSES and (tickets := twice(str(here["id"]))):
            yield line, number, ticket, "also_here", conflict_sentence("also_here", tickets=", ".join(tickets))


def _theirs(
    layout: Layout, bridge: Bridge, heading: Mapping[str, int], record: Record, government: Tenant
) -> Theirs | None:
    try:
        row = row_of(layout, heading, record, government.zone)
    except Invalid:
        return None
    number, message = row.get("external_id"), row.get(MESSAGE)
    if not number or not message:
        return None
    closed = any(canonical(cell_of(heading, record, name)) in cells for name, cells in bridge.closed.items())
    agency = cell_of(heading, record, bridge.agency) if bridge.agency else ""
    return Theirs(number, message, closed, agency)
