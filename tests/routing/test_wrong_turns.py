"""Out of a wrong turn, in all five procedures: recalled, returned, rejected, reinstated, transferred."""

from typing import Any

import pytest

from services.intake.receipts import Receipt
from shared.base.errors import Conflict, Forbidden, Invalid
from shared.domain.dossier.events import Recalled, Rejected, Returned, Withdrawn
from shared.domain.dossier.promise import CASE, STEP
from tests.fixtures.office import Office
from tests.routing.turns import COMPLETE, DESKS, FIRST, agency_of, at_agency, filed, lawful, place

each = pytest.mark.parametrize("tenant", DESKS)


@each
def test_the_coordinator_takes_a_disposition_back(office: Office, tenant: str) -> None:
    """With a reason; the agency's clock ends, the coordinator's starts, and another agency can be chosen."""
    receipt = at_agency(office, tenant)
    agency = office.load(receipt.id).agency
    with pytest.raises(Invalid, match="reason"):
        office.act(receipt, "coordinator", "recall")

    office.act(receipt, "coordinator", "recall", reason="Salah pilih")

    assert ("in_progress", DESKS[tenant], "coordinator", None) == place(office, receipt)
    event = office.history(receipt.id)[-1]
    assert isinstance(event, Recalled)
    assert agency == event.from_agency
    assert event.disposed_by in ("coordinator", "system")
    assert ["satisfied"] == [
        c.state for c in office.load(receipt.id).clocks if c.target == STEP and c.agency == agency
    ][-1:]

    other = agency_of(office, tenant, 1)
    office.act(receipt, "coordinator", "dispose", agency=other)
    office.run_system(receipt)

    assert ("in_progress", FIRST[tenant], other) == (place(office, receipt)[0], *place(office, receipt)[2:])
    assert lawful(office, receipt)


@each
def test_nothing_is_recalled_that_no_agency_holds(office: Office, tenant: str) -> None:
    """At the coordinator's own desk there is nothing to take back, and an agency takes nothing back itself."""
    receipt = at_agency(office, tenant)
    with pytest.raises(Forbidden, match="wrong_actor"):
        office.act(receipt, FIRST[tenant], "recall", reason="x")
    office.act(receipt, "coordinator", "recall", reason="Salah pilih")

    with pytest.raises(Conflict, match="not_allowed_here"):
        office.act(receipt, "coordinator", "recall", reason="Salah pilih")


@each
def test_a_wrong_disposition_is_returned_with_a_reason(office: Office, tenant: str) -> None:
    """The agency that is not concerned sends it back, instead of answering that it is not."""
    receipt = at_agency(office, tenant)
    agency = office.load(receipt.id).agency
    with pytest.raises(Invalid, match="reason"):
        office.act(receipt, FIRST[tenant], "return")

    office.act(receipt, FIRST[tenant], "return", reason="Bukan kewenangan kami")

    assert ("in_progress", DESKS[tenant], "coordinator", None) == place(office, receipt)
    event = office.history(receipt.id)[-1]
    assert isinstance(event, Returned)
    assert ("wrong_agency", agency) == (event.why, event.from_agency)
    assert lawful(office, receipt)


