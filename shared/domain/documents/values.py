"""What a document may say of a dossier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.domain.dossier.answer_letters import answer_of
from shared.domain.dossier.complaint_view import title_of
from shared.domain.dossier.contents import complaint_of, opened
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import Dispositioned, DossierEvent
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.wording.days import date_text

RENEWED: Final = "Kode yang diberikan sebelumnya tidak berlaku lagi."


@dataclass(frozen=True, kw_only=True)
class About:
    """What a document is made of.

    :param signer: the title of the role that makes it.
    :param note: what its maker adds.
    :param code: the tracking code that it hands over; a receipt's alone.
    :param renewed: whether that code ends the one before.
    :param portal: the address at which citizens reach the portal.
    :param fingerprint: the hash of the event by which it was filed.
    """

    dossier: Dossier
    events: Sequence[DossierEvent]
    tenant: Tenant
    key: DataKey
    now: datetime
    signer: str
    number: str
    portal: str
    note: str = ""
    code: str = ""
    renewed: bool = False
    fingerprint: str = ""

    @property
    def link(self) -> str:
        """The dossier's page, the code in the part of the address that no server is sent."""
        return link_to(self.portal, self.tenant, self.dossier.ticket, self.code)


def values_of(about: About) -> dict[str, Any]:
    """Everything that a template may ask for, as texts.

    A reporter who did not want to be known is named nowhere: documents go from hand to hand.
    """
    dossier, tenant = about.dossier, about.tenant
    complaint = complaint_of(about.events, about.key)
    name = str((complaint.get("reporter") or {}).get("name") or "") if dossier.privacy == "open" else ""
    disposed = next((each for each in reversed(about.events) if isinstance(each, Dispositioned)), None)
    return {
        "government": tenant.name,
        "number": about.number,
        "date": day(about.now, tenant),
        "signer": {"title": about.signer},
        "ticket": dossier.ticket,
        "title": title_of(complaint),
        "message": str(complaint.get("message") or ""),
        "location": _location(complaint.get("location") or {}),
        "filed": instant(dossier.filed_at, tenant),
        "reporter": name,
        "addressee": name or f"Pelapor aduan {dossier.ticket}",
        "recipient": tenant.agency_name(dossier.agency) or tenant.name,
        "disposed": instant(disposed.occurred_at, tenant) if disposed else "",
        "instruction": str(opened(disposed, about.key).get("note") or "") if disposed else "",
        "due": instant(dossier.due_at, tenant) if dossier.due_at else "",
        "answer": answer_of(dossier, about.events, about.key) or "",
        "note": about.note,
        "code": about.code,
        "renewed": RENEWED if about.renewed else "",
        "link": about.link.partition("#")[0],
        "fingerprint": about.fingerprint,
    }


def link_to(portal: str, tenant: Tenant, ticket: str, code: str) -> str:
    """The page of a complaint, the code in the part of the address that no server is sent."""
    page = f"{portal.rstrip('/')}/{tenant.id}/lacak/{ticket}"
    return f"{page}#{code}" if code else page


def day(at: datetime, tenant: Tenant) -> str:
    """A day in Indonesian words, e.g. ``5 Oktober 2026``."""
    local = at.astimezone(tenant.zone)
    return date_text(local, "id")


def instant(at: datetime, tenant: Tenant) -> str:
    """An instant in Indonesian words, e.g. ``5 Oktober 2026 pukul 08.00 WIB``."""
    local = at.astimezone(tenant.zone)
    return f"{day(at, tenant)} pukul {local:%H.%M} {local:%Z}"


def _location(place: Mapping[str, Any]) -> str:
    return ", ".join(str(place[name]) for name in ("text", "desa", "kecamatan") if place.get(name))
