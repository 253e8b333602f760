"""The letter of the final answer, in all five procedures: what its reporter may do, and on which day it closes."""

from collections.abc import Iterator

import pytest

from services.intake.receipts import Receipt
from services.notify.values import values_for_reporter
from services.notify.wording import instant_text
from shared.domain.dossier.events import Answered
from shared.domain.sop import engine
from tests.fixtures.office import Office

TENANTS = ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
COMPLETE = {
    "reporter": {"name": "Siti", "address": "Hanum", "identity": "3301", "email": "siti@warga.example"},
    "title": "Jalan rusak",
    "attachments": ["foto.jpg"],
    "category": "PEKERJAAN UMUM DAN PENATAAN RUANG",
}
ORDER = ("answer", "approve", "dispose", "forward")


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation."""
    opened = Office(database_url)
    yield opened
    opened.close()


def _answered(office: Office, receipt: Receipt) -> Answered:
    """Work on it until it is answered for good."""
    while True:
        final = [each for each in office.history(receipt.id) if isinstance(each, Answered) and each.kind == "final"]
        if final:
            return final[-1]
        if office.system_acts(receipt):
            continue
        dossier = office.load(receipt.id)
        sop, actor = office.sop_of(dossier), str(dossier.actor)
        there = {each.name: each for each in engine.allowed(sop, str(dossier.step), dossier.status, actor)}
        name = next(each for each in ORDER if each in there)
        known = {"agency": office.runtime.tenants.get(dossier.tenant).agencies[0].id}
        needed = {each: known.get(each, "Sudah kami perbaiki.") for each in there[name].needs}
        office.act(receipt, actor, name, **needed)


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_final_answers_letter_names_the_closing_day(office: Office, tenant: str) -> None:
    """Also where the system has the dossier for some seconds first: the day is the one that comes of it."""
    receipt = office.file(tenant, **COMPLETE)
    answer = _answered(office, receipt)
    home = office.runtime.tenants.get(tenant)
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    assert key is not None
    told = values_for_reporter(home, office.history(receipt.id), answer, key, "https://lapor.example")
    office.run_system(receipt)
    waits = [event.wait for event in office.history(receipt.id) if event.wait is not None]

    assert ["reply", "rate"] == [name for name in ("reply", "rate") if told[f"may_{name}"]]
    assert instant_text(waits[-1].due_at, home.zone) == told["reply_until"]
