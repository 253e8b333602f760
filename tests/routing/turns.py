"""Complaints of all five governments before a desk, for the tests of what can be done there."""

from typing import Any

from services.intake.receipts import Receipt
from shared.domain.sop import engine
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
_ONWARD = ("answer", "publish", "approve", "forward")
_MOST_STEPS = 20
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


def answered(office: Office, receipt: Receipt) -> None:
    """On to its final answer, along the shortest way from an agency's desk that its procedure has."""
    for _ in range(_MOST_STEPS):
        office.run_system(receipt)
        dossier = office.load(receipt.id)
        if dossier.status == "answered" or dossier.step is None or dossier.actor is None:
            return
        ways = engine.allowed(office.sop_of(dossier), dossier.step, dossier.status, dossier.actor)
        names = [each.name for each in ways if each.name in _ONWARD]
        way = next(each for each in ways if each.name == min(names, key=_ONWARD.index))
        said = {name: "Sudah ditambal" for name in way.needs if name in ("text", "response")}
        office.act(receipt, dossier.actor, way.name, **said)


def place(office: Office, receipt: Receipt) -> tuple[str, str | None, str | None, str | None]:
    """Status, step, actor and agency."""
    dossier = office.load(receipt.id)
    return dossier.status, dossier.step, dossier.actor, dossier.agency


def lawful(office: Office, receipt: Receipt) -> bool:
    """Whether its whole story is one that its procedure allows."""
    return legal_path(office.sop_of(office.load(receipt.id)), office.history(receipt.id)) == ()