@each
@pytest.mark.parametrize("where", [filed, at_agency])
def test_what_is_no_complaint_is_rejected_and_reinstated(office: Office, tenant: str, where: Any) -> None:
    """One of five reasons, in words and by name; it ends, is never an answer, and can be taken up again."""
    receipt = where(office, tenant)
    for fields, wrong in (
        ({"reason": "x"}, "why"),
        ({"why": "boring", "reason": "x"}, "why"),
        ({"why": "spam"}, "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            office.act(receipt, "coordinator", "reject", **fields)
        assert [wrong] == list(refused.value.fields)

    office.act(receipt, "coordinator", "reject", why="spam", reason="Iklan pinjaman")

    dossier = office.load(receipt.id)
    event = office.history(receipt.id)[-1]
    assert isinstance(event, Rejected)
    assert ("rejected", None, "spam", None) == (dossier.status, dossier.step, event.why, dossier.answered)
    assert [] == [clock for clock in dossier.clocks if clock.open]
    with pytest.raises(Conflict, match="not_allowed_here"):
        office.act(receipt, "coordinator", "dispose", agency=agency_of(office, tenant))

    office.act(receipt, "coordinator", "reinstate", reason="Ternyata sungguh aduan")

    assert ("in_progress", DESKS[tenant], "coordinator", None) == place(office, receipt)
    office.act(receipt, "coordinator", "dispose", agency=agency_of(office, tenant))
    assert lawful(office, receipt)


def test_ending_and_reinstating_wins_nobody_time(office: Office) -> None:
    """The case goes on with what was left of its time when it was rejected; the pause counts for nobody."""
    receipt = filed(office, "cilacap")  # Monday, eight o'clock: 135 minutes
    office.later(minutes=30)
    office.act(receipt, "coordinator", "reject", why="spam", reason="x")
    office.later(minutes=60)
    office.act(receipt, "coordinator", "reinstate", reason="y")

    first, second = (clock for clock in office.load(receipt.id).clocks if clock.target == CASE)
    assert "cancelled" == first.state
    assert 60 * 60 == (second.due_at - first.due_at).total_seconds()


@each
def test_the_reporter_s_own_ends_can_be_undone(office: Office, tenant: str) -> None:
    """Withdrawn by telephone, and taken up again when they call once more."""
    receipt = at_agency(office, tenant)
    with pytest.raises(Invalid, match="via"):
        office.act(receipt, "coordinator", "withdraw", reason="Sudah selesai")
    with pytest.raises(Invalid, match="via"):
        office.act(receipt, "coordinator", "withdraw", via="pigeon", reason="Sudah selesai")

    office.act(receipt, "coordinator", "withdraw", via="telephone", reason="Sudah selesai")

    event = office.history(receipt.id)[-1]
    assert isinstance(event, Withdrawn)
    assert ("withdrawn", "telephone", "coordinator") == (event.status, event.via, event.actor)

    office.act(receipt, "coordinator", "reinstate", reason="Ternyata belum")

    assert ("in_progress", DESKS[tenant]) == place(office, receipt)[:2]
    assert lawful(office, receipt)


@each
def test_another_authority_s_matter_is_never_finished_by_silence(office: Office, tenant: str) -> None:
    """Handed over, the county's own clock rests; after thirty days somebody has to ask, again and again."""
    receipt = filed(office, tenant)
    _transfer(office, receipt, tenant)

    assert ("transferred", "elsewhere", "coordinator", None) == place(office, receipt)
    case = office.load(receipt.id).open_clock(CASE)
    assert case is None or case.state == "paused" or case.breached_at is not None
    for _ in range(2):
        office.later(days=31)
        office.tick()
        assert ("transferred", "ask", "coordinator", None) == place(office, receipt)
        office.act(receipt, "coordinator", "ask", note="Mohon kabar")
        assert ("transferred", "elsewhere") == place(office, receipt)[:2]

    office.say(receipt, "reply", text="Bagaimana kabarnya?")

    assert ("transferred", "ask", "coordinator", None) == place(office, receipt)
    office.act(receipt, "coordinator", "answer", text="Balai memperbaikinya bulan ini.")
    office.run_system(receipt)
    assert ("answered", "receive_answer") == place(office, receipt)[:2]
    assert "Closed" not in office.types(receipt.id)
    assert lawful(office, receipt)


def _transfer(office: Office, receipt: Receipt, tenant: str) -> None:
    if office.load(receipt.id).agency is not None:
        office.act(receipt, "coordinator", "recall", reason="Bukan urusan kabupaten")
    if tenant == "majalengka":
        office.act(receipt, "coordinator", "return", reason="Jalan nasional")
        office.act(receipt, "national_admin", "transfer", to="BBPJN", reason="Kewenangan balai")
        return
    if tenant == "trenggalek":
        office.act(receipt, "coordinator", "forward")
    office.act(receipt, "coordinator", "transfer", to="BBPJN", reason="Kewenangan balai")


@each
def test_a_case_that_comes_back_goes_on_with_its_own_time(office: Office, tenant: str) -> None:
    """What the other authority kept it for is added to the case's due time."""
    receipt = filed(office, tenant)
    _transfer(office, receipt, tenant)
    before = next(clock for clock in office.load(receipt.id).clocks if clock.target == CASE)
    office.later(days=7)
    office.act(receipt, "coordinator", "return", reason="Ternyata jalan kabupaten")

    after = next(clock for clock in office.load(receipt.id).clocks if clock.target == CASE)
    assert ("in_progress", DESKS[tenant], "coordinator", None) == place(office, receipt)
    assert "running" == after.state
    assert after.due_at > before.due_at


@pytest.mark.parametrize("tenant", ["majalengka", "cirebon"])
def test_what_waits_for_the_system_is_told_so(office: Office, tenant: str) -> None:
    """While notices go out nobody can recall; it is said that it can be tried again, and then it can."""
    receipt = office.file(tenant, **COMPLETE)
    while office.load(receipt.id).agency is None:
        if not office.system_acts(receipt):
            office.act(receipt, "coordinator", "dispose", agency=agency_of(office, tenant))
    assert "system" == office.load(receipt.id).actor
    with pytest.raises(Conflict, match="system_at_work"):
        office.act(receipt, "coordinator", "recall", reason="Keliru")
    office.run_system(receipt)
    office.act(receipt, "coordinator", "recall", reason="Keliru")

    assert "Recalled" == office.types(receipt.id)[-1]
