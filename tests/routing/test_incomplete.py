"""What is not complete does not go on by itself: neither a complaint, nor what a desk has to yield."""

import pytest

from services.routing.commands import act
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.domain.dossier.events import Dispositioned
from tests.fixtures.office import CAUSE, Office
from tests.routing.turns import agency_of, at_agency, lawful, place


@pytest.mark.parametrize(("tenant", "desk"), [("cilacap", "check"), ("trenggalek", "register")])
def test_an_incomplete_complaint_goes_on_with_a_reason_only(office: Office, tenant: str, desk: str) -> None:
    """422 names what is missing and how to go on; the reason and the missing fields are on record."""
    receipt = office.file(tenant, reporter={"name": "Siti"})
    office.run_system(receipt)
    assert desk == office.load(receipt.id).step
    missing = office.load(receipt.id).missing
    if tenant == "trenggalek":
        office.act(receipt, "coordinator", "forward")
    agency = agency_of(office, tenant)
    for despite in (None, "", "  "):
        with pytest.raises(Invalid, match="incomplete") as refused:
            office.act(receipt, "coordinator", "dispose", agency=agency, despite=despite)
        assert {"despite", *missing} == set(refused.value.fields)

    office.act(receipt, "coordinator", "dispose", agency=agency, despite="Alamat diketahui petugas")

    event = office.history(receipt.id)[-1]
    assert isinstance(event, Dispositioned)
    assert missing == event.despite


def test_the_coordinator_completes_it_on_the_reporter_s_word(office: Office) -> None:
    """Told by telephone; then it is complete, and goes on without another word."""
    receipt = office.file("cilacap", reporter={"name": "Siti"})

    office.act(receipt, "coordinator", "supplement", via="telephone", reporter={"address": "Jl. Merdeka 1"})

    dossier = office.load(receipt.id)
    assert ((), "check", "in_progress") == (dossier.missing, dossier.step, dossier.status)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    event = office.history(receipt.id)[-1]
    assert isinstance(event, Dispositioned)
    assert () == event.despite


@pytest.mark.parametrize("via", [5, 0, True])
def test_how_it_was_told_is_a_word(office: Office, via: object) -> None:
    """A number is none of the ways, also where any of the complaint's fields may be given."""
    receipt = office.file("cilacap", reporter={"name": "Siti"})
    with pytest.raises(Invalid) as refused:
        office.act(receipt, "coordinator", "supplement", via=via, reporter={"address": "Jl. Merdeka 1"})

    assert {"via": ["not_a_text"]} == refused.value.fields


def test_an_incomplete_complaint_is_not_disposed_by_the_system(office: Office) -> None:
    """Where the procedure leaves the disposition to the system, a person decides on what is incomplete."""
    receipt = office.file("kepulauan", category="PELABUHAN", reporter={"name": "Siti"}, message="Dermaga rusak")
    office.run_system(receipt)

    assert ("in_progress", "desk", "clerk", None) == place(office, receipt)


@pytest.mark.parametrize(("actor", "name"), [("head", "forward"), ("liaison", "forward")])
def test_cilacap_results_may_not_be_empty(office: Office, actor: str, name: str) -> None:
    """Rows 5 and 6 yield a response: nobody passes nothing on."""
    receipt = at_agency(office, "cilacap")
    for who in ("operator", "liaison", "head")[: 2 if actor == "head" else 3]:
        office.act(receipt, who, "forward")

    for response in (None, "", " ", "\u200b"):
        with pytest.raises(Invalid) as refused:
            office.act(receipt, actor, name, response=response)
        assert ["response"] == list(refused.value.fields)


def test_a_former_agencys_papers_are_no_result_of_the_next(office: Office) -> None:
    """A nota dinas of the agency from which it was taken back does not carry it past the next one's desk."""
    receipt = at_agency(office, "trenggalek")
    for _ in range(2):
        office.act(receipt, "liaison", "forward")
    office.act(receipt, "coordinator", "recall", reason="Keliru")
    agency = agency_of(office, "trenggalek", 1)
    office.act(receipt, "coordinator", "dispose", agency=agency)
    office.act(receipt, "liaison", "forward")
    assert ("memo", "liaison", agency) == place(office, receipt)[1:]

    with pytest.raises(Invalid) as refused:
        act(
            office.runtime, Caller("trenggalek", "liaison", agency, "x"), "trenggalek", receipt.id, "forward", {}, CAUSE
        )

    assert ["files"] == list(refused.value.fields)


def test_majalengka_s_agency_has_it_prepared_by_its_unit(office: Office) -> None:
    """Within the agency's own thirty days, going and coming back, also from a unit that is not concerned.

    And it may answer for the time being.
    """
    receipt = at_agency(office, "majalengka")
    due = office.load(receipt.id).due_at
    office.later(days=3)
    office.act(receipt, "liaison", "forward", note="Mohon disiapkan")

    assert ("in_progress", "work", "unit") == place(office, receipt)[:3]
    assert due == office.load(receipt.id).due_at

    office.later(days=3)
    office.act(receipt, "unit", "return", reason="Bukan bidang kami")
    assert ("in_progress", "respond", "liaison") == place(office, receipt)[:3]
    assert due == office.load(receipt.id).due_at
    office.act(receipt, "liaison", "forward")
    office.act(receipt, "unit", "forward", response="Ditambal pekan depan.")
    office.act(receipt, "liaison", "interim", text="Sedang kami siapkan.")

    assert ("in_progress", "respond", "liaison") == place(office, receipt)[:3]
    assert due == office.load(receipt.id).due_at
    assert lawful(office, receipt)
