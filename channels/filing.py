"""Handing complaints and their files to intake, whatever they were written as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from channels import media, rows
from channels.conversing import House
from channels.mapping import day_text
from channels.outgoing_rows import OutgoingRow
from channels.services import when_mended
from shared.base.times import from_iso
from shared.channels.talk.state import Language
from shared.domain.dossier.complaint_view import title_of
from shared.domain.sealing import DataKey

_TITLE: Final = 24


@dataclass(frozen=True)
class ToldReceipt:
    """What the reporter is told.

    :param due: by when an answer is promised, in words; blank if nothing is.
    """

    id: str
    ticket: str
    code: str = field(repr=False)
    title: str = field(repr=False)
    due: str


def receipt_of(
    house: House, outgoing: OutgoingRow, complaint: Mapping[str, Any], language: Language = "id"
) -> ToldReceipt:
    """File a complaint, once.

    :param language: in which its reporter is told.
    :raises AduanError: if intake refuses it; ``Unavailable`` if that may be done later.
    """
    with when_mended():
        receipt = house.ask(
            "intake",
            "file",
            tenant=outgoing.tenant,
            complaint=complaint,
            caller={"user": complaint["channel"]},
            correlation_id=outgoing.correlation_id,
        )
    stands = house.ask("intake", "standing", tenant=outgoing.tenant, dossiers=[receipt["id"]]).get(receipt["id"], {})
    due = stands.get("due_at")
    zone = house.runtime.tenants.get(outgoing.tenant).zone
    return ToldReceipt(
        id=receipt["id"],
        ticket=receipt["ticket"],
        code=receipt["tracking_code"],
        title=title_of(complaint)[:_TITLE],
        due=day_text(from_iso(due), zone, language) if due else "",
    )


def add_file(house: House, outgoing: OutgoingRow, key: DataKey, own: rows.Owned, file: str) -> None:
    """Add a file, once: it is forgotten here as soon as it is there. The same content twice is one file there too."""
    left = media.hand_over(house.runtime, key, file)
    if left is None:
        return
    name, drop = left
    try:
        house.ask(
            "intake",
            "add_file",
            tenant=outgoing.tenant,
            ticket=own.ticket,
            code=own.code,
            kind="document" if name.endswith(".pdf") else "photo",  # a recording is known by its content
            name=name,
            drop=drop.to_dict(),
            correlation_id=outgoing.correlation_id,
        )
    finally:
        house.runtime.files.delete(drop.place)
    with house.runtime.database.autocommit() as cursor:
        media.forget(cursor, [file])
