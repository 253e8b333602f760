"""A complaint that comes in while another version of the procedure comes to count."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.all_tenants import Tenants
from shared.domain.procedures import Approved, ApprovedSop, Procedures
from shared.platform.settings import PROJECT
from tests.fixtures.office import START, Office
from tests.intake.talking import T, filed, filing
from tests.pages.procedures import new_version

_SECOND = timedelta(seconds=1)


class _Ticking:
    """A clock that goes on by a second whenever it is asked."""

    def __init__(self) -> None:
        self._next = START - _SECOND

    def now(self) -> datetime:
        self._next += _SECOND
        return self._next


def _approved(text: str, since: datetime) -> Approved:
    procedures = Procedures((ApprovedSop(3, text, since),))
    return lambda _tenant: procedures


def test_what_a_complaint_lacks_is_told_by_the_version_that_it_is_filed_under(office: Office) -> None:
    """Whichever look at the clock is the first after the instant."""
    text = new_version(T).replace("requires: [", "requires: [title, ", 1)
    runtime = office.runtime
    told = []
    for looks in range(7):
        tenants = Tenants(PROJECT / "tenants", procedures=_approved(text, START + looks * _SECOND))
        office.runtime = replace(runtime, clock=_Ticking(), tenants=tenants)
        event = filing(office, filed(office, message=f"Jalan rusak {looks}"))
        told.append((event.sop_version, "title" in event.missing))

    assert {(2, False), (3, True)} == set(told)
