"""Complaints of all five governments before a desk, for the tests of what can be done there."""

from typing import Any

from services.intake.receipts import Receipt
from tests.fixtures.office import Office
from tests.sop.paths import legal_path

DESKS = {
    "cilacap": "check",
    "bantul": "recategorise",
    "majalengka": "coordinate",
    "trenggalek": "verify",
    "cirebon": "assign",
}
FIRST = {
    "cilacap": "operator",
    "bantul": "operator",
    "majalengka": "liaison",
    "trenggalek": "liaison",
    "cirebon": "pic",
}
COMPLETE: dict[str, Any] = {
    "reporter": {"name": "Siti", "address": "Hanum", "identity": "3301"},
    "title": "Jalan rusak",
    "attachments": ["foto.jpg"],
    "category": "PEKERJAAN UMUM DAN PENATAAN RUANG",
}


def filed(office: Office, tenant: str, **fields: Any) -> Receipt:
    """A complete complaint, before the first person."""
    receipt = office.file(tenant, **{**COMPLETE, **fields})
    office.run_system(receipt)
    return receipt


def agency_of(office: Office, tenant: str, number: int = 0) -> str:
    """One of its agencies."""
    return office.runtime.tenants.get(tenant).agencies[number].id


def at_agency(office: Office, tenant: str, number: int = 0) -> Receipt:
    """A complaint that lies with an agency's first desk."""
    receipt = filed(office, tenant)
    if tenant == "trenggalek":
        office.act(receipt, "coordinator", "forward")
    if office.load(receipt.id).agency is None:
        office.act(receipt, "coordinator", "dispose", agency=agency_of(office, tenant, number))
    office.run_system(receipt)
    return receipt


def place(office: Office, receipt: Receipt) -> tuple[str, str | None, str | None, str | None]:
    """Status, step, actor and agency."""
    dossier = office.load(receipt.id)
    return dossier.status, dossier.step, dossier.actor, dossier.agency


def lawful(office: Office, receipt: Receipt) -> bool:
    """Whether its whole story is one that its procedure allows."""
    return legal_path(office.sop_of(office.load(receipt.id)), office.history(receipt.id)) == ()
